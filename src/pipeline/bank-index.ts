import { createNearestSearch, type NearestSearch } from "../bank/search.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { BankLayer, DistanceName, PatchGrid } from "../types.ts";

/** Distances of an image's patches, one array for each layer. */
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

/**
 * Builds the search over every layer of a bank.
 * @param learnedRows so many rows, the first, are of learned images
 */
export async function createBankIndex(
  runtime: Runtime,
  layers: readonly BankLayer[],
  distance: DistanceName,
  learnedRows: number,
): Promise<BankIndex> {
  const searches: NearestSearch[] = [];
  for (const { data, dims } of layers) {
    searches.push(await createNearestSearch(runtime, data, dims, [learnedRows, data.length / dims]));
  }
  const inUnit = (squared: Float32Array) => (distance === "l2" ? squared.map(Math.sqrt) : squared);
  return {
    distances: async (grids) => {
      const all: Float32Array[] = [];
      const learned: Float32Array[] = [];
      for (const [l, search] of searches.entries()) {
        const [toLearned, toAll] = await search.nearestBefore(grids[l].data);
        learned.push(inUnit(toLearned.distances));
        all.push(inUnit(toAll.distances));
      }
      return { all, learned };
    },
    release: async () => {
      for (const search of searches) await search.release();
    },
  };
}
