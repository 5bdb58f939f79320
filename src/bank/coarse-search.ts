// The coarse half of the search: 8-bit scores of every query and row, reduced to the best of each group of rows.
//
// |q - r|^2 = |q|^2 - 2 (q.r - |r|^2 / 2), so the row of greatest score q.r - |r|^2 / 2 is the nearest. The product is
// one of 8-bit integers in ONNX Runtime. Rows are quantised to +-63, so that products of pairs fit 16 bits on
// processors without VNNI. Rows and queries come centred and rotated (rotation.ts), so that rounding errors are small
// and independent of each other, and `leastScore` can say which groups need no look.

import { encodeGraph, type Graph } from "../runtime/onnx-graph.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { bytesOf } from "../util/bytes-of.ts";

/** Rows whose best coarse score is looked at together. */
export const GROUP_ROWS = 8;
const ROW_LEVELS = 63;
/** Standard deviations of rounding error within which a group is still a candidate: odds of about 1e-9 to miss. */
const ERROR_SPREAD = 6;
/** Variance of a rounding error, in squared steps. */
const ROUNDING_VARIANCE = 1 / 12;
/** Relative error of the 32-bit sums, those of the rotation among them. */
const FLOAT_ERROR = 4e-6;
/** Score of the rows that fill up the last group. */
const FILLER_SCORE = -3e38;

/** A run of rows, quantised. Group g holds its rows g, g + groups, g + 2 groups ... */
export interface CoarseBlock {
  /** First row of the block in the bank, and the row after its last. */
  readonly start: number;
  readonly end: number;
  readonly groups: number;
  /** The largest quantisation step of each group's rows, and of all. */
  readonly groupSteps: Float64Array;
  readonly largestStep: number;
}

/** A block with what its product takes. */
interface QuantisedBlock extends CoarseBlock {
  /** [dims, groups * GROUP_ROWS] */
  readonly codes: Int8Array;
  readonly steps: Float32Array;
  readonly bias: Float32Array;
}

/** Blocks whose products one session computes, one after another in the same memory. */
export interface CoarseIndex {
  readonly session: Session;
  readonly blocks: readonly CoarseBlock[];
}

/** Queries that are ready for the coarse product. */
export interface CoarseQueries {
  /** [count, dims] */
  readonly data: Float32Array;
  readonly count: number;
  readonly dims: number;
  readonly squaredNorms: Float64Array;
  /** The quantisation step of all queries. */
  readonly step: number;
}

/**
 * Quantises blocks of rows and prepares their products.
 * @param blocks [n, dims] each, centred and rotated
 * @param start number of the first row in the bank
 */
export async function createCoarseIndex(
  runtime: Runtime,
  blocks: readonly Float32Array[],
  dims: number,
  start: number,
): Promise<CoarseIndex> {
  let first = start;
  const quantised = blocks.map((rows) => {
    const block = quantiseBlock(rows, dims, first);
    first += rows.length / dims;
    return block;
  });
  const graph = encodeGraph(searchGraph(quantised, dims));
  const session = await runtime.createSession("bank search", graph, { keepMemory: false });
  const kept = quantised.map(({ codes: _codes, steps: _steps, bias: _bias, ...block }) => block);
  return { session, blocks: kept };
}

function quantiseBlock(rows: Float32Array, dims: number, start: number): QuantisedBlock {
  const count = rows.length / dims;
  const groups = Math.ceil(count / GROUP_ROWS);
  const padded = groups * GROUP_ROWS;
  const codes = new Int8Array(dims * padded);
  const steps = new Float32Array(padded).fill(1);
  const bias = new Float32Array(padded).fill(FILLER_SCORE);
  const groupSteps = new Float64Array(groups);
  for (let row = 0; row < count; row++) {
    const { largest, squaredNorm } = measureRow(rows, dims, row);
    const step = largest > 0 ? largest / ROW_LEVELS : 1;
    steps[row] = step;
    bias[row] = -squaredNorm / 2;
    groupSteps[row % groups] = Math.max(groupSteps[row % groups], step);
  }
  writeCodes(rows, dims, steps, codes);
  const largestStep = groupSteps.reduce((a, b) => Math.max(a, b));
  return { start, end: start + count, groups, groupSteps, largestStep, codes, steps, bias };
}

function measureRow(rows: Float32Array, dims: number, row: number): { largest: number; squaredNorm: number } {
  let largest = 0;
  let squaredNorm = 0;
  for (let i = row * dims, end = i + dims; i < end; i++) {
    const value = rows[i];
    if (Math.abs(value) > largest) largest = Math.abs(value);
    squaredNorm += value * value;
  }
  return { largest, squaredNorm };
}

/** Rows turned at once, so that reads and writes stay within a cache. */
const TILE_ROWS = 64;

/** Writes the codes of rows [n, dims] as columns of [dims, columns]; `steps` has one value a column. */
function writeCodes(rows: Float32Array, dims: number, steps: Float32Array, codes: Int8Array): void {
  const columns = steps.length;
  const count = rows.length / dims;
  for (let first = 0; first < count; first += TILE_ROWS) {
    const end = Math.min(count, first + TILE_ROWS);
    for (let d = 0; d < dims; d++) {
      for (let row = first; row < end; row++) {
        codes[d * columns + row] = Math.round(rows[row * dims + d] / steps[row]);
      }
    }
  }
}

/** queries [n, dims] -> for each block the best coarse score of each group [n, groups], and of all [n, 1]. */
function searchGraph(blocks: readonly QuantisedBlock[], dims: number): Graph {
  const products = blocks.map((block, i) => blockGraph(block, i, dims));
  return {
    nodes: [
      { op: "DynamicQuantizeLinear", inputs: ["queries"], outputs: ["codes", "step", "zero"] },
      ...products.flatMap((product) => product.nodes),
    ],
    constants: products.flatMap((product) => product.constants),
    inputs: [{ name: "queries", dims: ["n", dims] }],
    outputs: blocks.flatMap(({ groups }, i) => [
      { name: groupsName(i), dims: ["n", groups] },
      { name: topName(i), dims: ["n", 1] },
    ]),
  };
}

function groupsName(block: number): string {
  return `best${block}`;
}

function topName(block: number): string {
  return `top${block}`;
}

function blockGraph(
  { codes, steps, bias, groups }: QuantisedBlock,
  i: number,
  dims: number,
): Pick<Graph, "nodes" | "constants"> {
  const [rows, rowSteps, rowBias, shape] = [`rows${i}`, `rowSteps${i}`, `bias${i}`, `shape${i}`];
  const [scores, grouped] = [`scores${i}`, `grouped${i}`];
  const grouping = BigInt64Array.from([-1n, BigInt(GROUP_ROWS), BigInt(groups)]);
  return {
    nodes: [
      {
        op: "MatMulIntegerToFloat",
        domain: "com.microsoft",
        inputs: ["codes", rows, "step", rowSteps, "zero", "", rowBias],
        outputs: [scores],
      },
      { op: "Reshape", inputs: [scores, shape], outputs: [grouped] },
      {
        op: "ReduceMax",
        inputs: [grouped],
        outputs: [groupsName(i)],
        attributes: { axes: [1], keepdims: 0 },
      },
      { op: "ReduceMax", inputs: [groupsName(i)], outputs: [topName(i)], attributes: { axes: [1] } },
    ],
    constants: [
      { name: rows, type: "int8", dims: [dims, steps.length], bytes: bytesOf(codes) },
      { name: rowSteps, type: "float32", dims: [steps.length], bytes: bytesOf(steps) },
      { name: rowBias, type: "float32", dims: [steps.length], bytes: bytesOf(bias) },
      { name: shape, type: "int64", dims: [3], bytes: bytesOf(grouping) },
    ],
  };
}

/** @param data [count, dims], centred and rotated */
export function coarseQueries(data: Float32Array, dims: number): CoarseQueries {
  const count = data.length / dims;
  const squaredNorms = new Float64Array(count);
  let low = 0;
  let high = 0;
  for (let q = 0, i = 0; q < count; q++) {
    let sum = 0;
    for (const end = i + dims; i < end; i++) {
      const value = data[i];
      sum += value * value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    squaredNorms[q] = sum;
  }
  // DynamicQuantizeLinear divides the range, with zero in it, by 255.
  return { data, count, dims, squaredNorms, step: (high - low) / 255 };
}

/** A block with its best coarse scores for each query. */
export interface ScoredBlock {
  readonly block: CoarseBlock;
  /** Of each group, [count, groups]. */
  readonly groups: Float32Array;
  /** Of all groups, [count]. */
  readonly top: Float32Array;
}

/** The blocks with their scores. */
export async function coarseScores(
  { session, blocks }: CoarseIndex,
  { data, count, dims }: CoarseQueries,
): Promise<ScoredBlock[]> {
  const outputs = await session.run({ queries: { data, dims: [count, dims] } });
  return blocks.map((block, i) => ({
    block,
    groups: outputs[groupsName(i)].data,
    top: outputs[topName(i)].data,
  }));
}

/**
 * The least coarse score with which a row can be nearer to query `q` than `squaredDistance`, if the row was quantised
 * with this step or a smaller one. Errors of all dims and of both sides add as squares. Such a row is no longer than
 * the query and the distance together.
 */
export function leastScore(
  { dims, squaredNorms, step }: CoarseQueries,
  q: number,
  squaredDistance: number,
  rowStep: number,
): number {
  const reach = Math.sqrt(squaredNorms[q]) + Math.sqrt(squaredDistance);
  const exact = (squaredNorms[q] - squaredDistance) / 2 - FLOAT_ERROR * reach * reach;
  const fromQuery = (reach * step) ** 2;
  const fromRow = (squaredNorms[q] + ROUNDING_VARIANCE * dims * step * step) * rowStep * rowStep;
  return exact - ERROR_SPREAD * Math.sqrt(ROUNDING_VARIANCE * (fromQuery + fromRow));
}
