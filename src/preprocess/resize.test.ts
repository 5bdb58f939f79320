// Agreement with Pillow is in test/golden-kernels.test.ts.

import { expect, test } from "vitest";
import { createFrame } from "../geometry/frame.ts";
import { resizeToFrame } from "./resize.ts";

function row(...values: number[]) {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

test("as many pixels as the model's side are copied, the padding is the background", () => {
  expect([...resizeToFrame(row(1, 2), createFrame(2, 1, 2)).data]).toEqual([1, 2, 0, 0]);
  expect([...resizeToFrame(row(1, 2), createFrame(2, 1, 2), 9).data]).toEqual([1, 2, 9, 9]);
});

test("a reduction by two weighs 1 3 3 1, at the border 3 3 1", () => {
  const image = {
    width: 4,
    height: 4,
    data: Float32Array.from({ length: 16 }, (_, i) => [0, 8, 16, 32][i % 4]),
  };
  const resized = resizeToFrame(image, createFrame(4, 4, 2));
  expect(resized.data[0]).toBeCloseTo((3 * 0 + 3 * 8 + 16) / 7, 5);
  expect(resized.data[1]).toBeCloseTo((8 + 3 * 16 + 3 * 32) / 7, 5);
  expect(resized.data.slice(2)).toEqual(resized.data.slice(0, 2));
});

test("the image fades into the background at its edge", () => {
  const resized = resizeToFrame(
    { width: 1, height: 4, data: Float32Array.of(8, 8, 8, 8) },
    createFrame(1, 4, 2),
    1,
  );
  // The image is column 1 of 0 .. 3; model column 0 weighs 3 3 1 / 7, column 1 weighs 1 3 3 / 7.
  expect(resized.data[0]).toBeCloseTo(1 + (7 * 3) / 7, 5);
  expect(resized.data[1]).toBeCloseTo(1 + (7 * 1) / 7, 5);
});

test("an image of one value on a background of it stays so", () => {
  const image = { width: 30, height: 7, data: new Float32Array(210).fill(5) };
  for (const value of resizeToFrame(image, createFrame(30, 7, 11), 5).data) expect(value).toBeCloseTo(5, 5);
});
