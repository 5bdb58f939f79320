// Feature maps that need no model, by their names among the taps.

import { type ImageFeatureName, INTENSITY, LOCAL_INTENSITY } from "../options.ts";
import type { FeatureMap, ScalarMap } from "../types.ts";
import type { BodyBrightness } from "./body.ts";
import { INTENSITY_CHANNELS, intensityFeature } from "./intensity.ts";
import { LOCAL_CHANNELS, localIntensityFeature } from "./local-intensity.ts";

interface ImageFeature {
  readonly channels: number;
  /** How much it counts in the joint axes: its standard deviation, where that of a map of the encoder is 1. */
  readonly weight: number;
  /**
   * @param image the encoder's input, one channel of it, [size, size]; size is a multiple of side
   * @returns [channels, side, side]
   */
  readonly of: (image: ScalarMap, side: number, body: BodyBrightness) => FeatureMap;
}

const imageFeatures: Readonly<Record<ImageFeatureName, ImageFeature>> = {
  [INTENSITY]: { channels: INTENSITY_CHANNELS, weight: 0.7, of: intensityFeature },
  [LOCAL_INTENSITY]: { channels: LOCAL_CHANNELS, weight: 0.35, of: localIntensityFeature },
};

/** The feature of that name; undefined for a map of the encoder. */
export function imageFeature(tap: string): ImageFeature | undefined {
  return Object.hasOwn(imageFeatures, tap) ? imageFeatures[tap as ImageFeatureName] : undefined;
}
