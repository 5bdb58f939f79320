import { beforeAll, describe, expect, test } from "vitest";
import { bytesOf } from "../../test/support/bytes.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { imageWithSpot, normalImage, normalSources } from "../../test/support/made-images.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { encodeBank, readBank } from "../bank/bank-file.ts";
import { issue } from "../issues.ts";
import { fitOptions, segmentOptions } from "../options.ts";
import type { Bank, Mask, MedicalImage, Segmentation, SegmentOptions } from "../types.ts";
import { memorySource } from "../util/byte-source.ts";
import { decodeHalf } from "../util/float16.ts";
import { describe as describeImage } from "./describe.ts";
import { fitBank } from "./fit.ts";
import type { Model } from "./model.ts";
import { createSegmenter, type SegmentContext } from "./segment.ts";

const model = tinyModel();
const spot = imageWithSpot(77, 4, 10);
const each = { taps: ["low", "high"], axes: "each-map" } as const;
let bank: Bank;
let paperBank: Bank;

beforeAll(async () => {
  const images = normalSources(0, 40);
  bank = (await fitBank(model, images, fitOptions(model.features, { rows: 200, ...each }))).bank;
  const paper = fitOptions(model.features, { preset: "paper", rows: 100, sigma: 1 });
  paperBank = (await fitBank(model, images, paper)).bank;
});

interface Call {
  readonly bank?: Bank;
  readonly model?: Model;
  readonly options?: SegmentOptions;
  readonly context?: SegmentContext;
}

async function segment(image: MedicalImage, call: Call = {}): Promise<Segmentation> {
  const used = call.bank ?? bank;
  const options = call.options ?? segmentOptions(used.options.preset);
  const segmenter = await createSegmenter(call.model ?? model, used, options);
  try {
    return await segmenter.segment(image, call.context);
  } finally {
    await segmenter.release();
  }
}

function areaOf({ data }: Mask): number {
  return data.reduce((sum, value) => sum + value, 0);
}

function withoutSeconds({ seconds: _, ...rest }: Segmentation): Omit<Segmentation, "seconds"> {
  return rest;
}

describe("an image with a bright spot", () => {
  test("is abnormal, and mask, lesion and centre lie on the spot", async () => {
    const result = await segment(spot);
    expect(result.name).toBe("spot_77.png");
    expect(result.score).toBeGreaterThan(bank.calibration.imageScores.at(-1) as number);
    expect(result.pValue).toBe(1 / (bank.calibration.imageScores.length + 1));
    const { x, y } = result.centreOfGravity;
    expect(Math.hypot(x - 6.5, y - 12.5)).toBeLessThan(6);
    expect([result.mask.width, result.mask.height]).toEqual([32, 24]);
    expect(result.mask.data[12 * 32 + 6]).toBe(1);
    expect(result.mask.data[2 * 32 + 28]).toBe(0);
    const [lesion] = result.lesions;
    expect(result.lesions).toHaveLength(1);
    expect(lesion.area).toBe(areaOf(result.mask));
    // The map's peak, but for what sampling it at the image's own pixels takes from it.
    const peak = Math.max(...result.map.data);
    expect(lesion.score).toBe(peak);
    expect(lesion.pValue).toBe(result.pValue);
  });

  test("is called abnormal where its p-value is at most alpha", async () => {
    const { pValue } = await segment(spot);
    const at = await segment(spot, { options: segmentOptions("default", { alpha: pValue }) });
    const below = await segment(spot, { options: segmentOptions("default", { alpha: pValue - 1e-9 }) });
    expect([at.abnormal, below.abnormal]).toEqual([true, false]);
  });

  test("has its map and prompts in its own pixels", async () => {
    const { map, prompts, frame } = await segment(spot);
    expect(frame).toMatchObject({ width: 32, height: 24, side: 32, size: 16 });
    expect([map.width, map.height]).toEqual([32, 24]);
    expect(prompts).toHaveLength(1);
    const [prompt] = prompts;
    if (prompt.kind !== "box") throw new Error("a box was expected");
    const { x0, y0, x1, y1 } = prompt.box;
    expect(x0 < 6.5 && 6.5 < x1 && y0 < 12.5 && 12.5 < y1).toBe(true);
    expect(x0 >= 0 && y0 >= 0 && x1 <= 31 && y1 <= 23).toBe(true);
  });

  test("gives every mask considered where asked, the chosen one marked", async () => {
    expect((await segment(spot)).hierarchy).toBeUndefined();
    const { hierarchy = [], mask, prompts } = await segment(spot, { context: { hierarchy: true } });
    expect(hierarchy.length).toBeGreaterThan(1);
    const chosen = hierarchy.filter((item) => item.chosen);
    expect(chosen).toHaveLength(1);
    expect(chosen[0].mask).toEqual(mask);
    expect(chosen[0].prompts).toEqual(prompts);
    expect(chosen[0].quality).toBe(Math.max(...hierarchy.map(({ quality }) => quality)));
    expect(
      hierarchy.every(
        ({ label, predictedIou }) => /^peak \d, level 0\.\d\d$/.test(label) && predictedIou === 0.5,
      ),
    ).toBe(true);
  });
});

test("the same image gives the same result, and so does the bank after its way through a file", async () => {
  const [first, second] = [await segment(spot), await segment(spot)];
  expect(withoutSeconds(second)).toEqual(withoutSeconds(first));
  const read = await readBank(memorySource("bank.mias", bytesOf(await encodeBank(bank))));
  expect(withoutSeconds(await segment(spot, { bank: read }))).toEqual(withoutSeconds(first));
});

test("a learned image is nearer to the bank than when it was held out", async () => {
  const absolute = fitOptions(model.features, { rows: 200, ...each, score: "map-maximum" });
  const { bank: learned } = await fitBank(model, normalSources(0, 40), absolute);
  const scores: number[] = [];
  for (const number of new Set(learned.image))
    scores.push((await segment(normalImage(number), { bank: learned })).score);
  const { imageScores } = learned.calibration;
  expect(imageScores).toHaveLength(learned.provenance.heldOut);
  for (const [i, score] of scores.sort((a, b) => a - b).entries()) {
    expect(score).toBeLessThanOrEqual(imageScores[i]);
  }
});

test("normal images score below one with a spot, and their p-values are spread evenly", async () => {
  const segmenter = await createSegmenter(model, bank, segmentOptions("default"));
  const pValues: number[] = [];
  const { score } = await segmenter.segment(spot);
  for (let number = 300; number < 400; number++) {
    const normal = await segmenter.segment(normalImage(number));
    expect(normal.score).toBeLessThan(score);
    pValues.push(normal.pValue);
  }
  await segmenter.release();
  const mean = pValues.reduce((sum, value) => sum + value, 0) / pValues.length;
  expect(mean).toBeGreaterThan(0.4);
  expect(mean).toBeLessThan(0.65);
});

describe("the paper's preset", () => {
  test("scores by the largest squared distance of a patch to its nearest row", async () => {
    const result = await segment(spot, { bank: paperBank });
    const { layers } = await describeImage(model, paperBank.options, spot);
    const rows = decodeHalf(paperBank.layers[0].data);
    const dims = 1024;
    const distances = Array.from({ length: 16 }, (_, patch) => {
      let nearest = Number.POSITIVE_INFINITY;
      for (let row = 0; row < paperBank.rows; row++) {
        let sum = 0;
        for (let d = 0; d < dims; d++) sum += (layers[0].data[patch * dims + d] - rows[row * dims + d]) ** 2;
        nearest = Math.min(nearest, sum);
      }
      return nearest;
    });
    expect(layers[0]).toMatchObject({ rows: 4, columns: 4, dims });
    expect(result.score / Math.max(...distances)).toBeCloseTo(1, 6);
  });

  test("asks a model that takes points at the centre of gravity, and takes the finest of three masks", async () => {
    const points = tinyModel({ prompts: ["point", "box"] });
    const result = await segment(spot, { model: points, bank: paperBank, context: { hierarchy: true } });
    expect(result.issues).toEqual([]);
    expect(result.prompts).toEqual([{ kind: "point", point: result.centreOfGravity, positive: true }]);
    expect(result.hierarchy?.map(({ label, chosen }) => [label, chosen])).toEqual([
      ["centre of gravity, mask 0", true],
      ["centre of gravity, mask 1", false],
      ["centre of gravity, mask 2", false],
    ]);
  });

  test("gives one that takes none the boxes of the map's contours, united, and notes it", async () => {
    const result = await segment(spot, { bank: paperBank });
    expect(result.issues).toMatchObject([{ code: "box-path-of-paper", subject: "spot_77.png" }]);
    expect(result.prompts.length).toBeGreaterThan(0);
    expect(result.prompts.every(({ kind }) => kind === "box")).toBe(true);
    expect(result.mask.data[12 * 32 + 6]).toBe(1);
  });
});

describe("a normal image", () => {
  const normal = normalImage(301);

  test("has an empty mask, no lesions and no prompts, but its map", async () => {
    const { abnormal, mask, lesions, prompts, map, drawn } = await segment(normal);
    expect({ abnormal, lesions, prompts, drawn }).toEqual({ abnormal: false, lesions: [], prompts: [] });
    expect([mask.width, mask.height, areaOf(mask)]).toEqual([32, 24, 0]);
    expect(Math.max(...map.data)).toBeGreaterThan(0);
  });

  test("is not decoded unless somebody looks at what was drawn", async () => {
    let runs = 0;
    const counting = tinyModel({ onDecode: () => runs++ });
    await segment(normal, { model: counting });
    expect(runs).toBe(0);
    const context = { drawn: true, hierarchy: true };
    const { mask, drawn, hierarchy = [] } = await segment(normal, { model: counting, context });
    expect(runs).toBe(1);
    expect(areaOf(mask)).toBe(0);
    expect(areaOf(drawn as Mask)).toBeGreaterThan(0);
    expect(hierarchy.length).toBeGreaterThan(0);
    expect(hierarchy.filter(({ chosen }) => chosen)).toEqual([]);
  });

  test("has one mask, of its highest peak, where every image is segmented", async () => {
    const options = segmentOptions("default", { empty: "never" });
    const { abnormal, mask, prompts } = await segment(normal, { options });
    const { drawn } = await segment(normal, { context: { drawn: true } });
    expect(abnormal).toBe(false);
    expect(prompts).toHaveLength(1);
    expect(mask).toEqual(drawn);
  });

  test("has one too where too few images were held out to decide", async () => {
    const strict = segmentOptions("default", { alpha: 0.02 });
    expect(1 / (bank.calibration.imageScores.length + 1)).toBeGreaterThan(0.02);
    const { abnormal, lesions } = await segment(normal, { options: strict });
    expect(abnormal).toBe(false);
    expect(lesions.length).toBeGreaterThan(0);
  });
});

describe("an image with two spots", () => {
  const data = spot.data.map((value, i) => Math.max(value, imageWithSpot(77, 24, 3).data[i]));
  const spots = { ...spot, name: "spots.png", data: data as Uint8Array };
  let sharp: Bank;

  beforeAll(async () => {
    const options = fitOptions(model.features, {
      rows: 200,
      sigma: 1,
      expected: "none",
      brightness: "range",
    });
    sharp = (await fitBank(model, normalSources(0, 40), options)).bank;
  });

  test("has two lesions, each on a spot and each with its prompt", async () => {
    const { lesions, prompts } = await segment(spots, { bank: sharp });
    expect(prompts).toHaveLength(2);
    const centres = lesions.map(({ centre }) => centre).sort((a, b) => a.x - b.x);
    expect(centres).toHaveLength(2);
    // A patch of this model is 8 pixels wide.
    expect(Math.hypot(centres[0].x - 6.5, centres[0].y - 12.5)).toBeLessThan(8);
    expect(Math.hypot(centres[1].x - 26.5, centres[1].y - 5.5)).toBeLessThan(8);
  });

  test("has one of them where a ladder climbs the highest peak alone", async () => {
    const { lesions } = await segment(spots, {
      options: segmentOptions("default", { prompt: "box-ladder" }),
    });
    expect(lesions).toHaveLength(1);
  });
});

describe("a refinement", () => {
  const options = segmentOptions("default", { refine: "box-and-mask" });
  const context = { hierarchy: true };

  test("shows the chosen mask to the decoder again, and the choice is among all", async () => {
    let runs = 0;
    const masks = tinyModel({ prompts: ["box", "mask"], onDecode: () => runs++ });
    const { hierarchy: once = [] } = await segment(spot, { model: masks, context });
    const { hierarchy = [], issues } = await segment(spot, { model: masks, options, context });
    const label = once.find(({ chosen }) => chosen)?.label;
    expect({ runs, issues }).toEqual({ runs: 3, issues: [] });
    expect(hierarchy.map((item) => item.label)).toEqual([
      `${label}, again by its box and mask`,
      ...once.map((item) => item.label),
    ]);
  });

  test("is left out where the model takes no masks, and noted", async () => {
    const { issues, mask } = await segment(spot, { options });
    expect(issues).toMatchObject([{ code: "refinement-left-out", subject: "spot_77.png" }]);
    expect(mask).toEqual((await segment(spot)).mask);
  });
});

test("issues of the image are passed on", async () => {
  const odd = issue("alpha-composited", "spot.png", "transparent pixels were composited over black");
  expect((await segment({ ...spot, issues: [odd] })).issues).toEqual([odd]);
});

test("an image that shows nothing is refused, whatever is to be drawn", async () => {
  const constant = { ...spot, name: "grey.png", data: new Uint8Array(32 * 24).fill(9) };
  const sentence = "grey.png must show something, but every pixel has the value 9; leave it out";
  await expectMiasError(segment(constant), "image-unsupported", sentence);
});

test("an image with values that are not finite is refused, not called normal", async () => {
  const broken = {
    ...spot,
    name: "nan.png",
    data: Float32Array.from(spot.data, (v, i) => (i === 5 ? Number.NaN : v)),
  };
  await expectMiasError(
    segment(broken),
    "image-unsupported",
    "nan.png must give finite features, got NaN in",
  );
});

test("a bank of another model is refused", async () => {
  const other = tinyModel({ sha256: "c".repeat(64) });
  const opening = createSegmenter(other, bank, segmentOptions("default"));
  await expectMiasError(opening, "bank-model-mismatch", "made with model tiny (aaaaaaaaaaaa)");
});

test("an aborted call gives the signal's reason before the encoder runs", async () => {
  let runs = 0;
  const counting = tinyModel({ onEncode: () => runs++ });
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(segment(spot, { model: counting, context: { signal } })).rejects.toThrow("stop");
  expect(runs).toBe(0);
});

test("seconds are of the parts and the whole", async () => {
  const { encode, search, decode, total } = (await segment(spot)).seconds;
  expect(Math.min(encode, search, decode)).toBeGreaterThanOrEqual(0);
  expect(total).toBeGreaterThanOrEqual(encode + search + decode);
});
