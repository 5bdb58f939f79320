// A bank made ready for queries: its layers are searched together in the axes of the bank, or each by itself.

import { reorderLayers } from "../bank/bank-rows.ts";
import { columnMeans } from "../bank/column-means.ts";
import { createProjector, type Projector } from "../bank/projection.ts";
import { createNearestSearch, type NearestSearch } from "../bank/search.ts";
import { mirrorDistances } from "../map/mirror.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Bank, BankLayer, DistanceName, PatchGrid, Projection } from "../types.ts";
import { decodeHalf, decodeHalfInto } from "../util/float16.ts";
import { joined } from "../util/joined.ts";

/** An image as the search sees it. */
export interface BankDistances {
  /** To the nearest row, [patches], one array for each search. */
  readonly searches: readonly Float32Array[];
  /** Mean patch embedding in the space that is searched. */
  readonly signature: Float32Array;
  /** Of each patch to its mirrored place, where an axis was given and the layers are searched together. */
  readonly mirror?: Float32Array;
}

export interface DistanceCall {
  /** A fold whose rows do not count; the index must have been made with folds. */
  readonly except?: number;
  /** Column of patches about which the image is mirrored. */
  readonly axis?: number;
}

/** The search structures of a bank's layers. */
export interface BankIndex {
  distances(grids: readonly PatchGrid[], call?: DistanceCall): Promise<BankDistances>;
  release(): Promise<void>;
}

/** What of a bank the search needs. */
export interface SearchedBank extends Pick<Bank, "layers" | "options"> {
  readonly projection?: Projection | undefined;
}

/**
 * Builds the search of a bank.
 * @param folds of each row, where some are to be left out of a search
 */
export function createBankIndex(
  runtime: Runtime,
  { layers, options, projection }: SearchedBank,
  folds?: Uint32Array,
): Promise<BankIndex> {
  const sorted = folds ? sortedByFold(layers, folds) : { layers, sections: [rowsOf(layers[0])] };
  return projection
    ? jointIndex(runtime, sorted, options.distance, projection)
    : eachMapIndex(runtime, sorted, options.distance);
}

/** Layers whose rows lie fold by fold, and how many each fold has. */
interface SortedLayers {
  readonly layers: readonly BankLayer[];
  readonly sections: readonly number[];
}

function sortedByFold(layers: readonly BankLayer[], folds: Uint32Array): SortedLayers {
  const sections = rowsOfFolds(folds);
  const order = Uint32Array.from(folds, (_, row) => row).sort((a, b) => folds[a] - folds[b] || a - b);
  return { layers: reorderLayers(layers, order), sections };
}

/** How many rows each fold has. */
export function rowsOfFolds(folds: Uint32Array): number[] {
  const counts: number[] = new Array(Math.max(...new Set(folds)) + 1).fill(0);
  for (const fold of folds) counts[fold]++;
  return counts;
}

function rowsOf({ data, dims }: BankLayer): number {
  return data.length / dims;
}

/** One search in the axes of the bank; what a query has across them is added to its distance. */
async function jointIndex(
  runtime: Runtime,
  { layers, sections }: SortedLayers,
  distance: DistanceName,
  projection: Projection,
): Promise<BankIndex> {
  const dims = layers.map((layer) => layer.dims);
  const projector = await createProjector(runtime, projection, dims);
  const rows = await projectRows(projector, layers, projection.dims);
  const search = await createNearestSearch(runtime, rows, projection.dims, sections);
  return {
    distances: async (grids, { except, axis } = {}) => {
      const queries = await projector.apply(grids.map((grid) => grid.data));
      const { distances } = await search.nearest(queries.rows, except);
      const whole = distances.map((value, i) => value + queries.across[i]);
      return {
        searches: [inUnit(distance, whole)],
        signature: columnMeans(queries.rows, projection.dims),
        ...(axis === undefined
          ? {}
          : { mirror: mirrorDistances(queries.rows, grids[0].rows, grids[0].columns, axis) }),
      };
    },
    release: async () => {
      await projector.release();
      await search.release();
    },
  };
}

/** Rows at once, so that a large bank is not held in single precision before it is projected. */
const CHUNK_ROWS = 2048;

/** All rows in `axes` axes. */
async function projectRows(
  projector: Projector,
  layers: readonly BankLayer[],
  axes: number,
): Promise<Float32Array> {
  const count = rowsOf(layers[0]);
  const rows = new Float32Array(count * axes);
  const scratch = layers.map(({ dims }) => new Float32Array(Math.min(count, CHUNK_ROWS) * dims));
  for (let start = 0; start < count; start += CHUNK_ROWS) {
    const end = Math.min(count, start + CHUNK_ROWS);
    const chunk = layers.map(({ data, dims }, l) => {
      const target = scratch[l].subarray(0, (end - start) * dims);
      return decodeHalfInto(data.subarray(start * dims, end * dims), target);
    });
    rows.set((await projector.apply(chunk)).rows, start * axes);
  }
  return rows;
}

async function eachMapIndex(
  runtime: Runtime,
  { layers, sections }: SortedLayers,
  distance: DistanceName,
): Promise<BankIndex> {
  const searches: NearestSearch[] = [];
  for (const { data, dims } of layers) {
    searches.push(await createNearestSearch(runtime, decodeHalf(data), dims, sections));
  }
  return {
    distances: async (grids, { except } = {}) => {
      const found: Float32Array[] = [];
      for (const [l, search] of searches.entries()) {
        found.push(inUnit(distance, (await search.nearest(grids[l].data, except)).distances));
      }
      const means = grids.map(({ data, dims }) => columnMeans(data, dims));
      return { searches: found, signature: joined(Float32Array, means) };
    },
    release: async () => {
      for (const search of searches) await search.release();
    },
  };
}

function inUnit(distance: DistanceName, squared: Float32Array): Float32Array {
  return distance === "l2" ? squared.map(Math.sqrt) : squared;
}
