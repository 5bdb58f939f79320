// A model is data: `model.json` names its files, sizes, normalisation, tensors, feature taps and the prompts it
// understands, so that a new model needs no code.

import * as v from "valibot";
import { MiasError } from "../errors.ts";
import { brokenRule } from "../util/broken-rule.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));

const fileSchema = v.strictObject({
  path: v.pipe(v.string(), v.regex(/^[\w.-]+$/, "must be a plain file name")),
  bytes: count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case")),
});

const featureMapSchema = v.strictObject({
  name: v.string(),
  channels: count,
  stride: count,
  size: count,
});

const normalisationSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("minmax") }),
  v.strictObject({
    kind: v.literal("mean-std"),
    mean: v.tuple([v.number(), v.number(), v.number()]),
    std: v.tuple([v.number(), v.number(), v.number()]),
    scale: v.number(),
  }),
]);

export type Normalisation = v.InferOutput<typeof normalisationSchema>;

const manifestSchema = v.strictObject({
  schema: v.literal("mias-model/1"),
  id: v.string(),
  version: v.string(),
  title: v.string(),
  licence: v.strictObject({ spdx: v.string(), file: v.string() }),
  source: v.record(v.string(), v.string()),
  files: v.strictObject({ encoder: fileSchema, decoder: fileSchema }),
  /** Side of the square input, in pixels, and how pixel values become the encoder's input. */
  input: v.strictObject({ size: count, channels: v.literal(3), normalisation: normalisationSchema }),
  encoder: v.strictObject({
    inputs: v.strictObject({ image: v.string() }),
    outputs: v.strictObject({ embedding: featureMapSchema, taps: v.array(featureMapSchema) }),
  }),
  decoder: v.strictObject({
    convention: v.literal("mias"),
    inputs: v.strictObject({
      embedding: v.string(),
      points: v.string(),
      labels: v.string(),
      maskInput: v.string(),
      hasMask: v.string(),
    }),
    outputs: v.strictObject({ masks: v.string(), iou: v.string() }),
    /** Whether points without a box are followed by a padding point, as in SAM's own prompt encoder. */
    padPoint: v.boolean(),
    /** The decoder's masks: how many, their side, which is the single one, and the alternatives from fine to coarse. */
    masks: v.pipe(
      v.strictObject({ count, size: count, single: index, multiple: v.array(index) }),
      v.check(
        ({ count, single, multiple }) => [single, ...multiple].every((mask) => mask < count),
        "must have single and multiple below count",
      ),
    ),
  }),
  /** The prompt kinds that the weights were trained to answer. */
  prompts: v.array(v.picklist(["point", "box", "mask"])),
});

export type ModelManifest = v.InferOutput<typeof manifestSchema>;

/**
 * What embeddings depend on, as text: the encoder's file, how its input is made, and its feature maps. Banks are bound to
 * its hash; titles, sources and the decoder may change.
 */
export function embeddingText({ files, input, encoder }: ModelManifest): string {
  const { size, normalisation } = input;
  const { embedding, taps } = encoder.outputs;
  const range =
    normalisation.kind === "minmax"
      ? [normalisation.kind]
      : [normalisation.kind, normalisation.mean, normalisation.std, normalisation.scale];
  const maps = [embedding, ...taps].map(({ name, channels, stride, size: side }) => [
    name,
    channels,
    stride,
    side,
  ]);
  return JSON.stringify([files.encoder.sha256, size, range, maps]);
}

/**
 * Reads a manifest from the text of a `model.json`.
 * @throws MiasError `model-unreadable` with the first rule that is broken
 */
export function parseManifest(name: string, text: string): ModelManifest {
  const parsed = v.safeParse(manifestSchema, parseJson(name, text));
  if (parsed.success) return parsed.output;
  const why = brokenRule(parsed.issues[0], "the document");
  throw new MiasError("model-unreadable", name, `${name}: ${why}; mend it as docs/models.md says`);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MiasError(
      "model-unreadable",
      name,
      `${name}: model.json must be JSON; mend it as docs/models.md says`,
      {
        cause,
      },
    );
  }
}
