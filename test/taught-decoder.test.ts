// What the embedded decoder was taught beside the published one's answers: points, and made lesions.

import { afterAll, beforeAll, expect, test } from "vitest";
import { positive } from "../src/mask/choose.ts";
import { iou } from "../src/metrics/dice.ts";
import { decode } from "../src/model/decoder.ts";
import { encode } from "../src/model/encoder.ts";
import { headPhantom, type Mask, type Model, openModel, type Prompt } from "../src/node.ts";
import { type Disc, discMask } from "./support/drawn.ts";

const SIDE = 256;
let model: Model;
beforeAll(async () => {
  model = await openModel({});
});
afterAll(() => model?.release());

/** The masks for one prompt on a head in which the lesion is 80 of 255 steps brighter. */
async function drawn(lesion: Disc, prompt: Prompt, output: "single" | "multi"): Promise<Mask[]> {
  const { data: truth } = discMask(SIDE, lesion);
  const { image } = headPhantom({ seed: 500 });
  const grey = Float32Array.from(image.data, (value, i) => Math.min(255, value + 80 * truth[i]) / 255);
  const input = new Float32Array([...grey, ...grey, ...grey]);
  const { embedding } = await encode(model.encoder, model.manifest, input, []);
  const promptSet = { label: "asked", prompts: [prompt], output };
  const [candidates] = await decode(model.decoder, model.manifest, embedding, [promptSet]);
  return candidates.map(({ logits }) => positive(logits));
}

function boxAround({ x, y, radius }: Disc, margin: number): Prompt {
  const reach = radius + margin;
  return { kind: "box", box: { x0: x - reach, y0: y - reach, x1: x + reach, y1: y + reach } };
}

// Before it learned them it drew the hole alone of the second one.
test.each([
  { what: "a ring", lesion: { x: 100, y: 120, radius: 20, hole: 12 }, margin: 0 },
  { what: "another ring", lesion: { x: 150, y: 110, radius: 20, hole: 12 }, margin: 0 },
  { what: "that ring in a box too large", lesion: { x: 150, y: 110, radius: 20, hole: 12 }, margin: 3 },
  { what: "a disc", lesion: { x: 100, y: 120, radius: 20, hole: 0 }, margin: 0 },
])("a box gives all of $what, its hole filled", async ({ lesion, margin }) => {
  const [mask] = await drawn(lesion, boxAround(lesion, margin), "single");
  expect(iou(mask, discMask(SIDE, { ...lesion, hole: 0 }))).toBeGreaterThan(0.75);
});

test("a point on a disc gives the disc among its three masks", async () => {
  const disc = { x: 100, y: 120, radius: 12, hole: 0 };
  const masks = await drawn(disc, { kind: "point", point: { x: 100, y: 120 }, positive: true }, "multi");
  expect(masks).toHaveLength(3);
  expect(Math.max(...masks.map((mask) => iou(mask, discMask(SIDE, disc))))).toBeGreaterThan(0.7);
});
