import { describe, expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import { tinyManifest } from "../../test/support/tiny-manifest.ts";
import { boxLadder } from "../prompt/box-ladder.ts";
import { contourBoxes } from "../prompt/contour-boxes.ts";
import { lesionLadders } from "../prompt/lesion-ladders.ts";
import { mapPoints, signedPoints } from "../prompt/signed-points.ts";
import type { SegmentOptions } from "../types.ts";
import { planPrompts, promptStrategies } from "./prompt-strategies.ts";

const boxes = tinyManifest(["box"]);
const points = tinyManifest(["box", "point"]);
const paper: SegmentOptions = {
  prompt: "centre-of-gravity",
  chooser: "first",
  refine: "none",
  alpha: 0.05,
  empty: "never",
};

describe("planPrompts", () => {
  test("runs what is asked for where the model takes such prompts", () => {
    expect(planPrompts(paper, points, "a.png")).toEqual({
      ...{ strategy: "centre-of-gravity", chooser: "first", issues: [] },
    });
    const ladder: SegmentOptions = { ...paper, prompt: "box-ladder", chooser: "contrast" };
    expect(planPrompts(ladder, boxes, "a.png")).toEqual({
      ...{ strategy: "box-ladder", chooser: "contrast", issues: [] },
    });
  });

  test.each(["centre-of-gravity", "signed-points", "map-points"] as const)(
    "gives a model that takes no points the paper's box path in place of %s, and says so",
    (prompt) => {
      const { strategy, chooser, issues } = planPrompts({ ...paper, prompt }, boxes, "a.png");
      expect({ strategy, chooser }).toEqual({ strategy: "contour-boxes", chooser: "union" });
      expect(issues).toMatchObject([{ code: "box-path-of-paper", severity: "note", subject: "a.png" }]);
      expect(issues[0].message).toContain("model tiny takes no point prompts");
    },
  );

  test("a model that takes points and no masks cannot be given the map as mask prompt", () => {
    const { strategy, issues } = planPrompts({ ...paper, prompt: "map-points" }, points, "a.png");
    expect(strategy).toBe("contour-boxes");
    expect(issues[0].message).toContain("model tiny takes no mask prompts");
    const all = tinyManifest(["box", "point", "mask"]);
    expect(planPrompts({ ...paper, prompt: "map-points" }, all, "a.png").strategy).toBe("map-points");
  });
});

describe("promptStrategies", () => {
  const every = () => true;
  const map = drawnMap("0000", "0080", "0000", "0000");

  test("centre of gravity: one positive point for three masks", () => {
    expect(promptStrategies["centre-of-gravity"](map, points, every)).toEqual([
      {
        prompts: [{ kind: "point", point: { x: 2, y: 1 }, positive: true }],
        output: "multi",
        label: "centre of gravity",
      },
    ]);
  });

  test("the others are those of their stage; the map becomes a mask prompt of the decoder's side", () => {
    expect(promptStrategies["lesion-ladders"](map, boxes, every)).toEqual(lesionLadders(map, false, every));
    expect(promptStrategies["lesion-ladders"](map, points, every)).toEqual(lesionLadders(map, true, every));
    expect(promptStrategies["box-ladder"](map, boxes, every)).toEqual(boxLadder(map));
    expect(promptStrategies["contour-boxes"](map, boxes, every)).toEqual(contourBoxes(map, 16));
    expect(promptStrategies["signed-points"](map, points, every)).toEqual(signedPoints(map, every));
    expect(promptStrategies["map-points"](map, points, every)).toEqual(mapPoints(map, 16, every));
  });
});
