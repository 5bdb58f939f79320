import type { Issue, SliceAxis, SliceOptions, ValueWindow } from "../types.ts";
import { sliceOf } from "../volume/slice-of.ts";
import { putSlice } from "../volume/slice-pixels.ts";
import { planIssues, planSlices } from "../volume/slice-plan.ts";
import { windowOf } from "../volume/window.ts";
import type { Volume } from "../volume-types.ts";
import type { VolumeStack } from "./volume-stack.ts";

export const DEFAULT_AXIS: SliceAxis = "axial";

/** A volume as a stack of slices. */
export interface OpenStack {
  readonly stack: VolumeStack;
  readonly window: ValueWindow;
  /** Of the volume and of how it is cut. */
  readonly issues: readonly Issue[];
}

/**
 * Cuts a volume.
 * @throws MiasError `usage` where the window is not for it, `image-unsupported` where it shows nothing
 */
export function openStack(
  volume: Volume,
  { axis = DEFAULT_AXIS, window: choice }: SliceOptions = {},
): OpenStack {
  const plan = planSlices(volume, axis);
  const window = windowOf(volume, choice);
  const { name, size, geometry } = volume;
  return {
    window,
    issues: [...volume.issues, ...planIssues(volume, axis)],
    stack: {
      ...{ name, plan, size, geometry },
      slice: (index) => sliceOf(volume, plan, index, window),
      putSlice: (target, index, values) => putSlice(target, size, plan, index, values),
    },
  };
}
