import { describe, expect, test } from "vitest";
import { paintedMap } from "../../test/support/drawn.ts";
import { intensityFeature } from "./intensity.ts";

/** An image of 128 x 128 whose pixels are given by their place. */
const image = (value: (x: number, y: number) => number) => paintedMap(128, value);

/** A body of brightness 0.4 on the left and 0.6 on the right, before black. */
const body = image((x, y) => (y < 32 ? 0 : x < 64 ? 0.4 : 0.6));

describe("brightness as a feature map", () => {
  test("is measured from the body's median in the body's spread, at the middles of squares", () => {
    const { name, channels, width, height, data } = intensityFeature(body, 32);
    expect([name, channels, width, height, data.length]).toEqual(["intensity", 2, 32, 32, 2 * 32 * 32]);
    const at = (x: number, y: number) => data[y * 32 + x];
    expect(at(28, 20) - at(4, 20)).toBeCloseTo(1, 5);
    expect(at(28, 20)).toBeCloseTo(0.5, 5);
  });

  test("does not know units: any gain and offset gives the same", () => {
    const other = image((x, y) => 7 + 30 * body.data[y * 128 + x]);
    const [a, b] = [intensityFeature(body, 32).data, intensityFeature(other, 32).data];
    for (let i = 0; i < a.length; i++) expect(b[i]).toBeCloseTo(a[i], 4);
  });

  test("goes no further than 0.8: backgrounds of bodies with wide and narrow spreads are alike", () => {
    const narrow = image((x, y) => (y < 32 ? 0 : x < 64 ? 0.48 : 0.52));
    const backgroundOf = (one: typeof body) => intensityFeature(one, 32).data[0];
    expect(backgroundOf(body)).toBeCloseTo(-0.8, 6);
    expect(backgroundOf(narrow)).toBeCloseTo(-0.8, 6);
  });

  test("the second channel is smoother than the first", () => {
    const spot = image((x, y) => (x === 61 && y === 61 ? 1 : 0.5));
    const { data } = intensityFeature(spot, 32);
    const [fine, coarse] = [data[15 * 32 + 15] - data[0], data[1024 + 15 * 32 + 15] - data[1024]];
    expect(Math.abs(fine)).toBeGreaterThanOrEqual(Math.abs(coarse));
  });

  test("rounding errors in a body of one brightness are not blown up", () => {
    const { data } = intensityFeature(
      image((x, y) => (y < 32 ? 0 : 0.6 + (x % 2) * 2 ** -24)),
      32,
    );
    expect(Math.max(...data.map(Math.abs))).toBeLessThan(1);
  });

  test("an image that shows nothing gives zeros", () => {
    expect(
      intensityFeature(
        image(() => 0),
        32,
      ).data.every((value) => value === 0),
    ).toBe(true);
  });
});
