// The parts of a bank's file that are several tensors together, and how they are checked against each other.

import { MiasError } from "../errors.ts";
import type { BankLayer, HeldOutDistances, Projection } from "../types.ts";
import type { ByteSource } from "../util/byte-source.ts";
import type { Tensor, TensorType } from "./safetensors.ts";

/** Absent where the halves of images were not compared. */
export const MIRROR = "heldOut.mirror";

export type ReadTensor = (name: string, type: TensorType) => Promise<Tensor>;

export async function readHeldOut(
  source: ByteSource,
  read: ReadTensor,
  searches: number,
  hasMirror: boolean,
): Promise<HeldOutDistances> {
  const { shape, data } = await read("heldOut.distances", "F32");
  const [images, layers, rows, columns] = shape;
  if (shape.length !== 4 || layers !== searches) {
    throw unreadable(source, `distances of held-out images have shape [${shape.join(", ")}]`);
  }
  const signature = await read("heldOut.signature", "F32");
  if (signature.shape.length !== 2 || signature.shape[0] !== images) {
    throw unreadable(source, `signatures of held-out images have shape [${signature.shape.join(", ")}]`);
  }
  return {
    ...{ images, layers, rows, columns, data: data as Float32Array },
    fold: await readColumn(source, read, "heldOut.fold", images),
    signature: signature.data as Float32Array,
    ...(hasMirror ? { mirror: await readMirror(source, read, [images, rows, columns]) } : {}),
  };
}

async function readMirror(source: ByteSource, read: ReadTensor, expected: number[]): Promise<Float32Array> {
  const { shape, data } = await read(MIRROR, "F32");
  if (shape.join() === expected.join()) return data as Float32Array;
  throw unreadable(source, `mirror distances of held-out images have shape [${shape.join(", ")}]`);
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
  const mean = await read("projection.mean", "F32");
  const scale = await read("projection.scale", "F32");
  const axes = await read("projection.axes", "F32");
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
  const { images, layers, rows, columns, data, fold, signature, mirror } = heldOut;
  return {
    "heldOut.distances": { type: "F32", shape: [images, layers, rows, columns], data },
    "heldOut.fold": { type: "U32", shape: [images], data: fold },
    "heldOut.signature": { type: "F32", shape: [images, signature.length / images], data: signature },
    ...(mirror ? { [MIRROR]: { type: "F32", shape: [images, rows, columns], data: mirror } } : {}),
  };
}

export function unreadable(source: ByteSource, why: string, cause?: unknown): MiasError {
  const message = `${source.name}: ${why}; the file is damaged or edited; make it again with \`mias fit\``;
  return new MiasError("bank-unreadable", source.name, message, { cause });
}
