import { describe, expect, test } from "vitest";
import { enlargePicture, fitView, pictureMask, reduceMap, toPicture } from "./view.ts";

describe("fitView", () => {
  test("enlarges a small image by a whole factor", () => {
    expect(fitView(256, 200, 384, 1024)).toMatchObject({ reducedWidth: 256, reducedHeight: 200, factor: 2 });
    expect(fitView(10, 100, 384, 1024).factor).toBe(4);
  });

  test("leaves an image between the two limits as it is", () => {
    expect(fitView(384, 384, 384, 1024)).toMatchObject({ reducedWidth: 384, reducedHeight: 384, factor: 1 });
  });

  test("reduces a large image to the upper limit, and never to nothing", () => {
    expect(fitView(4096, 2048, 384, 1024)).toMatchObject({
      reducedWidth: 1024,
      reducedHeight: 512,
      factor: 1,
    });
    expect(fitView(5000, 1, 384, 1024)).toMatchObject({ reducedWidth: 1024, reducedHeight: 1 });
  });

  test("does not enlarge beyond the upper limit", () => {
    expect(fitView(300, 300, 384, 500).factor).toBe(1);
  });
});

test("toPicture maps the centre of a pixel to the centre of its square", () => {
  const enlarged = fitView(2, 2, 6, 10); // factor 3
  expect(toPicture(enlarged, { x: 0, y: 1 })).toEqual({ x: 1, y: 4 });
  const reduced = fitView(8, 8, 1, 4);
  expect(toPicture(reduced, { x: 0.5, y: 6.5 })).toEqual({ x: 0, y: 3 });
});

test("reduceMap takes means", () => {
  const map = { width: 4, height: 2, data: Float32Array.of(1, 3, 5, 5, 1, 3, 5, 9) };
  expect([...reduceMap(map, fitView(4, 2, 1, 2)).data]).toEqual([2, 6]);
  expect(reduceMap(map, fitView(4, 2, 1, 4))).toBe(map);
});

test("reduceMap shares a pixel between the two that it lies under", () => {
  const map = { width: 3, height: 1, data: Float32Array.of(0, 6, 12) };
  expect([...reduceMap(map, fitView(3, 1, 1, 2)).data]).toEqual([3, 9]);
});

describe("pictureMask", () => {
  test("keeps a lesion of one pixel when it reduces", () => {
    const mask = { width: 4, height: 2, data: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1) };
    expect(pictureMask(mask, fitView(4, 2, 1, 2))).toEqual({
      width: 2,
      height: 1,
      data: Uint8Array.of(0, 1),
    });
  });

  test("makes squares when it enlarges", () => {
    const mask = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
    expect(pictureMask(mask, fitView(2, 1, 4, 4))).toEqual({
      width: 4,
      height: 2,
      data: Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1),
    });
  });
});

test("enlargePicture keeps the three channels together", () => {
  const picture = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  expect([...enlargePicture(picture, 2).data]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
});
