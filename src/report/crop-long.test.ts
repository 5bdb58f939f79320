import { describe, expect, test } from "vitest";
import type { MedicalImage } from "../types.ts";
import { cropLong } from "./crop-long.ts";
import type { OverlayResult } from "./overlay.ts";

/** An image whose values are the index of the column, or of the row where it is higher than wide. */
function strip(width: number, height: number, channels: 1 | 3 = 1): MedicalImage {
  const data = new Uint16Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    data[i] = width > height ? pixel % width : Math.floor(pixel / width);
  }
  return {
    name: "strip",
    width,
    height,
    channels,
    data,
    geometry: { spacing: [1, 1, 1], unit: "px" },
    issues: [],
  };
}

function resultOf({ width, height }: MedicalImage): OverlayResult {
  const mask = { width, height, data: new Uint8Array(width * height) };
  mask.data[20000 % (width * height)] = 1;
  return {
    ...{ mask, map: { width, height, data: new Float32Array(width * height) } },
    prompts: [{ kind: "box", box: { x0: 19990, y0: 1, x1: 20010, y1: 5 } }],
    centreOfGravity: { x: 20000, y: 3 },
  };
}

describe("a strip of 30000 x 64 pixels", () => {
  const image = strip(30000, 64);

  test("is cropped around the centre, with all that is drawn of it", () => {
    const found = cropLong(image, resultOf(image), { x: 20000, y: 3 });
    expect(found?.part).toEqual({ x0: 19744, y0: 0, x1: 20255, y1: 63 });
    expect([found?.image.width, found?.image.height]).toEqual([512, 64]);
    expect([found?.image.data[0], found?.image.data[512 * 63 + 511]]).toEqual([19744, 20255]);
    expect(found?.result.mask.data[256]).toBe(1);
    expect(found?.result.map.data).toHaveLength(512 * 64);
    expect(found?.result.centreOfGravity).toEqual({ x: 256, y: 3 });
    expect(found?.result.prompts).toEqual([{ kind: "box", box: { x0: 246, y0: 1, x1: 266, y1: 5 } }]);
  });

  test.each([
    [3, 0, 511],
    [29999, 29488, 29999],
  ])("around x = %i ends where the image does", (x, x0, x1) => {
    expect(cropLong(image, resultOf(image), { x, y: 3 })?.part).toMatchObject({ x0, x1 });
  });
});

test("a colour image that is high is cropped by rows", () => {
  const image = strip(64, 3000, 3);
  const found = cropLong(image, resultOf(image), { x: 3, y: 1000 });
  expect(found?.part).toEqual({ x0: 0, y0: 744, x1: 63, y1: 1255 });
  expect(found?.image.data).toHaveLength(64 * 512 * 3);
  expect([found?.image.data[0], found?.image.data.at(-1)]).toEqual([744, 1255]);
});

test.each([
  [1024, 2],
  [4096, 512],
])("%i x %i pixels are shown whole", (width, height) => {
  const image = strip(width, height);
  expect(cropLong(image, resultOf(image), { x: 1, y: 1 })).toBeUndefined();
});
