import { describe, expect, test } from "vitest";
import { auroc, averagePrecision, imageAuroc, rocCurve } from "./roc.ts";
import { tableOfScores } from "./threshold-table.ts";

const good = false;
const ill = true;

describe("imageAuroc", () => {
  test("is the share of pairs in the right order", () => {
    expect(imageAuroc([1, 2, 3, 4], [good, good, ill, ill])).toBe(1);
    expect(imageAuroc([4, 3, 2, 1], [good, good, ill, ill])).toBe(0);
    expect(imageAuroc([1, 3, 2, 4], [good, good, ill, ill])).toBe(0.75);
  });

  test("a tie counts half", () => {
    expect(imageAuroc([5, 5], [good, ill])).toBe(0.5);
    expect(imageAuroc([1, 5, 5, 9], [good, good, ill, ill])).toBe(0.875);
    expect(imageAuroc([0, -0], [good, ill])).toBe(0.5);
  });

  test("is null without good or without anomalous images", () => {
    expect(imageAuroc([1, 2], [ill, ill])).toBeNull();
    expect(imageAuroc([1, 2], [good, good])).toBeNull();
    expect(imageAuroc([], [])).toBeNull();
  });

  test("does not change under a rising map of the scores", () => {
    const scores = [0.3, -1.5, 2.25, 0.3, 7, 1, 1];
    const labels = [good, good, ill, ill, ill, good, ill];
    const before = imageAuroc(scores, labels);
    expect(before).toBeCloseTo(10.0 / 12, 12);
    expect(
      imageAuroc(
        scores.map((score) => score ** 3 + 100),
        labels,
      ),
    ).toBe(before);
  });
});

describe("rocCurve", () => {
  test("has one point a distinct score, from (0, 0) to (1, 1)", () => {
    const curve = rocCurve(tableOfScores([9, 5, 5, 1], [ill, good, ill, good]));
    expect(curve).toEqual({ x: [0, 0, 0.5, 1], y: [0, 0.5, 1, 1] });
  });

  test("encloses the AUROC", () => {
    const table = tableOfScores([3, 1, 4, 1, 5, 9, 2, 6], [good, ill, good, good, ill, ill, ill, good]);
    const curve = rocCurve(table) ?? { x: [], y: [] };
    let area = 0;
    for (let i = 1; i < curve.x.length; i++) {
      area += ((curve.x[i] - curve.x[i - 1]) * (curve.y[i] + curve.y[i - 1])) / 2;
    }
    expect(area).toBeCloseTo(auroc(table) ?? Number.NaN, 12);
  });
});

describe("averagePrecision", () => {
  test("weighs precision by the recall it adds", () => {
    // Thresholds 4, 3, 2: precision 1, 1/2, 2/3; recall rises by 1/2 at the first and third.
    const table = tableOfScores([4, 3, 2, 1], [ill, good, ill, good]);
    expect(averagePrecision(table)).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  });

  test("of constant scores is the share of positives", () => {
    expect(averagePrecision(tableOfScores([1, 1, 1, 1], [ill, good, good, good]))).toBe(0.25);
  });
});
