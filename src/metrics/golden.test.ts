// Against scikit-learn, scipy and definitions computed in Python: see scripts/golden_metrics.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { goldenMaps, goldenMasks } from "../../test/support/golden-arrays.ts";
import type { Mask } from "../types.ts";
import { createAupimo } from "./aupimo.ts";
import { dice, iou } from "./dice.ts";
import type { EvaluatedImage } from "./evaluation-metrics.ts";
import { aupro } from "./pro.ts";
import { auroc, imageAuroc } from "./roc.ts";
import { createScoreHistogram } from "./score-histogram.ts";
import { createEvaluation } from "./summary.ts";

interface GoldenEvaluation {
  readonly name: string;
  readonly shape: readonly [number, number, number];
  readonly maps: string;
  readonly truths: string;
  readonly masks: string;
  readonly imageScores: readonly number[];
  readonly expected: Record<string, number> & {
    readonly dice: number[];
    readonly iou: number[];
    readonly aupimo: number[];
  };
}

const golden: { evaluations: GoldenEvaluation[] } = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
);

function imagesOf(set: GoldenEvaluation): (EvaluatedImage & { truth: Mask })[] {
  const maps = goldenMaps(set.maps, set.shape);
  const truths = goldenMasks(set.truths, set.shape);
  return goldenMasks(set.masks, set.shape).map((mask, i) => {
    const [map, truth] = [maps[i], truths[i]];
    const anomalous = truth.data.includes(1);
    return { name: `${i}.png`, anomalous, score: set.imageScores[i], map, mask, truth };
  });
}

describe.each(golden.evaluations)("test set $name", (set) => {
  const { expected } = set;
  const images = imagesOf(set);

  test("every metric of the summary", () => {
    const evaluation = createEvaluation();
    for (const image of images) evaluation.add(image);
    const metrics = evaluation.finish();
    expect(metrics.image.auroc).toBeCloseTo(expected.imageAuroc, 9);
    expect(metrics.image.averagePrecision).toBeCloseTo(expected.imageAveragePrecision, 9);
    expect(metrics.pixel.auroc).toBeCloseTo(expected.pixelAuroc, 9);
    expect(metrics.pixel.averagePrecision).toBeCloseTo(expected.pixelAveragePrecision, 9);
    expect(metrics.pixel.aupro).toBeCloseTo(expected.aupro, 9);
    expect(metrics.dice.anomalousMean).toBeCloseTo(expected.diceAnomalousMean, 12);
    expect(metrics.dice.dataset).toBeCloseTo(expected.diceDataset, 12);
    expect(metrics.dice.bestThreshold).toBeCloseTo(expected.diceBestThreshold, 12);
    expect(metrics.falseAlarms).toBe(expected.falseAlarms);
    expect(metrics.rows.map((row) => row.dice)).toEqual(expected.dice);
    expect(Object.keys(metrics.undefinedMetrics)).toEqual(["pixel.aupimo"]);
  });

  test("DICE and IoU of each image", () => {
    images.forEach(({ mask, truth }, i) => {
      expect(dice(mask, truth)).toBeCloseTo(expected.dice[i], 12);
      expect(iou(mask, truth)).toBeCloseTo(expected.iou[i], 12);
    });
  });

  test("AUPIMO of each image, up to rates that few pixels can tell", () => {
    const aupimo = createAupimo({ from: 1e-3, to: 1e-1 });
    for (const { map, truth, anomalous } of images) aupimo.add(map, anomalous ? truth : undefined);
    expect(aupimo.finish().images).toEqual(expected.aupimo.map((value) => expect.closeTo(value, 6)));
  });

  test("image AUROC", () => {
    const labels = images.map(({ anomalous }) => anomalous);
    expect(imageAuroc(set.imageScores, labels)).toBeCloseTo(expected.imageAuroc, 12);
  });

  test("counted by 24-bit keys: the regions are the same, the areas nearly so", () => {
    const histogram = createScoreHistogram(0);
    for (const { name, map, truth } of images) histogram.add(name, map, truth);
    const table = histogram.table();
    expect(table.totals.regions).toBe(expected.regions);
    const digits = set.name === "ties" ? 9 : 4;
    expect(auroc(table)).toBeCloseTo(expected.pixelAuroc, digits);
    expect(aupro(table)).toBeCloseTo(expected.aupro, digits);
  });
});
