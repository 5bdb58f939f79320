// The lesions of a volume: 26-connected components of the slices' masks, measured slice by slice.

import { stepsOf, type Triple, toPatient, voxelOf, voxelsPerPixel, voxelVolume } from "../geometry/voxels.ts";
import type { Geometry, Mask, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { type Components, labelComponents } from "../util/components.ts";
import { conformalPValue } from "../util/conformal.ts";
import { cornersOfPlanes, type GridPoint, largestDistance } from "../util/farthest-pair.ts";
import { joinSlices } from "../util/stack-components.ts";
import type { SlicePlan, VolumeLesion } from "../volume-types.ts";

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
const CUBIC_MM_PER_ML = 1000;

/** The lesions of a volume: the one of largest score first, of equals the one that begins first in the stack. */
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
    if (components) addSlice(sums, slice, components, stack.mapOf(slice), joined.componentOf);
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

/** What is gathered of a component; places are columns, rows and slices of the plan. */
interface Sums {
  voxels: number;
  score: number;
  readonly sum: [number, number, number];
  readonly low: [number, number, number];
  readonly high: [number, number, number];
  /** Among them are the two voxels that are farthest apart. */
  readonly corners: GridPoint[];
}

function emptySums(): Sums {
  return {
    voxels: 0,
    score: Number.NEGATIVE_INFINITY,
    sum: [0, 0, 0],
    low: [Infinity, Infinity, Infinity],
    high: [-Infinity, -Infinity, -Infinity],
    corners: [],
  };
}

function addSlice(
  sums: readonly Sums[],
  slice: number,
  components: Components,
  map: ScalarMap,
  componentOf: (slice: number, label: number) => number,
): void {
  const { width, height, labels } = components;
  const own = tableOf(components, (label) => componentOf(slice, label));
  const ends: GridPoint[][] = own.map(() => []);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const label = labels[pixel];
      if (label === 0) continue;
      addVoxel(sums[own[label]], [x, y, slice], map.data[pixel]);
      const isEnd = x === 0 || labels[pixel - 1] !== label || x === width - 1 || labels[pixel + 1] !== label;
      if (isEnd) ends[label].push([x, y, slice]);
    }
  }
  for (const [label, points] of ends.entries()) {
    if (label > 0) sums[own[label]].corners.push(...cornersOfPlanes(points, 2));
  }
}

/** Values for the labels 0 .. count, 0 for the background. */
function tableOf({ count }: Components, entry: (label: number) => number): number[] {
  return Array.from({ length: count + 1 }, (_, label) => (label === 0 ? 0 : entry(label)));
}

function addVoxel(sums: Sums, place: GridPoint, value: number): void {
  sums.voxels++;
  sums.score = Math.max(sums.score, value);
  for (let axis = 0; axis < 3; axis++) {
    sums.sum[axis] += place[axis];
    sums.low[axis] = Math.min(sums.low[axis], place[axis]);
    sums.high[axis] = Math.max(sums.high[axis], place[axis]);
  }
}

function lesionOf({ plan, geometry, normalMaxima }: MaskStack, sums: Sums, label: number): VolumeLesion {
  const { voxels, score, low, high } = sums;
  const toVoxel = ([column, row, slice]: Triple) => voxelOf(plan, column, row, slice);
  const [one, other] = [toVoxel(low).map(Math.round), toVoxel(high).map(Math.round)];
  const [columns, rows, slices] = sums.sum;
  const centre = toVoxel([columns / voxels, rows / voxels, slices / voxels]);
  const centreLps = toPatient(geometry, centre);
  return {
    label,
    voxels,
    ...(geometry.unit === "mm"
      ? { volumeMl: (voxels * voxelsPerPixel(plan) * voxelVolume(geometry)) / CUBIC_MM_PER_ML }
      : {}),
    largestDiameter: largestDistance(sums.corners.map(toVoxel), stepsOf(geometry)),
    slices: [low[2], high[2]],
    box: [pairwise(Math.min, one, other), pairwise(Math.max, one, other)],
    centre,
    ...(centreLps ? { centreLps } : {}),
    score,
    pValue: conformalPValue(score, normalMaxima),
  };
}

function pairwise(
  choose: (a: number, b: number) => number,
  a: readonly number[],
  b: readonly number[],
): Triple {
  return [choose(a[0], b[0]), choose(a[1], b[1]), choose(a[2], b[2])];
}
