// Border distances against MedPy, lesions against scipy's components: see scripts/golden_masks.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { goldenMask } from "../../test/support/golden-arrays.ts";
import type { Geometry, LesionCounts, LesionRules, Mask } from "../types.ts";
import { matchLesions, scoreLesions } from "./lesion-match.ts";
import { measureMask, PIXEL_GEOMETRY, summariseAreas, summariseSurfaces } from "./mask-measures.ts";
import { surfaceDistance } from "./surface-distance.ts";

interface Golden {
  readonly width: number;
  readonly height: number;
  readonly cases: readonly {
    readonly mask: string;
    readonly truth: string;
    readonly distances: readonly {
      readonly spacing: readonly [number, number];
      readonly hd95: number;
      readonly assd: number;
    }[];
    readonly lesions: LesionRules<LesionCounts>;
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/masks.json", import.meta.url), "utf8"),
);
const cases = golden.cases.map(({ mask, truth, ...expected }, i) => ({
  name: String(i),
  mask: goldenMask(mask, golden.width, golden.height),
  truth: goldenMask(truth, golden.width, golden.height),
  ...expected,
}));

const row = (...data: number[]): Mask => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe.each(cases)("golden case $name", ({ mask, truth, distances, lesions }) => {
  test("border distances, in either order", () => {
    for (const { spacing, hd95, assd } of distances) {
      for (const found of [surfaceDistance(mask, truth, spacing), surfaceDistance(truth, mask, spacing)]) {
        expect(found?.hd95).toBeCloseTo(hd95, 9);
        expect(found?.assd).toBeCloseTo(assd, 9);
      }
    }
  });

  test("lesions", () => {
    expect(matchLesions(mask, truth)).toEqual(lesions);
  });
});

describe("matchLesions", () => {
  test("an overlap of a tenth alone is none", () => {
    const truth = row(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
    expect(matchLesions(row(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), truth).overlap.found).toBe(0);
    expect(matchLesions(row(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), truth).overlap.found).toBe(1);
  });

  test("one component can find several lesions, and several can find one", () => {
    const wide = row(1, 1, 1, 1, 1);
    const two = row(1, 1, 0, 1, 1);
    expect(matchLesions(wide, two).overlap).toEqual({ truths: 2, found: 2, predicted: 1, matched: 1 });
    expect(matchLesions(two, wide).overlap).toEqual({ truths: 1, found: 1, predicted: 2, matched: 2 });
    expect(matchLesions(wide, two).centre.found).toBe(0);
  });
});

describe("scoreLesions", () => {
  const { either } = scoreLesions([
    matchLesions(row(1, 0, 1, 0, 0), row(1, 0, 0, 0, 1)),
    matchLesions(row(0, 1, 0), row(0, 0, 0)),
  ]);

  test("adds images up before it divides", () => {
    expect(either).toEqual({
      ...{ truths: 2, found: 1, predicted: 3, matched: 1 },
      ...{ recall: 0.5, precision: 1 / 3, f1: 0.4 },
    });
  });

  test("is null where there is nothing to divide by, and 0 where nothing matches", () => {
    expect(scoreLesions([]).either).toMatchObject({ recall: null, precision: null, f1: null });
    expect(scoreLesions([matchLesions(row(1, 0, 0), row(0, 0, 1))]).either.f1).toBe(0);
  });
});

describe("measureMask", () => {
  const mm: Geometry = { spacing: [0.5, 2, 1], unit: "mm" };

  test("areas differ in pixels or mm2, and by the area of the truth", () => {
    const measures = measureMask(row(1, 1, 1, 0), row(0, 1, 1, 0), mm);
    expect(measures).toMatchObject({ areaDifference: 1, relativeAreaDifference: 0.5, unit: "mm" });
    expect(measureMask(row(0, 1), row(1, 1), PIXEL_GEOMETRY).relativeAreaDifference).toBe(-0.5);
    expect(measureMask(row(0, 1), row(0, 0), PIXEL_GEOMETRY).relativeAreaDifference).toBeNull();
  });

  test("means leave out what an empty mask does not define, and count it", () => {
    const images = [
      measureMask(row(0, 0, 1), row(1, 0, 0), mm),
      measureMask(row(0, 0, 0), row(1, 1, 0), mm),
      measureMask(row(1, 1, 0), row(0, 0, 0), mm),
    ];
    expect(summariseSurfaces(images)).toEqual({ unit: "mm", hd95: 1, assd: 1, images: 1, excluded: 2 });
    expect(summariseAreas(images)).toEqual({
      unit: "mm2",
      absoluteDifference: 1,
      relativeDifference: -0.5,
      images: 2,
    });
  });

  test("lengths in two units have no mean", () => {
    const images = [mm, PIXEL_GEOMETRY].map((geometry) => measureMask(row(1, 0), row(0, 1), geometry));
    expect(summariseSurfaces(images)).toMatchObject({ hd95: null, assd: null, images: 2 });
    expect(summariseAreas(images)).toMatchObject({ absoluteDifference: null, relativeDifference: 0 });
  });
});
