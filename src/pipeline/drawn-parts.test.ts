import { describe, expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import { createFrame } from "../geometry/frame.ts";
import type { Candidate } from "../types.ts";
import { drawnParts } from "./drawn-parts.ts";

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

function stays(normalMaxima: readonly number[], alpha: number): number[] {
  return drawnParts([0, 1, 2], candidates, frame, map, normalMaxima, alpha).map(({ index }) => index);
}

describe("drawnParts", () => {
  test("the first lesion stays whatever its value, a further one where its p-value is at most alpha", () => {
    expect(stays([6, 8, 10], 0.5)).toEqual([0, 1]);
    expect(stays([6, 8, 10], 0.75)).toEqual([0, 1, 2]);
    expect(stays([20, 20, 20], 0.5)).toEqual([0]);
  });

  test("with too few normal images for alpha, a further one stays that is above all of them", () => {
    expect(stays([6], 0.05)).toEqual([0, 1, 2]);
    expect(stays([8], 0.05)).toEqual([0, 1]);
  });

  test("masks are in the original frame", () => {
    const [{ mask }] = drawnParts([1], candidates, frame, map, [], 0.05);
    expect([mask.width, mask.height, mask.data[10]]).toEqual([6, 6, 1]);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(1);
  });

  test("a further lesion of which nothing is left in the original frame goes", () => {
    const wide = createFrame(6, 2, 6);
    const padding = candidate(1, "######", "......", "......", "......", "......", "......");
    const flat = drawnMap("000000", "000000");
    expect(drawnParts([0], [padding], wide, flat, [-1], 1)).toEqual([]);
  });
});
