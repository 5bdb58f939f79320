import { describe, expect, test } from "vitest";
import type { Mask, ScalarMap } from "../types.ts";
import { aupro, proCurve, regionWeights } from "./pro.ts";
import { createScoreHistogram } from "./score-histogram.ts";

function tableOf(map: ScalarMap, truth: Mask) {
  const histogram = createScoreHistogram();
  histogram.add("a.png", map, truth);
  return histogram.table();
}

describe("regionWeights", () => {
  test("each region weighs 1 in all, and pixels that touch at a corner are one region", () => {
    const truth: Mask = { width: 4, height: 2, data: Uint8Array.of(1, 0, 0, 1, 0, 1, 0, 0) };
    expect([...regionWeights(truth).weights]).toEqual([0.5, 0, 0, 1, 0, 0.5, 0, 0]);
    expect(regionWeights(truth).regions).toBe(2);
  });
});

describe("proCurve and aupro", () => {
  // A region of one pixel (score 9), a region of two (scores 8 and 2), four normal pixels.
  const map: ScalarMap = { width: 7, height: 1, data: Float32Array.of(9, 0, 8, 2, 1, 5, 0) };
  const truth: Mask = { width: 7, height: 1, data: Uint8Array.of(1, 0, 1, 1, 0, 0, 0) };

  test("regions count alike, whatever their size", () => {
    expect(proCurve(tableOf(map, truth))).toEqual({
      x: [0, 0, 0, 0.25, 0.25, 0.5, 1],
      y: [0, 0.5, 0.75, 0.75, 1, 1, 1],
    });
  });

  test("the area stops at the limit", () => {
    const table = tableOf(map, truth);
    expect(aupro(table, 0.25)).toBeCloseTo(0.75, 12);
    expect(aupro(table, 0.3)).toBeCloseTo((0.25 * 0.75 + 0.05) / 0.3, 12);
    expect(aupro(table, 1)).toBeCloseTo(0.25 * 0.75 + 0.75, 12);
  });

  test("a perfect map has 1, a constant map has half the limit", () => {
    const perfect = { ...map, data: Float32Array.from(truth.data) };
    expect(aupro(tableOf(perfect, truth))).toBeCloseTo(1, 12);
    const constant = { ...map, data: new Float32Array(7).fill(3) };
    expect(aupro(tableOf(constant, truth))).toBeCloseTo(0.15, 12);
  });

  test("is null without regions or without normal pixels", () => {
    expect(aupro(tableOf(map, { ...truth, data: new Uint8Array(7) }))).toBeNull();
    expect(aupro(tableOf(map, { ...truth, data: new Uint8Array(7).fill(1) }))).toBeNull();
  });
});
