import { type ModelManifest, parseManifest } from "../../src/model/manifest.ts";

/** The document of a model whose input is 16 x 16 and whose masks are 16 x 16. */
export function tinyManifestDocument() {
  const feature = (name: string, channels: number) => ({ name, channels, stride: 2, size: 8 });
  const file = (path: string, digit: string) => ({ path, bytes: 1, sha256: digit.repeat(64) });
  return {
    schema: "mias-model/1",
    id: "tiny",
    version: "1.0.0",
    title: "A model for tests",
    licence: { spdx: "Apache-2.0", file: "LICENSE" },
    source: { url: "made" },
    files: { encoder: file("encoder.onnx", "a"), decoder: file("decoder.onnx", "b") },
    input: { size: 16, channels: 3, normalisation: { kind: "minmax" } as Record<string, unknown> },
    encoder: {
      inputs: { image: "pixels" },
      outputs: { embedding: feature("neck", 2), taps: [feature("low", 3), feature("high", 2)] },
    },
    decoder: {
      convention: "mias",
      inputs: {
        ...{ embedding: "neck_in", points: "points", labels: "labels" },
        ...{ maskInput: "mask_in", hasMask: "has_mask" },
      },
      outputs: { masks: "masks", iou: "iou" },
      padPoint: true,
      masks: { count: 4, size: 16, single: 0, multiple: [1, 2, 3] },
    },
    prompts: ["box"],
  };
}

export function tinyManifest(prompts: ModelManifest["prompts"] = ["box"]): ModelManifest {
  return parseManifest("tiny", JSON.stringify({ ...tinyManifestDocument(), prompts }));
}
