import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { ablationGrid, changesOf, chosenRows, type GridRow, type RowOptions } from "./ablation-grid.ts";

const features = { embedding: "neck", taps: ["low", "high"] };
const grid = ablationGrid(features, 7);
const defaults = grid[0].options as RowOptions;

function row(name: string): GridRow {
  return chosenRows(grid, [name])[0];
}

describe("ablationGrid", () => {
  test("begins with the default and ends with the baseline; names are used once", () => {
    const names = grid.map(({ name }) => name);
    expect([names[0], names.at(-1)]).toEqual(["default", "intensity-baseline"]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("holds every single tap and the numbers that docs/accuracy.md shows", () => {
    const names = grid.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["paper", "tap-low", "tap-high", "tap-neck", "rows-4096", "sigma-8"]),
    );
    expect(row("tap-neck").options?.fit).toEqual({ ...defaults.fit, taps: ["neck"] });
    expect(row("sigma-2").options?.segment).toEqual(defaults.segment);
  });

  test("leaves out brightness, what stands out by it, or both", () => {
    const tapsOf = (name: string) => row(name).options?.fit.taps;
    expect(tapsOf("no-intensity")).toEqual(["low", "high", "local-intensity"]);
    expect(tapsOf("no-local-intensity")).toEqual(["low", "high", "intensity"]);
    expect(tapsOf("encoder-alone")).toEqual(["low", "high"]);
  });

  test("of a model without taps keeps the embedding in what is left", () => {
    const tapless = ablationGrid({ embedding: "neck", taps: [] }, 7);
    const tapsOf = (name: string) => chosenRows(tapless, [name])[0].options?.fit.taps;
    expect(tapsOf("no-intensity")).toEqual(["neck", "local-intensity"]);
    expect(tapsOf("encoder-alone")).toEqual(["neck"]);
  });

  test("has no row for what is the default already", () => {
    const names = grid.map(({ name }) => name);
    for (const name of ["sigma-4", "axes-160", "rows-32768", `prompt-${defaults.segment.prompt}`]) {
      expect(names).not.toContain(name);
    }
  });

  test("draws masks in every row, whatever is decided of the image", () => {
    const rules = grid.flatMap(({ options }) => (options ? [options.segment.empty] : []));
    expect(new Set(rules)).toEqual(new Set(["never"]));
  });

  test("gives all rows the seed", () => {
    const seeds = grid.flatMap(({ options }) => (options ? [options.fit.seed] : []));
    expect(new Set(seeds)).toEqual(new Set([7]));
  });
});

describe("chosenRows", () => {
  test("keeps the grid's order", () => {
    expect(chosenRows(grid, ["sigma-2", "default"]).map(({ name }) => name)).toEqual(["default", "sigma-2"]);
  });

  test("refuses a name that is no row, and tells the rows", async () => {
    await expectMiasError(
      async () => chosenRows(grid, ["default", "sigma-3"]),
      "usage",
      `intensity-baseline, got "sigma-3"; choose among these`,
    );
  });
});

test.each([
  ["default", ""],
  ["sigma-2", "sigma 2"],
  ["tap-low", "taps low"],
  ["intensity-baseline", "nothing learned: brightness alone"],
])("changesOf %s is %j", (name, text) => {
  expect(changesOf(row(name), defaults)).toBe(text);
});
