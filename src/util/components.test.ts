import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import { componentAt, componentStats, labelComponents } from "./components.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
).components;

function maskOf(rows: readonly string[]): Mask {
  return {
    width: rows[0].length,
    height: rows.length,
    data: Uint8Array.from(rows.join(""), (sign) => (sign === "#" ? 1 : 0)),
  };
}

function mapOf(rows: readonly (readonly number[])[]): ScalarMap {
  return { width: rows[0].length, height: rows.length, data: Float32Array.from(rows.flat()) };
}

describe("labelComponents", () => {
  test("joins corners with 8 neighbours, not with 4, and numbers in raster order", () => {
    const mask = maskOf(["#..#", ".#..", "...#"]);
    expect([...labelComponents(mask).labels]).toEqual([1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 3]);
    expect([...labelComponents(mask, 4).labels]).toEqual([1, 0, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4]);
  });

  test("does not wrap from the end of a row to the next", () => {
    const mask = maskOf(["..#", "#.."]);
    expect(labelComponents(mask, 4).count).toBe(2);
    expect(labelComponents(mask, 8).count).toBe(2);
  });

  test("a spiral is one component, and numbering follows the first pixel, not the place of the bulk", () => {
    const mask = maskOf(["..#.#", "#.#.#", "#.#.#", "#...#", "#####"]);
    const { labels, count } = labelComponents(mask, 4);
    expect(count).toBe(2);
    expect([labels[2], labels[4], labels[20]]).toEqual([1, 2, 2]);
  });

  test("an empty mask has none, a full one has one", () => {
    expect(labelComponents(maskOf(["..."])).count).toBe(0);
    expect(labelComponents({ width: 0, height: 0, data: new Uint8Array(0) }).count).toBe(0);
    expect(labelComponents(maskOf(["##", "##"])).count).toBe(1);
  });

  test("a large full mask needs no recursion", () => {
    const full = { width: 2000, height: 2000, data: new Uint8Array(4_000_000).fill(1) };
    expect(componentStats(labelComponents(full))[0].area).toBe(4_000_000);
  });

  test("agrees with scipy.ndimage.label", () => {
    const mask = { width: golden.width, height: golden.height, data: Uint8Array.from(golden.mask) };
    for (const [connectivity, expected] of [[4, golden.four] as const, [8, golden.eight] as const]) {
      const { labels, count } = labelComponents(mask, connectivity);
      expect(count).toBe(expected.count);
      expect([...labels]).toEqual(expected.labels);
    }
  });
});

describe("componentStats", () => {
  test("gives area, inclusive box and mean of pixel centres", () => {
    const mask = maskOf(["#....", "...##", "...#."]);
    expect(componentStats(labelComponents(mask))).toEqual([
      { area: 1, box: { x0: 0, y0: 0, x1: 0, y1: 0 }, centre: { x: 0, y: 0 } },
      { area: 3, box: { x0: 3, y0: 1, x1: 4, y1: 2 }, centre: { x: 10 / 3, y: 4 / 3 } },
    ]);
  });

  test("agrees with scipy.ndimage", () => {
    const mask = { width: golden.width, height: golden.height, data: Uint8Array.from(golden.mask) };
    componentStats(labelComponents(mask)).forEach(({ area, box, centre }, i) => {
      expect(area).toBe(golden.areas[i]);
      expect([box.x0, box.y0, box.x1, box.y1]).toEqual(golden.boxes[i]);
      expect(centre.x).toBeCloseTo(golden.centres[i][0], 12);
      expect(centre.y).toBeCloseTo(golden.centres[i][1], 12);
    });
  });
});

describe("componentAt", () => {
  const map = mapOf([
    [5, 1, 0, 4],
    [1, 3, 0, 4],
    [0, 0, 2, 0],
  ]);

  test("grows as the level falls", () => {
    expect(componentAt(map, 4, 0)).toMatchObject({ area: 1, box: { x0: 0, y0: 0, x1: 0, y1: 0 } });
    expect(componentAt(map, 3, 0)).toMatchObject({ area: 2, box: { x0: 0, y0: 0, x1: 1, y1: 1 } });
    expect(componentAt(map, 2, 0)).toMatchObject({ area: 5, box: { x0: 0, y0: 0, x1: 3, y1: 2 } });
    expect(componentAt(map, 3, 0, 4)).toMatchObject({ area: 1 });
  });

  test("a pixel at the level belongs, one below it has no component", () => {
    expect(componentAt(map, 3, 5)?.area).toBe(2);
    expect(componentAt(map, 3.5, 5)).toBeUndefined();
  });

  test("is the labelled component of the same threshold", () => {
    const mask = { width: golden.width, height: golden.height, data: Uint8Array.from(golden.mask) };
    const components = labelComponents(mask);
    const stats = componentStats(components);
    const scores = { ...mask, data: Float32Array.from(mask.data) };
    for (let seed = 0; seed < mask.data.length; seed++) {
      const label = components.labels[seed];
      expect(componentAt(scores, 1, seed)).toEqual(label === 0 ? undefined : stats[label - 1]);
    }
  });
});
