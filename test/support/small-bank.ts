import type { Bank } from "../../src/types.ts";
import { encodeHalf } from "../../src/util/float16.ts";

function halves(...values: number[]): Uint16Array {
  const bits = new Uint16Array(values.length);
  encodeHalf(Float32Array.from(values), bits, 0);
  return bits;
}

/** Three rows in two layers and two folds; two held-out images of 2 x 1 patches. */
export function smallBank(): Bank {
  return {
    layers: [
      { tap: "tap2", dims: 2, data: halves(1, -2, 0.5, 4, 65504, 2 ** -24) },
      { tap: "tap3", dims: 1, data: halves(7, 8, 9) },
    ],
    rows: 3,
    priority: Uint32Array.of(5, 4294967295, 7),
    image: Uint32Array.of(0, 1, 2),
    patch: Uint32Array.of(1, 0, 1),
    fold: Uint32Array.of(0, 1, 0),
    heldOut: {
      images: 2,
      layers: 2,
      rows: 2,
      columns: 1,
      fold: Uint32Array.of(0, 1),
      signature: Float32Array.of(1, 2, 3, 4, 5, 6),
      data: Float32Array.of(1, 2, 3, 4, 0.25, 0.5, 0.75, 0.125),
      regions: Uint8Array.of(0, 1, 1, 1),
    },
    calibration: {
      imageScores: [0.5, 1.25],
      mapMaxima: [0.5, 1.25],
      layerScales: [1.5, 2],
      mirrorScale: null,
      patchStd: 0.75,
      mapMean: 1.125,
      mapStd: 0.3,
    },
    options: {
      preset: "default",
      taps: ["tap2", "tap3"],
      descriptor: "mean-3x3",
      rows: 3,
      distance: "squared-l2",
      axes: "each-map",
      brightness: "range",
      placement: "tiles",
      sigma: 4,
      symmetry: "none",
      expected: "none",
      score: "map-maximum",
      holdOut: 0.2,
      seed: 0,
    },
    provenance: {
      program: "mias-sam 0.1.0",
      modelId: "tiny",
      modelSha256: "ab".repeat(32),
      offered: 4,
      images: 4,
      heldOut: 2,
      patches: 8,
    },
  };
}
