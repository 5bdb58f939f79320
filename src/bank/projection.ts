// One descriptor of several layers: each layer is scaled to the standard deviation that is its weight, the layers of a
// patch are put one after another, and the principal axes of the rows are kept (PCA), so that a search has a quarter of
// the work. What a query has across the axes is what the normal rows hardly vary in; its square is added to the squared
// distance.
//
// The axes come from subspace iteration (Halko, Martinsson & Tropp, SIAM Review 2011): a few products of the
// covariance with a basis. The basis itself need not be the eigenvectors: distances see the space alone.

import { encodeGraph } from "../runtime/onnx-graph.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import type { BankLayer, Projection } from "../types.ts";
import { assert } from "../util/assert.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { decodeHalf } from "../util/float16.ts";
import { createRandom } from "../util/prng.ts";
import { columnMeans } from "./column-means.ts";

/** Rows that the axes are learned from, at most; evenly spread over all. */
const MOST_ROWS = 16_384;
const ITERATIONS = 12;
const SEED = 0x9ca;

/**
 * Learns the axes of the layers' rows.
 * @param axes most axes to keep; fewer where the layers have fewer values
 * @param weights the standard deviation that each layer is given
 */
export async function learnProjection(
  runtime: Runtime,
  layers: readonly BankLayer[],
  axes: number,
  weights: readonly number[] = layers.map(() => 1),
): Promise<Projection> {
  const rows = layers[0].data.length / layers[0].dims;
  const step = Math.max(1, Math.ceil(rows / MOST_ROWS));
  const count = Math.floor((rows - 1) / step) + 1;
  const width = layers.reduce((sum, { dims }) => sum + dims, 0);
  const joint = new Float32Array(count * width);
  let offset = 0;
  for (const { data, dims } of layers) {
    for (let i = 0; i < count; i++) {
      const row = data.subarray(i * step * dims, (i * step + 1) * dims);
      joint.set(decodeHalf(row), i * width + offset);
    }
    offset += dims;
  }
  const mean = columnMeans(joint, width);
  const scale = scalesOf(joint, mean, layers, weights);
  for (let i = 0; i < joint.length; i++) joint[i] = (joint[i] - mean[i % width]) * scale[i % width];
  const kept = Math.min(axes, width);
  return { mean, scale, axes: await principalBasis(runtime, joint, width, kept), dims: kept };
}

/** For each value of a joined row, its layer's weight over the root of the layer's total variance; 0 for a constant layer. */
function scalesOf(
  rows: Float32Array,
  mean: Float32Array,
  layers: readonly BankLayer[],
  weights: readonly number[],
): Float32Array {
  const width = mean.length;
  const squares = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) squares[i % width] += (rows[i] - mean[i % width]) ** 2;
  const scale = new Float32Array(width);
  let offset = 0;
  for (const [l, { dims }] of layers.entries()) {
    const total = squares.subarray(offset, offset + dims).reduce((sum, value) => sum + value, 0);
    const variance = total / (rows.length / width);
    scale.fill(variance > 0 ? weights[l] / Math.sqrt(variance) : 0, offset, offset + dims);
    offset += dims;
  }
  return scale;
}

/** An orthonormal basis [width, kept] of the space in which rows [n, width] with mean 0 vary most. */
async function principalBasis(
  runtime: Runtime,
  rows: Float32Array,
  width: number,
  kept: number,
): Promise<Float32Array> {
  const product = await createProduct(runtime);
  try {
    const covariance = await product.turned(rows, width, rows, width);
    const random = createRandom(SEED);
    let basis = orthonormal(
      Float32Array.from({ length: width * kept }, () => random.normal()),
      kept,
    );
    for (let i = 0; i < ITERATIONS; i++) {
      // The covariance is its own transpose.
      basis = orthonormal(await product.turned(covariance, width, basis, kept), kept);
    }
    return basis;
  } finally {
    await product.session.release();
  }
}

interface Product {
  /** The transpose of [n, columnsOfA] times [n, columnsOfB]. */
  turned(a: Float32Array, columnsOfA: number, b: Float32Array, columnsOfB: number): Promise<Float32Array>;
  readonly session: Session;
}

async function createProduct(runtime: Runtime): Promise<Product> {
  const graph = encodeGraph({
    nodes: [{ op: "Gemm", inputs: ["a", "b"], outputs: ["product"], attributes: { transA: 1 } }],
    constants: [],
    inputs: [
      { name: "a", dims: ["n", "columnsOfA"] },
      { name: "b", dims: ["n", "columnsOfB"] },
    ],
    outputs: [{ name: "product", dims: ["columnsOfA", "columnsOfB"] }],
  });
  const session = await runtime.createSession("principal axes", graph, { keepMemory: false });
  return {
    turned: async (a, columnsOfA, b, columnsOfB) => {
      const left = { data: a, dims: [a.length / columnsOfA, columnsOfA] };
      const right = { data: b, dims: [b.length / columnsOfB, columnsOfB] };
      return (await session.run({ a: left, b: right })).product.data;
    },
    session,
  };
}

/**
 * The columns of [rows, columns] made orthonormal; one that vanishes stays 0. Modified Gram-Schmidt in double precision:
 * of a column that keeps a millionth of its length the error is 1e-10, less than a float of the result can hold.
 */
function orthonormal(matrix: Float32Array, columns: number): Float32Array {
  const rows = matrix.length / columns;
  const done: Float64Array[] = [];
  for (let c = 0; c < columns; c++) {
    const column = Float64Array.from({ length: rows }, (_, r) => matrix[r * columns + c]);
    const length = norm(column);
    for (const other of done) removePart(column, other);
    const rest = norm(column);
    const gain = rest > 1e-6 * length && rest > 0 ? 1 / rest : 0;
    done.push(column.map((value) => value * gain));
  }
  const result = new Float32Array(matrix.length);
  for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) result[r * columns + c] = done[c][r];
  return result;
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}

function removePart(column: Float64Array, direction: Float64Array): void {
  let along = 0;
  for (let i = 0; i < column.length; i++) along += column[i] * direction[i];
  for (let i = 0; i < column.length; i++) column[i] -= along * direction[i];
}

export interface Projected {
  /** [n, dims of the projection] */
  readonly rows: Float32Array;
  /** [n]: squared length of what each row has across the axes. */
  readonly across: Float32Array;
}

/** A projection that is ready for rows. */
export interface Projector {
  /** @param layers one [n, dims of the layer] array each */
  apply(layers: readonly Float32Array[]): Promise<Projected>;
  release(): Promise<void>;
}

/** @param dims values of a row in each layer */
export async function createProjector(
  runtime: Runtime,
  projection: Projection,
  dims: readonly number[],
): Promise<Projector> {
  const { mean, scale, axes } = projection;
  const width = mean.length;
  assert(dims.reduce((sum, d) => sum + d, 0) === width, `layers of ${dims.join(", ")} values for ${width}`);
  const constant = (name: string, shape: number[], values: Float32Array) =>
    ({ name, type: "float32", dims: shape, bytes: bytesOf(values) }) as const;
  const perRow = { axes: [1] };
  const graph = encodeGraph({
    nodes: [
      { op: "Concat", inputs: dims.map((_, l) => `layer${l}`), outputs: ["joined"], attributes: { axis: 1 } },
      { op: "Sub", inputs: ["joined", "mean"], outputs: ["centred"] },
      { op: "Mul", inputs: ["centred", "scale"], outputs: ["scaled"] },
      { op: "MatMul", inputs: ["scaled", "axes"], outputs: ["rows"] },
      { op: "ReduceSumSquare", inputs: ["scaled"], outputs: ["whole"], attributes: perRow },
      { op: "ReduceSumSquare", inputs: ["rows"], outputs: ["along"], attributes: perRow },
      { op: "Sub", inputs: ["whole", "along"], outputs: ["across"] },
    ],
    constants: [
      constant("mean", [width], mean),
      constant("scale", [width], scale),
      constant("axes", [width, projection.dims], axes),
    ],
    inputs: dims.map((d, l) => ({ name: `layer${l}`, dims: ["n", d] })),
    outputs: [
      { name: "rows", dims: ["n", projection.dims] },
      { name: "across", dims: ["n", 1] },
    ],
  });
  const session = await runtime.createSession("bank projection", graph, { keepMemory: false });
  return {
    apply: async (layers) => {
      const feeds = layers.map((data, l) => [`layer${l}`, { data, dims: [data.length / dims[l], dims[l]] }]);
      const { rows, across } = await session.run(Object.fromEntries(feeds));
      return { rows: rows.data, across: across.data.map((value) => Math.max(0, value)) };
    },
    release: () => session.release(),
  };
}
