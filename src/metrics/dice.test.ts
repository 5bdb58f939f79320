import { describe, expect, test } from "vitest";
import type { Mask } from "../types.ts";
import { bestThresholdDice, dice, iou } from "./dice.ts";
import { tableOfScores } from "./threshold-table.ts";

const row = (...data: number[]): Mask => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe("dice and iou", () => {
  test("count the overlap", () => {
    expect(dice(row(1, 1, 0, 0), row(0, 1, 1, 0))).toBe(0.5);
    expect(iou(row(1, 1, 0, 0), row(0, 1, 1, 0))).toBeCloseTo(1 / 3, 12);
  });

  test("two empty masks agree, an empty one and another do not", () => {
    expect(dice(row(0, 0), row(0, 0))).toBe(1);
    expect(iou(row(0, 0), row(0, 0))).toBe(1);
    expect(dice(row(0, 0), row(0, 1))).toBe(0);
    expect(iou(row(0, 0), row(0, 1))).toBe(0);
  });

  test("any value but 0 is inside", () => {
    expect(dice(row(255, 0), row(1, 0))).toBe(1);
  });

  test("masks of two sizes are refused", () => {
    expect(() => dice(row(1, 0), row(1))).toThrow("masks must have one size, got 2 x 1 and 1 x 1");
  });
});

describe("bestThresholdDice", () => {
  test("finds the best cut of all items together", () => {
    // Cut at 3: both found of three, one false: 2 * 2 / (3 + 3). Cut at 1: all three found, five false.
    const scores = [9, 5, 3, 2, 1, 1, 1, 1];
    const labels = [true, false, true, false, true, false, false, false];
    const best = bestThresholdDice(tableOfScores(scores, labels));
    expect(best?.threshold).toBe(3);
    expect(best?.dice).toBeCloseTo(4 / 6, 12);
  });

  test("takes the highest of equally good thresholds", () => {
    const tied = tableOfScores([4, 3, 3, 2], [true, false, false, true]);
    expect(bestThresholdDice(tied)).toEqual({ dice: 2 / 3, threshold: 4 });
  });

  test("is null without positives", () => {
    expect(bestThresholdDice(tableOfScores([1, 2], [false, false]))).toBeNull();
  });
});
