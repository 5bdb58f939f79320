// The bank of a fit that is through with its images: rows, axes, folds, and what the held-out images say is normal.

import { bankLayers } from "../bank/bank-rows.ts";
import type { KeptImage } from "../bank/checkpoint.ts";
import type { CoresetRows } from "../bank/coreset.ts";
import { learnProjection } from "../bank/projection.ts";
import { issue } from "../issues.ts";
import { imageFeature } from "../preprocess/image-features.ts";
import type {
  Bank,
  BankLayer,
  FitOptions,
  HeldOutDistances,
  Issue,
  PatchGrid,
  Projection,
  Provenance,
} from "../types.ts";
import { decodeHalf } from "../util/float16.ts";
import { joined } from "../util/joined.ts";
import { groupsOf } from "../util/patients.ts";
import { PROGRAM } from "../version.ts";
import { type BankDistances, createBankIndex, rowsOfFolds } from "./bank-index.ts";
import { calibrate } from "./calibrate.ts";
import { type FitRun, failedImages, savingOnAbort } from "./fit-run.ts";
import { foldsOf } from "./folds.ts";

/** With fewer held-out images no p-value can be as small as 0.05. */
const FEW_HELD_OUT = 19;

/**
 * Makes the bank.
 * @throws the signal's reason when aborted, after saving a checkpoint
 */
export async function finishBank(run: FitRun): Promise<Bank> {
  const { model, options, state, dims, context } = run;
  const slicing = context.slicing ?? context.base?.slicing;
  const rows = state.rows.sorted();
  const layers = bankLayers(options, dims, rows);
  const projection = await projectionOf(run, layers);
  const foldOf = foldsOfImages(run);
  const fold = rows.image.map(foldOf);
  const heldOut = await measureHeldOut(run, { layers, fold, projection }, foldOf);
  return {
    layers,
    ...(projection ? { projection } : {}),
    ...rowsAndSources(rows),
    fold,
    heldOut,
    calibration: calibrate(heldOut, model.manifest.input.size, options),
    options,
    provenance: provenanceOf(run, heldOut),
    ...(slicing ? { slicing } : {}),
  };
}

function rowsAndSources({ rows, priority, image, patch }: CoresetRows) {
  return { rows, priority, image, patch };
}

/** Distances of a base bank's held-out images were measured in its own axes, so those stay. */
async function projectionOf(
  { model, options, context }: FitRun,
  layers: readonly BankLayer[],
): Promise<Projection | undefined> {
  if (options.axes === "each-map") return undefined;
  if (context.base?.projection) return context.base.projection;
  const weights = layers.map(({ tap }) => imageFeature(tap)?.weight ?? 1);
  return learnProjection(model.runtime, layers, options.axes, weights);
}

/** The fold of an image by its number in the bank. Images of a base bank keep theirs. */
function foldsOfImages({ images, options, state, plan, context }: FitRun): (image: number) => number {
  const failed = new Set(failedImages(state.issues).map(({ subject }) => subject));
  const read = plan.filter((index) => !failed.has(images[index].name));
  const alike = groupsOf(read.map((index) => state.pixels.get(index) ?? ""));
  const folds = foldsOf(
    read.map((index) => images[index].name),
    options.seed,
    alike.flatMap(([first, ...twins]) => twins.map((twin) => [twin, first] as const)),
  );
  const { base } = context;
  const first = base?.provenance.offered ?? 0;
  const byImage = new Map(read.map((index, i) => [first + index, folds[i]]));
  if (base) for (const [row, image] of base.image.entries()) byImage.set(image, base.fold[row]);
  return (image) => byImage.get(image) ?? 0;
}

/**
 * Distances of the held-out images to the rows of other folds. One whose fold has all rows has no such distances and
 * is left out; where none has any, as of two equal images, they are compared with all rows. Those of a base bank's
 * held-out images stay as measured then: its images are not at hand.
 */
async function measureHeldOut(
  run: FitRun,
  bank: Pick<Bank, "layers" | "fold"> & { readonly projection: Projection | undefined },
  foldOf: (image: number) => number,
): Promise<HeldOutDistances> {
  const { model, options, state, context } = run;
  const first = context.base?.provenance.offered ?? 0;
  const counts = rowsOfFolds(bank.fold);
  const hasOthers = (fold: number) => (counts[fold] ?? 0) < bank.fold.length;
  const comparable = state.kept.filter(({ image }) => hasOthers(foldOf(first + image)));
  const isApart = comparable.length > 0;
  const measurable = isApart ? comparable : state.kept;
  const index = await createBankIndex(model.runtime, { ...bank, options }, bank.fold);
  const found: MeasuredImage[] = [];
  const report = () =>
    context.onProgress?.({ stage: "calibrating", done: found.length, total: measurable.length });
  try {
    for (const kept of measurable) {
      report();
      const fold = foldOf(first + kept.image);
      const call = { ...(isApart ? { except: fold } : {}), ...mirrorCall(options, kept) };
      const distances = await savingOnAbort(run, () => index.distances(gridsOf(run, kept), call));
      found.push({ fold, regions: kept.regions, distances });
    }
    report();
  } finally {
    await index.release();
  }
  return joinHeldOut(run, found);
}

interface MeasuredImage {
  readonly fold: number;
  readonly regions: Uint8Array;
  readonly distances: BankDistances;
}

function mirrorCall({ symmetry }: FitOptions, { axis }: KeptImage): { axis?: number } {
  return symmetry === "none" ? {} : { axis };
}

function gridsOf({ state, dims }: FitRun, { layers }: KeptImage): PatchGrid[] {
  return layers.map((data, l) => ({ ...state.grid, dims: dims[l], data: decodeHalf(data) }));
}

function joinHeldOut({ context, state }: FitRun, found: readonly MeasuredImage[]): HeldOutDistances {
  const base = context.base?.heldOut;
  const { rows, columns } = state.grid;
  const fold = Uint32Array.from([...(base?.fold ?? []), ...found.map((image) => image.fold)]);
  const data = [...(base ? [base.data] : []), ...found.flatMap(({ distances }) => distances.searches)];
  const signatures = [
    ...(base ? [base.signature] : []),
    ...found.map(({ distances }) => distances.signature),
  ];
  const joinedData = joined(Float32Array, data);
  return {
    images: fold.length,
    layers: joinedData.length / (fold.length * rows * columns),
    rows,
    columns,
    fold,
    data: joinedData,
    regions: joined(Uint8Array, [...(base ? [base.regions] : []), ...found.map(({ regions }) => regions)]),
    signature: joined(Float32Array, signatures),
    ...joinMirror(base, found),
  };
}

/** Mirror distances, if there are any of every image. */
function joinMirror(
  base: HeldOutDistances | undefined,
  found: readonly { distances: BankDistances }[],
): Pick<HeldOutDistances, "mirror"> {
  const all = [...(base ? [base.mirror] : []), ...found.map(({ distances }) => distances.mirror)];
  const known = all.filter((mirror) => mirror !== undefined);
  return known.length === all.length ? { mirror: joined(Float32Array, known) } : {};
}

function provenanceOf({ model, images, state, context }: FitRun, heldOut: HeldOutDistances): Provenance {
  const base = context.base?.provenance;
  const read = images.length - failedImages(state.issues).length;
  return {
    program: PROGRAM,
    modelId: model.manifest.id,
    modelSha256: model.sha256,
    offered: (base?.offered ?? 0) + images.length,
    images: (base?.images ?? 0) + read,
    heldOut: heldOut.images,
    patches: (base?.patches ?? 0) + read * heldOut.rows * heldOut.columns,
  };
}

/** What was odd about the images and the fit as a whole. */
export function issuesOf({ state }: FitRun, bank: Bank): Issue[] {
  const held = bank.heldOut.images;
  if (held >= FEW_HELD_OUT) return state.issues;
  const least = (1 / (held + 1)).toPrecision(2);
  const few = issue(
    "few-normal-images",
    "fit",
    `${held} normal images are held out for calibration, so no p-value can be below ${least}; give more normal images`,
  );
  return [...state.issues, few];
}
