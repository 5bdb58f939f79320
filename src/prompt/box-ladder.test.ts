import { expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import type { PromptSet } from "../types.ts";
import { boxLadder, LADDER_LEVELS } from "./box-ladder.ts";

/** Label and corners x0, y0, x1, y1 of each rung. */
function rungs(sets: readonly PromptSet[]) {
  return sets.map(({ label, prompts, output, maskInput }) => {
    const [prompt] = prompts;
    expect({ prompts: prompts.length, kind: prompt.kind, output, maskInput }).toEqual({
      ...{ prompts: 1, kind: "box", output: "single", maskInput: undefined },
    });
    const { x0, y0, x1, y1 } = (prompt as Extract<typeof prompt, { kind: "box" }>).box;
    return [label, x0, y0, x1, y1];
  });
}

test("eight levels from 0.35 to 0.90 of the way from the median to the peak", () => {
  expect(LADDER_LEVELS).toHaveLength(8);
  expect(LADDER_LEVELS[0]).toBeCloseTo(0.35, 12);
  expect(LADDER_LEVELS[7]).toBeCloseTo(0.9, 12);
});

test("one hill: a box for each height that looks different, from the whole to the summit", () => {
  const map = drawnMap(
    ...["000000000", "000000000", "006666600", "006888600", "006898600"],
    ...["006888600", "006666600", "000000000", "000000000"],
  );
  expect(rungs(boxLadder(map))).toEqual([
    ["level 0.35", 2, 2, 6, 6],
    ["level 0.74", 3, 3, 5, 5],
    ["level 0.90", 4, 4, 4, 4],
  ]);
});

test("two hills: the boxes hold the higher one, and both only where the valley is above the level", () => {
  const apart = drawnMap("00000000", "08800790", "08800770", "00000000", "00000000");
  expect(rungs(boxLadder(apart))).toEqual([
    ["level 0.35", 5, 1, 6, 2],
    ["level 0.82", 6, 1, 6, 1],
  ]);
  const joined = drawnMap("00000000", "08844790", "08800770", "00000000", "00000000");
  expect(rungs(boxLadder(joined))).toEqual([
    ["level 0.35", 1, 1, 6, 2],
    ["level 0.51", 5, 1, 6, 2],
    ["level 0.82", 6, 1, 6, 1],
  ]);
});

test("hills that touch at a corner are one", () => {
  expect(rungs(boxLadder(drawnMap("00000", "09000", "00900", "00000")))).toEqual([
    ["level 0.35", 1, 1, 2, 2],
  ]);
});

test("a plateau is one box at every level", () => {
  expect(rungs(boxLadder(drawnMap("00000", "09990", "09990", "00000")))).toEqual([
    ["level 0.35", 1, 1, 3, 2],
  ]);
});

test("a box stands for all levels that give it", () => {
  const weights = boxLadder(drawnMap("00000000", "08844790", "08800770", "00000000")).map(
    ({ weight }) => weight,
  );
  expect(weights).toEqual([2, 4, 2]);
});

test("gain and offset of the map change nothing", () => {
  const map = drawnMap("00000000", "08844790", "08800770", "00000000");
  const other = { ...map, data: map.data.map((value) => 0.5 * value - 32) };
  expect(boxLadder(other)).toEqual(boxLadder(map));
});

test("a constant map gives the whole image", () => {
  expect(rungs(boxLadder(drawnMap("333", "333")))).toEqual([["level 0.35", 0, 0, 2, 1]]);
});
