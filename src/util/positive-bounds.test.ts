import { expect, test } from "vitest";
import { drawnMask } from "../../test/support/drawn.ts";
import { positiveBounds } from "./positive-bounds.ts";

test("the box of the pixels of a mask, and their number", () => {
  expect(positiveBounds(drawnMask("......", "..#...", "....#.", "......"))).toEqual({
    ...{ x0: 2, y0: 1, x1: 4, y1: 2 },
    area: 2,
  });
});

test("of logits, those above 0", () => {
  const data = Float32Array.of(-1, 0, Number.NaN, 0.5);
  expect(positiveBounds({ width: 2, height: 2, data })).toEqual({ x0: 1, y0: 1, x1: 1, y1: 1, area: 1 });
});

test("nothing has none", () => {
  expect(positiveBounds(drawnMask("...", "..."))).toBeUndefined();
});
