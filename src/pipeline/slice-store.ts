import type { FeatureMap, ScalarMap } from "../types.ts";
import { decodeHalf, halves } from "../util/float16.ts";

/** What is kept of a slice between the first pass, which sees, and the second, which draws. */
export interface SeenSlice {
  /** Of the slice as an image; see ScoreName. */
  readonly score: number;
  /** Patch distances beyond what is expected, [rows, columns]: the map before it is smoothed. */
  readonly beyond: ScalarMap;
  readonly embedding: HalfFeature;
}

/** A feature map, [channels, height, width], as half-precision bit patterns. */
export interface HalfFeature extends Omit<FeatureMap, "data"> {
  readonly data: Uint16Array;
}

/** Where seen slices are kept, by their index in the plan. One that forgets costs time: the slice is seen again. */
export interface SliceStore {
  /** Undefined where there is none. */
  load(index: number): Promise<SeenSlice | undefined>;
  save(index: number, seen: SeenSlice): Promise<void>;
}

/** An embedding as it is kept. */
export function toHalfFeature({ data, ...shape }: FeatureMap): HalfFeature {
  return { ...shape, data: halves(data) };
}

/** A kept embedding as the decoder takes it. */
export function fromHalfFeature({ data, ...shape }: HalfFeature): FeatureMap {
  return { ...shape, data: decodeHalf(data) };
}

/**
 * A store in memory that keeps the slices of the highest scores, which are those that are drawn.
 * @param most slices, 2 MB each with the embedded model
 */
export function memorySliceStore(most = 128): SliceStore {
  const kept = new Map<number, SeenSlice>();
  return {
    load: async (index) => kept.get(index),
    save: async (index, seen) => {
      kept.set(index, seen);
      if (kept.size > most) kept.delete(leastOf(kept));
    },
  };
}

/** The index of the slice of the lowest score. */
function leastOf(kept: ReadonlyMap<number, SeenSlice>): number {
  let [least, lowest] = [-1, Number.POSITIVE_INFINITY];
  for (const [index, { score }] of kept) {
    if (score < lowest) [least, lowest] = [index, score];
  }
  return least;
}
