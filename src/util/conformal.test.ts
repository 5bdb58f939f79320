import { expect, test } from "vitest";
import { conformalPValue } from "./conformal.ts";

const normals = [1, 2, 2, 4];

test.each([
  { score: 5, p: 1 / 5 },
  { score: 4, p: 2 / 5 },
  { score: 3, p: 2 / 5 },
  { score: 2, p: 4 / 5 },
  { score: 1, p: 1 },
  { score: -7, p: 1 },
])("score $score among 1, 2, 2, 4: share of the five that are at least as large is $p", ({ score, p }) => {
  expect(conformalPValue(score, normals)).toBe(p);
});

test("without normal scores nothing is known", () => {
  expect(conformalPValue(100, [])).toBe(1);
});

test("a new normal is called abnormal at level alpha as often as alpha at most", () => {
  const scores = Array.from({ length: 20 }, (_, i) => i);
  const called = scores.filter((score) => {
    const others = scores.filter((other) => other !== score);
    return conformalPValue(score, others) <= 0.1;
  });
  expect(called).toEqual([18, 19]);
});
