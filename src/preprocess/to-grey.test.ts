import { expect, test } from "vitest";
import type { MedicalImage, PixelArray } from "../types.ts";
import { toGrey } from "./to-grey.ts";

function image(channels: 1 | 3, data: PixelArray): MedicalImage {
  const width = data.length / channels;
  return {
    name: "a",
    width,
    height: 1,
    channels,
    data,
    geometry: { spacing: [1, 1, 1], unit: "px" },
    issues: [],
  };
}

test("red, green and blue weigh 0.299, 0.587 and 0.114", () => {
  const grey = toGrey(image(3, Uint8Array.of(100, 0, 0, 0, 100, 0, 0, 0, 100)));
  expect(grey).toMatchObject({ width: 3, height: 1 });
  expect([...grey.data].map((value) => value.toFixed(4))).toEqual(["29.9000", "58.7000", "11.4000"]);
});

test("equal channels keep their value exactly", () => {
  expect([...toGrey(image(3, Uint16Array.of(7, 7, 7, 65535, 65535, 65535))).data]).toEqual([7, 65535]);
});

test("whole numbers become floats of the same value", () => {
  const grey = toGrey(image(1, Uint16Array.of(0, 40_000)));
  expect(grey.data).toEqual(Float32Array.of(0, 40_000));
});

test("floats are shared, not copied", () => {
  const data = Float32Array.of(-1.5, 2);
  expect(toGrey(image(1, data)).data).toBe(data);
});
