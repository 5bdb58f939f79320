import { describe, expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import type { PromptSet, ScalarMap } from "../types.ts";
import { mapPoints, signedPoints } from "./signed-points.ts";

/** A map [side, side] of value 1 with blocks x, y, size, value; later ones lie over earlier ones. */
function blocks(side: number, ...made: readonly (readonly [number, number, number, number])[]): ScalarMap {
  const data = new Float32Array(side * side).fill(1);
  for (const [x0, y0, size, value] of made) {
    for (let y = y0; y < y0 + size; y++) data.fill(value, y * side + x0, y * side + x0 + size);
  }
  return { width: side, height: side, data };
}

const every = () => true;

/** The points of a set as `+x,y` and `-x,y`. */
function points({ prompts }: PromptSet) {
  return prompts.map((prompt) => {
    if (prompt.kind !== "point") throw new Error("a point was expected");
    return `${prompt.positive ? "+" : "-"}${prompt.point.x},${prompt.point.y}`;
  });
}

describe("signedPoints", () => {
  test("positive at the peak, negative at the least places of the frame around its lowest box", () => {
    const hill = [28, 28, 12, 8] as const;
    const dips = [
      [24, 34, 1, 0.1],
      [43, 34, 1, 0.2],
      [34, 24, 1, 0.3],
      [34, 43, 1, 0.4],
    ] as const;
    const [set] = signedPoints(blocks(64, hill, [33, 35, 1, 9], ...dips), every);
    expect(points(set)).toEqual(["+33,35", "-24,34", "-43,34", "-34,24", "-34,43"]);
    expect(set).toMatchObject({ output: "multi", lesion: 0, label: "peak 1, points" });
  });

  test("what lies farther away, or beside the hill, is no sure place", () => {
    const hill = [28, 28, 12, 8] as const;
    const far = [0, 0, 2, -9] as const;
    const touching = [27, 30, 1, -9] as const;
    const [set] = signedPoints(blocks(64, hill, far, touching), every);
    expect(points(set)).not.toContain("-0,0");
    expect(points(set)).not.toContain("-27,30");
    expect(points(set)).toHaveLength(5);
  });

  test("negative points are eight pixels apart at least: of a small hill's frame some remain", () => {
    const [set] = signedPoints(blocks(64, [30, 30, 4, 8]), every);
    const negatives = points(set).filter((point) => point.startsWith("-"));
    expect(negatives).toEqual(["-28,28", "-35,32"]);
  });

  test("each lesion has a set of its own", () => {
    const sets = signedPoints(blocks(64, [6, 6, 8, 9], [44, 44, 8, 8]), every);
    expect(sets.map((set) => [set.lesion, points(set)[0]])).toEqual([
      [0, "+6,6"],
      [1, "+44,44"],
    ]);
    expect(signedPoints(blocks(64, [6, 6, 8, 9], [44, 44, 8, 8]), () => false)).toHaveLength(1);
  });

  test("a hill that fills the image has no frame", () => {
    expect(points(signedPoints(drawnMap("333", "333"), every)[0])).toEqual(["+0,0"]);
  });
});

describe("mapPoints", () => {
  test("the peak, with the map as logits whose edge is halfway between median and peak", () => {
    const map = drawnMap("1111", "1391", "1111", "1111");
    const [set] = mapPoints(map, 4, every);
    expect(points(set)).toEqual(["+2,1"]);
    expect(set).toMatchObject({ output: "multi", lesion: 0, label: "peak 1, point and map" });
    expect([...(set.maskInput?.data.subarray(4, 8) ?? [])]).toEqual([-10, -5, 10, -10]);
  });

  test("each lesion has the edge at half of its own height", () => {
    const sets = mapPoints(blocks(64, [6, 6, 8, 9], [44, 44, 8, 5]), 64, every);
    const at = (set: PromptSet, x: number, y: number) => set.maskInput?.data[y * 64 + x];
    expect(sets.map((set) => [points(set)[0], at(set, 6, 6), at(set, 44, 44)])).toEqual([
      ["+6,6", 10, 0],
      ["+44,44", 30, 10],
    ]);
  });

  test("a constant map gives none", () => {
    expect(mapPoints(drawnMap("333", "333"), 3, every)).toEqual([]);
  });
});
