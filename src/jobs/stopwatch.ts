import type { StageSeconds } from "../types.ts";

/** Adds up the time of a run and of its stages. */
export interface Stopwatch {
  add(image: StageSeconds): void;
  /** Seconds since the start, seconds per image, and of all images each stage. */
  seconds(images: number): StageSeconds & { perImage: number };
}

export function createStopwatch(): Stopwatch {
  const started = performance.now();
  let [encode, search, decode] = [0, 0, 0];
  return {
    add: (image) => {
      encode += image.encode;
      search += image.search;
      decode += image.decode;
    },
    seconds: (images) => {
      const total = (performance.now() - started) / 1000;
      return { total, perImage: images > 0 ? total / images : 0, encode, search, decode };
    },
  };
}
