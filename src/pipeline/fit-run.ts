// What a fit is about and how far it is; the beginning of one, new, from a checkpoint or from another bank.

import { bankRows } from "../bank/bank-rows.ts";
import type { Checkpoint, KeptImage } from "../bank/checkpoint.ts";
import { Coreset } from "../bank/coreset.ts";
import { MiasError } from "../errors.ts";
import type { Bank, CallContext, FitOptions, ImageSource, Issue, Slicing } from "../types.ts";
import { assert } from "../util/assert.ts";
import { descriptors } from "./descriptors.ts";
import {
  type CheckpointStore,
  createSaver,
  fitFingerprint,
  loadCheckpoint,
  type Saver,
} from "./fit-checkpoint.ts";
import { chooseHeldOut } from "./folds.ts";
import { featureShape, type Model } from "./model.ts";

export interface FitContext extends CallContext {
  readonly checkpoints?: CheckpointStore;
  /** A bank of the same model and options that goes on learning. */
  readonly base?: Bank;
  /** How volumes among the images were cut. */
  readonly slicing?: Slicing;
}

/** What a fit is about, and how far it is. */
export interface FitRun {
  readonly model: Model;
  readonly images: readonly ImageSource[];
  readonly options: FitOptions;
  readonly context: FitContext;
  /** Indices of the images that may be readable, in natural order of their names, and those held out in turn. */
  readonly plan: readonly number[];
  readonly heldOut: ReadonlySet<number>;
  readonly dims: readonly number[];
  readonly state: FitState;
  readonly saver: Saver;
  /** Images dealt with by an earlier, interrupted call. */
  readonly resumed: number;
}

export interface FitState {
  readonly rows: Coreset;
  readonly kept: KeptImage[];
  readonly issues: Issue[];
  /** Fingerprint of the pixels of each learned image, by its index. */
  readonly pixels: Map<number, string>;
  done: number;
  grid: { readonly rows: number; readonly columns: number };
  encodeSeconds: number;
}

/**
 * Plans a fit and takes up its state.
 * @param failed issues of the images that an earlier round could not read; they are left out of the plan
 * @throws MiasError `too-few-images`
 */
export async function startRun(
  model: Model,
  images: readonly ImageSource[],
  options: FitOptions,
  context: FitContext,
  failed: readonly Issue[],
): Promise<FitRun> {
  const unreadable = new Set(failed.map(({ subject }) => subject));
  const plan = images.map((_, index) => index).filter((index) => !unreadable.has(images[index].name));
  if (plan.length < 2) throw tooFew(images.length, failed);
  const dims = options.taps.map((tap) => patchDims(model, options, tap));
  const fingerprint = await fitFingerprint(model, options, images, context.base, [...unreadable]);
  const names = plan.map((index) => images[index].name);
  const heldOut = new Set(chooseHeldOut(names, options.holdOut, options.seed).map((i) => plan[i]));
  const state = await startState(options, dims, fingerprint, failed, context);
  const saver = createSaver(context.checkpoints, () => snapshot(state, fingerprint, dims));
  return { model, images, options, context, plan, heldOut, dims, state, saver, resumed: state.done };
}

/** The error of a fit that has no two images to compare. */
function tooFew(given: number, issues: readonly Issue[]): MiasError {
  const [first, ...others] = failedImages(issues);
  const failed = others.length + 1;
  const rest = first ? `, of which ${failed} could not be read (${first.message}); leave those out or` : ";";
  return new MiasError(
    "too-few-images",
    "fit",
    `fit needs at least 2 normal images that can be read, so that each can be compared with the other, got ${given}${rest} give more images`,
  );
}

function patchDims(model: Model, options: FitOptions, tap: string): number {
  const feature = featureShape(model.manifest, options.taps, tap);
  assert(feature !== undefined, `no tap ${tap}`);
  return descriptors[options.descriptor].dims(feature.channels);
}

async function startState(
  options: FitOptions,
  dims: readonly number[],
  fingerprint: string,
  failed: readonly Issue[],
  { checkpoints, base, signal }: FitContext,
): Promise<FitState> {
  const saved = await loadCheckpoint(checkpoints, fingerprint, signal);
  const rows = new Coreset(options.seed, options.rows, dims);
  if (saved) rows.merge(saved.rows);
  else if (base) rows.merge(bankRows(base));
  return {
    rows,
    kept: [...(saved?.kept ?? [])],
    issues: [...(saved?.issues ?? failed)],
    pixels: new Map(saved?.pixels),
    done: saved?.done ?? 0,
    grid: saved?.grid ?? { rows: 0, columns: 0 },
    encodeSeconds: 0,
  };
}

/** Does a piece of work; where the call is aborted in it, the state is saved before the reason is passed on. */
export async function savingOnAbort<Result>(
  { context: { signal }, saver }: FitRun,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    if (signal?.aborted) await saver.save();
    throw error;
  }
}

/** The issues of the images that could not be read. */
export function failedImages(issues: readonly Issue[]): Issue[] {
  return issues.filter(({ code }) => code === "image-failed");
}

function snapshot(state: FitState, fingerprint: string, dims: readonly number[]): Checkpoint {
  const { done, issues, pixels, grid, rows, kept } = state;
  return { fingerprint, done, issues, pixels: [...pixels], grid, rows: rows.sorted(), dims, kept };
}
