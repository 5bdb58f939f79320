// The lesions of a volume: 26-connected components of the slices' masks, measured slice by slice.

import { voxelOf } from "../geometry/voxels.ts";
import type { Geometry, Mask, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { type Components, labelComponents } from "../util/components.ts";
import { conformalPValue } from "../util/conformal.ts";
import { joinSlices } from "../util/stack-components.ts";
import type { SlicePlan, VolumeLesion } from "../volume-types.ts";
import { addSlice, emptySums, extentOf, type LesionSums } from "./lesion-sums.ts";

export interface MaskStack {
  readonly plan: SlicePlan;
  /** Of the volume. */
  readonly geometry: Geometry;
  /** Final mask of a slice; undefined where it is empty. Asked for more than once. */
  readonly maskOf: (slice: number) => Mask | undefined;
  /** Anomaly map in the slice's own pixels. */
  readonly mapOf: (slice: number) => ScalarMap;
  /** Largest map value of each held-out normal image, ascending. */
  readonly normalMaxima: readonly number[];
}

export interface FoundLesions {
  readonly lesions: readonly VolumeLesion[];
  /** The lesions' labels of a slice, [height, width]; undefined where its mask is empty. */
  labelsOf(slice: number): Uint16Array | undefined;
}

/** The largest label that fits a labelmap. */
const MOST_LESIONS = 0xffff;

/**
 * The lesions of a volume: the one of largest score first, of equals the one that begins first in the stack. They are
 * measured in the plan's pixels, which are the file's voxels unless the plan stretches them; see measuredInVoxels.
 */
export function findVolumeLesions(stack: MaskStack): FoundLesions {
  const { plan, maskOf } = stack;
  const componentsOf = (slice: number) => {
    const mask = maskOf(slice);
    return mask && labelComponents(mask, 8);
  };
  const joined = joinSlices(plan.count, componentsOf);
  assert(joined.count <= MOST_LESIONS, `${joined.count} lesions do not fit a labelmap`);
  const sums = Array.from({ length: joined.count }, () => emptySums());
  for (let slice = 0; slice < plan.count; slice++) {
    const components = componentsOf(slice);
    if (components === undefined) continue;
    const own = tableOf(components, (label) => joined.componentOf(slice, label));
    addSlice(sums, slice, components, own, stack.mapOf(slice).data);
  }
  const order = [...sums.keys()].sort((a, b) => sums[b].score - sums[a].score || a - b);
  const labelOf = new Uint16Array(joined.count);
  for (const [i, component] of order.entries()) labelOf[component] = i + 1;
  return {
    lesions: order.map((component, i) => lesionOf(stack, sums[component], i + 1)),
    labelsOf: (slice) => {
      const components = componentsOf(slice);
      if (components === undefined) return undefined;
      const table = tableOf(components, (label) => labelOf[joined.componentOf(slice, label)]);
      return Uint16Array.from(components.labels, (label) => table[label]);
    },
  };
}

/** Values for the labels 0 .. count, 0 for the background. */
function tableOf({ count }: Components, entry: (label: number) => number): number[] {
  return Array.from({ length: count + 1 }, (_, label) => (label === 0 ? 0 : entry(label)));
}

function lesionOf(
  { plan, geometry, normalMaxima }: MaskStack,
  sums: LesionSums,
  label: number,
): VolumeLesion {
  const { score, low, high } = sums;
  return {
    label,
    ...extentOf(sums, geometry, ([column, row, slice]) => voxelOf(plan, column, row, slice)),
    slices: [low[2], high[2]],
    score,
    pValue: conformalPValue(score, normalMaxima),
  };
}
