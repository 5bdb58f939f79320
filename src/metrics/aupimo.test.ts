// Against a computation at every distinct score: see scripts/golden_metrics.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import { createAupimo, type RateBounds } from "./aupimo.ts";

interface Golden {
  readonly aupimo: {
    readonly sides: readonly number[];
    readonly powers: readonly number[];
    readonly box: readonly [number, number, number, number];
    readonly expected: readonly number[];
  };
}

const { aupimo: golden }: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
);

/** The scores of `formula` in the script. */
function formula(image: number, side: number, power: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, pixel) => {
    let value = (Math.imul(pixel + image * side * side, 2654435761) >>> 8) / 2 ** 24;
    for (let i = 1; i < power; i++) value *= value;
    return 1 - value;
  });
}

const row = (...data: number[]): ScalarMap => ({
  width: data.length,
  height: 1,
  data: Float32Array.from(data),
});
const truthOf = (...data: number[]): Mask => ({
  width: data.length,
  height: 1,
  data: Uint8Array.from(data),
});

function evaluate(bounds: RateBounds, images: readonly (readonly [ScalarMap, Mask?])[]) {
  const measure = createAupimo(bounds);
  for (const [map, truth] of images) measure.add(map, truth);
  return measure.finish();
}

describe("createAupimo", () => {
  const bounds = { from: 0.25, to: 1 };
  const good = row(4, 3, 2, 1);

  test("weighs recall by the logarithm of the rate", () => {
    // From 0.25 to 0.5 the threshold is just above 3 (nothing found), then above 2 (half), then above 1 (half).
    const { images } = evaluate(bounds, [[good], [row(2.5, 0.5), truthOf(1, 1)]]);
    expect(images[0]).toBeCloseTo(0.25, 12);
  });

  test("counts ties half", () => {
    const { images } = evaluate(bounds, [[good], [row(3, 0), truthOf(1, 0)]]);
    expect(images[0]).toBeCloseTo(0.75, 12);
  });

  test("averages rates over good images, whatever their size, and recalls over anomalous ones", () => {
    const images = [[good], [row(0, 0)], [row(9), truthOf(1)], [row(-1), truthOf(1)]] as const;
    const { mean, images: each } = evaluate({ from: 0.125, to: 0.5 }, images);
    expect(each).toEqual([expect.closeTo(1, 12), 0]);
    expect(mean).toBeCloseTo(0.5, 12);
  });

  test("is null with a reason where the rates cannot be told", () => {
    const lesion = [row(1), truthOf(1)] as const;
    expect(evaluate(bounds, [lesion]).reason).toBe(
      "needs good images and anomalous ones with a truth, got 0 and 1",
    );
    expect(evaluate(bounds, [[good]]).mean).toBeNull();
    expect(evaluate({ from: 0.1, to: 1 }, [[good], lesion]).reason).toBe(
      "needs good images with a false positive rate of 0.1 at some threshold, got 0.25 at least",
    );
  });

  test("agrees with the golden numbers at the paper's bounds", () => {
    const measure = createAupimo();
    const [x0, y0, x1, y1] = golden.box;
    for (const [i, side] of golden.sides.entries()) {
      const size = { width: side, height: side };
      const map = { ...size, data: formula(i, side, 1) };
      const truth = { ...size, data: new Uint8Array(side * side) };
      const lesion = formula(i, side, golden.powers[i]);
      for (let pixel = 0; pixel < lesion.length; pixel++) {
        const [x, y] = [pixel % side, Math.floor(pixel / side)];
        if (x < x0 || x > x1 || y < y0 || y > y1) continue;
        truth.data[pixel] = 1;
        map.data[pixel] = lesion[pixel];
      }
      if (golden.powers[i] === 1) measure.add(map);
      else measure.add(map, truth);
    }
    const { images } = measure.finish();
    expect(images).toEqual(golden.expected.map((value) => expect.closeTo(value, 8)));
  });
});
