import { MiasError } from "../errors.ts";
import { createFrame } from "../geometry/frame.ts";
import { BACKGROUND, regionsOf } from "../geometry/regions.ts";
import { encode } from "../model/encoder.ts";
import { type BodyBrightness, bodyBrightness, bodyMiddle } from "../preprocess/body.ts";
import { imageFeature } from "../preprocess/image-features.ts";
import { type ModelInput, modelInput } from "../preprocess/model-input.ts";
import type { FeatureMap, FitOptions, Frame, Issue, MedicalImage, PatchGrid, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { descriptors, patchCentre } from "./descriptors.ts";
import { featureShape, type Model } from "./model.ts";

/** Side that the paper resizes every image to, whatever the model's input: where that has another, it is another input. */
export const PAPER_SIDE = 256;

/** An image seen through the encoder. */
export interface Description {
  readonly frame: Frame;
  readonly embedding: FeatureMap;
  /** One for each tap of the options, in their order. */
  readonly layers: readonly PatchGrid[];
  /** What each patch shows, see geometry/regions.ts; found when asked for. To the paper the padding is image like all else. */
  regions(): Uint8Array;
  /** Column of patches, fractional, in the middle of the body; found when asked for. */
  axis(): number;
  readonly issues: readonly Issue[];
  readonly encodeSeconds: number;
}

/**
 * image -> model input -> encoder -> patch embeddings.
 * @throws MiasError `image-unsupported` where the image shows nothing, or the encoder makes no numbers of it
 */
export async function describe(model: Model, options: FitOptions, image: MedicalImage): Promise<Description> {
  const { size, normalisation } = model.manifest.input;
  const frame = createFrame(image.width, image.height, size);
  const through = options.preset === "paper" && size !== PAPER_SIDE ? { through: PAPER_SIDE } : {};
  const { brightness } = options;
  const input = modelInput(image, frame, normalisation, { ...through, brightness });
  const started = performance.now();
  const taps = options.taps.filter((tap) => imageFeature(tap) === undefined);
  const encoding = await encode(model.encoder, model.manifest, input.data, taps);
  const encodeSeconds = (performance.now() - started) / 1000;
  const own = imageFeaturesOf(model, options, input);
  const layers = options.taps.map((tap) => {
    const feature = encoding.taps.get(tap) ?? own.get(tap);
    assert(feature !== undefined, `encoder gave no feature map ${tap}`);
    const patches = descriptors[options.descriptor].extract(feature);
    requireFinite(image.name, tap, patches.data);
    return patches;
  });
  return {
    frame,
    embedding: encoding.embedding,
    layers,
    regions: () => {
      const { rows, columns } = layers[0];
      if (options.preset === "paper") return new Uint8Array(rows * columns).fill(BACKGROUND);
      return regionsOf(firstChannel(input.data, size), frame, rows, columns, input.bodyLimit);
    },
    axis: () => {
      const middle = bodyMiddle(firstChannel(input.data, size), input.bodyLimit);
      return ((middle + 0.5) * layers[0].columns) / size - patchCentre(options.descriptor);
    },
    issues: image.issues,
    encodeSeconds,
  };
}

/** One value that is not finite would spoil every distance, and a bank for good. */
function requireFinite(name: string, tap: string, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const message = `${name} must give finite features, got ${values[i]} in ${tap}; check its values, or leave it out`;
    throw new MiasError("image-unsupported", name, message);
  }
}

/** The feature maps that need no model, at the places of the encoder's. */
function imageFeaturesOf(
  { manifest }: Model,
  { taps }: FitOptions,
  input: ModelInput,
): ReadonlyMap<string, FeatureMap> {
  const maps = new Map<string, FeatureMap>();
  const image = firstChannel(input.data, manifest.input.size);
  let body: BodyBrightness | undefined;
  for (const tap of taps) {
    const shape = featureShape(manifest, taps, tap);
    const feature = imageFeature(tap);
    if (!shape || !feature) continue;
    body ??= bodyBrightness(image, input.bodyLimit);
    maps.set(tap, feature.of(image, shape.size, body));
  }
  return maps;
}

function firstChannel(input: Float32Array, size: number): ScalarMap {
  return { width: size, height: size, data: input.subarray(0, size * size) };
}
