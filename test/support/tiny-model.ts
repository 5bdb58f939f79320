// A model that needs no weights: its encoder computes simple features of 2 x 2 pixels, its decoder fills the box. The
// search runs in ONNX Runtime, as it does with a real model.

import { createNodeRuntime } from "../../src/io/node-runtime.ts";
import type { ModelManifest } from "../../src/model/manifest.ts";
import type { Model } from "../../src/pipeline/model.ts";
import type { NdArray, Session } from "../../src/runtime/runtime.ts";
import { tinyManifest } from "./tiny-manifest.ts";

const SIDE = 16;
const CELLS = 8;

export interface TinyModelOptions {
  readonly prompts?: ModelManifest["prompts"];
  /** Sixty-four hexadecimal digits that stand for the encoder's file. */
  readonly sha256?: string;
  /** Called at each run of the encoder. */
  readonly onEncode?: () => void;
  /** Called at each run of the decoder. */
  readonly onDecode?: () => void;
}

export function tinyModel({ prompts, sha256, onEncode, onDecode }: TinyModelOptions = {}): Model {
  const manifest = tinyManifest(prompts);
  const encoderFile = { ...manifest.files.encoder, ...(sha256 ? { sha256 } : {}) };
  return {
    manifest: { ...manifest, files: { ...manifest.files, encoder: encoderFile } },
    sha256: encoderFile.sha256,
    runtime: createNodeRuntime({ threads: 1 }),
    encoder: session((inputs, outputs) => {
      onEncode?.();
      return encoderOutputs(inputs.pixels.data, outputs);
    }),
    decoder: session((inputs) => {
      onDecode?.();
      return decoderOutputs(inputs.points, inputs.labels.data);
    }),
    features: { embedding: "neck", taps: ["low", "high"] },
    release: async () => undefined,
  };
}

type Inputs = Readonly<Record<string, NdArray>>;

function session(run: (inputs: Inputs, outputs: readonly string[]) => Record<string, NdArray>): Session {
  return { run: async (inputs, outputs = []) => run(inputs, outputs), release: async () => undefined };
}

/** Mean of each cell, its difference from left to right and from top to bottom, and products of these. */
function encoderOutputs(pixels: Float32Array, outputs: readonly string[]): Record<string, NdArray> {
  const cells = Array.from({ length: CELLS * CELLS }, (_, i) => {
    const corner = Math.floor(i / CELLS) * 2 * SIDE + (i % CELLS) * 2;
    const [a, b, c, d] = [0, 1, SIDE, SIDE + 1].map((offset) => pixels[corner + offset]);
    return { mean: (a + b + c + d) / 4, across: a + c - b - d, down: a + b - c - d };
  });
  const channels: Record<string, ((cell: (typeof cells)[number]) => number)[]> = {
    neck: [({ mean }) => mean, ({ across, down }) => across * down],
    low: [({ mean }) => 2 + mean, ({ across }) => across, ({ down }) => down],
    high: [({ mean }) => mean * mean, ({ mean, across }) => mean * across],
  };
  return Object.fromEntries(
    outputs.map((name) => {
      const data = Float32Array.from(channels[name].flatMap((value) => cells.map(value)));
      return [name, { data, dims: [1, channels[name].length, CELLS, CELLS] }];
    }),
  );
}

/** Mask k is the box, or the pixel of the point, grown by k - 1 pixels; mask 0 is the box as it is. */
function decoderOutputs(points: NdArray, labels: Float32Array): Record<string, NdArray> {
  const [batch, tokens] = points.dims;
  const masks = new Float32Array(batch * 4 * SIDE * SIDE).fill(-5);
  for (let slot = 0; slot < batch * 4; slot++) {
    const first = Math.floor(slot / 4) * tokens;
    const [x0, y0, x1, y1] = points.data.subarray(2 * first, 2 * first + 4);
    const isBox = labels[first] === 2;
    const by = Math.max(0, (slot % 4) - 1);
    const inside = (at: number, from: number, to: number) =>
      at >= from - by && at <= (isBox ? to : from) + by;
    for (let i = 0; i < SIDE * SIDE; i++) {
      const within = inside(i % SIDE, Math.round(x0), Math.round(x1));
      if (within && inside(Math.floor(i / SIDE), Math.round(y0), Math.round(y1))) {
        masks[slot * SIDE * SIDE + i] = 5;
      }
    }
  }
  return {
    masks: { data: masks, dims: [batch, 4, SIDE, SIDE] },
    iou: { data: Float32Array.from({ length: batch * 4 }, (_, i) => 0.5 + (i % 4) / 8), dims: [batch, 4] },
  };
}
