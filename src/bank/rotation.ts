// A fixed rotation about the mean that spreads what a few values hold over all of them.
//
// Distances stay the same. But features have a few large values, and an 8-bit code spends its range on these; after
// the rotation all values are of one size, and their rounding errors are independent of each other whatever the
// vector. The rotation is the orthonormal cosine transform of the values with random signs, one matrix product.

import { encodeGraph } from "../runtime/onnx-graph.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { hash32 } from "../util/prng.ts";

export interface Rotation {
  /** @param vectors [n, dims] */
  apply(vectors: Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/** The rotation of vectors of as many values as `mean` has, from which they are measured. */
export async function createRotation(runtime: Runtime, mean: Float32Array): Promise<Rotation> {
  const dims = mean.length;
  const matrix = rotationMatrix(dims);
  const graph = encodeGraph({
    nodes: [
      { op: "Sub", inputs: ["vectors", "mean"], outputs: ["centred"] },
      { op: "MatMul", inputs: ["centred", "matrix"], outputs: ["rotated"] },
    ],
    constants: [
      { name: "mean", type: "float32", dims: [dims], bytes: bytesOf(mean) },
      { name: "matrix", type: "float32", dims: [dims, dims], bytes: bytesOf(matrix) },
    ],
    inputs: [{ name: "vectors", dims: ["n", dims] }],
    outputs: [{ name: "rotated", dims: ["n", dims] }],
  });
  const session = await runtime.createSession("bank rotation", graph);
  return {
    apply: async (vectors) => {
      const shape = [vectors.length / dims, dims];
      return (await session.run({ vectors: { data: vectors, dims: shape } })).rotated.data;
    },
    release: () => session.release(),
  };
}

/** [dims, dims], orthonormal: column k is the k-th cosine, its values with random signs. */
export function rotationMatrix(dims: number): Float32Array {
  const matrix = new Float32Array(dims * dims);
  for (let d = 0; d < dims; d++) {
    const sign = (hash32(d, dims, 0x5167) & 1) === 0 ? 1 : -1;
    for (let k = 0; k < dims; k++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / dims);
      matrix[d * dims + k] = sign * scale * Math.cos((Math.PI * (d + 0.5) * k) / dims);
    }
  }
  return matrix;
}
