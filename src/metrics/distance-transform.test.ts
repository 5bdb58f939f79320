// Against scipy.ndimage.distance_transform_edt: see scripts/golden_masks.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { distanceTransform } from "./distance-transform.ts";

interface Golden {
  readonly transform: {
    readonly width: number;
    readonly height: number;
    readonly mask: readonly number[];
    readonly expected: readonly {
      readonly spacing: readonly [number, number];
      readonly distances: readonly number[];
    }[];
  };
}

const { transform }: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/masks.json", import.meta.url), "utf8"),
);

describe("distanceTransform", () => {
  test("goes to the nearest pixel of the mask", () => {
    const mask = { width: 4, height: 2, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1) };
    expect([...distanceTransform(mask)]).toEqual([0, 1, Math.SQRT2, 1, 1, Math.SQRT2, 1, 0]);
    expect([...distanceTransform(mask, [2, 3])].slice(0, 3)).toEqual([0, 2, Math.sqrt(13)]);
  });

  test("is infinite for an empty mask", () => {
    expect([...distanceTransform({ width: 2, height: 1, data: Uint8Array.of(0, 0) })]).toEqual([
      Infinity,
      Infinity,
    ]);
  });

  test.each(transform.expected)("as scipy, with spacing $spacing", ({ spacing, distances }) => {
    const mask = { width: transform.width, height: transform.height, data: Uint8Array.from(transform.mask) };
    for (const [i, value] of distanceTransform(mask, spacing).entries()) {
      expect(value).toBeCloseTo(distances[i], 12);
    }
  });
});
