import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isMiasError } from "../errors.ts";
import { createRandom, hash32, xoshiro128StarStar } from "./prng.ts";

const golden: { hashes: number[][] } = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
);

describe("xoshiro128StarStar", () => {
  test("gives the known sequence of state 1, 2, 3, 4", () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    const known = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(known.map(() => xoshiro128StarStar(state))).toEqual(known);
  });
});

describe("createRandom", () => {
  test("repeats itself for a seed and differs between seeds, above bit 31 too", () => {
    const draws = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.uniform());
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
    expect(draws(7)).not.toEqual(draws(7 + 2 ** 32));
    expect(draws(7)).not.toEqual(draws(-7));
  });

  test("uniform fills [0, 1) evenly", () => {
    const random = createRandom(1);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) bins[Math.floor(random.uniform() * 10)]++;
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test("integer keeps to its bound and favours none", () => {
    const random = createRandom(2);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[random.integer(3)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(random.integer(1)).toBe(0);
    expect(random.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test("normal has the moments and tails of a normal distribution", () => {
    const random = createRandom(3);
    const n = 200_000;
    const draws = Array.from({ length: n }, () => random.normal());
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / n;
    expect(moment(1)).toBeCloseTo(0, 1.7);
    expect(moment(2)).toBeCloseTo(1, 1.5);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
    expect(draws.filter((x) => Math.abs(x) > 1.959964).length / n).toBeCloseTo(0.05, 2);
  });

  test("normal is the polar method on the uniform draws, to the last digits of Math.log", () => {
    const uniform = createRandom(4);
    const normal = createRandom(4);
    for (let pair = 0; pair < 1000; pair++) {
      let [x, y] = [1, 1];
      while (x * x + y * y >= 1) {
        [x, y] = [uniform.uniform(), uniform.uniform()].map((u) => 2 * u + 2 ** -32 - 1);
      }
      const s = x * x + y * y;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      expect(normal.normal()).toBeCloseTo(x * scale, 13);
      expect(normal.normal()).toBeCloseTo(y * scale, 13);
    }
  });

  test("a seed or bound that is not a whole number in range is refused", () => {
    expect(() => createRandom(0.5)).toThrow("seed must be a whole number below 2^53, got 0.5");
    expect(() => createRandom(1).integer(0)).toThrow("from 1 to 2^32, got 0");
    try {
      createRandom(Number.NaN);
      expect.unreachable();
    } catch (error) {
      expect(isMiasError(error, "usage")).toBe(true);
    }
  });
});

describe("hash32", () => {
  test("is MurmurHash3 of the three words", () => {
    expect(golden.hashes.length).toBe(6);
    for (const [a, b, c, expected] of golden.hashes) expect(hash32(a, b, c)).toBe(expected);
  });

  test("every input bit flips about half of the output bits", () => {
    const bitCount = (x: number) => x.toString(2).replaceAll("0", "").length;
    for (let bit = 0; bit < 32; bit++) {
      let flipped = 0;
      for (let i = 0; i < 500; i++)
        flipped += bitCount((hash32(i, 1, 2) ^ hash32(i ^ (1 << bit), 1, 2)) >>> 0);
      expect(Math.abs(flipped / 500 - 16)).toBeLessThan(0.8);
    }
  });
});
