// What a fit is about and how far it is; the beginning of one, new, from a checkpoint or from another bank.

import { bankRows } from "../bank/bank-rows.ts";
import type { Checkpoint } from "../bank/checkpoint.ts";
import { Coreset } from "../bank/coreset.ts";
import { MiasError } from "../errors.ts";
import type { Bank, CallContext, FitOptions, ImageSource, Issue, Projection } from "../types.ts";
import { assert } from "../util/assert.ts";
import { descriptors } from "./descriptors.ts";
import {
  type CheckpointStore,
  createSaver,
  fitFingerprint,
  loadCheckpoint,
  type Saver,
} from "./fit-checkpoint.ts";
import { type HoldOut, splitHoldOut } from "./hold-out.ts";
import { featureShape, type Model } from "./model.ts";

export interface FitContext extends CallContext {
  readonly checkpoints?: CheckpointStore;
  /** A bank of the same model and options that goes on learning. */
  readonly base?: Bank;
}

/** What a fit is about, and how far it is. */
export interface FitRun {
  readonly model: Model;
  readonly images: readonly ImageSource[];
  readonly options: FitOptions;
  readonly context: FitContext;
  readonly split: HoldOut;
  readonly dims: readonly number[];
  readonly state: FitState;
  readonly saver: Saver;
  /** Images dealt with by an earlier, interrupted call. */
  readonly resumed: number;
}

export interface FitState {
  readonly learned: Coreset;
  readonly heldOutRows: Coreset;
  /** [layers * patches] of each held-out image. */
  readonly heldOut: Float32Array[];
  readonly issues: Issue[];
  /** Set once the learned rows are complete, where the layers are searched together. */
  projection?: Projection | undefined;
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
  const indices = images.map((_, index) => index).filter((index) => !unreadable.has(images[index].name));
  if (indices.length < 2) throw tooFew(images.length, failed);
  const dims = options.taps.map((tap) => patchDims(model, options, tap));
  const fingerprint = await fitFingerprint(model, options, images, context.base, [...unreadable]);
  const split = splitImages(images, indices, options);
  const state = await startState(options, dims, fingerprint, split, failed, context);
  const saver = createSaver(context.checkpoints, () => snapshot(state, fingerprint, dims));
  return { model, images, options, context, split, dims, state, saver, resumed: state.done };
}

/** The split of the images at `indices`, as indices of all. */
function splitImages(
  images: readonly ImageSource[],
  indices: readonly number[],
  { holdOut, seed }: FitOptions,
): HoldOut {
  const names = indices.map((index) => images[index].name);
  const { learn, heldOut } = splitHoldOut(names, holdOut, seed);
  return { learn: learn.map((i) => indices[i]), heldOut: heldOut.map((i) => indices[i]) };
}

/** The error of a fit that has nothing to learn or nothing to calibrate with. */
function tooFew(given: number, issues: readonly Issue[]): MiasError {
  const [first, ...others] = failedImages(issues);
  const failed = others.length + 1;
  const rest = first ? `, of which ${failed} could not be read (${first.message}); leave those out or` : ";";
  return new MiasError(
    "too-few-images",
    "fit",
    `fit needs at least 2 normal images that can be read, one to learn and one held out for calibration, got ${given}${rest} give more images`,
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
  split: HoldOut,
  failed: readonly Issue[],
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
    issues: [...(saved?.issues ?? failed)],
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

/** The issues of the images that could not be read. */
export function failedImages(issues: readonly Issue[]): Issue[] {
  return issues.filter(({ code }) => code === "image-failed");
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
