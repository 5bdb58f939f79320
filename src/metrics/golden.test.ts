// Against scikit-learn, scipy and definitions computed in Python: see scripts/golden_metrics.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import { dice, iou } from "./dice.ts";
import { aupro } from "./pro.ts";
import { auroc, imageAuroc } from "./roc.ts";
import { createScoreHistogram } from "./score-histogram.ts";
import { createEvaluation, type EvaluatedImage } from "./summary.ts";

interface GoldenEvaluation {
  readonly name: string;
  readonly shape: readonly [number, number, number];
  readonly maps: string;
  readonly truths: string;
  readonly masks: string;
  readonly imageScores: readonly number[];
  readonly expected: Record<string, number> & { readonly dice: number[]; readonly iou: number[] };
}

const golden: { evaluations: GoldenEvaluation[] } = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
);

/** Bits of numpy.packbits: the first item is the highest bit. */
function unpackBits(base64: string): Uint8Array {
  return Uint8Array.from(
    [...Buffer.from(base64, "base64")].flatMap((byte) =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1),
    ),
  );
}

function imagesOf({
  shape,
  maps,
  truths,
  masks,
  imageScores,
}: GoldenEvaluation): (EvaluatedImage & { truth: Mask })[] {
  const [count, height, width] = shape;
  const floats = new Float32Array(new Uint8Array(Buffer.from(maps, "base64")).buffer);
  const truthBits = unpackBits(truths);
  const maskBits = unpackBits(masks);
  return Array.from({ length: count }, (_, i) => {
    const part = [i * width * height, (i + 1) * width * height] as const;
    const map: ScalarMap = { width, height, data: floats.slice(...part) };
    const truth: Mask = { width, height, data: truthBits.slice(...part) };
    const mask: Mask = { width, height, data: maskBits.slice(...part) };
    const anomalous = truth.data.includes(1);
    return { name: `${i}.png`, anomalous, score: imageScores[i], map, mask, truth };
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
    expect(metrics.undefinedMetrics).toEqual({});
  });

  test("DICE and IoU of each image", () => {
    images.forEach(({ mask, truth }, i) => {
      expect(dice(mask, truth)).toBeCloseTo(expected.dice[i], 12);
      expect(iou(mask, truth)).toBeCloseTo(expected.iou[i], 12);
    });
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
