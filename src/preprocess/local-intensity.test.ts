import { describe, expect, test } from "vitest";
import { paintedMap } from "../../test/support/drawn.ts";
import { bodyBrightness } from "./body.ts";
import { localIntensityFeature } from "./local-intensity.ts";

/** An image of 128 x 128 whose pixels are given by their place. */
const image = (value: (x: number, y: number) => number) => paintedMap(128, value);

/** A body of brightness 0.4 on the left and 0.6 on the right, before black. */
const body = image((x, y) => (y < 32 ? 0 : x < 64 ? 0.4 : 0.6));

/** A body of fine stripes before black, with something in it. */
function textured(drawn: (x: number, y: number) => number | undefined) {
  return image((x, y) => drawn(x, y) ?? (y < 32 ? 0 : 0.4 + 0.2 * (x % 2)));
}

describe("local brightness as a feature map", () => {
  const at = (data: Float32Array, x: number, y: number, channel = 0) => data[channel * 1024 + y * 32 + x];

  test("is how much brighter a place is than its surroundings, in spreads of the body", () => {
    const { name, channels, width, height, data } = localIntensityFeature(body, 32);
    expect([name, channels, width, height, data.length]).toEqual(["local-intensity", 2, 32, 32, 2 * 32 * 32]);
    const [left, right] = [at(data, 15, 20), at(data, 16, 20)];
    expect(left).toBeLessThan(-0.05);
    expect(right).toBeCloseTo(-left, 5);
    expect(at(data, 2, 20)).toBeCloseTo(0, 4);
  });

  test("does not know units: any gain and offset gives the same", () => {
    const other = image((x, y) => 7 + 30 * body.data[y * 128 + x]);
    const [a, b] = [localIntensityFeature(body, 32).data, localIntensityFeature(other, 32).data];
    for (let i = 0; i < a.length; i++) expect(b[i]).toBeCloseTo(a[i], 4);
  });

  test("background counts nowhere: neither its own places nor its brightness beside the body", () => {
    const hazy = image((x, y) => (y < 32 ? 0.05 : body.data[y * 128 + x]));
    const [black, haze] = [body, hazy].map(
      (one) => localIntensityFeature(one, 32, bodyBrightness(one, 0.1)).data,
    );
    expect(haze).toEqual(black);
    expect(at(black, 16, 2)).toBe(0);
    expect(at(black, 2, 8)).toBeCloseTo(0, 4);
  });

  test("a slow change of brightness does not count", () => {
    const slope = image((x) => 0.3 + 0.002 * x);
    expect(at(localIntensityFeature(slope, 32).data, 16, 16)).toBeCloseTo(0, 4);
  });

  test("goes no further than 0.2", () => {
    const spot = textured((x, y) => (Math.hypot(x - 64, y - 80) < 4 ? 1 : undefined));
    expect(at(localIntensityFeature(spot, 32).data, 16, 20)).toBeCloseTo(0.2, 6);
  });

  test("the second channel looks wider: a broad spot stands out from it more", () => {
    const spot = textured((x, y) => (Math.hypot(x - 64, y - 80) < 12 ? 0.55 : undefined));
    const { data } = localIntensityFeature(spot, 32);
    expect(at(data, 16, 20, 1)).toBeGreaterThan(at(data, 16, 20));
  });

  test("rounding errors in a body of one brightness are not blown up", () => {
    const even = image((x, y) => (y < 32 ? 0 : 0.6 + (x % 2) * 2 ** -24));
    expect(localIntensityFeature(even, 32).data.every((value) => value === 0)).toBe(true);
  });

  test("an image that shows nothing gives zeros", () => {
    const nothing = image(() => 0);
    expect(localIntensityFeature(nothing, 32).data.every((value) => value === 0)).toBe(true);
  });
});
