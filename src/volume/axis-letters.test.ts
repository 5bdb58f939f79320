import { expect, test } from "vitest";
import { axisAffines } from "../../test/support/made-volumes.ts";
import { axisLetters } from "./axis-letters.ts";

test("names the directions of columns, rows and slices", () => {
  expect(axisLetters({ affine: [2, 0, 0, 5, 0, 2, 0, 5, 0, 0, 3, 5, 0, 0, 0, 1] })).toBe("LPS");
  // NIfTI's RAS as LPS; sagittal slices from right to left, rows from head to feet.
  expect(axisLetters({ affine: [-1, 0, 0, 9, 0, -1, 0, 9, 0, 0, 1, 0, 0, 0, 0, 1] })).toBe("RAS");
  expect(axisLetters({ affine: [0, 0, 1, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 1] })).toBe("PIL");
});

test("gives each of the 48 ways a letter of each axis, all different", () => {
  const letters = axisAffines([1, 2, 3], [4, 5, 6]).map((affine) => axisLetters({ affine }) ?? "");
  expect(new Set(letters).size).toBe(48);
  for (const text of letters) expect(text.replace(/[LR]/, "x").replace(/[PA]/, "y")).toMatch(/^[xySI]{3}$/);
});

test("of oblique axes gives each the nearest that is left", () => {
  // Columns and rows turned by 40 degrees about z.
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  expect(axisLetters({ affine: [c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] })).toBe("LPS");
  expect(axisLetters({})).toBeUndefined();
});
