import type { Bank, Model, PixelArray } from "../../src/index.ts";

type Core = typeof import("../../src/index.ts");

/** All row-major, in the frame of the made image. */
export interface Drawing {
  readonly pixels: PixelArray;
  /** The lesion's pixels, 0 or 1. */
  readonly truth: Uint8Array;
  readonly map: Float32Array;
  readonly mask: Uint8Array;
  readonly score: number;
  readonly pValue: number;
}

export function learn(core: Core, model: Model): Promise<Bank>;
export function segment(core: Core, model: Model, bank: Bank): Promise<Drawing>;
