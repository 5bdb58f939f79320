// An unfinished fit as a file, so that it can go on where it stopped. Same container as the bank, another format.

import { MiasError } from "../errors.ts";
import type { Issue } from "../types.ts";
import type { ByteSource } from "../util/byte-source.ts";
import { joined } from "../util/joined.ts";
import type { CoresetRows } from "./coreset.ts";
import {
  encodeSafetensors,
  readSafetensorsHeader,
  readTensor,
  type SafetensorsHeader,
  type Tensor,
} from "./safetensors.ts";

const FORMAT = "mias-checkpoint";

/** The state of a fit between two images. */
export interface Checkpoint {
  /** Identifies the fit: model, options and images. A checkpoint of another fit is not used. */
  readonly fingerprint: string;
  /** Images dealt with, in order of the fit's plan, and what was odd about them. */
  readonly done: number;
  readonly issues: readonly Issue[];
  readonly learned: CoresetRows;
  readonly heldOutRows: CoresetRows;
  readonly dims: readonly number[];
  /** Patches of an image. */
  readonly grid: { readonly rows: number; readonly columns: number };
  /** Distances of the held-out images dealt with, [images][layers * patches]. */
  readonly heldOut: readonly Float32Array[];
}

/** The checkpoint's file as chunks in order. */
export function encodeCheckpoint(checkpoint: Checkpoint): Generator<Uint8Array> {
  const { dims, heldOut } = checkpoint;
  const tensors: Record<string, Tensor> = {
    ...rowTensors("learned", checkpoint.learned, dims),
    ...rowTensors("heldOut", checkpoint.heldOutRows, dims),
  };
  tensors.heldOutDistances = {
    type: "F32",
    shape: [heldOut.length, heldOut[0]?.length ?? 0],
    data: joined(Float32Array, heldOut),
  };
  const { fingerprint, done, issues, grid } = checkpoint;
  return encodeSafetensors(tensors, {
    format: FORMAT,
    state: JSON.stringify({ fingerprint, done, issues, grid, dims }),
  });
}

function rowTensors(prefix: string, rows: CoresetRows, dims: readonly number[]): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [l, data] of rows.layers.entries()) {
    tensors[`${prefix}.rows.${l}`] = { type: "F16", shape: [rows.rows, dims[l]], data };
  }
  for (const key of ["priority", "image", "patch"] as const) {
    tensors[`${prefix}.${key}`] = { type: "U32", shape: [rows.rows], data: rows[key] };
  }
  return tensors;
}

/**
 * Reads a checkpoint; undefined when it belongs to another fit.
 * @throws MiasError when the file is damaged
 */
export async function readCheckpoint(
  source: ByteSource,
  fingerprint: string,
  signal?: AbortSignal,
): Promise<Checkpoint | undefined> {
  const header = await readSafetensorsHeader(source, signal);
  if (header.metadata.format !== FORMAT) return undefined;
  const state = parseState(source, header.metadata.state);
  if (state.fingerprint !== fingerprint) return undefined;
  const heldOut = await readTensor(source, header, "heldOutDistances", "F32", signal);
  const [images, values] = heldOut.shape;
  return {
    ...state,
    learned: await readRows(source, header, "learned", state.dims.length, signal),
    heldOutRows: await readRows(source, header, "heldOut", state.dims.length, signal),
    heldOut: Array.from({ length: images }, (_, i) =>
      (heldOut.data as Float32Array).subarray(i * values, (i + 1) * values),
    ),
  };
}

type State = Pick<Checkpoint, "fingerprint" | "done" | "issues" | "grid" | "dims">;

function parseState(source: ByteSource, text: string): State {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${source.name}: its state is not JSON; delete the file, the fit starts again without it`;
    throw new MiasError("bank-unreadable", source.name, message, { cause });
  }
}

async function readRows(
  source: ByteSource,
  header: SafetensorsHeader,
  prefix: string,
  layerCount: number,
  signal: AbortSignal | undefined,
): Promise<CoresetRows> {
  const read = async (name: string) =>
    (await readTensor(source, header, `${prefix}.${name}`, "U32", signal)).data as Uint32Array;
  const layers: Uint16Array[] = [];
  for (let l = 0; l < layerCount; l++) {
    layers.push((await readTensor(source, header, `${prefix}.rows.${l}`, "F16", signal)).data as Uint16Array);
  }
  const priority = await read("priority");
  return { rows: priority.length, layers, priority, image: await read("image"), patch: await read("patch") };
}
