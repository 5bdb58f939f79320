import { describe, expect, test } from "vitest";
import { createRandom } from "../util/prng.ts";
import { verdictOf } from "./verdict.ts";

const normals = Array.from({ length: 19 }, (_, i) => i);

describe("verdictOf", () => {
  test("an image above all of 19 normal ones is abnormal at 0.05, any other gets an empty mask", () => {
    const rule = { alpha: 0.05, empty: "when-normal" } as const;
    expect(verdictOf(18.5, normals, rule)).toEqual({ pValue: 1 / 20, abnormal: true, empty: false });
    expect(verdictOf(18, normals, rule)).toEqual({ pValue: 2 / 20, abnormal: false, empty: true });
  });

  test("no mask is left empty where that is not asked for", () => {
    expect(verdictOf(0, normals, { alpha: 0.05, empty: "never" })).toMatchObject({ empty: false });
  });

  test("nor where 18 images cannot show a p-value of 0.05, or none was held out", () => {
    const rule = { alpha: 0.05, empty: "when-normal" } as const;
    expect(verdictOf(0, normals.slice(1), rule)).toEqual({ pValue: 1, abnormal: false, empty: false });
    expect(verdictOf(0, [], rule)).toEqual({ pValue: 1, abnormal: false, empty: false });
  });
});

describe("the promise: a normal image gets an empty mask with a probability of at least 1 - alpha", () => {
  const DRAWS = 2000;

  /** Scores of normal images with long tails and many ties; each draw has a calibration of its own. */
  function drawScores(count: number, draw: number): number[] {
    const random = createRandom(draw);
    return Array.from({ length: count }, () => Math.round(20 / (0.05 + random.uniform())) / 10);
  }

  test.each([
    { images: 19, alpha: 0.05 },
    { images: 50, alpha: 0.05 },
    { images: 30, alpha: 0.2 },
  ])("$images held-out images, alpha $alpha", ({ images, alpha }) => {
    let empty = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const [score, ...heldOut] = drawScores(images + 1, draw);
      heldOut.sort((a, b) => a - b);
      if (verdictOf(score, heldOut, { alpha, empty: "when-normal" }).empty) empty++;
    }
    // Three standard deviations of a binomial count.
    const margin = 3 * Math.sqrt((alpha * (1 - alpha)) / DRAWS);
    expect(empty / DRAWS).toBeGreaterThan(1 - alpha - margin);
    // Alarms are raised, too: a rule that leaves every mask empty would keep the promise as well.
    expect(empty).toBeLessThan(DRAWS);
  });
});
