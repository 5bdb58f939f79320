// A bank made ready for queries: its layers are searched together in the axes of the bank, or each by itself.

import { createProjector, type Projector } from "../bank/projection.ts";
import { createNearestSearch, type NearestSearch } from "../bank/search.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Bank, BankLayer, DistanceName, PatchGrid, Projection } from "../types.ts";
import { decodeHalf } from "../util/float16.ts";
import { joined } from "../util/joined.ts";

/** Distances of an image's patches, one array for each search. */
export interface BankDistances {
  /** To the nearest row of the whole bank. */
  readonly all: readonly Float32Array[];
  /** To the nearest learned row: what the held-out images' own distances can be compared with. */
  readonly learned: readonly Float32Array[];
}

/** The search structures of a bank's layers. */
export interface BankIndex {
  distances(grids: readonly PatchGrid[]): Promise<BankDistances>;
  release(): Promise<void>;
}

/** What of a bank the search needs. */
export interface SearchedBank extends Pick<Bank, "layers" | "learnedRows" | "options"> {
  readonly projection?: Projection | undefined;
}

/** Builds the search of a bank. */
export function createBankIndex(runtime: Runtime, bank: SearchedBank): Promise<BankIndex> {
  return bank.projection ? jointIndex(runtime, bank, bank.projection) : eachMapIndex(runtime, bank);
}

/** One search in the axes of the bank; what a query has across them is added to its distance. */
async function jointIndex(
  runtime: Runtime,
  { layers, learnedRows, options }: SearchedBank,
  projection: Projection,
): Promise<BankIndex> {
  const dims = layers.map((layer) => layer.dims);
  const projector = await createProjector(runtime, projection, dims);
  const rows = await projectRows(projector, layers);
  const ends = [learnedRows, rows.length / projection.dims];
  const search = await createNearestSearch(runtime, rows, projection.dims, ends);
  return {
    distances: async (grids) => {
      const queries = await projector.apply(grids.map((grid) => grid.data));
      const found = await search.nearestBefore(queries.rows);
      const [learned, all] = found.map(({ distances }) => [
        inUnit(options.distance, withAcross(distances, queries.across)),
      ]);
      return { all, learned };
    },
    release: async () => {
      await projector.release();
      await search.release();
    },
  };
}

/** Rows at once, so that a large bank is not held in single precision before it is projected. */
const CHUNK_ROWS = 8192;

async function projectRows(projector: Projector, layers: readonly BankLayer[]): Promise<Float32Array> {
  const count = layers[0].data.length / layers[0].dims;
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += CHUNK_ROWS) {
    const end = Math.min(count, start + CHUNK_ROWS);
    const chunk = layers.map(({ data, dims }) => decodeHalf(data.subarray(start * dims, end * dims)));
    parts.push((await projector.apply(chunk)).rows);
  }
  return joined(Float32Array, parts);
}

function withAcross(distances: Float32Array, across: Float32Array): Float32Array {
  return distances.map((distance, i) => distance + across[i]);
}

async function eachMapIndex(
  runtime: Runtime,
  { layers, learnedRows, options }: SearchedBank,
): Promise<BankIndex> {
  const searches: NearestSearch[] = [];
  for (const { data, dims } of layers) {
    const ends = [learnedRows, data.length / dims];
    searches.push(await createNearestSearch(runtime, decodeHalf(data), dims, ends));
  }
  return {
    distances: async (grids) => {
      const all: Float32Array[] = [];
      const learned: Float32Array[] = [];
      for (const [l, search] of searches.entries()) {
        const [toLearned, toAll] = await search.nearestBefore(grids[l].data);
        learned.push(inUnit(options.distance, toLearned.distances));
        all.push(inUnit(options.distance, toAll.distances));
      }
      return { all, learned };
    },
    release: async () => {
      for (const search of searches) await search.release();
    },
  };
}

function inUnit(distance: DistanceName, squared: Float32Array): Float32Array {
  return distance === "l2" ? squared.map(Math.sqrt) : squared;
}
