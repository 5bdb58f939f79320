import { describe, expect, test } from "vitest";
import type { MedicalImage } from "../types.ts";
import { greyMap, greyWindow, robustWindow, windowedGrey } from "./grey-base.ts";

function line(...values: number[]) {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

test("greyMap weighs red, green and blue, and keeps the units of a grey image", () => {
  const geometry = { spacing: [1, 1, 1], unit: "px" } as const;
  const colour: MedicalImage = {
    ...{ name: "colour", width: 2, height: 1, channels: 3, geometry, issues: [] },
    data: Uint8Array.of(100, 100, 100, 0, 255, 0),
  };
  const [white, green] = greyMap(colour).data;
  expect(white).toBeCloseTo(100, 4);
  expect(green).toBeCloseTo(0.587 * 255, 4);
  const grey: MedicalImage = { ...colour, channels: 1, data: Uint16Array.of(7, 40_000) };
  expect([...greyMap(grey).data]).toEqual([7, 40_000]);
});

describe("robustWindow", () => {
  test("leaves out the 0.5 % at each end", () => {
    const values = Array.from({ length: 1001 }, (_, i) => i);
    expect(robustWindow(line(...values))).toEqual({ low: 5, high: 995 });
  });

  test("leaves out what is not a number", () => {
    expect(robustWindow(line(Number.NaN, 2, Number.POSITIVE_INFINITY, 4))).toEqual({ low: 2, high: 4 });
    expect(robustWindow(line(Number.NaN))).toEqual({ low: 0, high: 0 });
  });

  test("falls back to the whole range when nearly all pixels are equal", () => {
    const values = new Array<number>(999).fill(0);
    expect(robustWindow(line(...values, 50))).toEqual({ low: 0, high: 50 });
  });

  test("meets every column of a large image", () => {
    const side = 512;
    const ramp = { width: side, height: side, data: new Float32Array(side * side).map((_, i) => i % side) };
    const { low, high } = robustWindow(ramp);
    expect(low).toBeCloseTo(2, -1);
    expect(high).toBeCloseTo(509, -1);
  });
});

test("greyWindow is the image's range, or a robust window of its own", () => {
  const map = line(1, 2, 3);
  const geometry = { spacing: [1, 1, 1], unit: "px" } as const;
  const image: MedicalImage = { ...map, name: "grey", channels: 1, geometry, issues: [] };
  expect(greyWindow({ ...image, range: { low: -5, high: 9 } }, map)).toEqual({ low: -5, high: 9 });
  expect(greyWindow(image, map)).toEqual(robustWindow(map));
  expect(greyWindow(map, map)).toEqual(robustWindow(map));
});

test("windowedGrey clips to black and white, and shows what is not a number black", () => {
  const window = { low: 10, high: 20 };
  expect([5, 10, 15, 20, 99, Number.NaN].map((value) => windowedGrey(value, window))).toEqual([
    0, 0, 128, 255, 255, 0,
  ]);
  expect(windowedGrey(3, { low: 3, high: 3 })).toBe(0);
});
