// The coarse half of the search: 8-bit scores of every query and row, reduced to the best of each group of rows.
//
// |q - r|^2 = |q|^2 - 2 (q.r - |r|^2 / 2), so the row of greatest score q.r - |r|^2 / 2 is the nearest. The product is
// one of 8-bit integers in ONNX Runtime. Rows are quantised to +-63, so that products of pairs fit 16 bits on
// processors without VNNI. Both sides are centred first: distances stay, rounding errors shrink.
// Both sides are dithered: the errors of a row's values are then independent of each other whatever the values, where
// those of a flat patch would all be equal and add up. So `leastScores` can say which groups need no look.

import { encodeGraph, type Graph } from "../runtime/onnx-graph.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { hash32 } from "../util/prng.ts";

/** Rows whose best coarse score is looked at together. */
export const GROUP_ROWS = 16;
const ROW_LEVELS = 63;
/** Standard deviations of rounding error within which a group is still a candidate: odds of about 1e-9 to miss. */
const ERROR_SPREAD = 6;
/** Variance of a dithered rounding error, in squared steps. */
const ROUNDING_VARIANCE = 1 / 6;
/** Relative error of the 32-bit sums. */
const FLOAT_ERROR = 1e-6;
/** Score of the rows that fill up the last group. */
const FILLER_SCORE = -3e38;

/** A run of rows, quantised. Group g holds its rows g, g + groups, g + 2 groups ... */
export interface CoarseBlock {
  readonly session: Session;
  /** First row of the block in the bank. */
  readonly start: number;
  readonly groups: number;
  /** The largest quantisation step of each group's rows. */
  readonly groupSteps: Float64Array;
}

/** Queries, centred and dithered. */
export interface CoarseQueries {
  readonly data: Float32Array;
  readonly count: number;
  readonly dims: number;
  /** Squared norms of the centred queries. */
  readonly squaredNorms: Float64Array;
  /** What the quantisation step of all queries is at most. */
  readonly step: number;
}

/** Quantises the `used` rows from `start` on, of rows [all, dims] with these column means. */
export async function createCoarseBlock(
  runtime: Runtime,
  rows: Float32Array,
  mean: Float32Array,
  start: number,
  used: number,
): Promise<CoarseBlock> {
  const dims = mean.length;
  const groups = Math.ceil(used / GROUP_ROWS);
  const padded = groups * GROUP_ROWS;
  const codes = new Int8Array(dims * padded);
  const steps = new Float32Array(padded).fill(1);
  const bias = new Float32Array(padded).fill(FILLER_SCORE);
  const groupSteps = new Float64Array(groups);
  const dither = ditherOf(dims, 0);
  for (let i = 0; i < used; i++) {
    const { step, squaredNorm } = quantiseRow(rows, (start + i) * dims, mean, dither, codes, i, padded);
    steps[i] = step;
    bias[i] = -squaredNorm / 2;
    groupSteps[i % groups] = Math.max(groupSteps[i % groups], step);
  }
  const graph = encodeGraph(searchGraph(codes, steps, bias, dims, groups));
  return { session: await runtime.createSession("bank search", graph), start, groups, groupSteps };
}

/** Numbers in [-1/2, 1/2), one for each dimension, the same in every run. */
function ditherOf(dims: number, which: number): Float64Array {
  return Float64Array.from({ length: dims }, (_, d) => hash32(d, which, 0xd17) / 2 ** 32 - 0.5);
}

/** Writes the codes of one centred row as column `column` of a [dims, columns] matrix. */
function quantiseRow(
  rows: Float32Array,
  at: number,
  mean: Float32Array,
  dither: Float64Array,
  codes: Int8Array,
  column: number,
  columns: number,
): { step: number; squaredNorm: number } {
  let largest = 0;
  let squaredNorm = 0;
  for (let d = 0; d < mean.length; d++) {
    const value = rows[at + d] - mean[d];
    largest = Math.max(largest, Math.abs(value));
    squaredNorm += value * value;
  }
  const step = largest > 0 ? largest / ROW_LEVELS : 1;
  for (let d = 0; d < mean.length; d++)
    codes[d * columns + column] = Math.round((rows[at + d] - mean[d]) / step + dither[d]);
  return { step, squaredNorm };
}

/** queries [n, dims] -> best coarse score of each group [n, groups]. */
function searchGraph(
  codes: Int8Array,
  steps: Float32Array,
  bias: Float32Array,
  dims: number,
  groups: number,
): Graph {
  const shape = BigInt64Array.from([-1n, BigInt(GROUP_ROWS), BigInt(groups)]);
  return {
    nodes: [
      { op: "DynamicQuantizeLinear", inputs: ["queries"], outputs: ["codes", "step", "zero"] },
      {
        op: "MatMulIntegerToFloat",
        domain: "com.microsoft",
        inputs: ["codes", "rows", "step", "rowSteps", "zero", "", "bias"],
        outputs: ["scores"],
      },
      { op: "Reshape", inputs: ["scores", "shape"], outputs: ["grouped"] },
      { op: "ReduceMax", inputs: ["grouped"], outputs: ["best"], attributes: { axes: [1], keepdims: 0 } },
    ],
    constants: [
      { name: "rows", type: "int8", dims: [dims, steps.length], bytes: bytesOf(codes) },
      { name: "rowSteps", type: "float32", dims: [steps.length], bytes: bytesOf(steps) },
      { name: "bias", type: "float32", dims: [steps.length], bytes: bytesOf(bias) },
      { name: "shape", type: "int64", dims: [3], bytes: bytesOf(shape) },
    ],
    inputs: [{ name: "queries", dims: ["n", dims] }],
    outputs: [{ name: "best", dims: ["n", groups] }],
  };
}

function bytesOf(array: Int8Array | Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Centres and dithers queries [count, dims]. */
export function coarseQueries(queries: Float32Array, mean: Float32Array): CoarseQueries {
  const dims = mean.length;
  const count = queries.length / dims;
  const data = new Float32Array(queries.length);
  const squaredNorms = new Float64Array(count);
  let low = 0;
  let high = 0;
  for (let q = 0, i = 0; q < count; q++) {
    let sum = 0;
    for (let d = 0; d < dims; d++, i++) {
      const value = queries[i] - mean[d];
      data[i] = value;
      sum += value * value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    squaredNorms[q] = sum;
  }
  // DynamicQuantizeLinear divides the range, with zero in it, by 255; the dither widens it by at most one step.
  const step = (high - low) / 254;
  const dither = ditherOf(dims, 1);
  for (let i = 0, d = 0; i < data.length; i++, d = d + 1 < dims ? d + 1 : 0) data[i] += step * dither[d];
  return { data, count, dims, squaredNorms, step };
}

/** The best coarse score of each group for each query, [count, groups]. */
export async function coarseScores(
  { session }: CoarseBlock,
  { data, count, dims }: CoarseQueries,
): Promise<Float32Array> {
  const { best } = await session.run({ queries: { data, dims: [count, dims] } });
  return best.data;
}

/**
 * The least coarse score with which a group of the block can hold a row nearer to query `q` than `squaredDistance`.
 * Errors of all dims and of both sides add as squares. Such a row is no longer than the query and the distance.
 */
export function leastScores(
  { groupSteps }: CoarseBlock,
  { dims, squaredNorms, step }: CoarseQueries,
  q: number,
  squaredDistance: number,
): (group: number) => number {
  const reach = Math.sqrt(squaredNorms[q]) + Math.sqrt(squaredDistance);
  const exact = (squaredNorms[q] - squaredDistance) / 2 - FLOAT_ERROR * reach * reach;
  const fromQuery = ROUNDING_VARIANCE * (reach * step) ** 2;
  const fromRow = ROUNDING_VARIANCE * (squaredNorms[q] + ROUNDING_VARIANCE * dims * step * step);
  return (group) => exact - ERROR_SPREAD * Math.sqrt(fromQuery + fromRow * groupSteps[group] ** 2);
}
