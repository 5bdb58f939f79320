import { meanPatches } from "../patches/mean-patches.ts";
import { UNFOLDED_DIMS, unfoldPatches } from "../patches/unfold-patches.ts";
import type { DescriptorName, FeatureMap, PatchGrid } from "../types.ts";

interface Descriptor {
  extract(feature: FeatureMap): PatchGrid;
  /** Values of a patch embedding, for a feature map of so many channels. */
  dims(channels: number): number;
}

/** The patch embeddings by name. */
export const descriptors: Readonly<Record<DescriptorName, Descriptor>> = {
  "mean-3x3": { extract: meanPatches, dims: (channels) => channels },
  "unfold-5x5": { extract: unfoldPatches, dims: () => UNFOLDED_DIMS },
};
