// Metrics of resampled images and percentiles against scikit-learn and numpy: see scripts/golden_metrics.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { goldenMaps, goldenMasks } from "../../test/support/golden-arrays.ts";
import { createRandom } from "../util/prng.ts";
import { bootstrap, createResampledMetrics, type PatientImage, type ResampledImage } from "./bootstrap.ts";
import { coarseCounts, createCoarseAuroc } from "./coarse-counts.ts";
import { percentile } from "./percentile.ts";
import { auroc } from "./roc.ts";
import { createScoreHistogram } from "./score-histogram.ts";

interface Golden {
  readonly resampled: {
    readonly shape: readonly [number, number, number];
    readonly maps: string;
    readonly truths: string;
    readonly imageScores: readonly number[];
    readonly found: readonly number[];
    readonly lesions: readonly number[];
    readonly dices: readonly number[];
    readonly times: readonly (readonly number[])[];
    readonly expected: readonly Readonly<Record<string, number>>[];
    readonly values: readonly number[];
    readonly percentiles: readonly number[];
  };
}

const { resampled: golden }: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/metrics.json", import.meta.url), "utf8"),
);
const maps = goldenMaps(golden.maps, golden.shape);
const truths = goldenMasks(golden.truths, golden.shape);
const images: ResampledImage[] = maps.map((map, i) => ({
  anomalous: truths[i].data.includes(1),
  score: golden.imageScores[i],
  dice: golden.dices[i],
  lesions: { truths: golden.lesions[i], found: golden.found[i] },
  pixels: coarseCounts(map, truths[i]),
}));

test("percentile as numpy.percentile", () => {
  const ascending = [...golden.values].sort((a, b) => a - b);
  const shares = [0, 0.025, 0.5, 0.95, 0.975, 1];
  expect(shares.map((share) => percentile(ascending, share))).toEqual(
    golden.percentiles.map((value) => expect.closeTo(value, 12)),
  );
  expect(percentile([7], 0.975)).toBe(7);
});

describe("metrics of resampled images", () => {
  const measure = createResampledMetrics(images.map((image) => [image]));

  test.each(golden.times.map((times, i) => ({ times, expected: golden.expected[i] })))(
    "each image $times times",
    ({ times, expected }) => {
      const { "pixel.auroc": pixels, ...exact } = measure(Uint32Array.from(times));
      for (const [metric, value] of Object.entries(exact)) expect(value).toBeCloseTo(expected[metric], 12);
      expect(Math.abs((pixels ?? 0) - expected["pixel.auroc"])).toBeLessThan(1e-3);
    },
  );

  test("are those of the images of each patient together", () => {
    const [first, second, ...others] = images;
    const paired = createResampledMetrics([[first, second], others]);
    expect(paired(Uint32Array.of(2, 1))).toEqual(measure(Uint32Array.of(2, 2, 1, 1, 1, 1)));
  });

  test("are null where no good image is drawn", () => {
    const times = Uint32Array.from(images, ({ anomalous }) => (anomalous ? 1 : 0));
    expect(measure(times)["image.auroc"]).toBeNull();
    expect(measure(times)["dice.anomalousMean"]).not.toBeNull();
  });
});

test("coarse counts move the AUROC of many pixels by less than 1e-4", () => {
  const random = createRandom(4);
  const truth = {
    width: 256,
    height: 256,
    data: Uint8Array.from({ length: 65536 }, (_, i) => (i % 40 === 0 ? 1 : 0)),
  };
  const map = { ...truth, data: Float32Array.from(truth.data, (t) => random.normal() + 1.5 * t) };
  const exact = createScoreHistogram();
  exact.add("a.png", map, truth);
  const coarse = createCoarseAuroc([coarseCounts(map, truth)])([1]);
  expect(Math.abs((coarse ?? 0) - (auroc(exact.table()) ?? 1))).toBeLessThan(1e-4);
});

describe("bootstrap", () => {
  const options = { resamples: 400, seed: 3 };
  const random = createRandom(1);
  /** Eighty images of forty patients; the two of a patient are alike. */
  const made: PatientImage[] = Array.from({ length: 40 }, (_, patient) => {
    const anomalous = patient % 2 === 0;
    const dice = random.uniform();
    const score = random.normal() + (anomalous ? 1 : 0);
    return [0, 1].map((slice) => ({
      ...{ name: `p${patient}-${slice}`, patient: `p${patient}`, anomalous, score, dice },
      ...{ lesions: { truths: 2, found: dice > 0.5 ? 2 : 0 }, pixels: null },
    }));
  }).flat();

  test("gives the interval that the mean's standard error tells", () => {
    const { intervals, by, groups } = bootstrap(made, null, options);
    const dices = made.filter(({ anomalous }) => anomalous).map(({ dice }) => dice ?? 0);
    const mean = dices.reduce((sum, dice) => sum + dice, 0) / dices.length;
    const variance = dices.reduce((sum, dice) => sum + (dice - mean) ** 2, 0) / dices.length;
    const interval = intervals["dice.anomalousMean"];
    expect([by, groups]).toEqual(["patient", 40]);
    // Twenty anomalous patients, not forty images.
    const width = (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width / (2 * 1.96 * Math.sqrt(variance / 20))).toBeCloseTo(1, 0.7);
    expect(interval?.low).toBeLessThan(mean);
    expect(interval?.high).toBeGreaterThan(mean);
  });

  test("by image it is narrower: slices of a patient are no new evidence", () => {
    const width = (list: readonly PatientImage[]) => {
      const interval = bootstrap(list, null, options).intervals["image.auroc"];
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    expect(width(made.map((image) => ({ ...image, patient: image.name })))).toBeLessThan(0.85 * width(made));
  });

  test("depends on the seed, not on the order of images", () => {
    expect(bootstrap([...made].reverse(), null, options)).toEqual(bootstrap(made, null, options));
    expect(bootstrap(made, null, { ...options, seed: 4 }).intervals).not.toEqual(
      bootstrap(made, null, options).intervals,
    );
  });

  test("gives none where fewer than five patients bear on it", () => {
    // Eight patients, every other one anomalous; then ten.
    expect(Object.values(bootstrap(made.slice(0, 16), null, options).intervals)).toEqual(Array(4).fill(null));
    const { intervals } = bootstrap(made.slice(0, 20), null, options);
    expect(intervals["dice.anomalousMean"]).not.toBeNull();
    expect(bootstrap([], null, options)).toMatchObject({ groups: 0, intervals: { "image.auroc": null } });
  });

  test("gives none of pixels that the coarse counts cannot tell apart", () => {
    const named = ["a", "b"].flatMap((copy) =>
      images.map((image, i) => ({ ...image, name: `${copy}${i}`, patient: `${copy}${i}` })),
    );
    const exact = golden.expected[0]["pixel.auroc"];
    expect(bootstrap(named, exact, options).intervals["pixel.auroc"]).not.toBeNull();
    expect(bootstrap(named, exact - 0.01, options).intervals["pixel.auroc"]).toBeNull();
  });
});
