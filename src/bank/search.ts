// Exact nearest neighbours of many queries at once, as a blocked matrix product in ONNX Runtime.
//
// Coarse: |q - r|^2 = |q|^2 - 2 (q.r - |r|^2 / 2). The bracket is computed with 8-bit integers, once for every query
// and row, and reduced to the best of each group of rows. Rows are quantised to +-63, so that products of pairs fit
// 16 bits on processors without VNNI. Both sides are centred first: distances stay, rounding errors shrink.
// Fine: every row of every group that could still hold the nearest one, given the spread of the rounding error, is
// compared in full precision. So the distances are those of an exact search; the integers only save work.

import type { Graph } from "../runtime/onnx-graph.ts";
import { encodeGraph } from "../runtime/onnx-graph.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { assert } from "../util/assert.ts";
import { decodeHalf } from "../util/float16.ts";

/** Rows of one matrix product. */
const BLOCK_ROWS = 8192;
/** Rows whose best coarse score is looked at together. */
const GROUP_ROWS = 16;
const ROW_LEVELS = 63;
/** Standard deviations of rounding error within which a group is still a candidate. */
const ERROR_SPREAD = 5;
/** Score of the rows that fill up the last block. */
const FILLER_SCORE = -3e38;

export interface Neighbours {
  /** Squared L2 distance of each query to its nearest row. */
  readonly distances: Float32Array;
  /** The nearest row; the first of equals. */
  readonly rows: Uint32Array;
}

export interface NearestSearch {
  /** @param queries [n, dims] */
  nearest(queries: Float32Array): Promise<Neighbours>;
  release(): Promise<void>;
}

interface Block {
  readonly session: Session;
  /** First row of the block in the bank. */
  readonly start: number;
  readonly groups: number;
  /** Root mean square of the rows' quantisation steps and of their norms. */
  readonly rowStep: number;
  readonly rowNorm: number;
}

/**
 * Prepares a search over rows in half precision.
 * @param data [rows, dims] as half-precision bit patterns
 */
export async function createNearestSearch(
  runtime: Runtime,
  data: Uint16Array,
  dims: number,
): Promise<NearestSearch> {
  assert(
    dims > 0 && data.length > 0 && data.length % dims === 0,
    `a bank layer of ${data.length} values, ${dims} dims`,
  );
  const rows = decodeHalf(data);
  const mean = columnMeans(rows, dims);
  const blocks: Block[] = [];
  for (let start = 0; start < rows.length / dims; start += BLOCK_ROWS) {
    blocks.push(await createBlock(runtime, rows, dims, mean, start));
  }
  return {
    nearest: (queries) => searchBlocks(blocks, rows, mean, queries),
    release: async () => {
      for (const block of blocks) await block.session.release();
    },
  };
}

function columnMeans(rows: Float32Array, dims: number): Float32Array {
  const sums = new Float64Array(dims);
  for (let i = 0; i < rows.length; i += dims) for (let d = 0; d < dims; d++) sums[d] += rows[i + d];
  return Float32Array.from(sums, (sum) => sum / (rows.length / dims));
}

async function createBlock(
  runtime: Runtime,
  rows: Float32Array,
  dims: number,
  mean: Float32Array,
  start: number,
): Promise<Block> {
  const used = Math.min(BLOCK_ROWS, rows.length / dims - start);
  const groups = Math.ceil(used / GROUP_ROWS);
  const padded = groups * GROUP_ROWS;
  const codes = new Int8Array(dims * padded);
  const steps = new Float32Array(padded).fill(1);
  const bias = new Float32Array(padded).fill(FILLER_SCORE);
  let squaredSteps = 0;
  let squaredNorms = 0;
  for (let i = 0; i < used; i++) {
    const { step, squaredNorm } = quantiseRow(rows, (start + i) * dims, mean, codes, i, padded);
    steps[i] = step;
    bias[i] = -squaredNorm / 2;
    squaredSteps += step * step;
    squaredNorms += squaredNorm;
  }
  const session = await runtime.createSession(
    "bank search",
    encodeGraph(searchGraph(codes, steps, bias, dims, groups)),
  );
  return {
    session,
    start,
    groups,
    rowStep: Math.sqrt(squaredSteps / used),
    rowNorm: Math.sqrt(squaredNorms / used),
  };
}

/** Writes the codes of one centred row as column `column` of a [dims, columns] matrix. */
function quantiseRow(
  rows: Float32Array,
  at: number,
  mean: Float32Array,
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
    codes[d * columns + column] = Math.round((rows[at + d] - mean[d]) / step);
  return { step, squaredNorm };
}

/** queries [n, dims] -> best coarse score of each group [n, groups]; group g holds rows g, g + groups, ... */
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

async function searchBlocks(
  blocks: readonly Block[],
  rows: Float32Array,
  mean: Float32Array,
  queries: Float32Array,
): Promise<Neighbours> {
  const dims = mean.length;
  const count = queries.length / dims;
  assert(Number.isInteger(count), `${queries.length} query values do not make rows of ${dims}`);
  const found: Found = {
    distances: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    rows: new Uint32Array(count),
  };
  const centred = centre(queries, mean);
  for (const block of blocks) {
    const { best } = await block.session.run({ queries: { data: centred.data, dims: [count, dims] } });
    for (let q = 0; q < count; q++) {
      const groups = best.data.subarray(q * block.groups, (q + 1) * block.groups);
      const margin = scoreMargin(block, centred.step, centred.squaredNorms[q]);
      refine(block, groups, margin, centred.squaredNorms[q], rows, queries, dims, q, found);
    }
  }
  return { distances: Float32Array.from(found.distances), rows: found.rows };
}

interface Found {
  readonly distances: Float64Array;
  readonly rows: Uint32Array;
}

interface Centred {
  readonly data: Float32Array;
  readonly squaredNorms: Float64Array;
  /** The step DynamicQuantizeLinear will choose: the range, zero included, over 255. */
  readonly step: number;
}

function centre(queries: Float32Array, mean: Float32Array): Centred {
  const dims = mean.length;
  const data = new Float32Array(queries.length);
  const squaredNorms = new Float64Array(queries.length / dims);
  let low = 0;
  let high = 0;
  for (let q = 0, i = 0; q < squaredNorms.length; q++) {
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
  return { data, squaredNorms, step: (high - low) / 255 };
}

/** Rounding a value to a step errs by step / sqrt(12); the errors of all dims and of both sides add as squares. */
function scoreMargin(block: Block, queryStep: number, squaredQueryNorm: number): number {
  const fromRows = squaredQueryNorm * block.rowStep ** 2;
  const fromQuery = block.rowNorm ** 2 * queryStep ** 2;
  return ERROR_SPREAD * Math.sqrt((fromRows + fromQuery) / 12);
}

/** Compares query `q` in full precision with the groups of a block that could hold a nearer row than found so far. */
function refine(
  block: Block,
  groups: Float32Array,
  margin: number,
  squaredQueryNorm: number,
  rows: Float32Array,
  queries: Float32Array,
  dims: number,
  q: number,
  found: Found,
): void {
  compareGroup(block, indexOfLargest(groups), rows, queries, dims, q, found);
  const enough = (squaredQueryNorm - found.distances[q]) / 2 - margin;
  for (let g = 0; g < groups.length; g++) {
    if (groups[g] >= enough) compareGroup(block, g, rows, queries, dims, q, found);
  }
}

function indexOfLargest(values: Float32Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[at]) at = i;
  return at;
}

function compareGroup(
  block: Block,
  group: number,
  rows: Float32Array,
  queries: Float32Array,
  dims: number,
  q: number,
  found: Found,
): void {
  const last = rows.length / dims;
  for (let k = 0; k < GROUP_ROWS; k++) {
    const row = block.start + group + k * block.groups;
    if (row >= last) return;
    const distance = squaredDistance(queries, q * dims, rows, row * dims, dims, found.distances[q]);
    if (distance < found.distances[q] || (distance === found.distances[q] && row < found.rows[q])) {
      found.distances[q] = distance;
      found.rows[q] = row;
    }
  }
}

/** Squared L2 distance; stops early, at a value above `limit`, once it cannot be less. */
function squaredDistance(
  a: Float32Array,
  atA: number,
  b: Float32Array,
  atB: number,
  dims: number,
  limit: number,
): number {
  let sum = 0;
  for (let d = 0; d < dims && sum <= limit; ) {
    for (const end = Math.min(d + 32, dims); d < end; d++) {
      const difference = a[atA + d] - b[atB + d];
      sum += difference * difference;
    }
  }
  return sum;
}
