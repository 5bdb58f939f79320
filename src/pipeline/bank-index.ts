import { createNearestSearch, type NearestSearch } from "../bank/search.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Bank, BankLayer, DistanceName, PatchGrid } from "../types.ts";

/** The search structures over some rows of a bank, one for each layer. */
export interface RowIndex {
  /** Distance of each patch to its nearest row, one array for each layer. */
  distances(grids: readonly PatchGrid[]): Promise<Float32Array[]>;
  release(): Promise<void>;
}

/** Builds the search over rows `from` to `to` (exclusive) of every layer. */
export async function createRowIndex(
  runtime: Runtime,
  layers: readonly BankLayer[],
  distance: DistanceName,
  from: number,
  to: number,
): Promise<RowIndex> {
  const searches: NearestSearch[] = [];
  for (const { data, dims } of layers) {
    searches.push(await createNearestSearch(runtime, data.subarray(from * dims, to * dims), dims));
  }
  return {
    distances: async (grids) => {
      const found: Float32Array[] = [];
      for (const [l, search] of searches.entries()) {
        const { distances } = await search.nearest(grids[l].data);
        found.push(distance === "l2" ? distances.map(Math.sqrt) : distances);
      }
      return found;
    },
    release: async () => {
      for (const search of searches) await search.release();
    },
  };
}

/** Distances of an image's patches, one array for each layer. */
export interface BankDistances {
  /** To the nearest row of the whole bank. */
  readonly all: readonly Float32Array[];
  /** To the nearest learned row: what the held-out images' own distances can be compared with. */
  readonly learned: readonly Float32Array[];
}

export interface BankIndex {
  distances(grids: readonly PatchGrid[]): Promise<BankDistances>;
  release(): Promise<void>;
}

/** Builds the search over a bank. */
export async function createBankIndex(runtime: Runtime, bank: Bank): Promise<BankIndex> {
  const part = (from: number, to: number) =>
    createRowIndex(runtime, bank.layers, bank.options.distance, from, to);
  const learned = await part(0, bank.learnedRows);
  const heldOut = bank.learnedRows < bank.rows ? await part(bank.learnedRows, bank.rows) : undefined;
  return {
    distances: async (grids) => {
      const toLearned = await learned.distances(grids);
      const toHeldOut = await heldOut?.distances(grids);
      const all = toLearned.map((layer, l) => (toHeldOut ? smaller(layer, toHeldOut[l]) : layer));
      return { all, learned: toLearned };
    },
    release: async () => {
      await learned.release();
      await heldOut?.release();
    },
  };
}

function smaller(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => Math.min(value, b[i]));
}
