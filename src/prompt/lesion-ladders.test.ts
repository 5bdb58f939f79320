import { describe, expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import type { PromptSet, ScalarMap } from "../types.ts";
import { boxLadder } from "./box-ladder.ts";
import { lesionLadders, type PeakTest } from "./lesion-ladders.ts";

/** Number of the lesion, level and corners x0, y0, x1, y1 of each box. */
function boxes(sets: readonly PromptSet[]) {
  return sets.map(({ lesion, label, prompts: [prompt] }) => {
    if (prompt.kind !== "box") throw new Error("a box was expected");
    const { x0, y0, x1, y1 } = prompt.box;
    expect(label.startsWith(`peak ${(lesion ?? 0) + 1}, level `)).toBe(true);
    return [lesion, label.slice(-4), x0, y0, x1, y1];
  });
}

const every = () => true;
const lesionsOf = (map: ScalarMap, stands: PeakTest = every) =>
  new Set(lesionLadders(map, false, stands).map(({ lesion }) => lesion)).size;

/** A made map [64, 64]: Gaussian hills of given height and width in pixels, on noise-free ground. */
function hills(...made: readonly { x: number; y: number; height: number; sigma: number }[]): ScalarMap {
  const data = Float32Array.from({ length: 64 * 64 }, (_, i) => {
    const [column, row] = [i % 64, Math.floor(i / 64)];
    return made.reduce(
      (sum, { x, y, height, sigma }) =>
        sum + height * Math.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * sigma * sigma)),
      0,
    );
  });
  return { width: 64, height: 64, data };
}

describe("lesionLadders", () => {
  test("ask the highest peak as a point too, where the model answers points", () => {
    const map = drawnMap("0000000", "0066600", "0069600", "0066600", "0000000", "0000000");
    const [sets, alone] = [lesionLadders(map, true, every), lesionLadders(map, false, every)];
    const point = sets.find(({ output }) => output === "multi");
    expect(sets.filter((set) => set !== point)).toEqual(alone);
    expect(point).toMatchObject({ lesion: 0, weight: 0, prompts: [{ kind: "point", positive: true }] });
    const [prompt] = point?.prompts ?? [];
    if (prompt?.kind !== "point") throw new Error("a point was expected");
    const { x, y } = prompt.point;
    expect(map.data[y * map.width + x]).toBe(Math.max(...map.data));
  });

  test("one hill: the boxes of the ladder", () => {
    const map = drawnMap("0000000", "0066600", "0069600", "0066600", "0000000", "0000000");
    const alone = lesionLadders(map, false, every);
    expect(alone.map(({ prompts, weight }) => [prompts, weight])).toEqual(
      boxLadder(map).map(({ prompts, weight }) => [prompts, weight]),
    );
    expect(boxes(alone)).toEqual([
      [0, "0.35", 2, 1, 4, 3],
      [0, "0.74", 3, 2, 3, 2],
    ]);
  });

  test("two hills: the second has a box of its own, which does not reach the first", () => {
    const map = drawnMap("0000000000", "0990006660", "0990006860", "0000006660", "0000000000", "0000000000");
    expect(boxes(lesionLadders(map, false, every))).toEqual([
      [0, "0.35", 1, 1, 2, 2],
      [1, "0.30", 6, 1, 8, 3],
    ]);
  });

  test("a further hill has one box, however many levels of its own would differ", () => {
    const map = hills({ x: 16, y: 32, height: 20, sigma: 5 }, { x: 48, y: 32, height: 15, sigma: 5 });
    const found = boxes(lesionLadders(map, false, every));
    expect(found.filter(([lesion]) => lesion === 0).length).toBeGreaterThan(2);
    expect(found.filter(([lesion]) => lesion === 1).map(([, level]) => level)).toEqual(["0.30"]);
  });

  test("two hills, of which the first alone is asked for: its own prompts and no other", () => {
    const map = drawnMap("0000000000", "0990006660", "0990006860", "0000006660", "0000000000", "0000000000");
    const first = lesionLadders(map, true, every).filter(({ lesion }) => lesion === 0);
    expect(lesionLadders(map, true, () => false)).toEqual(first);
    expect(lesionLadders(map, true, "none")).toEqual(first);
    expect(lesionLadders(map, true, every).length).toBeGreaterThan(first.length);
  });

  test("hills that share a foot: the second's box begins above the pass", () => {
    const map = drawnMap("000000000", "099344800", "099344800", "000000000", "000000000", "000000000");
    expect(boxes(lesionLadders(map, false, every)).filter(([lesion]) => lesion === 1)).toEqual([
      [1, "0.30", 6, 1, 6, 2],
    ]);
  });

  test("a further hill counts where its value and its share of the highest one's height pass", () => {
    const map = drawnMap("00000000000", "08000404000", "00000000000");
    const raised = { ...map, data: map.data.map((value) => value + 1) };
    const asked: [number, number][] = [];
    const none = lesionsOf(raised, (value, share) => asked.push([value, share]) < 0);
    expect({ none, asked }).toEqual({
      none: 1,
      asked: [
        [5, 0.5],
        [5, 0.5],
      ],
    });
    expect(lesionsOf(raised, (value) => value >= 5)).toBe(3);
    expect(lesionsOf(raised, (_, share) => share > 0.5)).toBe(1);
  });

  test("a summit counts where it rises by a quarter of its height above the pass", () => {
    const row = (pass: string) => drawnMap("00000000", `009${pass}8000`, "00000000");
    expect([lesionsOf(row("7")), lesionsOf(row("6"))]).toEqual([1, 2]);
  });

  test("four further hills at most, the most persistent ones", () => {
    const map = drawnMap("000000000000000", "090505060708050", "000000000000000");
    const lesions = boxes(lesionLadders(map, false, every));
    expect(lesionsOf(map)).toBe(5);
    expect(lesions.map(([lesion, , x0]) => [lesion, x0])).toEqual([
      [0, 1],
      [1, 11],
      [2, 9],
      [3, 7],
      [4, 3],
    ]);
  });

  test("boxes that are nearly alike are asked once, with the weight of all", () => {
    const hill = hills({ x: 32, y: 32, height: 20, sigma: 8 });
    const steep = { ...hill, data: hill.data.map((value) => Math.min(8, value)) };
    const sets = lesionLadders(steep, false, every);
    expect(boxLadder(steep).length - sets.length).toBeGreaterThanOrEqual(2);
    expect(sets.reduce((sum, { weight = 1 }) => sum + weight, 0)).toBe(8);
  });

  test("gain and offset of the map change nothing", () => {
    const map = drawnMap("00000000", "08800770", "08800770", "00000000", "00000000");
    const other = { ...map, data: map.data.map((value) => 0.5 * value - 32) };
    expect(lesionLadders(other, false, every)).toEqual(lesionLadders(map, false, every));
  });

  test("a constant map gives the whole image and no further lesion", () => {
    expect(boxes(lesionLadders(drawnMap("333", "333"), false, every))).toEqual([[0, "0.35", 0, 0, 2, 1]]);
  });
});

describe("lesions of odd places and shapes", () => {
  test("at the border, in a corner and a tiny one are asked for each, with boxes inside the image", () => {
    const map = hills(
      { x: 30, y: 0, height: 10, sigma: 5 },
      { x: 63, y: 63, height: 9, sigma: 4 },
      { x: 10, y: 50, height: 8, sigma: 1.5 },
    );
    const found = boxes(lesionLadders(map, false, every));
    expect(lesionsOf(map)).toBe(3);
    const first = (number: number) => found.find(([lesion]) => lesion === number)?.slice(2);
    expect(first(0)).toEqual([23, 0, 37, 7]);
    expect(first(1)).toEqual([57, 57, 63, 63]);
    expect(first(2)).toEqual([8, 48, 12, 52]);
  });

  test("a ring of even height is one lesion, whose lowest box holds the whole ring", () => {
    const ring = drawnMap(
      ...["000000000", "001111100", "018888810", "018111810", "018101810"],
      ...["018111810", "018888810", "001111100", "000000000", "000000000"],
    );
    expect(boxes(lesionLadders(ring, false, every))).toEqual([[0, "0.35", 2, 2, 6, 6]]);
  });

  test("a ring with two strong sides and weak joints is one lesion too", () => {
    const ring = drawnMap("0000000", "0977780", "0900080", "0900080", "0977780", "0000000", "0000000");
    const even = { ...ring, data: ring.data.map((value) => (value === 7 ? 7.5 : value)) };
    expect(lesionsOf(even)).toBe(1);
  });
});
