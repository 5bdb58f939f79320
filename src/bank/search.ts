// Exact nearest neighbours of many queries at once.
//
// Coarse: 8-bit scores of every query and row, the best of each group of rows (coarse-search.ts).
// Fine: every row of every group that could still hold the nearest one, given the spread of the rounding error, is
// compared in full precision. So the distances are those of an exact search; the integers only save work.

import type { Runtime } from "../runtime/runtime.ts";
import { assert } from "../util/assert.ts";
import { decodeHalf } from "../util/float16.ts";
import {
  type CoarseBlock,
  type CoarseQueries,
  coarseQueries,
  coarseScores,
  createCoarseBlock,
  GROUP_ROWS,
  leastScores,
} from "./coarse-search.ts";

/** Rows of one matrix product. */
const BLOCK_ROWS = 8192;

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
  const count = rows.length / dims;
  const mean = columnMeans(rows, dims);
  const blocks: CoarseBlock[] = [];
  for (let start = 0; start < count; start += BLOCK_ROWS) {
    blocks.push(await createCoarseBlock(runtime, rows, mean, start, Math.min(BLOCK_ROWS, count - start)));
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

async function searchBlocks(
  blocks: readonly CoarseBlock[],
  rows: Float32Array,
  mean: Float32Array,
  queries: Float32Array,
): Promise<Neighbours> {
  const dims = mean.length;
  const count = queries.length / dims;
  assert(Number.isInteger(count), `${queries.length} query values do not make rows of ${dims}`);
  const fine: Fine = {
    rows,
    queries,
    dims,
    distances: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    nearest: new Uint32Array(count),
  };
  const coarse = coarseQueries(queries, mean);
  for (const block of blocks) {
    const scores = await coarseScores(block, coarse);
    for (let q = 0; q < count; q++) {
      refine(block, scores.subarray(q * block.groups, (q + 1) * block.groups), coarse, q, fine);
    }
  }
  return { distances: Float32Array.from(fine.distances), rows: fine.nearest };
}

/** The comparison in full precision and what it has found so far. */
interface Fine {
  /** [all rows, dims] and [count, dims], as they are. */
  readonly rows: Float32Array;
  readonly queries: Float32Array;
  readonly dims: number;
  readonly distances: Float64Array;
  readonly nearest: Uint32Array;
}

/** Compares query `q` in full precision with the groups of a block that could hold a nearer row than found so far. */
function refine(
  block: CoarseBlock,
  scores: Float32Array,
  coarse: CoarseQueries,
  q: number,
  fine: Fine,
): void {
  const best = indexOfLargest(scores);
  compareGroup(block, best, q, fine);
  const least = leastScores(block, coarse, q, fine.distances[q]);
  for (let group = 0; group < scores.length; group++) {
    if (group !== best && scores[group] >= least(group)) compareGroup(block, group, q, fine);
  }
}

function indexOfLargest(values: Float32Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[at]) at = i;
  return at;
}

function compareGroup({ start, groups }: CoarseBlock, group: number, q: number, fine: Fine): void {
  const { rows, queries, dims, distances, nearest } = fine;
  const count = rows.length / dims;
  for (let k = 0; k < GROUP_ROWS; k++) {
    const row = start + group + k * groups;
    if (row >= count) return;
    const distance = squaredDistance(queries, q * dims, rows, row * dims, dims, distances[q]);
    if (distance < distances[q] || (distance === distances[q] && row < nearest[q])) {
      distances[q] = distance;
      nearest[q] = row;
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
