// An unfinished fit as a file, so that it can go on where it stopped. Same container and checksums as the bank, another
// format.

import { MiasError } from "../errors.ts";
import type { Issue } from "../types.ts";
import type { ByteSource } from "../util/byte-source.ts";
import type { CoresetRows } from "./coreset.ts";
import { encodeSafetensors, readSafetensorsHeader, type Tensor } from "./safetensors.ts";
import { isMetadataIntact, sealed, sealedReader } from "./seal.ts";

const FORMAT = "mias-checkpoint";

/** A held-out image whose distances are still to be measured. */
export interface KeptImage {
  /** Index among the images of the fit. */
  readonly image: number;
  /** Column of patches about which the image is mirrored. */
  readonly axis: number;
  /** What its patches show, [patches]; see geometry/regions.ts. */
  readonly regions: Uint8Array;
  /** One [patches, dims] array of half-precision bit patterns per layer. */
  readonly layers: readonly Uint16Array[];
}

/** The state of a fit between two images. */
export interface Checkpoint {
  /** Identifies the fit: model, options and images. A checkpoint of another fit is not used. */
  readonly fingerprint: string;
  /** Images dealt with, in order of the fit's plan, and what was odd about them. */
  readonly done: number;
  readonly issues: readonly Issue[];
  /** Index of each learned image and fingerprint of its pixels. */
  readonly pixels: readonly (readonly [number, string])[];
  readonly rows: CoresetRows;
  readonly dims: readonly number[];
  /** Patches of an image. */
  readonly grid: { readonly rows: number; readonly columns: number };
  readonly kept: readonly KeptImage[];
}

/** The checkpoint's file as chunks in order. */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Generator<Uint8Array>> {
  const { fingerprint, done, issues, pixels, grid, dims, rows, kept } = checkpoint;
  const tensors: Record<string, Tensor> = {};
  for (const [l, data] of rows.layers.entries()) {
    tensors[`rows.${l}`] = { type: "F16", shape: [rows.rows, dims[l]], data };
  }
  for (const key of ["priority", "image", "patch"] as const) {
    tensors[key] = { type: "U32", shape: [rows.rows], data: rows[key] };
  }
  for (const { image, regions, layers } of kept) {
    tensors[regionsTensor(image)] = { type: "U8", shape: [regions.length], data: regions };
    for (const [l, data] of layers.entries()) {
      tensors[keptTensor(image, l)] = { type: "F16", shape: [data.length / dims[l], dims[l]], data };
    }
  }
  const state: State = {
    fingerprint,
    done,
    issues,
    pixels,
    grid,
    dims,
    kept: kept.map(({ image, axis }) => ({ image, axis })),
  };
  const metadata = { format: FORMAT, state: JSON.stringify(state) };
  return encodeSafetensors(tensors, await sealed(tensors, metadata));
}

function keptTensor(image: number, layer: number): string {
  return `kept.${image}.${layer}`;
}

function regionsTensor(image: number): string {
  return `kept.${image}.regions`;
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
  if (!(await isMetadataIntact(header.metadata))) throw damaged(source, "its metadata");
  const read = sealedReader(source, header, (name) => damaged(source, `its tensor ${name}`), signal);
  const layersOf = async (nameOf: (layer: number) => string) => {
    const layers: Uint16Array[] = [];
    for (const l of state.dims.keys()) layers.push((await read(nameOf(l), "F16")).data as Uint16Array);
    return layers;
  };
  const kept: KeptImage[] = [];
  for (const { image, axis } of state.kept) {
    const regions = (await read(regionsTensor(image), "U8")).data as Uint8Array;
    kept.push({ image, axis, regions, layers: await layersOf((l) => keptTensor(image, l)) });
  }
  const priority = (await read("priority", "U32")).data as Uint32Array;
  const rows: CoresetRows = {
    rows: priority.length,
    layers: await layersOf((l) => `rows.${l}`),
    priority,
    image: (await read("image", "U32")).data as Uint32Array,
    patch: (await read("patch", "U32")).data as Uint32Array,
  };
  return { ...state, rows, kept };
}

type State = Pick<Checkpoint, "fingerprint" | "done" | "issues" | "pixels" | "grid" | "dims"> & {
  readonly kept: readonly Omit<KeptImage, "regions" | "layers">[];
};

function parseState(source: ByteSource, text: string): State {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${source.name}: its state is not JSON; delete the file, the fit starts again without it`;
    throw new MiasError("bank-unreadable", source.name, message, { cause });
  }
}

function damaged(source: ByteSource, what: string): MiasError {
  const rule = `the sha256 of ${what} must be the one that it states`;
  const message = `${source.name}: ${rule}, it is another; delete the file, the fit starts again without it`;
  return new MiasError("bank-unreadable", source.name, message);
}
