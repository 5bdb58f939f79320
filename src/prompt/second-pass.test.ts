import { describe, expect, test } from "vitest";
import { drawnMask } from "../../test/support/drawn.ts";
import type { Candidate, PromptSet } from "../types.ts";
import { boxAndMask, largerBox, shakenBoxes } from "./second-pass.ts";

/** A candidate of the second lesion whose logits are `logit` on the mask that is drawn and -40 elsewhere. */
function candidate(logit: number, ...rows: string[]): Candidate {
  const { width, height, data } = drawnMask(...rows);
  const logits = { width, height, data: Float32Array.from(data, (value) => (value === 1 ? logit : -40)) };
  const promptSet: PromptSet = {
    prompts: [],
    output: "single",
    weight: 3,
    lesion: 1,
    label: "peak 2, level 0.30",
  };
  return { promptSet, maskIndex: 0, logits, predictedIou: 0.5 };
}

function boxes(sets: readonly PromptSet[]) {
  return sets.flatMap(({ prompts }) =>
    prompts.map((prompt) => (prompt.kind === "box" ? prompt.box : prompt)),
  );
}

const wide = candidate(
  3,
  ...["............", "............", "............", "............"],
  "..##########",
  "............",
);
const square = candidate(
  5,
  ...["................", "................", "...##########...", "...#........#...", "...##########..."],
  ...Array.from({ length: 11 }, () => "................"),
);
const empty = candidate(-1, "##", "##");

describe("boxAndMask", () => {
  test("the box of the mask, and its logits", () => {
    const [set] = boxAndMask(square, 16);
    expect(boxes([set])).toEqual([{ x0: 3, y0: 2, x1: 12, y1: 4 }]);
    expect(set.maskInput?.data.subarray(34, 37)).toEqual(Float32Array.of(-32, 5, 5));
    expect(square.logits.data[34]).toBe(-40);
  });

  test("asks for the same lesion, without a say in which masks agree", () => {
    expect(boxAndMask(square, 16)).toMatchObject([
      { output: "single", weight: 0, lesion: 1, label: "peak 2, level 0.30, again by its box and mask" },
    ]);
  });

  test("in the model frame, where the decoder draws at a quarter of its side", () => {
    expect(boxes(boxAndMask(square, 64))).toEqual([{ x0: 12, y0: 8, x1: 51, y1: 19 }]);
  });

  test("an empty mask has no box", () => {
    expect([boxAndMask(empty, 2), largerBox(empty, 2), shakenBoxes(empty, 2)]).toEqual([[], [], []]);
  });
});

test("the larger box has a tenth more on each side", () => {
  const [set] = largerBox(square, 16);
  expect(boxes([set])).toEqual([{ x0: 2, y0: 1.7, x1: 13, y1: 4.3 }]);
  expect(set).toMatchObject({ output: "single", weight: 0, lesion: 1 });
  expect(set.maskInput).toBeUndefined();
});

test("shaken boxes are larger, smaller, wider and taller, inside the frame", () => {
  expect(boxes(shakenBoxes(square, 16))).toEqual([
    { x0: 2, y0: 1.7, x1: 13, y1: 4.3 },
    { x0: 4, y0: 2.3, x1: 11, y1: 3.7 },
    { x0: 2, y0: 2.3, x1: 13, y1: 3.7 },
    { x0: 4, y0: 1.7, x1: 11, y1: 4.3 },
  ]);
  expect(boxes(shakenBoxes(wide, 12))[0]).toMatchObject({ x0: 1, x1: 11 });
});
