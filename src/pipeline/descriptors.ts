import { meanPatches } from "../patches/mean-patches.ts";
import { UNFOLDED_DIMS, unfoldPatches } from "../patches/unfold-patches.ts";
import type { DescriptorName, FeatureMap, FitOptions, PatchGrid } from "../types.ts";

interface Descriptor {
  extract(feature: FeatureMap): PatchGrid;
  /** Values of a patch embedding, for a feature map of so many channels. */
  dims(channels: number): number;
  /** Places of the feature map from patch to patch; the first patch is centred on the first place. */
  readonly stride: number;
}

function means(stride: 1 | 2): Descriptor {
  return { extract: (feature) => meanPatches(feature, stride), dims: (channels) => channels, stride };
}

/** The patch embeddings by name. */
export const descriptors: Readonly<Record<DescriptorName, Descriptor>> = {
  "mean-3x3": means(2),
  "mean-3x3-dense": means(1),
  "unfold-5x5": { extract: unfoldPatches, dims: () => UNFOLDED_DIMS, stride: 2 },
};

/** Where in its share of the image a patch is centred: at the middle of the first of `stride` places. */
export function patchCentre(descriptor: DescriptorName): number {
  return 0.5 / descriptors[descriptor].stride;
}

/** Where in its share of the map the distance of a patch is placed. */
export function mapCentre({ descriptor, placement }: FitOptions): number {
  return placement === "patch-centres" ? patchCentre(descriptor) : 0.5;
}
