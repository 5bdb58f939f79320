import { expect, test } from "vitest";
import { bestAndWorst, type EvaluationRow } from "./evaluate-document.ts";

function row(file: string, dice: number | null, anomalous = true): EvaluationRow {
  const judged = {
    score: 1,
    pValue: 1,
    abnormal: false,
    maskArea: 0,
    truthArea: 0,
    hd95: null,
    assd: null,
    areaDifference: 0,
    relativeAreaDifference: null,
    overlay: null,
    issues: [],
  };
  return { file, anomalous, dice, ...judged };
}

function names({ best, worst }: ReturnType<typeof bestAndWorst>): string {
  return `${best.map(({ file }) => file).join("")}|${worst.map(({ file }) => file).join("")}`;
}

test("takes the best from the top and the worst from the bottom, no good image and none without a truth", () => {
  const rows = [
    row("a", 0.2),
    row("g", 1, false),
    row("b", 0.9),
    row("c", 0.5),
    row("d", 0.1),
    row("e", 0.7),
  ];
  expect(names(bestAndWorst(rows, 2))).toBe("be|da");
});

test("shows none twice when they are few", () => {
  expect(names(bestAndWorst([row("a", 0.2), row("b", 0.9), row("c", 0.5)], 6))).toBe("bc|a");
  expect(names(bestAndWorst([row("a", 0.2)], 6))).toBe("a|");
  expect(names(bestAndWorst([row("g", 1, false)], 6))).toBe("|");
  expect(names(bestAndWorst([row("a", 0.2), row("b", 0.9)], 0))).toBe("|");
});

test("orders equal ones by name, whatever order they come in", () => {
  const rows = [row("d", 0), row("b", 0), row("a", 0), row("c", 0)];
  expect(names(bestAndWorst(rows, 1))).toBe("a|d");
});
