import { describe, expect, test } from "vitest";
import { issue } from "../issues.ts";
import type { PixelArray } from "../types.ts";
import { imageOfRaster } from "./raster.ts";

/** A picture one pixel high. */
const imageOf = (channels: number, data: PixelArray) =>
  imageOfRaster("scan", { width: data.length / channels, height: 1, channels, data }, []);

describe("alpha", () => {
  test("is composited over black and rounded", () => {
    const image = imageOf(2, Uint8Array.of(200, 128, 200, 255, 200, 0));
    expect(image.channels).toBe(1);
    expect(image.data).toEqual(Uint8Array.of(100, 200, 0)); // 200 * 128 / 255 = 100.4
    expect(image.issues).toEqual([
      issue("alpha-composited", "scan", "transparent pixels were composited over black"),
    ]);
  });

  test("that is full everywhere is dropped without a word", () => {
    const image = imageOf(4, Uint16Array.of(1, 2, 65535, 65535, 7, 8, 9, 65535));
    expect(image.data).toEqual(Uint16Array.of(1, 2, 65535, 7, 8, 9));
    expect(image.issues).toEqual([]);
  });

  test("of floats is full at 1 and held within 0..1", () => {
    const image = imageOf(2, Float32Array.of(8, 0.5, 8, 2, 8, -1));
    expect(image.data).toEqual(Float32Array.of(4, 8, 0));
  });
});

describe("colour", () => {
  test("with three equal channels is grey", () => {
    const image = imageOf(3, Uint8Array.of(5, 5, 5, 9, 9, 9));
    expect(image.channels).toBe(1);
    expect(image.data).toEqual(Uint8Array.of(5, 9));
  });

  test("with one differing value stays colour", () => {
    const image = imageOf(3, Uint8Array.of(5, 5, 5, 9, 9, 8));
    expect(image.channels).toBe(3);
    expect(image.data).toEqual(Uint8Array.of(5, 5, 5, 9, 9, 8));
  });
});

test("values that are not finite become the least one, as background is, and are counted", () => {
  const image = imageOf(1, Float32Array.of(1, Number.NaN, -2, Number.POSITIVE_INFINITY));
  expect(image.data).toEqual(Float32Array.of(1, -2, -2, -2));
  expect(image.issues.map(({ message }) => message)).toEqual([
    "pixel values must be finite, 2 of 4 values are NaN or infinite and were set to the least value, -2",
  ]);
});

test("a picture without one finite value is refused", () => {
  expect(() => imageOf(1, Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY))).toThrow(
    "scan must have pixel values that are finite, but all are NaN or infinite; leave it out",
  );
});

test("a plain picture has pixels as its unit", () => {
  expect(imageOf(1, Uint8Array.of(0)).geometry).toEqual({ spacing: [1, 1, 1], unit: "px" });
});
