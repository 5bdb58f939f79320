// The embedded model, run by our own code, against the original torch code; see scripts/golden_model.py and the
// layout in golden/model/README.md. Tolerances are shares of the greatest absolute value.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSafetensorsHeader, readTensor } from "../src/bank/safetensors.ts";
import { EMBEDDED_MODEL, modelFolder } from "../src/io/model-folder.ts";
import { createNodeRuntime } from "../src/io/node-runtime.ts";
import { decode } from "../src/model/decoder.ts";
import { encode } from "../src/model/encoder.ts";
import { parseManifest } from "../src/model/manifest.ts";
import { loadModel, type Model } from "../src/pipeline/model.ts";
import type { Encoding, Prompt, PromptSet, ScalarMap } from "../src/types.ts";
import { memorySource } from "../src/util/byte-source.ts";
import { sha256Hex } from "../src/util/sha256.ts";

const TOLERANCE = 1e-4;
const MASKS = 4;
/** Pixels at a mask's edge whose logits are so near 0 that rounding may turn them. */
const EDGE_PIXELS = 4;

interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
type Golden = ReadonlyMap<string, GoldenTensor>;

async function readGolden(name: string): Promise<{ tensors: Golden; step: number }> {
  const bytes = readFileSync(new URL(`golden/model/${name}.safetensors`, import.meta.url));
  const source = memorySource(name, bytes);
  const header = await readSafetensorsHeader(source);
  const tensors = new Map<string, GoldenTensor>();
  for (const key of header.tensors.keys()) {
    const { shape, data } = await readTensor(source, header, key, "F32");
    tensors.set(key, { shape, data: data as Float32Array });
  }
  return { tensors, step: Number(header.metadata.step) };
}

function tensor(golden: Golden, name: string): GoldenTensor {
  const found = golden.get(name);
  if (found === undefined) throw new Error(`golden tensor ${name} is missing`);
  return found;
}

/** [count, side, side] -> [count, times * side, times * side]: every pixel becomes times x times pixels. */
function repeatPixels(data: Float32Array, side: number, times: number): Float32Array {
  const large = side * times;
  return Float32Array.from({ length: data.length * times * times }, (_, i) => {
    const plane = Math.floor(i / (large * large));
    const y = Math.floor((Math.floor(i / large) % large) / times);
    const x = Math.floor((i % large) / times);
    return data[(plane * side + y) * side + x];
  });
}

/** Every `step`-th value of `actual` is as expected, to TOLERANCE of `scale`. */
function expectSamples(actual: Float32Array, expected: Float32Array, step: number, scale: number): void {
  expect(expected).toHaveLength(Math.ceil(actual.length / step));
  const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(actual[i * step] - value)), 0);
  expect(worst / scale).toBeLessThanOrEqual(TOLERANCE);
}

function moments(values: Float32Array): { mean: number; std: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return { mean, std: Math.sqrt(variance), largest };
}

const golden = { encoder: await readGolden("encoder"), decoder: await readGolden("decoder") };
let model: Model;
let encoding: Encoding;

beforeAll(async () => {
  model = await loadModel(createNodeRuntime(), modelFolder(EMBEDDED_MODEL));
  const image = repeatPixels(tensor(golden.encoder.tensors, "image").data, 64, 4);
  encoding = await encode(model.encoder, model.manifest, image, model.features.taps);
});
afterAll(() => model?.release());

describe("the model's files", () => {
  test("the manifest is accepted, and the files are the ones it names", async () => {
    const folder = modelFolder(EMBEDDED_MODEL);
    const text = new TextDecoder().decode(await folder.read("model.json"));
    const { files, licence } = parseManifest("litemedsam", text);
    for (const { path, bytes, sha256 } of Object.values(files)) {
      const found = await folder.read(path);
      expect([path, found.length, await sha256Hex(found)]).toEqual([path, bytes, sha256]);
    }
    expect(readdirSync(EMBEDDED_MODEL)).toContain(licence.file);
  });

  test("are at most 26 MB in all, small enough for a package and a page", () => {
    const sizes = readdirSync(EMBEDDED_MODEL).map((file) => statSync(join(EMBEDDED_MODEL, file)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(26_000_000);
  });
});

describe("the encoder agrees with torch", () => {
  test.each(["embedding", "tap2", "tap3"])("%s", (name) => {
    const map = encoding.taps.get(name);
    expect(map).toMatchObject({ height: 64, width: 64, channels: name === "embedding" ? 256 : 320 });
    const data = map?.data ?? new Float32Array();
    const [mean, std, largest] = tensor(golden.encoder.tensors, `${name}.stats`).data;
    expectSamples(data, tensor(golden.encoder.tensors, `${name}.values`).data, golden.encoder.step, largest);
    const found = moments(data);
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(TOLERANCE * largest);
    expect(Math.abs(found.std - std)).toBeLessThanOrEqual(TOLERANCE * largest);
    expect(Math.abs(found.largest - largest)).toBeLessThanOrEqual(TOLERANCE * largest);
  });
});

/** The prompts that a case of the golden file feeds as row `row` of points and labels. */
function promptsOf(name: string, row: number): Prompt[] {
  const { shape, data: points } = tensor(golden.decoder.tensors, `${name}.points`);
  const labels = tensor(golden.decoder.tensors, `${name}.labels`).data;
  const count = shape[1];
  const at = (token: number) => {
    const i = 2 * (row * count + token);
    return { x: points[i], y: points[i + 1] };
  };
  return Array.from({ length: count }, (_, token): Prompt[] => {
    const label = labels[row * count + token];
    if (label === 1) return [{ kind: "point", point: at(token), positive: true }];
    if (label !== 2) return []; // padding, or the second corner of a box
    const [{ x: x0, y: y0 }, { x: x1, y: y1 }] = [at(token), at(token + 1)];
    return [{ kind: "box", box: { x0, y0, x1, y1 } }];
  }).flat();
}

function maskPromptOf(name: string, row: number): ScalarMap | undefined {
  const has = tensor(golden.decoder.tensors, `${name}.hasMask`).data;
  const { data } = tensor(golden.decoder.tensors, `${name}.mask`);
  const m = has.length === 1 ? 0 : row; // one mask prompt may serve all rows
  if (has[m] === 0) return undefined;
  return { width: 256, height: 256, data: repeatPixels(data.subarray(m * 256, (m + 1) * 256), 16, 16) };
}

/** Asks for all four masks of every row, as `decode` offers them. */
function promptSetsOf(name: string): PromptSet[] {
  const rows = tensor(golden.decoder.tensors, `${name}.points`).shape[0];
  return Array.from({ length: rows }, (_, row) => {
    const maskInput = maskPromptOf(name, row);
    const asked = {
      prompts: promptsOf(name, row),
      label: `${name} ${row}`,
      ...(maskInput ? { maskInput } : {}),
    };
    return [{ ...asked, output: "single" } as const, { ...asked, output: "multi" } as const];
  }).flat();
}

/** `index` counts the masks of the first row, then those of the second. */
function expectMask(name: string, index: number, logits: Float32Array, predictedIou: number): void {
  const { tensors, step } = golden.decoder;
  const largest = tensor(tensors, `${name}.absMax`).data[0];
  const samples = Math.ceil(logits.length / step);
  const expected = tensor(tensors, `${name}.masks`).data.subarray(index * samples, (index + 1) * samples);
  expectSamples(logits, expected, step, largest);
  const area = logits.reduce((sum, logit) => sum + (logit > 0 ? 1 : 0), 0);
  expect(Math.abs(area - tensor(tensors, `${name}.area`).data[index])).toBeLessThanOrEqual(EDGE_PIXELS);
  expect(Math.abs(predictedIou - tensor(tensors, `${name}.iou`).data[index])).toBeLessThanOrEqual(TOLERANCE);
}

describe("the decoder agrees with torch", () => {
  test.each([
    ["box", 1],
    ["boxes", 2],
    ["point", 1],
    ["boxPoint", 1],
    ["sharedMask", 2],
    ["ownMasks", 2],
    ["mixedMasks", 2],
  ])("%s, rows: %i", async (name, rows) => {
    const promptSets = promptSetsOf(name);
    const answers = await decode(model.decoder, model.manifest, encoding.embedding, promptSets);
    const masks = answers.flat(); // of each row the single mask, then its three alternatives
    expect(masks).toHaveLength(rows * MASKS);
    for (const [index, { logits, predictedIou }] of masks.entries()) {
      expectMask(name, index, logits.data, predictedIou);
    }
  });

  test.each([
    ["sharedMask", "one mask prompt for all rows"],
    ["mixedMasks", "a mask prompt for some of the rows"],
  ])("%s: %s, in one run of the graph", async (name) => {
    const { inputs, outputs } = model.manifest.decoder;
    const feed = (key: string) => tensor(golden.decoder.tensors, `${name}.${key}`);
    const { height, width, channels, data } = encoding.embedding;
    const prompts = feed("hasMask").shape[0];
    const result = await model.decoder.run({
      [inputs.embedding]: { data, dims: [1, channels, height, width] },
      [inputs.points]: { data: feed("points").data, dims: feed("points").shape },
      [inputs.labels]: { data: feed("labels").data, dims: feed("labels").shape },
      [inputs.maskInput]: { data: repeatPixels(feed("mask").data, 16, 16), dims: [prompts, 1, 256, 256] },
      [inputs.hasMask]: { data: feed("hasMask").data, dims: [prompts] },
    });
    const [masks, iou] = [result[outputs.masks], result[outputs.iou]];
    expect(masks.dims).toEqual([2, MASKS, 256, 256]);
    for (const [index, predictedIou] of iou.data.entries()) {
      expectMask(name, index, masks.data.subarray(index * 65_536, (index + 1) * 65_536), predictedIou);
    }
  });

  test("a prompt's masks are the same to the last bit whoever else is asked for", async () => {
    const [first, second] = promptSetsOf("boxes").filter(({ output }) => output === "single");
    const ask = (sets: PromptSet[]) => decode(model.decoder, model.manifest, encoding.embedding, sets);
    const [[alone]] = await ask([second]);
    const [, [together]] = await ask([first, second]);
    expect(together.predictedIou).toBe(alone.predictedIou);
    expect(together.logits.data).toEqual(alone.logits.data);
  });
});
