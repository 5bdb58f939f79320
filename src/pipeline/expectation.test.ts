import { describe, expect, test } from "vitest";
import { fitOptions } from "../options.ts";
import type { HeldOutDistances } from "../types.ts";
import { createExpectation } from "./expectation.ts";

const options = fitOptions({ embedding: "neck", taps: ["low"] });
const scales = { layerScales: [2], mirrorScale: null, patchStd: 1 };

/** Images of two patches: those of fold 0 have distances 2 and 8, those of fold 1 distances 6 and 4. */
function heldOut(images: number): HeldOutDistances {
  const fold = Uint32Array.from({ length: images }, (_, i) => i % 2);
  return {
    ...{ images, layers: 1, rows: 1, columns: 2, fold },
    signature: Float32Array.from({ length: images }, (_, i) => i),
    regions: new Uint8Array(images * 2).fill(1),
    data: Float32Array.from([...fold].flatMap((f) => (f === 0 ? [2, 8] : [6, 4]))),
  };
}

describe("what is expected of an image", () => {
  test("is what the images of other folds have, over the scale of the search", () => {
    const expectation = createExpectation(heldOut(40), scales, options);
    const fused = Float32Array.of(5, 5);
    // Of fold 0: 3 and 2, everywhere alike. Beyond them 2 and 3, and half of what is expected.
    expect([...expectation(fused, Float32Array.of(0), 0)]).toEqual([2 + 1.5, 3 + 1]);
    expect([...expectation(fused, Float32Array.of(0), 1)]).toEqual([4 + 0.5, 1 + 2]);
  });

  test("of a new image, what the nearest of all have", () => {
    const expectation = createExpectation(heldOut(40), scales, options);
    // The nearest 20 are of both folds: 2 +- 1 and 3 +- 1.
    expect([...expectation(Float32Array.of(5, 5), Float32Array.of(0))]).toEqual([1.5 + 1, 1 + 1.5]);
  });

  test.each([
    { why: "fewer than 20 images are held out", images: 19, changes: {} },
    { why: "the options ask for none", images: 40, changes: { expected: "none" } as const },
  ])("is nothing where $why", ({ images, changes }) => {
    const expectation = createExpectation(heldOut(images), scales, { ...options, ...changes });
    const fused = Float32Array.of(5, 5);
    expect(expectation(fused, Float32Array.of(0))).toBe(fused);
  });
});
