// Learning: normal images -> patch embeddings -> coreset; then the held-out images against the rows of other folds ->
// distances -> calibration.
//
// Each image is encoded once, in natural order of the names. Memory is that of the bank and of the patch embeddings of
// at most 200 held-out images, whatever the number of images. Between two images the state can be saved, and a later
// call goes on from it to the same result, byte for byte.

import { isMiasError, MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import { IMAGE_FEATURES } from "../options.ts";
import type { Bank, FitOptions, ImageSource, Issue, MedicalImage } from "../types.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { halves } from "../util/float16.ts";
import { sha256Hex } from "../util/sha256.ts";
import { describe } from "./describe.ts";
import { finishBank, issuesOf } from "./finish-bank.ts";
import { type FitContext, type FitRun, failedImages, savingOnAbort, startRun } from "./fit-run.ts";
import { featureShape, type Model } from "./model.ts";

export type { FitContext } from "./fit-run.ts";

export interface FitResult {
  readonly bank: Bank;
  readonly issues: readonly Issue[];
  /** Images dealt with by an earlier, interrupted call. */
  readonly resumed: number;
  readonly seconds: { readonly encode: number; readonly total: number };
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
  checkSymmetry(options);
  if (context.base) checkBase(model, options, context.base);
  const run = await runToEnd(model, images, options, context);
  const { resumed } = run;
  const bank = await finishBank(run);
  const total = (performance.now() - started) / 1000;
  return { bank, issues: issuesOf(run, bank), resumed, seconds: { encode: run.state.encodeSeconds, total } };
}

/**
 * Learns all images. Where every image that was to be held out turns out unreadable, others are chosen among those that
 * may be readable and the fit starts again: what is learned depends on which images can be read, and on nothing else.
 * Each round leaves out more, so there is an end; a resumed fit goes through the same rounds.
 */
async function runToEnd(
  model: Model,
  images: readonly ImageSource[],
  options: FitOptions,
  context: FitContext,
): Promise<FitRun> {
  let failed: readonly Issue[] = [];
  for (;;) {
    const run = await startRun(model, images, options, context, failed);
    await learn(run);
    failed = failedImages(run.state.issues);
    const read = images.length - failed.length;
    if (read > 1 && run.state.kept.length > 0) return run;
  }
}

function checkTaps(model: Model, { taps }: FitOptions): void {
  const { features, manifest } = model;
  const sizeOf = (tap: string) => featureShape(manifest, taps, tap)?.size;
  for (const tap of taps) {
    if (sizeOf(tap) !== undefined) continue;
    const names = [features.embedding, ...features.taps, ...IMAGE_FEATURES].join(", ");
    throw new MiasError(
      "usage",
      "taps",
      `taps must be of ${names} for model ${manifest.id}, got ${tap}; choose among these`,
    );
  }
  const sizes = new Set(taps.map(sizeOf));
  if (sizes.size > 1) {
    throw new MiasError(
      "usage",
      "taps",
      `taps must have one size, since a row of the bank is one patch in all, got ${taps.map((tap) => `${tap} ${sizeOf(tap)}`).join(", ")}; choose taps of one size`,
    );
  }
}

function checkSymmetry({ symmetry, axes }: FitOptions): void {
  if (symmetry !== "left-right" || axes !== "each-map") return;
  const rule = "symmetry left-right needs feature maps that are searched together";
  throw new MiasError("usage", "symmetry", `${rule}, got axes each-map; give a number of axes`);
}

function checkBase(model: Model, options: FitOptions, base: Bank): void {
  if (base.provenance.modelSha256 !== model.sha256) {
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

/**
 * Offers every patch of every image, from where the state stands; an image that fails is noted. The state changes only
 * once an image is dealt with, so that it can be saved when the call is aborted in the middle of one.
 */
async function learn(run: FitRun): Promise<void> {
  const { plan, state, saver, context } = run;
  const total = plan.length;
  const report = () => context.onProgress?.({ stage: "learning", done: state.done, total });
  while (state.done < total) {
    report();
    await savingOnAbort(run, () => takeImage(run, plan[state.done]));
    state.done++;
    await saver.saveWhenDue();
  }
  report();
}

async function takeImage(
  { model, images, options, context, state, heldOut }: FitRun,
  index: number,
): Promise<void> {
  const source = images[index];
  const first = context.base?.provenance.offered ?? 0;
  try {
    const image = await source.read(context.signal);
    const fingerprint = await pixelFingerprint(image);
    const { layers, axis, regions, issues, encodeSeconds } = await describe(model, options, image);
    const patches = layers.map((layer) => layer.data);
    state.rows.offer(first + index, patches);
    if (heldOut.has(index))
      state.kept.push({ image: index, axis: axis(), regions: regions(), layers: patches.map(halves) });
    const twin = [...state.pixels].find(([, other]) => other === fingerprint);
    if (twin) state.issues.push(duplicateOf(source.name, images[twin[0]].name));
    state.pixels.set(index, fingerprint);
    state.grid = { rows: layers[0].rows, columns: layers[0].columns };
    state.encodeSeconds += encodeSeconds;
    state.issues.push(...issues);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!isMiasError(error)) throw error;
    state.issues.push(issue("image-failed", source.name, error.message));
  }
}

/** Equal for images of the same size and pixels, whatever their files. */
async function pixelFingerprint({ width, height, data }: MedicalImage): Promise<string> {
  return `${width} x ${height} ${await sha256Hex(bytesOf(data))}`;
}

function duplicateOf(name: string, twin: string): Issue {
  const message = `${name} has the same pixels as ${twin}, so they are held out together; give each image once`;
  return issue("duplicate-image", name, message);
}
