import { describe, expect, test } from "vitest";
import { tinyManifest } from "../../test/support/tiny-manifest.ts";
import type { NdArray, Session } from "../runtime/runtime.ts";
import type { FeatureMap, Prompt, PromptSet } from "../types.ts";
import { decode } from "./decoder.ts";

const manifest = tinyManifest();
const AREA = 16 * 16;
const embedding: FeatureMap = { name: "neck", channels: 2, height: 8, width: 8, data: new Float32Array(128) };

type Inputs = Readonly<Record<string, NdArray>>;

/** A decoder whose mask k of a query is filled with 10 x (the query's first coordinate) + k, its quality k / 10. */
function session(asked: Inputs[]): Session {
  return {
    run: async (inputs) => {
      asked.push(inputs);
      const [batch, tokens] = inputs.points.dims;
      const masks = new Float32Array(batch * 4 * AREA);
      for (let slot = 0; slot < batch * 4; slot++) {
        const first = inputs.points.data[Math.floor(slot / 4) * tokens * 2];
        masks.fill(10 * first + (slot % 4), slot * AREA, (slot + 1) * AREA);
      }
      return {
        masks: { data: masks, dims: [batch, 4, 16, 16] },
        iou: { data: Float32Array.from({ length: batch * 4 }, (_, i) => (i % 4) / 10), dims: [batch, 4] },
      };
    },
    release: async () => undefined,
  };
}

const box = (x0: number): Prompt => ({ kind: "box", box: { x0, y0: 2, x1: 12, y1: 13 } });
const point = (x: number, positive = true): Prompt => ({ kind: "point", point: { x, y: 5 }, positive });

function set(prompts: Prompt[], more: Partial<PromptSet> = {}): PromptSet {
  return { prompts, output: "single", label: "made", ...more };
}

function maskOf(value: number) {
  return { width: 16, height: 16, data: new Float32Array(AREA).fill(value) };
}

/** What the decoder was asked, without the embedding and mask inputs. */
function points(inputs: Inputs) {
  const { points, labels } = inputs;
  return { points: [...points.data], labels: [...labels.data], dims: points.dims };
}

describe("tokens", () => {
  test("a box is its two corners, labelled 2 and 3, and needs no padding", async () => {
    const asked: Inputs[] = [];
    await decode(session(asked), manifest, embedding, [set([box(1)])]);
    expect(points(asked[0])).toEqual({ points: [1, 2, 12, 13], labels: [2, 3], dims: [1, 2, 2] });
  });

  test("points are 1 or 0, and a padding point of label -1 follows", async () => {
    const asked: Inputs[] = [];
    await decode(session(asked), manifest, embedding, [set([point(3), point(4, false)])]);
    expect(points(asked[0])).toEqual({ points: [3, 5, 4, 5, 0, 0], labels: [1, 0, -1], dims: [1, 3, 2] });
  });

  test("not where there is a box too", async () => {
    const asked: Inputs[] = [];
    await decode(session(asked), manifest, embedding, [set([point(3), box(1)])]);
    expect(points(asked[0])).toMatchObject({ points: [3, 5, 1, 2, 12, 13], labels: [1, 2, 3] });
  });

  test("nor where the model wants none", async () => {
    const asked: Inputs[] = [];
    const unpadded = { ...manifest, decoder: { ...manifest.decoder, padPoint: false } };
    await decode(session(asked), unpadded, embedding, [set([point(3)])]);
    expect(points(asked[0])).toMatchObject({ points: [3, 5], labels: [1] });
  });
});

describe("batches", () => {
  test("sets of as many tokens share a run, and the order is kept", async () => {
    const asked: Inputs[] = [];
    const sets = [
      set([box(1)]),
      set([box(2), point(9)]),
      set([point(3)]),
      set([box(4)]),
      set([box(5), point(9)]),
    ];
    const answers = await decode(session(asked), manifest, embedding, sets);
    expect(asked.map((inputs) => inputs.points.dims)).toEqual([
      [3, 2, 2],
      [2, 3, 2],
    ]);
    expect(answers.map(([candidate]) => candidate.logits.data[0])).toEqual([10, 20, 30, 40, 50]);
    expect(answers.map(([candidate]) => candidate.promptSet)).toEqual(sets);
  });

  test("no sets are no runs", async () => {
    const asked: Inputs[] = [];
    expect(await decode(session(asked), manifest, embedding, [])).toEqual([]);
    expect(asked).toEqual([]);
  });

  test("the embedding is handed over once for all", async () => {
    const asked: Inputs[] = [];
    await decode(session(asked), manifest, embedding, [set([box(1)]), set([box(2)])]);
    expect(asked[0].neck_in).toEqual({ data: embedding.data, dims: [1, 2, 8, 8] });
  });
});

describe("mask prompts", () => {
  test("where no set has one, one empty map is shared and marked as none", async () => {
    const asked: Inputs[] = [];
    await decode(session(asked), manifest, embedding, [set([box(1)]), set([box(2)])]);
    expect(asked[0].mask_in).toEqual({ data: new Float32Array(AREA), dims: [1, 1, 16, 16] });
    expect(asked[0].has_mask).toEqual({ data: Float32Array.of(0), dims: [1] });
  });

  test("where sets have one, each query gets its own", async () => {
    const asked: Inputs[] = [];
    const sets = [set([box(1)], { maskInput: maskOf(7) }), set([box(2)], { maskInput: maskOf(8) })];
    await decode(session(asked), manifest, embedding, sets);
    expect(asked[0].mask_in.dims).toEqual([2, 1, 16, 16]);
    expect([asked[0].mask_in.data[0], asked[0].mask_in.data[AREA - 1]]).toEqual([7, 7]);
    expect([asked[0].mask_in.data[AREA], asked[0].mask_in.data[2 * AREA - 1]]).toEqual([8, 8]);
    expect(asked[0].has_mask).toEqual({ data: Float32Array.of(1, 1), dims: [2] });
  });

  test("sets with and without one are asked apart", async () => {
    const asked: Inputs[] = [];
    const sets = [set([box(1)]), set([box(2)], { maskInput: maskOf(7) }), set([box(3)])];
    const answers = await decode(session(asked), manifest, embedding, sets);
    expect(asked.map((inputs) => [inputs.points.dims[0], inputs.has_mask.data[0]])).toEqual([
      [2, 0],
      [1, 1],
    ]);
    expect(answers.map(([candidate]) => candidate.logits.data[0])).toEqual([10, 20, 30]);
  });

  test("one of another size is a fault of ours", async () => {
    const wrong = { width: 2, height: 2, data: new Float32Array(4) };
    const asking = decode(session([]), manifest, embedding, [set([box(1)], { maskInput: wrong })]);
    await expect(asking).rejects.toThrow("mask prompt has 4 values");
  });
});

describe("answers", () => {
  test("a single mask is the manifest's single one", async () => {
    const [candidates] = await decode(session([]), manifest, embedding, [set([box(6)])]);
    expect(candidates).toEqual([
      { promptSet: set([box(6)]), maskIndex: 0, logits: maskOf(60), predictedIou: 0 },
    ]);
  });

  test("multiple masks are the manifest's alternatives from fine to coarse", async () => {
    const [, candidates] = await decode(session([]), manifest, embedding, [
      set([box(5)]),
      set([box(6)], { output: "multi" }),
    ]);
    expect(
      candidates.map(({ maskIndex, logits }) => [maskIndex, logits.data[0], logits.data[AREA - 1]]),
    ).toEqual([
      [0, 61, 61],
      [1, 62, 62],
      [2, 63, 63],
    ]);
    expect(candidates.map(({ predictedIou }) => predictedIou)).toEqual([...Float32Array.of(0.1, 0.2, 0.3)]);
  });
});
