import { beforeAll, describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { normalSources } from "../../test/support/made-images.ts";
import { COLUMNS, ROWS, slicesWithSpot, stackOf } from "../../test/support/made-stack.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { fitOptions, segmentOptions } from "../options.ts";
import type { Bank, Mask, MedicalImage, Progress, SegmentOptions } from "../types.ts";
import type { Volume, VolumeSegmentation } from "../volume-types.ts";
import { fitBank } from "./fit.ts";
import type { Model } from "./model.ts";
import { openStack } from "./open-stack.ts";
import { createSegmenter } from "./segment.ts";
import type { VolumeContext } from "./segment-volume.ts";
import { memorySliceStore } from "./slice-store.ts";
import type { VolumeStack } from "./volume-stack.ts";

const model = tinyModel();
/** In the spot of slicesWithSpot. */
const SPOT = 12 * COLUMNS + 6;
let bank: Bank;

beforeAll(async () => {
  const each = { taps: ["low", "high"], axes: "each-map", sigma: 1 } as const;
  bank = (await fitBank(model, normalSources(0, 40), fitOptions(model.features, { rows: 200, ...each })))
    .bank;
});

interface Call {
  readonly model?: Model;
  readonly bank?: Bank;
  readonly options?: SegmentOptions;
  readonly context?: VolumeContext;
}

async function segment(stack: VolumeStack, call: Call = {}): Promise<VolumeSegmentation> {
  const options = call.options ?? segmentOptions("default");
  const segmenter = await createSegmenter(call.model ?? model, call.bank ?? bank, options);
  try {
    return await segmenter.segmentVolume(stack, call.context);
  } finally {
    await segmenter.release();
  }
}

/** Slices whose mask is not empty. */
function drawn({ slices }: VolumeSegmentation): number[] {
  return slices.filter(({ area }) => area > 0).map(({ index }) => index);
}

function meetsSpot({ data }: Mask): boolean {
  return data.some((inside, i) => {
    const [x, y] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    return inside === 1 && x >= 4 && x < 10 && y >= 10 && y < 16;
  });
}

/** All that does not depend on time, with the arrays of each slice. */
function contentOf(result: VolumeSegmentation) {
  const { mapOf, maskOf, seconds: _, ...rest } = result;
  const each = Array.from({ length: result.plan.count }, (_, i) => [mapOf(i).data, maskOf(i).data]);
  return { ...rest, each };
}

describe("a volume with a spot in three of its slices", () => {
  const images = slicesWithSpot(7, [2, 3, 4]);
  let result: VolumeSegmentation;

  beforeAll(async () => {
    result = await segment(stackOf(images));
  });

  test("has one lesion there, measured in mm", () => {
    const [lesion] = result.lesions;
    expect(result.lesions).toHaveLength(1);
    expect(result.abnormal).toBe(true);
    expect(lesion.slices[0]).toBeGreaterThanOrEqual(1);
    expect(lesion.slices[1]).toBeLessThanOrEqual(5);
    const [x, y, z] = lesion.centre;
    expect(Math.hypot(x - 6.5, y - 12.5)).toBeLessThan(6);
    expect(Math.abs(z - 3)).toBeLessThan(1);
    expect(lesion.centreLps).toEqual([x - 16, y - 12, 2 * z + 50]);
    expect(lesion.volumeMl).toBeCloseTo((lesion.voxels * 2) / 1000, 12);
    expect(lesion.largestDiameter).toBeGreaterThan(5);
  });

  test("is drawn alike where a mask is always asked for", async () => {
    const { drawnOf } = await segment(stackOf(images), { context: { drawn: true } });
    for (const { index } of result.slices) expect(drawnOf?.(index)).toEqual(result.maskOf(index));
    expect(result).not.toHaveProperty("drawnOf");
  });

  test("has labels, masks and summaries that agree", () => {
    const labelled = result.labels.filter((label) => label > 0).length;
    expect(result.labels).toHaveLength(COLUMNS * ROWS * 7);
    expect(labelled).toBe(result.lesions[0].voxels);
    for (const { index, area, lesions } of result.slices) {
      const own = result.labels.subarray(index * COLUMNS * ROWS, (index + 1) * COLUMNS * ROWS);
      expect([...result.maskOf(index).data]).toEqual([...own].map((label) => (label > 0 ? 1 : 0)));
      expect(area).toBe(own.filter((label) => label > 0).length);
      expect(lesions.reduce((sum, lesion) => sum + lesion.area, 0)).toBe(area);
    }
    for (const index of [2, 3, 4]) expect(meetsSpot(result.maskOf(index))).toBe(true);
  });

  test("judges each slice as the image it is", async () => {
    const segmenter = await createSegmenter(model, bank, segmentOptions("default"));
    for (const { index, score, pValue, abnormal } of result.slices) {
      const image = await segmenter.segment(images[index]);
      expect({ score, pValue, abnormal }).toEqual({
        score: image.score,
        pValue: image.pValue,
        abnormal: image.abnormal,
      });
    }
    expect(result.score).toBe(Math.max(...result.slices.map(({ score }) => score)));
    await segmenter.release();
  });

  test("has a map that is smoothed across slices", async () => {
    const alone = await segment(stackOf(images, { unit: "px" }));
    const at = (one: VolumeSegmentation, index: number) => one.mapOf(index).data[SPOT];
    expect(at(result, 1)).toBeGreaterThan(at(alone, 1));
    expect(at(result, 2)).toBeLessThan(at(alone, 2));
  });

  test("is the same each time, and where the store forgets", async () => {
    const again = await segment(stackOf(images));
    const forgetful = await segment(stackOf(images), { context: { store: memorySliceStore(1) } });
    expect(contentOf(again)).toEqual(contentOf(result));
    expect(contentOf(forgetful)).toEqual(contentOf(result));
  });
});

/** With a spot that is half as bright against what is around it. */
function withWeakSpot(image: MedicalImage): MedicalImage {
  const inSpot = (x: number, y: number) => x >= 4 && x < 10 && y >= 10 && y < 16;
  const data = Uint8Array.from(image.data, (value, i) =>
    inSpot(i % COLUMNS, Math.floor(i / COLUMNS)) ? 106 : value,
  );
  return { ...image, data };
}

test("a weak spot that no slice beside it bears out is drawn where a mask is always asked for, and else is not", async () => {
  const stack = stackOf(slicesWithSpot(5, []).map((image, i) => (i === 2 ? withWeakSpot(image) : image)));
  const { drawnOf, ...result } = await segment(stack, { context: { drawn: true } });
  const always = await segment(stack, { options: segmentOptions("default", { empty: "never" }) });
  expect(result.slices[2].abnormal).toBe(true);
  expect([drawn(result), drawn(always)]).toEqual([[], [2]]);
  expect([result.abnormal, always.abnormal]).toEqual([false, false]);
  expect(meetsSpot(always.maskOf(2))).toBe(true);
  for (const { index } of result.slices) expect(drawnOf?.(index)).toEqual(always.maskOf(index));
});

test("a mask goes on into a slice that is not abnormal by itself", async () => {
  const images = slicesWithSpot(5, [1, 2]);
  const stack = stackOf(images.map((image, i) => (i === 3 ? withWeakSpot(image) : image)));
  const strict = segmentOptions("default", { alpha: 1 / (bank.calibration.imageScores.length + 1) });
  const result = await segment(stack, { options: strict });
  expect(result.slices[3].abnormal).toBe(false);
  expect(drawn(result)).toContain(3);
  expect(result.lesions).toHaveLength(1);
});

test("a volume of one slice is segmented as an image is", async () => {
  const [, image] = slicesWithSpot(2, [1]);
  const result = await segment(stackOf([image]));
  const segmenter = await createSegmenter(model, bank, segmentOptions("default"));
  const { mask, map, lesions } = await segmenter.segment(image);
  expect(result.maskOf(0)).toEqual(mask);
  expect(result.mapOf(0)).toEqual(map);
  expect(result.slices[0].lesions).toEqual(lesions);
  await segmenter.release();
});

test("lesions of slices that were stretched have the extent of their labelled voxels", async () => {
  const images = slicesWithSpot(5, [1, 2, 3]);
  const isKept = (_: number, i: number) => Math.floor(i / COLUMNS) % 2 === 0;
  const volume: Volume = {
    ...{ name: "made volume", size: [COLUMNS, ROWS / 2, 5], issues: [] },
    data: Uint8Array.from(images.flatMap(({ data }) => [...data].filter(isKept))),
    geometry: { spacing: [1, 2, 2], unit: "mm", affine: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1] },
  };
  const { stack } = openStack(volume, { axis: "acquisition", window: { low: 0, high: 255 } });
  const { labels, lesions, plan } = await segment(stack);
  expect(plan.height).toBe(ROWS);
  expect(lesions.length).toBeGreaterThan(0);
  for (const { label, voxels, volumeMl, centre } of lesions) {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    const mean = (of: (i: number) => number) => own.reduce((sum, i) => sum + of(i), 0) / own.length;
    expect(voxels).toBe(own.length);
    expect(volumeMl).toBeCloseTo((own.length * 4) / 1000, 12);
    expect(centre[1]).toBeCloseTo(
      mean((i) => Math.floor(i / COLUMNS) % (ROWS / 2)),
      12,
    );
  }
});

test("where the spacing is not known each slice is by itself, and the result says so", async () => {
  const images = slicesWithSpot(3, [1]);
  const result = await segment(stackOf(images, { unit: "px" }));
  expect(drawn(result)).toEqual([1]);
  expect(result.issues).toMatchObject([{ code: "slices-independent", subject: "made volume" }]);
  expect(result.lesions[0]).not.toHaveProperty("volumeMl");
});

describe("a normal volume", () => {
  const images = slicesWithSpot(4, []);
  const strict = (empty: SegmentOptions["empty"]) =>
    segmentOptions("default", { empty, alpha: 1 / (bank.calibration.imageScores.length + 1) });

  test("has no lesion, but its maps", async () => {
    const result = await segment(stackOf(images), { options: strict("when-normal") });
    expect(result).toMatchObject({ abnormal: false, lesions: [] });
    expect(Math.max(...result.mapOf(2).data)).toBeGreaterThan(0);
    expect(result.labels.every((label) => label === 0)).toBe(true);
  });

  test("has what would be drawn beside its empty masks, where that is asked for", async () => {
    const context = { drawn: true };
    const options = strict("when-normal");
    const { drawnOf, ...result } = await segment(stackOf(images), { options, context });
    const always = await segment(stackOf(images), { options: strict("never") });
    expect(result.lesions).toEqual([]);
    for (const { index } of result.slices) {
      expect(result.maskOf(index).data.includes(1)).toBe(false);
      expect(drawnOf?.(index)).toEqual(always.maskOf(index));
    }
    expect(drawn(always)).not.toEqual([]);
    expect(always.abnormal).toBe(false);
  });

  test("has the slice of the highest score drawn where a mask is always asked for", async () => {
    const result = await segment(stackOf(images), { options: strict("never") });
    const highest = result.slices.reduce((best, slice) => (slice.score > best.score ? slice : best));
    expect(drawn(result)).toContain(highest.index);
  });

  test("has it drawn too where too few images were held out to decide", async () => {
    const options = segmentOptions("default", { alpha: 0.01 });
    expect(drawn(await segment(stackOf(images), { options })).length).toBeGreaterThan(0);
  });
});

describe("slices that cannot be seen", () => {
  test("are left out where they are empty, and say nothing of others", async () => {
    const images = slicesWithSpot(5, [2]);
    const result = await segment(stackOf(images, { empty: [0, 1, 3] }));
    expect(result.slices.map(({ index }) => index)).toEqual([2, 4]);
    expect(drawn(result)).toEqual([2]);
    expect(result.mapOf(0).data.every((value) => value === 0)).toBe(true);
  });

  test("leave nothing to judge where all are empty, or fail", async () => {
    const empty = segment(stackOf(slicesWithSpot(2, []), { empty: [0, 1] }));
    const rule = "made volume must have a slice that shows something, got none of 2";
    await expectMiasError(empty, "image-unsupported", `${rule}; check its window and values`);
    const broken = slicesWithSpot(2, []).map((image) => ({ ...image, data: new Uint8Array(COLUMNS * ROWS) }));
    await expectMiasError(segment(stackOf(broken)), "image-unsupported", `${rule} (slice 0 is left out: `);
  });

  test("become an issue where they fail, and the rest goes on", async () => {
    const images = slicesWithSpot(4, [2, 3]);
    const broken = { ...images[0], data: new Uint8Array(COLUMNS * ROWS) };
    const result = await segment(stackOf([broken, ...images.slice(1)]));
    expect(result.issues).toMatchObject([{ code: "slice-failed", severity: "error" }]);
    expect(result.issues[0].message).toContain("slice 0 is left out: ");
    expect(result.lesions).toHaveLength(1);
  });
});

describe("a call that is interrupted", () => {
  const images = slicesWithSpot(6, [2, 3]);

  test("gives the signal's reason, and goes on at the slice where it stopped", async () => {
    const store = memorySliceStore();
    const controller = new AbortController();
    const stopping = stackOf(images, {
      onSlice: (index) => index === 3 && controller.abort(new Error("stop")),
    });
    const context = { store, signal: controller.signal };
    await expect(segment(stopping, { context })).rejects.toThrow("stop");
    let encoded = 0;
    const counting = tinyModel({ onEncode: () => encoded++ });
    const resumed = await segment(stackOf(images), { model: counting, context: { store } });
    expect(encoded).toBe(2);
    expect(contentOf(resumed)).toEqual(contentOf(await segment(stackOf(images))));
  });

  test("tells its progress over both passes", async () => {
    const told: Progress[] = [];
    await segment(stackOf(images), { context: { onProgress: (progress) => told.push(progress) } });
    expect(told.map(({ done }) => done)).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(new Set(told.map(({ stage, total }) => `${stage} ${total}`))).toEqual(
      new Set(["segmenting slice 12"]),
    );
  });
});
