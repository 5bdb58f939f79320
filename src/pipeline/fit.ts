// Learning: normal images -> patch embeddings -> coreset; then the held-out images -> distances -> calibration.
//
// Each image is encoded once, in an order that a plan fixes beforehand: first those that are learned, then those
// held out. Memory is that of the bank, whatever the number of images. Between two images the state can be saved,
// and a later call goes on from it to the same result, byte for byte.

import { bankLayers, bankRows, joinRows } from "../bank/bank-rows.ts";
import type { Checkpoint } from "../bank/checkpoint.ts";
import { Coreset } from "../bank/coreset.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type {
  Bank,
  CallContext,
  FitOptions,
  HeldOutDistances,
  ImageSource,
  Issue,
  PatchGrid,
  Provenance,
} from "../types.ts";
import { assert } from "../util/assert.ts";
import { joined } from "../util/joined.ts";
import { PROGRAM } from "../version.ts";
import { createRowIndex } from "./bank-index.ts";
import { calibrate } from "./calibrate.ts";
import { describe } from "./describe.ts";
import { descriptors } from "./descriptors.ts";
import {
  type CheckpointStore,
  createSaver,
  fitFingerprint,
  loadCheckpoint,
  type Saver,
} from "./fit-checkpoint.ts";
import { type HoldOut, splitHoldOut } from "./hold-out.ts";
import type { Model } from "./model.ts";

/** With fewer held-out images no p-value can be as small as 0.05. */
const FEW_HELD_OUT = 19;

export interface FitContext extends CallContext {
  readonly checkpoints?: CheckpointStore;
  /** A bank of the same model and options that goes on learning. */
  readonly base?: Bank;
}

export interface FitResult {
  readonly bank: Bank;
  readonly issues: readonly Issue[];
  /** Images dealt with by an earlier, interrupted call. */
  readonly resumed: number;
  readonly seconds: { readonly encode: number; readonly total: number };
}

/** What a fit is about, and how far it is. */
interface FitRun {
  readonly model: Model;
  readonly images: readonly ImageSource[];
  readonly options: FitOptions;
  readonly context: FitContext;
  readonly split: HoldOut;
  readonly dims: readonly number[];
  readonly state: FitState;
  readonly saver: Saver;
}

interface FitState {
  readonly learned: Coreset;
  readonly heldOutRows: Coreset;
  /** [layers * patches] of each held-out image. */
  readonly heldOut: Float32Array[];
  readonly issues: Issue[];
  done: number;
  grid: { readonly rows: number; readonly columns: number };
  encodeSeconds: number;
}

/**
 * Learns normal images.
 * @param images in natural order of their names
 * @throws MiasError `too-few-images` when fewer than two can be read, `usage` when the base bank was made with
 * another model or other options; the signal's reason when aborted, after saving a checkpoint
 */
export async function fitBank(
  model: Model,
  images: readonly ImageSource[],
  options: FitOptions,
  context: FitContext = {},
): Promise<FitResult> {
  const started = performance.now();
  checkTaps(model, options);
  if (context.base) checkBase(model, options, context.base);
  const run = await startRun(model, images, options, context);
  const resumed = run.state.done;
  await learn(run);
  await holdOut(run);
  const bank = finishBank(run);
  const total = (performance.now() - started) / 1000;
  return { bank, issues: issuesOf(run, bank), resumed, seconds: { encode: run.state.encodeSeconds, total } };
}

function checkTaps(model: Model, options: FitOptions): void {
  const known = [model.features.embedding, ...model.features.taps];
  for (const tap of options.taps) {
    if (known.includes(tap)) continue;
    throw new MiasError(
      "usage",
      "taps",
      `taps must be of ${known.join(", ")} for model ${model.manifest.id}, got ${tap}`,
    );
  }
}

function checkBase(model: Model, options: FitOptions, base: Bank): void {
  if (base.provenance.modelSha256 !== model.manifest.files.encoder.sha256) {
    throw new MiasError(
      "bank-model-mismatch",
      "base bank",
      `the bank to extend was made with model ${base.provenance.modelId}, this fit uses ${model.manifest.id}; use the same model`,
    );
  }
  for (const key of Object.keys(options) as (keyof FitOptions)[]) {
    const [old, now] = [JSON.stringify(base.options[key]), JSON.stringify(options[key])];
    if (old === now) continue;
    throw new MiasError("usage", key, `option ${key} must be as in the bank to extend, ${old}, got ${now}`);
  }
}

async function startRun(
  model: Model,
  images: readonly ImageSource[],
  options: FitOptions,
  context: FitContext,
): Promise<FitRun> {
  const names = images.map((image) => image.name);
  if (names.length < 2) throw tooFew(names.length, 0);
  const dims = options.taps.map((tap) => patchDims(model, options, tap));
  const fingerprint = await fitFingerprint(model, options, names, context.base);
  const split = splitHoldOut(names, options.holdOut, options.seed);
  const state = await startState(options, dims, fingerprint, split, context);
  const saver = createSaver(context.checkpoints, () => snapshot(state, fingerprint, dims));
  return { model, images, options, context, split, dims, state, saver };
}

function tooFew(given: number, failed: number): MiasError {
  const unreadable = failed > 0 ? `, of which ${failed} could not be read` : "";
  return new MiasError(
    "too-few-images",
    "fit",
    `fit needs at least 2 normal images that can be read, got ${given}${unreadable}; give more images`,
  );
}

function patchDims(model: Model, options: FitOptions, tap: string): number {
  const { embedding, taps } = model.manifest.encoder.outputs;
  const feature = [embedding, ...taps].find(({ name }) => name === tap);
  assert(feature !== undefined, `no tap ${tap}`);
  return descriptors[options.descriptor].dims(feature.channels);
}

async function startState(
  options: FitOptions,
  dims: readonly number[],
  fingerprint: string,
  split: HoldOut,
  { checkpoints, base, signal }: FitContext,
): Promise<FitState> {
  const saved = await loadCheckpoint(checkpoints, fingerprint, signal);
  const capacity = shareRows(options.rows, split, base);
  const learned = new Coreset(options.seed, capacity.learned, dims);
  const heldOutRows = new Coreset(options.seed, capacity.heldOut, dims);
  if (saved) {
    learned.merge(saved.learned);
    heldOutRows.merge(saved.heldOutRows);
  } else if (base) {
    learned.merge(bankRows(base, 0, base.learnedRows));
    heldOutRows.merge(bankRows(base, base.learnedRows, base.rows));
  }
  return {
    learned,
    heldOutRows,
    heldOut: [...(saved?.heldOut ?? [])],
    issues: [...(saved?.issues ?? [])],
    done: saved?.done ?? 0,
    grid: saved?.grid ?? { rows: 0, columns: 0 },
    encodeSeconds: 0,
  };
}

/** Learned and held-out images get rows in proportion to their number. */
function shareRows(
  rows: number | "all",
  { learn, heldOut }: HoldOut,
  base: Bank | undefined,
): { learned: number | "all"; heldOut: number | "all" } {
  if (rows === "all") return { learned: "all", heldOut: "all" };
  const held = heldOut.length + (base?.provenance.heldOut ?? 0);
  const total = learn.length + heldOut.length + (base?.provenance.images ?? 0);
  const learned = Math.max(1, Math.round((rows * (total - held)) / total));
  return { learned, heldOut: Math.max(0, rows - learned) };
}

function failures(state: FitState): number {
  return state.issues.filter(({ code }) => code === "image-failed").length;
}

function snapshot(state: FitState, fingerprint: string, dims: readonly number[]): Checkpoint {
  const { done, issues, grid, learned, heldOutRows, heldOut } = state;
  return {
    fingerprint,
    done,
    issues,
    grid,
    learned: learned.sorted(),
    heldOutRows: heldOutRows.sorted(),
    dims,
    heldOut,
  };
}

/** Offers every patch of the images that are learned. */
async function learn(run: FitRun): Promise<void> {
  await takeImages(run, "learning", 0, run.split.learn, async (grids, image) => {
    run.state.learned.offer(
      image,
      grids.map((grid) => grid.data),
    );
  });
  if (run.state.learned.rows === 0) throw tooFew(run.images.length, failures(run.state));
}

/** Measures how far the held-out images are from what was learned, then offers their patches too. */
async function holdOut(run: FitRun): Promise<void> {
  const { model, options, split, dims, state } = run;
  const rows = state.learned.sorted();
  const index = await createRowIndex(
    model.runtime,
    bankLayers(options, dims, [rows]),
    options.distance,
    0,
    rows.rows,
  );
  try {
    await takeImages(run, "calibrating", split.learn.length, split.heldOut, async (grids, image) => {
      state.heldOut.push(joined(await index.distances(grids)));
      state.heldOutRows.offer(
        image,
        grids.map((grid) => grid.data),
      );
    });
  } finally {
    await index.release();
  }
  if (state.heldOut.length === 0) throw tooFew(run.images.length, failures(state));
}

/** Takes the patches of an image; `image` is its number in the bank. */
type TakeImage = (grids: readonly PatchGrid[], image: number) => Promise<void>;

/** Deals with the images of one part of the plan, from where the state stands; one that fails is noted. */
async function takeImages(
  run: FitRun,
  stage: string,
  from: number,
  indices: readonly number[],
  take: TakeImage,
): Promise<void> {
  const { state, saver, context } = run;
  const report = () => context.onProgress?.({ stage, done: state.done - from, total: indices.length });
  while (state.done < from + indices.length) {
    report();
    if (context.signal?.aborted) await saver.save();
    context.signal?.throwIfAborted();
    await takeImage(run, indices[state.done - from], take);
    state.done++;
    await saver.saveWhenDue();
  }
  report();
}

async function takeImage(
  { model, images, options, context, state }: FitRun,
  index: number,
  take: TakeImage,
): Promise<void> {
  const source = images[index];
  const first = context.base?.provenance.offered ?? 0;
  try {
    const { layers, issues, encodeSeconds } = await describe(
      model,
      options,
      await source.read(context.signal),
    );
    state.grid = { rows: layers[0].rows, columns: layers[0].columns };
    state.encodeSeconds += encodeSeconds;
    state.issues.push(...issues);
    await take(layers, first + index);
  } catch (error) {
    if (!isMiasError(error)) throw error;
    state.issues.push(issue("image-failed", source.name, error.message));
  }
}

function finishBank(run: FitRun): Bank {
  const { model, options, state, dims } = run;
  const parts = [state.learned.sorted(), state.heldOutRows.sorted()];
  const heldOut = joinHeldOut(run);
  return {
    layers: bankLayers(options, dims, parts),
    rows: parts[0].rows + parts[1].rows,
    learnedRows: parts[0].rows,
    priority: joinRows(parts, "priority"),
    image: joinRows(parts, "image"),
    patch: joinRows(parts, "patch"),
    heldOut,
    calibration: calibrate(heldOut, model.manifest.input.size, options),
    options,
    provenance: provenanceOf(run, heldOut),
  };
}

function provenanceOf({ model, images, state, context }: FitRun, heldOut: HeldOutDistances): Provenance {
  const base = context.base?.provenance;
  const read = images.length - failures(state);
  return {
    program: PROGRAM,
    modelId: model.manifest.id,
    modelSha256: model.manifest.files.encoder.sha256,
    offered: (base?.offered ?? 0) + images.length,
    images: (base?.images ?? 0) + read,
    heldOut: heldOut.images,
    patches: (base?.patches ?? 0) + read * heldOut.rows * heldOut.columns,
  };
}

/** The distances of a base bank's held-out images stay: more rows can only make them smaller, so p-values err upwards. */
function joinHeldOut({ context, state, dims }: FitRun): HeldOutDistances {
  const { rows, columns } = state.grid;
  const data = joined([...(context.base ? [context.base.heldOut.data] : []), ...state.heldOut]);
  return { images: data.length / (dims.length * rows * columns), layers: dims.length, rows, columns, data };
}

function issuesOf({ state }: FitRun, bank: Bank): Issue[] {
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
