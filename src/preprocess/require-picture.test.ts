import { describe, expect, test } from "vitest";
import type { PixelArray } from "../types.ts";
import { requirePicture } from "./require-picture.ts";
import { toGrey } from "./to-grey.ts";

/** Asks for an image of one row. */
function ask(data: PixelArray) {
  const geometry = { spacing: [1, 1, 1], unit: "px" } as const;
  const size = { width: data.length, height: 1, channels: 1 } as const;
  const image = { name: "scan.tif", ...size, data, geometry, issues: [] };
  return () => requirePicture(image, toGrey(image));
}

/** 0, 2, ... 198. */
const slope = Float32Array.from({ length: 100 }, (_, i) => 2 * i);

/** The slope with some values before it. */
const slopeAnd = (...extreme: readonly number[]) => Float32Array.of(...extreme, ...slope);

const LARGEST = 3.4028234663852886e38;

describe("an image is refused", () => {
  test("that has one value", () => {
    const refusal = { code: "image-unsupported", subject: "scan.tif" };
    expect(ask(Uint8Array.of(7, 7, 7))).toThrow(expect.objectContaining(refusal));
    expect(ask(Uint16Array.of(7))).toThrow("every pixel has the value 7; leave it out");
    expect(ask(new Float32Array(5))).toThrow("every pixel has the value 0; leave it out");
  });

  test("that drowns in the range of a few extreme values", () => {
    const sentence =
      "scan.tif must have its values spread over its range, got nearly all from 5.92 to 194 in a range of 0 to 3e+38; " +
      "set missing values to NaN, or clip the extreme ones";
    expect(ask(slopeAnd(3e38))).toThrow(sentence);
    for (const extreme of [[1e8], [-1e30], [LARGEST], [LARGEST, -LARGEST], [1e30, 2e30]]) {
      expect(ask(slopeAnd(...extreme))).toThrow("must have its values spread over its range");
    }
  });

  test("that drowns in a wide margin of a fill value", () => {
    expect(ask(slopeAnd(...new Array(1000).fill(-LARGEST)))).toThrow(
      "must have its values spread over its range",
    );
  });
});

describe("an image passes", () => {
  test("whose values are few", () => {
    for (const data of [
      Uint8Array.of(0, 1),
      Uint16Array.of(0, 9, 9, 9, 65535),
      Float32Array.of(0, 1, 1, 2),
    ]) {
      expect(ask(data)).not.toThrow();
    }
  });

  test("of two values and the rounding of their 32 bits", () => {
    const disc = Float32Array.from({ length: 50 }, (_, i) => (i < 10 ? 0 : 1 + (i % 3) * 2 ** -23));
    expect(ask(disc)).not.toThrow();
  });

  test("of any unit, or with a bright pixel that 16 bits could hold", () => {
    expect(ask(slope.map((value) => value * 1e36))).not.toThrow();
    expect(ask(slope.map((value) => value * 1e-30))).not.toThrow();
    expect(ask(slopeAnd(1e6))).not.toThrow();
  });
});
