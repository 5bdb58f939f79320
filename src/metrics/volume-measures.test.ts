// Against scipy's components and definitions on whole arrays: see scripts/golden_volume_metrics.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { goldenMasks } from "../../test/support/golden-arrays.ts";
import type { Mask, VolumeMeasures, VolumeSummary } from "../types.ts";
import { measureVolume } from "./volume-measures.ts";
import { summariseVolumes, undefinedVolumeMetrics } from "./volume-summary.ts";

interface Golden {
  readonly voxelMl: number;
  readonly volumes: readonly {
    readonly name: string;
    readonly shape: readonly [number, number, number];
    readonly mask: string;
    readonly truth: string;
    readonly expected: VolumeMeasures;
  }[];
  readonly summary: VolumeSummary;
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/volume-metrics.json", import.meta.url), "utf8"),
);

const filled = (mask: Mask) => (mask.data.includes(1) ? mask : undefined);

function measured({ shape, mask, truth }: Golden["volumes"][number]): VolumeMeasures {
  const [masks, truths] = [goldenMasks(mask, shape), goldenMasks(truth, shape)];
  return measureVolume({
    slices: shape[0],
    maskOf: (z) => filled(masks[z]),
    truthOf: (z) => filled(truths[z]),
    voxelMl: golden.voxelMl,
  });
}

/** A stack drawn in text: slices of rows. */
function stack(...slices: readonly (readonly string[])[]): (z: number) => Mask {
  const masks = slices.map((rows) => ({
    width: rows[0].length,
    height: rows.length,
    data: Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 1 : 0)),
  }));
  return (z) => masks[z];
}

describe("measures of a volume", () => {
  test.each(golden.volumes)("$name", (volume) => {
    const { dice, maskMl, truthMl, volumeDifferenceMl, ...counts } = measured(volume);
    const { expected } = volume;
    expect(counts).toEqual({
      maskVoxels: expected.maskVoxels,
      truthVoxels: expected.truthVoxels,
      lesions: expected.lesions,
    });
    if (expected.dice === null) expect(dice).toBeNull();
    else expect(dice).toBeCloseTo(expected.dice, 6);
    expect(maskMl).toBeCloseTo(expected.maskMl ?? Number.NaN, 6);
    expect(truthMl).toBeCloseTo(expected.truthMl ?? Number.NaN, 6);
    expect(volumeDifferenceMl).toBeCloseTo(expected.volumeDifferenceMl ?? Number.NaN, 6);
  });

  test("voxels of neighbouring slices that touch at a corner are one lesion", () => {
    const truthOf = stack(["#..", "..."], ["...", ".#."], ["...", "..#"]);
    const maskOf = stack(["...", "..."], ["...", ".#."], ["...", "..."]);
    const { lesions, dice, maskMl } = measureVolume({ slices: 3, maskOf, truthOf });
    expect({ lesions, dice, maskMl }).toEqual({
      lesions: { truths: 1, found: 1, predicted: 1, matched: 1 },
      dice: 0.5,
      maskMl: null,
    });
  });
});

describe("summary of volumes", () => {
  const all = golden.volumes.map(measured);

  test("means over volumes with a lesion, alarms over all whose truth is known", () => {
    const summary = summariseVolumes(all);
    for (const [key, value] of Object.entries(golden.summary)) {
      expect(summary[key as keyof VolumeSummary], key).toBeCloseTo(value, 6);
    }
    expect(undefinedVolumeMetrics(summary)).toEqual({});
    expect(summariseVolumes([...all, null])).toEqual({ ...summary, count: summary.count + 1 });
  });

  test("says why there is none", () => {
    const good = measureVolume({ slices: 1, maskOf: () => undefined, truthOf: () => undefined });
    const summary = summariseVolumes([good]);
    expect(summary).toMatchObject({ dice: null, lesionRecall: null, falseLesionsPerVolume: 0 });
    expect(undefinedVolumeMetrics(summary)).toMatchObject({
      "volumes.dice": "needs a volume with a lesion in its truth, got none of 1",
    });
    const unmeasured = measureVolume({ slices: 1, maskOf: stack(["#"]), truthOf: stack(["#"]) });
    expect(undefinedVolumeMetrics(summariseVolumes([unmeasured]))).toEqual({
      "volumes.volumeDifferenceMl": "needs a spacing in mm, which some volumes do not tell",
    });
  });
});
