import { describe, expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import { contrast } from "./contrast.ts";

describe("mean inside minus mean in the ring", () => {
  const pixel = drawnMask(".......", ".......", ".......", "...#...", ".......", ".......", ".......");

  test("the ring of one pixel is the 12 pixels within two steps", () => {
    const map = drawnMap("9999999", "9991999", "9911199", "9117119", "9911199", "9991999", "9999999");
    expect(contrast(pixel, map)).toBe(7 - 1);
  });

  test("every pixel of the ring counts, and no other does", () => {
    const ring = drawnMap("0000000", "0001000", "0011100", "0110110", "0011100", "0001000", "0000000");
    for (let i = 0; i < 49; i++) {
      const map = { width: 7, height: 7, data: new Float32Array(49) };
      map.data[i] = 12;
      expect(contrast(pixel, map), `pixel ${i}`).toBe(i === 24 ? 12 : ring.data[i] === 1 ? -1 : 0);
    }
  });

  test("a mask that follows the hill beats one that is larger and one that is smaller", () => {
    const map = drawnMap("0000000", "0222220", "0299920", "0299920", "0299920", "0222220", "0000000");
    const hill = drawnMask(".......", ".......", "..###..", "..###..", "..###..", ".......", ".......");
    const larger = drawnMask(".......", ".#####.", ".#####.", ".#####.", ".#####.", ".#####.", ".......");
    expect(contrast(hill, map)).toBeGreaterThan(contrast(larger, map));
    expect(contrast(hill, map)).toBeGreaterThan(contrast(pixel, map));
  });

  test("gain scales it, an offset changes nothing", () => {
    const map = drawnMap("1234567", "7654321", "1357135", "9871234", "2468246", "1112223", "3332221");
    const other = { ...map, data: map.data.map((value) => 4 * value + 100) };
    expect(contrast(pixel, other)).toBeCloseTo(4 * contrast(pixel, map), 5);
  });
});

describe("at the border", () => {
  test("the ring ends with the map and does not go on at the other side", () => {
    const map = drawnMap("8119", "1199", "1999", "9999");
    expect(contrast(drawnMask("#...", "....", "....", "...."), map)).toBe(7);
    const right = drawnMap("9118", "9911", "9991", "9999");
    expect(contrast(drawnMask("...#", "....", "....", "...."), right)).toBe(7);
    const last = drawnMap("9999", "9991", "9911", "9118");
    expect(contrast(drawnMask("....", "....", "....", "...#"), last)).toBe(7);
  });

  test("a hole belongs to the ring", () => {
    expect(contrast(drawnMask("###", "#.#", "###"), drawnMap("444", "414", "444"))).toBe(3);
  });
});

test("the ring is 0.15 of the area's square root wide: 3 pixels around 20 x 20", () => {
  const side = 30;
  const inside = (x: number, by: number) => x >= 5 - by && x < 25 + by;
  const make = (by: number) =>
    Uint8Array.from({ length: side * side }, (_, i) =>
      inside(i % side, by) && inside(Math.floor(i / side), by) ? 1 : 0,
    );
  const mask = { width: side, height: side, data: make(0) };
  const mapOf = (from: number, to: number) => {
    const [inner, outer] = [make(from), make(to)];
    return { width: side, height: side, data: Float32Array.from(outer, (value, i) => value - inner[i]) };
  };
  expect(contrast(mask, mapOf(2, 3))).toBeLessThan(0);
  expect(contrast(mask, mapOf(3, 4))).toBe(0);
});

test("an empty mask is worse than any other", () => {
  expect(contrast(drawnMask("..", ".."), drawnMap("12", "34"))).toBe(Number.NEGATIVE_INFINITY);
});

test("a mask that fills the map is compared with 0", () => {
  expect(contrast(drawnMask("##", "##"), drawnMap("12", "36"))).toBe(3);
});
