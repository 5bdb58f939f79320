import { describe, expect, test } from "vitest";
import { phantomDataset } from "../phantom/dataset.ts";
import type { LesionFate, Mask } from "../types.ts";
import { classifyLesions, lesionFates } from "./lesion-classes.ts";

/** A mask of rows of `#` and `.`. */
function drawn(...rows: string[]): Mask {
  const data = Uint8Array.from(rows.join(""), (sign) => (sign === "#" ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

const truth = drawn(
  "###...", //
  "#.#.##",
  "###.##",
  "......",
);

describe("lesionFates", () => {
  test("of each lesion: area, whether it is found and how well, whether it has a hole", () => {
    const mask = drawn(
      "###...", //
      "###...",
      "###...",
      "......",
    );
    expect(lesionFates(mask, truth)).toEqual([
      { area: 8, found: true, overlap: 8 / 9, isRing: true },
      { area: 4, found: false, overlap: 0, isRing: false },
    ]);
  });

  test("takes the component that fits best", () => {
    const mask = drawn(
      "......", //
      "....#.",
      "......",
      "...###",
    );
    expect(lesionFates(mask, truth)[1]).toMatchObject({ found: true, overlap: 1 / 4 });
  });

  test("a gap that is open, or that another lesion fills, is told apart by the lesion's own outline", () => {
    const open = drawn(
      "#####", //
      "#...#",
      "#.#..",
      "#...#",
      "#####",
    );
    expect(lesionFates(open, open).map(({ isRing }) => isRing)).toEqual([false, false]);
    const closed = { ...open, data: open.data.with(14, 1) };
    expect(lesionFates(closed, closed).map(({ isRing }) => isRing)).toEqual([true, false]);
  });

  test("finds the rings of phantoms, and no others", () => {
    const options = { seed: 3, trainGood: 0, testGood: 0, testAnomalous: 12 };
    for (const { mask, kind } of phantomDataset(options)) {
      if (mask === undefined || kind === "mixed") continue;
      const fates = lesionFates(mask, mask);
      expect(fates.every(({ isRing }) => isRing === (kind === "ring"))).toBe(true);
    }
  });
});

describe("classifyLesions", () => {
  const fate = (area: number, overlap: number, isRing = false): LesionFate => ({
    ...{ area, overlap, isRing },
    found: overlap > 0.1,
  });
  const classes = classifyLesions([fate(59, 0), fate(60, 0.5), fate(199, 0.25, true), fate(1000, 0, true)]);

  test("by size", () => {
    expect(classes.sizes).toEqual([
      { from: 0, to: 60, truths: 1, found: 0, recall: 0, overlap: 0 },
      { from: 60, to: 200, truths: 2, found: 2, recall: 1, overlap: 0.375 },
      { from: 200, to: 1000, truths: 0, found: 0, recall: null, overlap: null },
      { from: 1000, to: null, truths: 1, found: 0, recall: 0, overlap: 0 },
    ]);
    expect(classes.large).toMatchObject({ from: 60, to: null, truths: 3, found: 2, overlap: 0.25 });
  });

  test("rings", () => {
    expect(classes.rings).toEqual({ truths: 2, found: 1, recall: 0.5, overlap: 0.125 });
  });
});
