// Learning: normal images -> patch embeddings -> coreset; then the held-out images -> distances -> calibration.
//
// Each image is encoded once, in an order that a plan fixes beforehand: first those that are learned, then those
// held out. Memory is that of the bank, whatever the number of images. Between two images the state can be saved,
// and a later call goes on from it to the same result, byte for byte.

import { bankLayers } from "../bank/bank-rows.ts";
import { learnProjection } from "../bank/projection.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import { INTENSITY } from "../options.ts";
import type { Bank, FitOptions, ImageSource, Issue, PatchGrid } from "../types.ts";
import { joined } from "../util/joined.ts";
import { createBankIndex } from "./bank-index.ts";
import { describe } from "./describe.ts";
import { finishBank, issuesOf } from "./finish-bank.ts";
import { type FitContext, type FitRun, failedImages, startRun } from "./fit-run.ts";
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
  if (context.base) checkBase(model, options, context.base);
  const run = await runToEnd(model, images, options, context);
  const { resumed } = run;
  const bank = finishBank(run);
  const total = (performance.now() - started) / 1000;
  return { bank, issues: issuesOf(run, bank), resumed, seconds: { encode: run.state.encodeSeconds, total } };
}

/**
 * Learns and calibrates. Where all images of one part of the split turn out unreadable, the split is made anew of those
 * that may be readable and the fit starts again: what is learned depends on which images can be read, and on nothing
 * else. Each round leaves out more, so there is an end; a resumed fit goes through the same rounds.
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
    if (run.state.learned.rows > 0) await holdOut(run);
    if (run.state.learned.rows > 0 && run.state.heldOut.length > 0) return run;
    failed = failedImages(run.state.issues);
  }
}

function checkTaps(model: Model, { taps }: FitOptions): void {
  const { features, manifest } = model;
  const sizeOf = (tap: string) => featureShape(manifest, taps, tap)?.size;
  for (const tap of taps) {
    if (sizeOf(tap) !== undefined) continue;
    const names = [features.embedding, ...features.taps, INTENSITY].join(", ");
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

/** Offers every patch of the images that are learned. */
async function learn(run: FitRun): Promise<void> {
  await takeImages(run, "learning", 0, run.split.learn, async (grids, image) => {
    run.state.learned.offer(
      image,
      grids.map((grid) => grid.data),
    );
  });
}

/** Measures how far the held-out images are from what was learned, then offers their patches too. */
async function holdOut(run: FitRun): Promise<void> {
  const { model, options, split, dims, state, context } = run;
  const learned = state.learned.sorted();
  const { rows } = learned;
  const layers = bankLayers(options, dims, [learned]);
  const { runtime } = model;
  // Distances of a base bank's held-out images were measured in its own axes, so those stay.
  if (options.axes !== "each-map") {
    state.projection =
      context.base?.projection ?? (await learnProjection(runtime, layers, rows, options.axes));
  }
  const searched = { layers, learnedRows: rows, options, projection: state.projection };
  const index = await createBankIndex(runtime, searched);
  try {
    await takeImages(run, "calibrating", split.learn.length, split.heldOut, async (grids, image) => {
      state.heldOut.push(joined(Float32Array, (await index.distances(grids)).learned));
      state.heldOutRows.offer(
        image,
        grids.map((grid) => grid.data),
      );
    });
  } finally {
    await index.release();
  }
}

/** Takes the patches of an image; `image` is its number in the bank. */
type TakeImage = (grids: readonly PatchGrid[], image: number) => Promise<void>;

/**
 * Deals with the images of one part of the plan, from where the state stands; one that fails is noted. The state
 * changes only once an image is dealt with, so that it can be saved when the call is aborted in the middle of one.
 */
async function takeImages(
  run: FitRun,
  stage: string,
  from: number,
  indices: readonly number[],
  take: TakeImage,
): Promise<void> {
  const { state, saver, context } = run;
  const total = indices.length;
  const report = () => context.onProgress?.({ stage, done: Math.min(state.done - from, total), total });
  while (state.done < from + total) {
    report();
    try {
      context.signal?.throwIfAborted();
      await takeImage(run, indices[state.done - from], take);
    } catch (error) {
      if (context.signal?.aborted) await saver.save();
      throw error;
    }
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
    await take(layers, first + index);
    state.grid = { rows: layers[0].rows, columns: layers[0].columns };
    state.encodeSeconds += encodeSeconds;
    state.issues.push(...issues);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!isMiasError(error)) throw error;
    state.issues.push(issue("image-failed", source.name, error.message));
  }
}
