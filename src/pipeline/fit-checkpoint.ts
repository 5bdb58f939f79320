import { type Checkpoint, encodeCheckpoint, readCheckpoint } from "../bank/checkpoint.ts";
import { isMiasError } from "../errors.ts";
import type { Bank, FitOptions, ImageSource } from "../types.ts";
import type { ByteSource } from "../util/byte-source.ts";
import { sha256Hex } from "../util/sha256.ts";
import { PROGRAM } from "../version.ts";
import type { Model } from "./model.ts";

/** Seconds between checkpoints, and how many times the cost of one must have passed before the next. */
const LEAST_SECONDS = 30;
const LEAST_COSTS = 20;

/** Where an unfinished fit is kept. */
export interface CheckpointStore {
  load(signal?: AbortSignal): Promise<ByteSource | undefined>;
  save(chunks: Iterable<Uint8Array>): Promise<void>;
}

/**
 * Names a fit: another program version, model, option, image or base bank gives another fingerprint.
 * @param leftOut names of images that are not part of the plan
 */
export async function fitFingerprint(
  model: Model,
  options: FitOptions,
  images: readonly ImageSource[],
  base: Bank | undefined,
  leftOut: readonly string[] = [],
): Promise<string> {
  const learned = base && { ...base.provenance, calibration: base.calibration };
  const files = images.map(({ name, stamp }) => [name, stamp ?? null]);
  const text = JSON.stringify([PROGRAM, model.sha256, options, files, learned ?? null, leftOut]);
  return sha256Hex(new TextEncoder().encode(text));
}

/** The stored state of this very fit; undefined where there is none or it is damaged. */
export async function loadCheckpoint(
  store: CheckpointStore | undefined,
  fingerprint: string,
  signal: AbortSignal | undefined,
): Promise<Checkpoint | undefined> {
  const source = await store?.load(signal);
  if (source === undefined) return undefined;
  try {
    return await readCheckpoint(source, fingerprint, signal);
  } catch (error) {
    if (isMiasError(error, "bank-foreign", "bank-unreadable")) return undefined;
    throw error;
  }
}

export interface Saver {
  save(): Promise<void>;
  saveWhenDue(): Promise<void>;
}

/** Saves the state now and then: the rarer, the longer it takes. */
export function createSaver(store: CheckpointStore | undefined, snapshot: () => Checkpoint): Saver {
  let due = performance.now() + LEAST_SECONDS * 1000;
  const save = async () => {
    if (store === undefined) return;
    const started = performance.now();
    await store.save(await encodeCheckpoint(snapshot()));
    const ended = performance.now();
    due = ended + Math.max(LEAST_SECONDS * 1000, LEAST_COSTS * (ended - started));
  };
  return {
    save,
    saveWhenDue: async () => {
      if (performance.now() >= due) await save();
    },
  };
}
