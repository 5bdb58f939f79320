// The parts of a bank's file that are several tensors together, and how they are checked against each other.

import { MiasError } from "../errors.ts";
import { BODY, PADDING } from "../geometry/regions.ts";
import type { BankLayer, HeldOutDistances, Projection } from "../types.ts";
import type { ByteSource } from "../util/byte-source.ts";
import type { Tensor } from "./safetensors.ts";
import type { ReadTensor } from "./seal.ts";

/** Far more than a fit makes; each costs an entry in a table. */
const MOST_FOLDS = 65_536;

/** Absent where the halves of images were not compared. */
export const MIRROR = "heldOut.mirror";

export async function readHeldOut(
  source: ByteSource,
  read: ReadTensor,
  searches: number,
  hasMirror: boolean,
): Promise<HeldOutDistances> {
  const { shape, data } = await readFinite(source, read, "heldOut.distances");
  const [images, layers, rows, columns] = shape;
  if (shape.length !== 4 || layers !== searches) {
    throw oddShape(source, "distances", shape);
  }
  const signature = await readFinite(source, read, "heldOut.signature");
  if (signature.shape.length !== 2 || signature.shape[0] !== images) {
    throw oddShape(source, "signatures", signature.shape);
  }
  return {
    ...{ images, layers, rows, columns, data: data as Float32Array },
    regions: await readRegions(source, read, [images, rows, columns]),
    fold: await readFolds(source, read, "heldOut.fold", images),
    signature: signature.data as Float32Array,
    ...(hasMirror ? { mirror: await readMirror(source, read, [images, rows, columns]) } : {}),
  };
}

async function readRegions(source: ByteSource, read: ReadTensor, expected: number[]): Promise<Uint8Array> {
  const { shape, data } = await read("heldOut.regions", "U8");
  if (shape.join() !== expected.join()) throw oddShape(source, "regions", shape);
  const odd = data.find((region) => region > BODY);
  if (odd !== undefined)
    throw unreadable(source, `tensor heldOut.regions must have values up to ${BODY}, has ${odd}`);
  const patches = expected[1] * expected[2];
  for (let start = 0; start < data.length; start += patches) {
    if (data.subarray(start, start + patches).every((region) => region === PADDING))
      throw unreadable(source, `held-out image ${start / patches} must show something, is padding alone`);
  }
  return data as Uint8Array;
}

async function readMirror(source: ByteSource, read: ReadTensor, expected: number[]): Promise<Float32Array> {
  const { shape, data } = await readFinite(source, read, MIRROR);
  if (shape.join() === expected.join()) return data as Float32Array;
  throw oddShape(source, "mirror distances", shape);
}

/** A column of folds. */
export async function readFolds(
  source: ByteSource,
  read: ReadTensor,
  name: string,
  values: number,
): Promise<Uint32Array> {
  const folds = await readColumn(source, read, name, values);
  const odd = folds.find((fold) => fold >= MOST_FOLDS);
  if (odd === undefined) return folds;
  throw unreadable(source, `tensor ${name} must have folds below ${MOST_FOLDS}, has ${odd}`);
}

/** Values that distances are computed from or are. */
async function readFinite(source: ByteSource, read: ReadTensor, name: string): Promise<Tensor> {
  const tensor = await read(name, "F32");
  for (const value of tensor.data) {
    if (!Number.isFinite(value))
      throw unreadable(source, `tensor ${name} must have finite values, has ${value}`);
  }
  return tensor;
}

export async function readColumn(
  source: ByteSource,
  read: ReadTensor,
  name: string,
  values: number,
): Promise<Uint32Array> {
  const { shape, data } = await read(name, "U32");
  if (shape.length === 1 && shape[0] === values) return data as Uint32Array;
  throw unreadable(source, `tensor ${name} must have ${values} values, has shape [${shape.join(", ")}]`);
}

export async function readProjection(
  source: ByteSource,
  read: ReadTensor,
  layers: readonly Pick<BankLayer, "dims">[],
): Promise<Projection> {
  const width = layers.reduce((sum, { dims }) => sum + dims, 0);
  const mean = await readFinite(source, read, "projection.mean");
  const scale = await readFinite(source, read, "projection.scale");
  const axes = await readFinite(source, read, "projection.axes");
  const [, dims] = axes.shape;
  if (mean.data.length !== width || scale.data.length !== width || axes.data.length !== width * dims) {
    throw unreadable(
      source,
      `its axes must be for rows of ${width} values, have shape [${axes.shape.join(", ")}]`,
    );
  }
  return {
    mean: mean.data as Float32Array,
    scale: scale.data as Float32Array,
    axes: axes.data as Float32Array,
    dims,
  };
}

export function projectionTensors({ mean, scale, axes, dims }: Projection): Record<string, Tensor> {
  return {
    "projection.mean": { type: "F32", shape: [mean.length], data: mean },
    "projection.scale": { type: "F32", shape: [scale.length], data: scale },
    "projection.axes": { type: "F32", shape: [mean.length, dims], data: axes },
  };
}

export function heldOutTensors(heldOut: HeldOutDistances): Record<string, Tensor> {
  const { images, layers, rows, columns, data, regions, fold, signature, mirror } = heldOut;
  return {
    "heldOut.distances": { type: "F32", shape: [images, layers, rows, columns], data },
    "heldOut.regions": { type: "U8", shape: [images, rows, columns], data: regions },
    "heldOut.fold": { type: "U32", shape: [images], data: fold },
    "heldOut.signature": { type: "F32", shape: [images, signature.length / images], data: signature },
    ...(mirror ? { [MIRROR]: { type: "F32", shape: [images, rows, columns], data: mirror } } : {}),
  };
}

function oddShape(source: ByteSource, what: string, shape: readonly number[]): MiasError {
  return unreadable(source, `${what} of held-out images have shape [${shape.join(", ")}]`);
}

export function unreadable(source: ByteSource, why: string, cause?: unknown): MiasError {
  const message = `${source.name}: ${why}; the file is damaged or edited; make it again with \`mias fit\``;
  return new MiasError("bank-unreadable", source.name, message, { cause });
}
