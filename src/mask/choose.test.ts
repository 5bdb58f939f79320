import { describe, expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import type { Candidate, PromptSet } from "../types.ts";
import {
  chooseAll,
  chooseByContrast,
  chooseByContrastAndAgreement,
  chooseByContrastAndStability,
  chooseFirst,
  choosers,
} from "./choose.ts";

const promptSet: PromptSet = { prompts: [], output: "single", label: "made" };

/** A candidate whose logits are 3 on the mask that is drawn and -3 elsewhere. */
function candidate(...rows: string[]): Candidate {
  const { width, height, data } = drawnMask(...rows);
  const logits = { width, height, data: Float32Array.from(data, (value) => (value === 1 ? 3 : -3)) };
  return { promptSet, maskIndex: 0, logits, predictedIou: 0.5 };
}

const map = drawnMap("0000", "0880", "0880", "0000");
const hill = candidate("....", ".##.", ".##.", "....");
const half = candidate("....", ".##.", "....", "....");
const beside = candidate("#...", "....", "....", "....");
const empty = candidate("....", "....", "....", "....");
const all = candidate("####", "####", "####", "####");

describe("by contrast", () => {
  test("takes the mask that stands out most", () => {
    const { qualities, chosen } = chooseByContrast([beside, half, hill, all, empty], map);
    expect(chosen).toEqual([2]);
    expect(qualities[2]).toBe(8);
    expect(qualities[3]).toBe(2);
    expect(qualities[4]).toBe(Number.NEGATIVE_INFINITY);
  });

  test("on a constant map takes the first that is not empty", () => {
    const constant = drawnMap("5555", "5555", "5555", "5555");
    expect(chooseByContrast([empty, beside, hill], constant)).toEqual({
      qualities: [Number.NEGATIVE_INFINITY, 0, 0],
      chosen: [1],
    });
  });

  test("takes the first of equals", () => {
    expect(chooseByContrast([beside, hill, hill], map).chosen).toEqual([1]);
  });

  test("takes a mask that does not stand out rather than none", () => {
    expect(chooseByContrast([empty, beside], map).chosen).toEqual([1]);
  });

  test("takes none where all are empty, or there is none", () => {
    expect(chooseByContrast([empty, empty], map).chosen).toEqual([]);
    expect(chooseByContrast([], map)).toEqual({ qualities: [], chosen: [] });
  });

  test("a logit of 0 is outside", () => {
    const zeros = { ...hill, logits: { ...hill.logits, data: new Float32Array(16) } };
    expect(chooseByContrast([zeros], map).chosen).toEqual([]);
  });

  test("a map of another resolution than the masks is brought to theirs", () => {
    const data = Float32Array.from({ length: 64 }, (_, i) => map.data[(i >> 4) * 4 + ((i >> 1) & 3)]);
    const fine = { width: 8, height: 8, data };
    const coarse = chooseByContrast([beside, half, hill], map);
    expect(chooseByContrast([beside, half, hill], fine)).toEqual(coarse);
  });
});

describe("by contrast and stability", () => {
  const soft = (steep: typeof hill) => ({
    ...steep,
    logits: { ...steep.logits, data: steep.logits.data.map((value) => (value > 0 ? 0.5 : -0.5)) },
  });

  test("of two alike the one with the steeper edge", () => {
    expect(chooseByContrastAndStability([soft(hill), hill], map).chosen).toEqual([1]);
  });

  test("a mask of weight 0 is measured by the others and has no say", () => {
    const silent = { ...beside, promptSet: { ...beside.promptSet, weight: 0 } };
    const { qualities, chosen } = chooseByContrastAndStability([hill, silent], map);
    expect(chosen).toEqual([0]);
    expect(qualities[0]).toBe(8);
  });

  test("nothing to choose from", () => {
    expect(chooseByContrastAndStability([empty], map).chosen).toEqual([]);
    expect(chooseByContrastAndStability([], map).chosen).toEqual([]);
  });
});

describe("by contrast and agreement", () => {
  test("takes a mask that others resemble rather than the one of greatest contrast", () => {
    const slopes = drawnMap("0000000", "0666660", "0667660", "0666660", "0000000");
    const whole = candidate(".......", ".#####.", ".#####.", ".#####.", ".......");
    const most = candidate(".......", ".#####.", ".#####.", ".####..", ".......");
    const summit = candidate(".......", ".......", "...#...", ".......", ".......");
    expect(chooseByContrastAndAgreement([most, whole, summit], slopes).chosen).toEqual([1]);
  });

  test("agreement does not help a mask that does not stand out", () => {
    const { chosen } = chooseByContrastAndAgreement([beside, beside, half], map);
    expect(chosen).toEqual([2]);
  });

  test("takes none where all are empty, or there is none", () => {
    expect(chooseByContrastAndAgreement([empty], map).chosen).toEqual([]);
    expect(chooseByContrastAndAgreement([], map).chosen).toEqual([]);
  });
});

test("the published rule takes the first, whatever its contrast", () => {
  const { qualities, chosen } = chooseFirst([beside, hill], map);
  expect(chosen).toEqual([0]);
  expect(qualities[1]).toBe(8);
  expect(chooseFirst([], map).chosen).toEqual([]);
});

test("the published box path takes all", () => {
  expect(chooseAll([beside, hill, empty], map).chosen).toEqual([0, 1, 2]);
  expect(chooseAll([], map).chosen).toEqual([]);
});

test("choosers go by name", () => {
  expect(choosers).toEqual({
    "contrast-stability": chooseByContrastAndStability,
    "contrast-agreement": chooseByContrastAndAgreement,
    contrast: chooseByContrast,
    first: chooseFirst,
    union: chooseAll,
  });
});
