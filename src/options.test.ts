import { describe, expect, test } from "vitest";
import { expectMiasError } from "../test/support/expect-mias-error.ts";
import { fitOptions, segmentOptions } from "./options.ts";
import type { FitOptions, PresetName, SegmentOptions } from "./types.ts";

const features = { embedding: "neck", taps: ["low", "high"] };

describe("fitOptions", () => {
  test("the default preset learns all taps", () => {
    expect(fitOptions(features)).toEqual({
      ...{
        preset: "default",
        taps: ["low", "high", "intensity", "local-intensity"],
        descriptor: "mean-3x3",
        rows: 32768,
        distance: "squared-l2",
      },
      ...{
        axes: 160,
        brightness: "body",
        placement: "patch-centres",
        sigma: 4,
        symmetry: "auto",
        expected: "nearest-normals",
        score: "map-prominence",
        holdOut: 0.5,
        seed: 0,
      },
    });
  });

  test("of a model without taps the default preset learns the embedding", () => {
    expect(fitOptions({ embedding: "neck", taps: [] }).taps).toEqual([
      "neck",
      "intensity",
      "local-intensity",
    ]);
  });

  test("the paper's preset learns the embedding, whole", () => {
    expect(fitOptions(features, { preset: "paper" })).toEqual({
      ...{ preset: "paper", taps: ["neck"], descriptor: "unfold-5x5", rows: "all", distance: "squared-l2" },
      ...{
        axes: "each-map",
        brightness: "range",
        placement: "tiles",
        sigma: 4,
        symmetry: "none",
        expected: "none",
        score: "patch-maximum",
        holdOut: 0.5,
        seed: 0,
      },
    });
  });

  test("changes are laid over the preset", () => {
    const changed = fitOptions(features, { preset: "paper", taps: ["low"], rows: 10, seed: 4294967295 });
    expect(changed).toMatchObject({ taps: ["low"], descriptor: "unfold-5x5", rows: 10, seed: 4294967295 });
  });

  test("options come back unchanged, so those of a bank can be used again", () => {
    const options = fitOptions(features, { preset: "paper", holdOut: 0.5 });
    expect(fitOptions(features, options)).toEqual(options);
  });

  test("the caller's list of taps is not shared", () => {
    expect(fitOptions(features).taps).not.toBe(features.taps);
  });

  test.each([
    { rows: 0 },
    { rows: 1.5 },
    { rows: "every" },
    { taps: [] },
    { taps: ["low", 3] },
    { descriptor: "mean-5x5" },
    { distance: "cosine" },
    { axes: 0 },
    { axes: "none" },
    { sigma: -1 },
    { sigma: 65 },
    { sigma: Number.NaN },
    { score: "mean" },
    { holdOut: -0.1 },
    { holdOut: 1.01 },
    { holdOut: "0.2" },
    { seed: -1 },
    { seed: 2 ** 32 },
    { seed: 0.5 },
  ])("%j is out of range", async (changes) => {
    const [key] = Object.keys(changes);
    await expectMiasError(
      () => fitOptions(features, changes as Partial<FitOptions>),
      "usage",
      `option ${key}`,
    );
  });
});

describe("segmentOptions", () => {
  test("are those of the preset, with changes laid over", () => {
    expect(segmentOptions("default")).toEqual({
      prompt: "lesion-ladders",
      chooser: "contrast-stability",
      refine: "none",
      alpha: 0.05,
      empty: "when-normal",
    });
    expect(segmentOptions("paper")).toEqual({
      ...{ prompt: "centre-of-gravity", chooser: "first", refine: "none", alpha: 0.05, empty: "never" },
    });
    expect(segmentOptions("paper", { alpha: 1, chooser: "union" })).toEqual({
      ...{ prompt: "centre-of-gravity", chooser: "union", refine: "none", alpha: 1, empty: "never" },
    });
  });

  test.each([
    { prompt: "text" },
    { chooser: "best" },
    { refine: "twice" },
    { alpha: 0 },
    { alpha: 1.01 },
    { empty: "always" },
  ])("%j is out of range", async (changes) => {
    const [key] = Object.keys(changes);
    const asking = () => segmentOptions("default", changes as Partial<SegmentOptions>);
    await expectMiasError(asking, "usage", `option ${key}`);
  });
});

describe("an unknown key is an error that names the known ones", () => {
  test("of a fit", async () => {
    const changes = { anomaly_scorer_num_nn: 3 } as Partial<FitOptions>;
    await expectMiasError(
      () => fitOptions(features, changes),
      "usage",
      "option anomaly_scorer_num_nn is unknown; use one of preset, taps, ",
    );
  });

  test("of a segmentation, even one that every object has", async () => {
    const changes = { toString: 1 } as unknown as Partial<SegmentOptions>;
    await expectMiasError(
      () => segmentOptions("default", changes),
      "usage",
      "toString is unknown; use one of prompt, chooser, refine, alpha, empty",
    );
  });

  test.each(["papers", "toString", ""])("preset %j", async (preset) => {
    const name = preset as PresetName;
    await expectMiasError(
      () => fitOptions(features, { preset: name }),
      "usage",
      "preset must be one of default, paper",
    );
    await expectMiasError(() => segmentOptions(name), "usage", "preset must be one of default, paper");
  });
});
