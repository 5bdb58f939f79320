import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import { createEvaluation, type EvaluatedImage } from "./summary.ts";

const map = (...data: number[]): ScalarMap => ({
  width: data.length,
  height: 1,
  data: Float32Array.from(data),
});
const mask = (...data: number[]): Mask => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

const images: readonly EvaluatedImage[] = [
  { name: "g1", anomalous: false, score: 1, map: map(0, 1, 0, 0), mask: mask(0, 0, 0, 0) },
  { name: "g2", anomalous: false, score: 3, map: map(3, 0, 0, 0), mask: mask(1, 0, 0, 0) },
  {
    name: "t1",
    anomalous: true,
    score: 5,
    map: map(0, 5, 4, 0),
    mask: mask(0, 1, 1, 0),
    truth: mask(0, 1, 0, 0),
  },
  {
    name: "t2",
    anomalous: true,
    score: 2,
    map: map(0, 0, 2, 2),
    mask: mask(0, 0, 0, 0),
    truth: mask(0, 0, 1, 1),
  },
];

function evaluate(list: readonly EvaluatedImage[]) {
  const evaluation = createEvaluation();
  for (const image of list) evaluation.add(image);
  return evaluation.finish();
}

describe("createEvaluation", () => {
  const metrics = evaluate(images);

  test("image metrics", () => {
    expect(metrics.images).toEqual({ good: 2, anomalous: 2 });
    expect(metrics.image.auroc).toBe(0.75);
    expect(metrics.falseAlarms).toBe(1);
  });

  test("DICE: mean over anomalous images, whole set, best threshold", () => {
    expect(metrics.dice.anomalousMean).toBeCloseTo((2 / 3 + 0) / 2, 12);
    expect(metrics.dice.dataset).toBeCloseTo((2 * 1) / (3 + 3), 12);
    // At 2: all three truth pixels and two others.
    expect(metrics.dice.bestThreshold).toBe(0.75);
    expect(metrics.dice.threshold).toBe(2);
  });

  test("pixel metrics take the pixels of good images in", () => {
    // 13 normal pixels; a truth pixel wins against all but those above or equal: 5 none, 2 and 2 lose to 3 and 4.
    expect(metrics.pixel.auroc).toBeCloseTo((13 + 11 + 11) / (3 * 13), 12);
    expect(metrics.pixel.roc?.x.at(-1)).toBe(1);
    expect(metrics.pixel.pro?.y[1]).toBe(0.5);
  });

  test("one row an image", () => {
    expect(metrics.rows[2]).toEqual({
      name: "t1",
      anomalous: true,
      score: 5,
      dice: 2 / 3,
      truthArea: 1,
      maskArea: 2,
    });
    expect(metrics.rows.map((row) => row.dice)).toEqual([1, 0, 2 / 3, 0]);
  });

  test("the order of images moves rows only", () => {
    const { rows, ...rest } = evaluate([...images].reverse());
    const { rows: before, ...expected } = metrics;
    expect(rest).toEqual(expected);
    expect([...rows].reverse()).toEqual(before);
  });

  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  });
});

describe("metrics that the data do not define are null, with a reason", () => {
  test("no anomalous images", () => {
    const metrics = evaluate(images.slice(0, 2));
    expect(metrics.image.auroc).toBeNull();
    expect(metrics.pixel).toEqual({ auroc: null, averagePrecision: null, aupro: null, roc: null, pro: null });
    expect(metrics.dice).toEqual({
      anomalousMean: null,
      dataset: null,
      bestThreshold: null,
      threshold: null,
    });
    expect(metrics.falseAlarms).toBe(1);
    expect(metrics.undefinedMetrics["image.auroc"]).toBe("needs good and anomalous images, got 2 and 0");
    expect(metrics.undefinedMetrics["pixel.aupro"]).toContain("got 8 and 0");
  });

  test("no good images: pixels still have both classes", () => {
    const metrics = evaluate(images.slice(2));
    expect(metrics.image.auroc).toBeNull();
    expect(metrics.pixel.auroc).toBe(1 - 2 / 15);
    expect(Object.keys(metrics.undefinedMetrics)).toEqual(["image.auroc"]);
  });

  test("no truths: image metrics alone", () => {
    const metrics = evaluate(images.map(({ truth: _, ...image }) => image));
    expect(metrics.image.auroc).toBe(0.75);
    expect(metrics.dice.anomalousMean).toBeNull();
    expect(metrics.rows[2]).toMatchObject({ dice: null, truthArea: null, maskArea: 2 });
  });

  test("no images at all", () => {
    const metrics = evaluate([]);
    expect(metrics.images).toEqual({ good: 0, anomalous: 0 });
    expect(Object.keys(metrics.undefinedMetrics)).toHaveLength(8);
  });
});

describe("refuses", () => {
  const add = (image: Partial<EvaluatedImage>) => () => createEvaluation().add({ ...images[2], ...image });

  test("a score that is not finite", () => {
    expect(add({ score: Number.NaN })).toThrow("score must be finite, got NaN (t1)");
  });

  test("a mask or truth of another size", () => {
    expect(add({ mask: mask(1) })).toThrow("mask must have the map's size 4 x 1, got 1 x 1 (t1)");
    expect(add({ truth: mask(1) })).toThrow("truth must have the map's size 4 x 1, got 1 x 1 (t1)");
  });

  test("a good image with a lesion", () => {
    expect(add({ anomalous: false })).toThrow(
      "the truth of a good image must be empty, but it has pixels (t1)",
    );
  });
});
