// The final mask of a volume against its truth, in 3-D. Both are read slice by slice, several times: in memory are the
// components of two slices of each.
//
// Lesions are 26-connected components (faces, edges and corners), matched as in lesion-match.ts: by an intersection over
// union above 0.1, or by the centre of the predicted one, the mean of its voxels, at the nearest voxel.

import type { Mask, VolumeMeasures } from "../types.ts";
import { type Components, labelComponents } from "../util/components.ts";
import { joinSlices, type StackComponents } from "../util/stack-components.ts";
import { diceOf } from "./dice.ts";
import { LEAST_OVERLAP } from "./lesion-match.ts";

/** Two masks of one volume as stacks of slices; of one size, in one order. */
export interface MaskStacks {
  readonly slices: number;
  /** Undefined where it is empty; the same at each call. */
  maskOf(slice: number): Mask | undefined;
  truthOf(slice: number): Mask | undefined;
  /** Volume of a voxel; absent where the spacing is not known. */
  readonly voxelMl?: number;
}

type Place = [x: number, y: number, z: number];

/** One stack with its components numbered from 0. */
interface LabelledStack {
  readonly joined: StackComponents;
  componentsOf(slice: number): Components | undefined;
}

/** What is summed over the slices. */
interface Sums {
  /** Voxels of each component. */
  readonly mask: number[];
  readonly truth: number[];
  /** Sums of the places of each component of the mask. */
  readonly places: readonly Place[];
  /** Voxels that two components share, by truth * masks + mask. */
  readonly shared: Map<number, number>;
}

/** Measures a mask. DICE is null where the truth is empty, as 0 of 0 says nothing. */
export function measureVolume(stacks: MaskStacks): VolumeMeasures {
  const mask = labelled(stacks.slices, stacks.maskOf);
  const truth = labelled(stacks.slices, stacks.truthOf);
  const sums = summed(stacks.slices, mask, truth);
  const [first, second] = [total(sums.mask), total(sums.truth)];
  const both = total([...sums.shared.values()]);
  const { found, matched } = matches(sums, truth);
  const inMl = (voxels: number) => (stacks.voxelMl === undefined ? null : voxels * stacks.voxelMl);
  return {
    dice: second === 0 ? null : diceOf({ both, first, second }),
    maskVoxels: first,
    truthVoxels: second,
    maskMl: inMl(first),
    truthMl: inMl(second),
    volumeDifferenceMl: inMl(first - second),
    lesions: {
      truths: sums.truth.length,
      found: found.size,
      predicted: sums.mask.length,
      matched: matched.size,
    },
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function labelled(slices: number, maskOf: (slice: number) => Mask | undefined): LabelledStack {
  const componentsOf = (slice: number) => {
    const mask = maskOf(slice);
    return mask && labelComponents(mask, 8);
  };
  return { joined: joinSlices(slices, componentsOf), componentsOf };
}

function summed(slices: number, mask: LabelledStack, truth: LabelledStack): Sums {
  const sums: Sums = {
    mask: new Array(mask.joined.count).fill(0),
    truth: new Array(truth.joined.count).fill(0),
    places: Array.from({ length: mask.joined.count }, (): Place => [0, 0, 0]),
    shared: new Map(),
  };
  for (let z = 0; z < slices; z++) {
    addSlice(sums, z, [mask, mask.componentsOf(z)], [truth, truth.componentsOf(z)]);
  }
  return sums;
}

type Labelled = readonly [stack: LabelledStack, components: Components | undefined];

function addSlice(sums: Sums, z: number, [mask, own]: Labelled, [truth, other]: Labelled): void {
  const { width = 0, labels: { length } = [] } = own ?? other ?? {};
  for (let pixel = 0; pixel < length; pixel++) {
    const a = own?.labels[pixel] ?? 0;
    const b = other?.labels[pixel] ?? 0;
    if (a === 0 && b === 0) continue;
    const component = a === 0 ? -1 : mask.joined.componentOf(z, a);
    const lesion = b === 0 ? -1 : truth.joined.componentOf(z, b);
    if (lesion >= 0) sums.truth[lesion]++;
    if (component < 0) continue;
    sums.mask[component]++;
    const x = pixel % width;
    addPlace(sums.places[component], [x, (pixel - x) / width, z]);
    if (lesion < 0) continue;
    const pair = lesion * sums.mask.length + component;
    sums.shared.set(pair, (sums.shared.get(pair) ?? 0) + 1);
  }
}

function addPlace(sum: Place, place: Place): void {
  for (const axis of [0, 1, 2] as const) sum[axis] += place[axis];
}

/** The lesions of the truth that are found, and the components that match one. */
function matches(sums: Sums, truth: LabelledStack): { found: Set<number>; matched: Set<number> } {
  const found = new Set<number>();
  const matched = new Set<number>();
  for (const [pair, both] of sums.shared) {
    const component = pair % sums.mask.length;
    const lesion = (pair - component) / sums.mask.length;
    if (both / (sums.truth[lesion] + sums.mask[component] - both) <= LEAST_OVERLAP) continue;
    found.add(lesion);
    matched.add(component);
  }
  for (const [component, place] of sums.places.entries()) {
    const [x, y, z] = place.map((sum) => Math.round(sum / sums.mask[component]));
    const components = truth.componentsOf(z);
    const label = components ? components.labels[y * components.width + x] : 0;
    if (components === undefined || label === 0) continue;
    found.add(truth.joined.componentOf(z, label));
    matched.add(component);
  }
  return { found, matched };
}
