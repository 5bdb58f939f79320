// Sensitivity against scikit-learn's ROC curve: see scripts/golden_metrics.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decisionOf, sensitivityAt } from "./operating-point.ts";
import { tableOfScores } from "./threshold-table.ts";

interface Golden {
  readonly operatingPoints: {
    readonly scores: readonly number[];
    readonly labels: readonly boolean[];
    readonly expected: Readonly<Record<string, number>>;
  };
}

const { operatingPoints }: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
);

describe("sensitivityAt", () => {
  test("equal scores raise an alarm together or not at all", () => {
    const table = tableOfScores([9, 5, 5, 5, 1], [true, false, false, true, true]);
    expect(sensitivityAt(table, 0.5)).toBeCloseTo(1 / 3, 12);
    expect(sensitivityAt(table, 1)).toBe(1);
  });

  test("one in twenty is 5 %", () => {
    const good = Array.from({ length: 20 }, (_, i) => i);
    const table = tableOfScores([...good, 18.5], [...good.map(() => false), true]);
    expect(sensitivityAt(table, 0.05)).toBe(1);
    expect(sensitivityAt(table, 0.049)).toBe(0);
  });

  test("is null without good or without anomalous images", () => {
    expect(sensitivityAt(tableOfScores([1], [true]), 0.1)).toBeNull();
    expect(sensitivityAt(tableOfScores([1], [false]), 0.1)).toBeNull();
  });

  test.each(Object.entries(operatingPoints.expected))("at %s as scikit-learn", (rate, expected) => {
    const table = tableOfScores(operatingPoints.scores, operatingPoints.labels);
    expect(sensitivityAt(table, Number(rate))).toBeCloseTo(expected, 12);
  });
});

test("decisionOf counts verdicts, and nothing where there are none", () => {
  const verdicts = [
    { anomalous: true, abnormal: true },
    { anomalous: true, abnormal: false },
    { anomalous: false, abnormal: true },
    { anomalous: false, abnormal: false },
    { anomalous: false, abnormal: false },
    { anomalous: false, abnormal: false },
    { anomalous: true },
  ];
  expect(decisionOf(verdicts)).toEqual({
    sensitivity: 0.5,
    specificity: 0.75,
    abnormal: { good: 1, anomalous: 1 },
  });
  expect(decisionOf([{ anomalous: true }])).toEqual({
    sensitivity: null,
    specificity: null,
    abnormal: { good: 0, anomalous: 0 },
  });
});
