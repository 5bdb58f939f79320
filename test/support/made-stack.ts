// A volume in miniature, cut along its slices: the images of made-images.ts, some with a bright spot.

import type { VolumeStack } from "../../src/pipeline/volume-stack.ts";
import type { Geometry, MedicalImage } from "../../src/types.ts";
import type { SlicePlan } from "../../src/volume-types.ts";
import { imageWithSpot, normalImage } from "./made-images.ts";

export const COLUMNS = 32;
export const ROWS = 24;

export interface MadeStackOptions {
  /** @default 2 */
  readonly spacing?: number;
  /** @default "mm" */
  readonly unit?: "mm" | "px";
  /** Slices that are empty. */
  readonly empty?: readonly number[];
  /** Called before each slice is given. */
  readonly onSlice?: (index: number) => void;
}

/** The stack of the images in order. */
export function stackOf(images: readonly MedicalImage[], options: MadeStackOptions = {}): VolumeStack {
  const { spacing = 2, unit = "mm", empty = [], onSlice } = options;
  const steps = [1, 1, spacing] as const;
  const affine = [1, 0, 0, -16, 0, 1, 0, -12, 0, 0, spacing, 50, 0, 0, 0, 1];
  const geometry: Geometry = unit === "mm" ? { spacing: steps, unit, affine } : { spacing: [1, 1, 1], unit };
  const plan: SlicePlan = {
    ...{ axis: "acquisition", columns: 0, rows: 1, slices: 2 },
    ...{ flipColumns: false, flipRows: false, flipSlices: false },
    ...{ width: COLUMNS, height: ROWS, count: images.length, spacing: geometry.spacing, unit },
  };
  return {
    ...{ name: "made volume", plan, size: [COLUMNS, ROWS, images.length], geometry },
    slice: (index) => {
      onSlice?.(index);
      return { index, image: images[index], empty: empty.includes(index) };
    },
    putSlice: (target, index, values) => target.set(values, index * COLUMNS * ROWS),
  };
}

/** Normal images, those at `spots` with a bright square whose first pixel is (4, 10). */
export function slicesWithSpot(count: number, spots: readonly number[]): MedicalImage[] {
  return Array.from({ length: count }, (_, index) =>
    spots.includes(index) ? imageWithSpot(700 + index, 4, 10) : normalImage(700 + index),
  );
}
