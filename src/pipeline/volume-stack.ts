import type { Geometry } from "../types.ts";
import type { SlicePlan, VolumeSize, VolumeSlice } from "../volume-types.ts";

/** A volume cut into slices, which are made when asked for. */
export interface VolumeStack {
  /** As the volume's. Never patient data. */
  readonly name: string;
  readonly plan: SlicePlan;
  readonly size: VolumeSize;
  /** Of the volume. */
  readonly geometry: Geometry;
  /** The slice at `index` of the plan; the same at each call. */
  slice(index: number): VolumeSlice;
  /** Writes [height, width] values of slice `index` of the plan to their places among the file's voxels. */
  putSlice(target: Uint16Array, index: number, values: Uint16Array): void;
}
