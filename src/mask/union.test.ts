import { expect, test } from "vitest";
import { drawnMask } from "../../test/support/drawn.ts";
import { unionOf } from "./union.ts";

test("a pixel of any mask is one of the union; no masks give an empty one", () => {
  expect(unionOf([drawnMask("#..", "..."), drawnMask("##.", "..#")], 3, 2)).toEqual(drawnMask("##.", "..#"));
  expect(unionOf([], 3, 2)).toEqual(drawnMask("...", "..."));
});
