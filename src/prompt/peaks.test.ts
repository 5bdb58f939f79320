import { describe, expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import { mapPeaks } from "./peaks.ts";

describe("peaks by persistence", () => {
  test("two hills join at the pass between them", () => {
    expect(mapPeaks(drawnMap("0000000", "0930480", "0000000"))).toEqual([
      { index: 8, value: 9, saddle: 0 },
      { index: 12, value: 8, saddle: 0 },
    ]);
    expect(mapPeaks(drawnMap("0000000", "0943680", "0000000"))).toEqual([
      { index: 8, value: 9, saddle: 0 },
      { index: 12, value: 8, saddle: 3 },
    ]);
  });

  test("a shoulder is no peak", () => {
    expect(mapPeaks(drawnMap("1223579")).map(({ index }) => index)).toEqual([6]);
  });

  test("the most persistent first, not the highest", () => {
    expect(mapPeaks(drawnMap("0978050")).map(({ value, saddle }) => [value, saddle])).toEqual([
      [9, 0],
      [5, 0],
      [8, 7],
    ]);
  });

  test("heights below zero are heights too", () => {
    const map = { width: 5, height: 1, data: Float32Array.of(-9, -1, -5, -2.5, -9) };
    expect(mapPeaks(map)).toEqual([
      { index: 1, value: -1, saddle: -9 },
      { index: 3, value: -2.5, saddle: -5 },
    ]);
  });

  test("pixels that touch at a corner belong together", () => {
    expect(mapPeaks(drawnMap("900", "050", "006"))).toEqual([
      { index: 0, value: 9, saddle: 0 },
      { index: 8, value: 6, saddle: 5 },
    ]);
  });

  test("a plateau is one peak, a constant map too, an empty one has none", () => {
    expect(mapPeaks(drawnMap("0770", "0770"))).toEqual([{ index: 1, value: 7, saddle: 0 }]);
    expect(mapPeaks(drawnMap("555", "555"))).toEqual([{ index: 0, value: 5, saddle: 5 }]);
    expect(mapPeaks({ width: 0, height: 0, data: new Float32Array(0) })).toEqual([]);
  });

  test("the order of the image's axes does not matter", () => {
    const map = drawnMap("1928", "3746", "8159");
    const turned = { width: 3, height: 4, data: new Float32Array(12) };
    for (let i = 0; i < 12; i++) turned.data[(i % 4) * 3 + Math.floor(i / 4)] = map.data[i];
    const persistences = (peaks: ReturnType<typeof mapPeaks>) =>
      peaks.map(({ value, saddle }) => value - saddle);
    expect(persistences(mapPeaks(turned))).toEqual(persistences(mapPeaks(map)));
  });
});
