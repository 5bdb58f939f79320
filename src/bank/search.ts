// Exact nearest neighbours of many queries at once.
//
// Rows and queries are centred and rotated: distances stay, rounding errors shrink (rotation.ts).
// Coarse: 8-bit scores of every query and row, the best of each group of rows (coarse-search.ts).
// Fine: every row of every group that could still hold the nearest one, given the spread of the rounding error, is
// compared in full precision. So the distances are those of an exact search; the integers only save work.

import type { Runtime } from "../runtime/runtime.ts";
import { assert } from "../util/assert.ts";
import { squaredDistance } from "../util/squared-distance.ts";
import {
  type CoarseBlock,
  type CoarseIndex,
  type CoarseQueries,
  coarseQueries,
  coarseScores,
  createCoarseIndex,
  GROUP_ROWS,
  leastScore,
  type ScoredBlock,
} from "./coarse-search.ts";
import { columnMeans } from "./column-means.ts";
import { createRotation } from "./rotation.ts";

/** Rows of one matrix product: its scores, 8 MiB of 1,024 queries, are reduced while a cache still holds them. */
const BLOCK_ROWS = 2048;
/** Products of one session: its graph must stay well below the 2 GiB that ONNX allows. */
const INDEX_BLOCKS = 64;

export interface Neighbours {
  /** Squared L2 distance of each query to its nearest row. */
  readonly distances: Float32Array;
  /** The nearest row; the first of equals. */
  readonly rows: Uint32Array;
}

export interface NearestSearch {
  /**
   * The nearest row; of no rows at distance Infinity.
   * @param queries [n, dims]
   * @param except number of a section whose rows do not count; there need not be any
   */
  nearest(queries: Float32Array, except?: number): Promise<Neighbours>;
  release(): Promise<void>;
}

/**
 * Prepares a search over rows.
 * @param rows [rows, dims]
 * @param sections numbers of rows, of which the first belong to section 0, the next to section 1, and so on
 */
export async function createNearestSearch(
  runtime: Runtime,
  rows: Float32Array,
  dims: number,
  sections: readonly number[] = [rows.length / dims],
): Promise<NearestSearch> {
  assert(
    dims > 0 && rows.length > 0 && rows.length % dims === 0,
    `a bank layer of ${rows.length} values, ${dims} dims`,
  );
  const rotation = await createRotation(runtime, columnMeans(rows, dims));
  const spans = blockSpans(sections);
  const indexes: CoarseIndex[] = [];
  for (let first = 0; first < spans.length; first += INDEX_BLOCKS) {
    const blocks: Float32Array[] = [];
    for (const { start, end } of spans.slice(first, first + INDEX_BLOCKS)) {
      blocks.push(await rotation.apply(rows.subarray(start * dims, end * dims)));
    }
    indexes.push(await createCoarseIndex(runtime, blocks, dims, spans[first].start));
  }
  return {
    nearest: async (queries, except) => {
      assert(queries.length % dims === 0, `${queries.length} query values do not make rows of ${dims}`);
      const coarse = coarseQueries(await rotation.apply(queries), dims);
      return searchIndexes(indexes, rows, queries, coarse, sectionRows(sections, except));
    },
    release: async () => {
      await rotation.release();
      for (const { session } of indexes) await session.release();
    },
  };
}

/** A run of rows, `end` exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Blocks of at most BLOCK_ROWS rows, each within a section. */
function blockSpans(sections: readonly number[]): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const count of sections) {
    const sectionEnd = start + count;
    for (; start < sectionEnd; start = spans[spans.length - 1].end) {
      spans.push({ start, end: Math.min(start + BLOCK_ROWS, sectionEnd) });
    }
  }
  return spans;
}

/** The rows of a section; none without one. */
function sectionRows(sections: readonly number[], section: number | undefined): Span {
  if (section === undefined) return { start: 0, end: 0 };
  const start = sections.slice(0, section).reduce((sum, count) => sum + count, 0);
  return { start, end: start + (sections[section] ?? 0) };
}

async function searchIndexes(
  indexes: readonly CoarseIndex[],
  rows: Float32Array,
  queries: Float32Array,
  coarse: CoarseQueries,
  except: Span,
): Promise<Neighbours> {
  const { count, dims } = coarse;
  const fine: Fine = {
    rows,
    queries,
    dims,
    distances: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    nearest: new Uint32Array(count),
  };
  for (const index of indexes) {
    const scored = await coarseScores(index, coarse);
    const counted = scored.filter(({ block }) => block.start < except.start || block.end > except.end);
    for (let q = 0; q < count; q++) searchBlocks(counted, coarse, q, fine);
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

/** Query `q` against the blocks: a near row, found where scores promise it, rules out most others unseen. */
function searchBlocks(blocks: readonly ScoredBlock[], coarse: CoarseQueries, q: number, fine: Fine): void {
  if (blocks.length === 0) return;
  const { block, groups } = blocks.reduce((a, b) => (b.top[q] > a.top[q] ? b : a));
  compareGroup(block, indexOfLargest(groups, q * block.groups, block.groups), q, fine);
  for (const scored of blocks) refine(scored, coarse, q, fine);
}

/** Compares query `q` in full precision with the groups of a block that could hold a nearer row than found so far. */
function refine({ block, groups, top }: ScoredBlock, coarse: CoarseQueries, q: number, fine: Fine): void {
  const leastOfBlock = () => leastScore(coarse, q, fine.distances[q], block.largestStep);
  let least = leastOfBlock();
  if (top[q] < least) return;
  const own = q * block.groups;
  for (let group = 0; group < block.groups; group++) {
    const score = groups[own + group];
    if (score < least) continue;
    if (score < leastScore(coarse, q, fine.distances[q], block.groupSteps[group])) continue;
    compareGroup(block, group, q, fine);
    least = leastOfBlock();
  }
}

/** Which of `count` values from `start` on is the largest. */
function indexOfLargest(values: Float32Array, start: number, count: number): number {
  let at = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + at]) at = i;
  return at;
}

function compareGroup({ start, end, groups }: CoarseBlock, group: number, q: number, fine: Fine): void {
  const { rows, queries, dims, distances, nearest } = fine;
  for (let k = 0; k < GROUP_ROWS; k++) {
    const row = start + group + k * groups;
    if (row >= end) return;
    const distance = squaredDistance(queries, q * dims, rows, row * dims, dims, distances[q]);
    if (distance < distances[q] || (distance === distances[q] && row < nearest[q])) {
      distances[q] = distance;
      nearest[q] = row;
    }
  }
}
