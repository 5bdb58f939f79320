import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import type { EvaluatedImage } from "./evaluation-metrics.ts";
import { createEvaluation } from "./summary.ts";

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

  test("masks that are always drawn have DICE figures of their own; without them there are none", () => {
    expect(metrics.always).toBeNull();
    const drawn = [mask(0, 1, 0, 0), mask(1, 0, 0, 0), mask(0, 1, 1, 0), mask(0, 0, 1, 1)];
    const { always, dice, falseAlarms } = evaluate(images.map((image, i) => ({ ...image, drawn: drawn[i] })));
    expect(always?.dice.anomalousMean).toBeCloseTo((2 / 3 + 1) / 2, 12);
    // Two masks of one pixel on good images, where the truth has none.
    expect(always?.dice.dataset).toBeCloseTo((2 * 3) / (6 + 3), 12);
    expect({ dice, falseAlarms }).toEqual({ dice: metrics.dice, falseAlarms: metrics.falseAlarms });
  });

  test("an anomalous image whose truth is empty is left out of DICE, whatever was drawn", () => {
    const blank = { name: "t3", anomalous: true, score: 4, map: map(1, 0, 0, 0), truth: mask(0, 0, 0, 0) };
    for (const drawn of [mask(0, 0, 0, 0), mask(1, 1, 0, 0)]) {
      const more = evaluate([...images, { ...blank, mask: drawn, drawn }]);
      expect(more.dice.anomalousMean).toBe(metrics.dice.anomalousMean);
      expect(more.always?.dice.anomalousMean).toBeNull();
      expect(more.rows[4]).toMatchObject({ dice: null, truthArea: 0 });
      expect(more.images).toEqual({ good: 2, anomalous: 3 });
    }
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
      // One border pixel of three is 1 away from the other border.
      hd95: expect.closeTo(0.9, 12),
      assd: 1 / 3,
      areaDifference: 1,
      relativeAreaDifference: 1,
    });
    expect(metrics.rows.map((row) => row.dice)).toEqual([1, 0, 2 / 3, 0]);
  });

  test("the order of images moves rows only", () => {
    const { rows, ...rest } = evaluate([...images].reverse());
    const { rows: before, ...expected } = metrics;
    expect(rest).toEqual(expected);
    expect([...rows].reverse()).toEqual(before);
  });

  test("lesions: of anomalous images, and of all with their false alarms", () => {
    const { anomalous, all } = metrics.lesions;
    expect(anomalous.either).toMatchObject({ truths: 2, found: 1, predicted: 1, precision: 1, recall: 0.5 });
    expect(all.either).toMatchObject({ truths: 2, found: 1, predicted: 2, precision: 0.5, recall: 0.5 });
    expect(metrics.surface).toMatchObject({ unit: "px", images: 1, excluded: 1 });
    expect(metrics.area).toEqual({ unit: "px", absoluteDifference: 1.5, relativeDifference: 0, images: 2 });
  });

  test("what is given besides: verdicts, bodies, a baseline, patients", () => {
    const given = images.map((image, i) => ({
      ...image,
      abnormal: i > 0,
      patient: i < 2 ? "a" : "b",
      body: mask(1, 1, 1, 0),
      baseline: map(i, 0, 0, i),
    }));
    const more = evaluate(given);
    expect(more.decision).toEqual({
      sensitivity: 1,
      specificity: 0.5,
      abnormal: { good: 1, anomalous: 2 },
    });
    // Inside: scores 5 and 2 of the truth against ten others, of which one is above 2 and one above both.
    expect(more.pixel.aurocBody).toBeCloseTo((10 + 8) / (2 * 10), 12);
    expect(more.baseline?.image.auroc).toBe(1);
    expect(more.baseline?.pixel.aurocBody).toBeLessThan(0.5);
    expect(more.bootstrap).toMatchObject({ groups: 2, by: "patient", resamples: 1000 });
    expect(metrics.baseline).toBeNull();
  });

  test("no intervals where none are asked for", () => {
    expect(createEvaluation({ bootstrap: 0 }).finish().bootstrap).toBeNull();
  });

  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  });
});

describe("metrics that the data do not define are null, with a reason", () => {
  test("no anomalous images", () => {
    const metrics = evaluate(images.slice(0, 2));
    expect(metrics.image.auroc).toBeNull();
    expect(Object.values(metrics.pixel)).toEqual(Array(7).fill(null));
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
    expect(Object.keys(metrics.undefinedMetrics)).toEqual([
      ...["image.auroc", "image.sensitivityAt5", "image.sensitivityAt10", "pixel.aupimo"],
      "lesions.classes.large.recall",
    ]);
    const judged = evaluate(images.slice(2).map((image) => ({ ...image, abnormal: true })));
    expect(judged.undefinedMetrics["decision.specificity"]).toContain("a verdict on good and on anomalous");
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
    expect(Object.keys(metrics.undefinedMetrics)).toHaveLength(21);
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
    expect(add({ body: mask(1) })).toThrow("body must have the map's size 4 x 1, got 1 x 1 (t1)");
    expect(add({ baseline: map(1) })).toThrow("baseline must have the map's size 4 x 1, got 1 x 1 (t1)");
  });

  test("a good image with a lesion", () => {
    expect(add({ anomalous: false })).toThrow(
      "the truth of a good image must be empty, but it has pixels (t1)",
    );
  });
});
