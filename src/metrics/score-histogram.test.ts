import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import { createRandom } from "../util/prng.ts";
import { bestThresholdDice } from "./dice.ts";
import { aupro } from "./pro.ts";
import { auroc } from "./roc.ts";
import { createScoreHistogram } from "./score-histogram.ts";

const mapOf = (...data: number[]): ScalarMap => ({
  width: data.length,
  height: 1,
  data: Float32Array.from(data),
});
const maskOf = (...data: number[]): Mask => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

interface Sample {
  readonly map: ScalarMap;
  readonly truth: Mask;
}

/** Images of 16 x 16 with normal noise and a brighter square, some values below 0. */
function samples(count: number): Sample[] {
  const random = createRandom(5);
  return Array.from({ length: count }, () => {
    const truth = { width: 16, height: 16, data: new Uint8Array(256) };
    const left = random.integer(12);
    for (let y = 3; y < 7; y++) truth.data.fill(1, y * 16 + left, y * 16 + left + 4);
    const data = Float32Array.from(truth.data, (inside) => random.normal() + inside);
    return { map: { width: 16, height: 16, data }, truth };
  });
}

function tableOf(images: readonly Sample[], exactPixels?: number) {
  const histogram = createScoreHistogram(exactPixels);
  images.forEach(({ map, truth }, i) => {
    histogram.add(`${i}.png`, map, truth);
  });
  return histogram.table();
}

describe.each([["exact", undefined] as const, ["counted by key", 0] as const])("%s", (_, exactPixels) => {
  test("lists distinct scores, highest first, with what lies at each", () => {
    const histogram = createScoreHistogram(exactPixels);
    histogram.add("a.png", mapOf(2, -1, 2, 0.5), maskOf(1, 0, 0, 1));
    histogram.add("b.png", mapOf(0.5, -0, 0));
    const { thresholds, ...counts } = histogram.table();
    // A key's threshold is its least value: one below 0 lies up to 3e-5 of itself lower.
    expect([...thresholds].map((value) => Number(value.toFixed(3)))).toEqual([2, 0.5, 0, -1]);
    expect(counts).toEqual({
      negatives: Float64Array.of(1, 1, 2, 1),
      positives: Float64Array.of(1, 1, 0, 0),
      overlap: Float64Array.of(1, 1, 0, 0),
      totals: { negatives: 5, positives: 2, regions: 2 },
    });
  });

  test("does not depend on the order of the images, to the last bit", () => {
    const images = samples(30);
    const shuffled = images.map((_, i) => images[(i * 7) % 30]);
    expect(tableOf(shuffled, exactPixels)).toEqual(tableOf(images, exactPixels));
  });

  test("rank metrics do not change when all scores are scaled by a power of two", () => {
    const images = samples(10);
    const scaled = images.map(({ map, truth }) => ({
      map: { ...map, data: map.data.map((v) => 4 * v) },
      truth,
    }));
    const before = tableOf(images, exactPixels);
    const after = tableOf(scaled, exactPixels);
    expect(auroc(after)).toBe(auroc(before));
    expect(aupro(after)).toBe(aupro(before));
    expect(bestThresholdDice(after)?.dice).toBe(bestThresholdDice(before)?.dice);
  });

  test("the best threshold, applied to the maps, reproduces its DICE", () => {
    const images = samples(20);
    const best = bestThresholdDice(tableOf(images, exactPixels)) ?? { dice: 0, threshold: 0 };
    const counts = { both: 0, called: 0, truth: 0 };
    for (const { map, truth } of images) {
      map.data.forEach((value, i) => {
        const called = value >= best.threshold ? 1 : 0;
        counts.both += called & truth.data[i];
        counts.called += called;
        counts.truth += truth.data[i];
      });
    }
    expect(best.dice).toBeCloseTo((2 * counts.both) / (counts.called + counts.truth), 12);
    expect(best.dice).toBeGreaterThan(0.2);
  });
});

test("rank metrics do not change under any rising map, as long as no scores merge", () => {
  const images = samples(10);
  const cubed = images.map(({ map, truth }) => ({
    map: { ...map, data: map.data.map((v) => v ** 3 + v) },
    truth,
  }));
  expect(auroc(tableOf(cubed))).toBeCloseTo(auroc(tableOf(images)) ?? Number.NaN, 6);
  expect(aupro(tableOf(cubed))).toBeCloseTo(aupro(tableOf(images)) ?? Number.NaN, 6);
});

test("past the limit everything is counted by key, what waited too", () => {
  const images = samples(6);
  expect(tableOf(images, 4 * 256)).toEqual(tableOf(images, 0));
  expect(tableOf(images, 6 * 256)).toEqual(tableOf(images));
  expect(tableOf(images, 0)).not.toEqual(tableOf(images));
});

test("keys are finer than the noise: counted and exact metrics agree", () => {
  const images = samples(60);
  expect(auroc(tableOf(images, 0))).toBeCloseTo(auroc(tableOf(images)) ?? Number.NaN, 5);
});

test("a value that is not finite and a truth of another size are refused", () => {
  const histogram = createScoreHistogram();
  expect(() => histogram.add("a.png", mapOf(1, Number.NaN))).toThrow(
    "map values must be finite, got NaN at pixel 1 (a.png)",
  );
  expect(() => histogram.add("a.png", mapOf(1, 2), maskOf(1))).toThrow(
    "truth and map must have one size, got 1 x 1 and 2 x 1 (a.png)",
  );
});
