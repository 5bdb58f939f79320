import { describe, expect, test } from "vitest";
import { mirrorDistances, withMirror } from "./mirror.ts";

/** One value a patch. */
function patches(...rows: number[][]): Float32Array {
  return Float32Array.from(rows.flat());
}

describe("mirrorDistances", () => {
  test("a symmetric image has none", () => {
    const row = [0, 5, 9, 9, 5, 0];
    expect([...mirrorDistances(patches(row, row), 2, 6, 2.5)]).toEqual(new Array(12).fill(0));
  });

  test("a patch that has no like on the other side, about the mirrored place, has the squared distance to the nearest", () => {
    const row = new Array(16).fill(1);
    const found = mirrorDistances(patches(row.with(2, 7)), 1, 16, 7.5);
    expect([...found]).toEqual(new Array(16).fill(0).with(2, 36));
  });

  test("the like may lie three columns and a row beside it, and no further", () => {
    const blank = new Array(16).fill(1);
    const near = patches(blank.with(2, 7), blank.with(16 - 1 - 2 + 2, 7), blank);
    expect(mirrorDistances(near, 3, 16, 7.5)[2]).toBe(0);
    const far = patches(blank.with(4, 7), blank.with(15, 7), blank);
    expect(mirrorDistances(far, 3, 16, 7.5)[4]).toBe(36);
  });

  test("where the mirrored place is outside, the median of the others", () => {
    const row = [9, 9, 9, 9, 9, 9, 9, 9, 2, 1, 0, 1];
    const found = mirrorDistances(patches(row), 1, 12, 10);
    const known = [...found.subarray(6)].sort((a, b) => a - b);
    expect([...found.subarray(0, 6)]).toEqual(new Array(6).fill(known[3]));
  });

  test("of several values a patch, the squared L2 distance of all", () => {
    const found = mirrorDistances(Float32Array.of(1, 2, 4, 6), 1, 2, 0.5);
    // The patch itself is within reach in so small an image.
    expect([...found]).toEqual([0, 0]);
    const wide = new Float32Array(2 * 12);
    wide.set([3, 4], 2);
    expect(mirrorDistances(wide, 1, 12, 5.5)[1]).toBe(25);
  });
});

test("withMirror: a quarter of what bank and mirror agree on is added", () => {
  const distances = withMirror(Float32Array.of(4, 1, 2), Float32Array.of(2, 8, 0), 2);
  expect([...distances]).toEqual([4 + 0.25, 1 + 0.25, 2]);
});
