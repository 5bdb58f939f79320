// What every job starts with: the model, the bank, image files. See inputs.ts for all that a user can name.

import { stat } from "node:fs/promises";
import { type BankSummary, readBank, readBankSummary } from "../bank/bank-file.ts";
import { withFileSource } from "../io/file-source.ts";
import { EMBEDDED_MODEL, modelFolder } from "../io/model-folder.ts";
import { createNodeRuntime, type Device } from "../io/node-runtime.ts";
import { readImage } from "../io/read-image.ts";
import { loadModel, type Model } from "../pipeline/model.ts";
import type { Bank, CallContext, ImageSource } from "../types.ts";

/** What every job takes. */
export interface JobOptions extends CallContext {
  /** Model folder. @default the embedded LiteMedSAM */
  readonly model?: string;
  /** @default "auto" */
  readonly device?: Device;
  /** Threads of inference; they change speed, never masks. @default the number of cores */
  readonly threads?: number;
}

/** Loads the model of a job. */
export async function openModel({
  model = EMBEDDED_MODEL,
  device,
  threads,
  signal,
}: JobOptions): Promise<Model> {
  const runtime = createNodeRuntime({
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  });
  return loadModel(runtime, modelFolder(model), signal);
}

/** Reads a bank file. */
export async function openBank(path: string, signal?: AbortSignal): Promise<Bank> {
  return withFileSource(path, (source) => readBank(source, signal));
}

/** Reads what a bank file says of itself. */
export async function inspectBank(path: string, signal?: AbortSignal): Promise<BankSummary> {
  return withFileSource(path, (source) => readBankSummary(source, signal));
}

/** Image files, each read when its turn comes. */
export async function openFiles(files: readonly string[]): Promise<ImageSource[]> {
  return Promise.all(files.map(stampedFile));
}

/** An image file, stamped with its size and time. */
export async function stampedFile(path: string): Promise<ImageSource> {
  const status = await stat(path).catch(() => undefined);
  return { ...imageFile(path), ...(status ? { stamp: `${status.size} ${status.mtimeMs}` } : {}) };
}

/** One image file. Reading is not aborted: the image at hand is finished, then the state can be saved. */
export function imageFile(path: string): ImageSource {
  return { name: path, read: () => readImage(path) };
}
