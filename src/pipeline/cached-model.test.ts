import { beforeEach, describe, expect, test } from "vitest";
import { normalImage } from "../../test/support/made-images.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { fitOptions } from "../options.ts";
import { decodeHalf, encodeHalf } from "../util/float16.ts";
import { cachedModel, type EncodingStore, encodingBytes } from "./cached-model.ts";
import { describe as describeImage } from "./describe.ts";

let runs: number;
let kept: Map<string, Uint16Array>;
const model = tinyModel({
  onEncode: () => {
    runs++;
  },
});
const options = fitOptions(model.features);
const store: EncodingStore = {
  load: async (key) => kept.get(key),
  save: async (key, halves) => {
    kept.set(key, halves);
  },
};

beforeEach(() => {
  runs = 0;
  kept = new Map();
});

function rounded(values: Float32Array): Float32Array {
  const halves = new Uint16Array(values.length);
  encodeHalf(values, halves, 0);
  return decodeHalf(halves);
}

describe("cachedModel", () => {
  test("encodes an image once, whichever feature maps are asked for", async () => {
    const cached = cachedModel(model, store);
    const first = await describeImage(cached, options, normalImage(1));
    const again = await describeImage(cached, options, normalImage(1));
    await describeImage(cached, { ...options, taps: ["neck"] }, normalImage(1));
    expect(runs).toBe(1);
    expect(again.layers).toEqual(first.layers);
    expect(again.embedding).toEqual(first.embedding);
    await describeImage(cached, options, normalImage(2));
    expect([runs, kept.size]).toEqual([2, 2]);
  });

  test("gives the feature maps rounded to half precision, the first time too", async () => {
    const plain = await describeImage(model, options, normalImage(1));
    const cached = await describeImage(cachedModel(model, store), options, normalImage(1));
    expect(cached.embedding).toEqual({ ...plain.embedding, data: rounded(plain.embedding.data) });
  });

  test("keeps encodingBytes an image; one of another size is made anew", async () => {
    const cached = cachedModel(model, store);
    await describeImage(cached, options, normalImage(1));
    const [[key, halves]] = kept;
    expect(encodingBytes(model.manifest)).toBe(2 * (2 + 3 + 2) * 8 * 8);
    expect(halves.byteLength).toBe(encodingBytes(model.manifest));
    kept.set(key, halves.subarray(1));
    await describeImage(cached, options, normalImage(1));
    expect(runs).toBe(2);
  });

  test("does not take the encodings of another encoder", async () => {
    await describeImage(cachedModel(model, store), options, normalImage(1));
    const other = tinyModel({ sha256: "c".repeat(64) });
    await describeImage(cachedModel(other, store), options, normalImage(1));
    expect(kept.size).toBe(2);
  });
});
