import { describe, expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import { createFrame } from "../geometry/frame.ts";
import type { Candidate } from "../types.ts";
import { drawnParts, furtherPeaksOf, furtherTest, type ImageEvidence } from "./drawn-parts.ts";

const frame = createFrame(6, 6, 6);
const map = drawnMap("000000", "050090", "000000", "000000", "007000", "000000");

/** A candidate of a lesion that is drawn where its text has "#". */
function candidate(lesion: number, ...rows: string[]): Candidate {
  const { width, height, data } = drawnMask(...rows);
  const logits = { width, height, data: Float32Array.from(data, (value) => (value === 1 ? 3 : -3)) };
  return {
    promptSet: { prompts: [], output: "single", label: "made", lesion },
    maskIndex: 0,
    logits,
    predictedIou: 1,
  };
}

const candidates = [
  candidate(0, "......", ".#....", "......", "......", "......", "......"),
  candidate(1, "......", "....#.", "......", "......", "......", "......"),
  candidate(2, "......", "......", "......", "......", "..#...", "......"),
];

function stays(image: ImageEvidence): number[] {
  return drawnParts([0, 1, 2], candidates, frame, map, image).map(({ index }) => index);
}

const lenient: ImageEvidence = { pValue: 1, maximum: 9, alpha: 1, normalMaxima: [] };

/** Of 19 normal images so many reach 9, and so many more 7. */
const maxima = (reach9: number, reach7: number) => [
  ...Array<number>(19 - reach9 - reach7).fill(0),
  ...Array<number>(reach7).fill(7),
  ...Array<number>(reach9).fill(9),
];

describe("drawnParts", () => {
  test("of an image that is not abnormal the first lesion stays, whatever the values of the others", () => {
    expect(stays({ pValue: 0.1, maximum: 9, alpha: 0.05, normalMaxima: maxima(1, 0) })).toEqual([0]);
  });

  test("of an abnormal one those stay that less than a fifth of normal images reach", () => {
    const image = { pValue: 0.05, maximum: 9, alpha: 0.05 };
    // Values are 9 and 7; of 20 images, the one at hand among them, four are a fifth.
    expect(stays({ ...image, normalMaxima: maxima(0, 3) })).toEqual([0, 1, 2]);
    expect(stays({ ...image, normalMaxima: maxima(0, 4) })).toEqual([0, 1]);
    expect(stays({ ...image, normalMaxima: maxima(4, 0) })).toEqual([0]);
  });

  test("a larger alpha holds for further lesions too", () => {
    expect(stays({ pValue: 0.4, maximum: 9, alpha: 0.4, normalMaxima: maxima(0, 7) })).toEqual([0, 1, 2]);
  });

  test("with too few normal images for alpha, an image beyond all of them has the lesions that are, too", () => {
    expect(stays({ pValue: 0.5, maximum: 9, alpha: 0.05, normalMaxima: [6] })).toEqual([0, 1, 2]);
    expect(stays({ pValue: 0.5, maximum: 9, alpha: 0.05, normalMaxima: [8] })).toEqual([0, 1]);
    expect(stays({ pValue: 1, maximum: 6, alpha: 0.05, normalMaxima: [6] })).toEqual([0]);
  });

  test("masks are in the original frame", () => {
    const [{ mask }] = drawnParts([1], candidates, frame, map, lenient);
    expect([mask.width, mask.height, mask.data[10]]).toEqual([6, 6, 1]);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(1);
  });

  test("a further lesion of which nothing is left in the original frame goes", () => {
    const wide = createFrame(6, 2, 6);
    const padding = candidate(1, "######", "......", "......", "......", "......", "......");
    const flat = drawnMap("000000", "000000");
    expect(drawnParts([0], [padding], wide, flat, lenient)).toEqual([]);
  });
});

describe("furtherTest", () => {
  /** Of 19 normal images one reaches 9, two 8 and three 7: p-values 0.1, 0.2 and 0.35, and 0.05 beyond. */
  const normalMaxima = [...Array<number>(13).fill(0), 7, 7, 7, 8, 8, 9];
  const passes = (image: Pick<ImageEvidence, "pValue" | "alpha">, share: number) =>
    [7, 8, 9, 10].filter((value) => furtherTest({ maximum: 0, ...image, normalMaxima })(value, share));

  test("of an abnormal image: peaks beyond normal ones, and from half the highest on those few normal images reach", () => {
    const image = { pValue: 0.05, alpha: 0.05 };
    expect([0.09, 0.1, 0.49].map((share) => passes(image, share))).toEqual([[], [10], [10]]);
    expect(passes(image, 0.5)).toEqual([8, 9, 10]);
    expect(passes({ ...image, alpha: 0.1 }, 0.1)).toEqual([9, 10]);
    expect(passes({ ...image, alpha: 0.4 }, 0.1)).toEqual([7, 8, 9, 10]);
  });

  test("of one that is not abnormal: none, but where its map is beyond normal ones", () => {
    const stands = (maximum: number) => furtherTest({ pValue: 0.1, maximum, alpha: 0.05, normalMaxima });
    expect([stands(9)(8, 1), stands(10)(8, 1)]).toEqual([false, true]);
  });

  test("no peak is looked for where none can pass", () => {
    const evidence = { pValue: 0.1, maximum: 9, alpha: 0.05, normalMaxima };
    expect(furtherPeaksOf(evidence)).toBe("none");
    expect(furtherPeaksOf({ ...evidence, pValue: 0.05 })).toBeTypeOf("function");
  });

  test("with too few normal images for alpha, those beyond all of them that are comparable with the highest", () => {
    const stands = furtherTest({ pValue: 0.5, maximum: 9, alpha: 0.05, normalMaxima: [6] });
    expect([stands(6, 1), stands(7, 0.5), stands(7, 0.4)]).toEqual([false, true, false]);
  });
});
