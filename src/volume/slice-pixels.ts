// Slices out of a volume's voxels and back, as planSlices decided. A slice's pixels are its voxels, but where a plan
// stretches an axis to make them square: then pixel and voxel share their outer edges, and pixel j's centre lies at
// (j + 0.5) * voxels / pixels - 0.5.

import { centreOf } from "../geometry/voxels.ts";
import { assert } from "../util/assert.ts";
import type { SlicePlan, VolumeSize, VoxelArray } from "../volume-types.ts";

/** How one axis of a slice lies in the file. */
interface Line {
  readonly voxels: number;
  readonly pixels: number;
  /** Of its first voxel in display order, and from voxel to voxel, in the file's order. */
  readonly start: number;
  readonly step: number;
}

/** Two neighbours and the share of the second, for each target. */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float64Array;
}

/**
 * Slice `index` of voxels in the file's order, [height, width]. Floats are interpolated where the plan stretches them,
 * whole numbers take the nearest voxel.
 */
export function takeSlice<T extends VoxelArray>(
  voxels: T,
  size: VolumeSize,
  plan: SlicePlan,
  index: number,
): T {
  const { columns, rows, base } = linesOf(voxels, size, plan, index);
  const slice = new (voxels.constructor as new (length: number) => T)(plan.width * plan.height);
  if (voxels instanceof Float32Array && plan.voxels !== undefined) {
    blend(voxels, slice, plan.width, tapsOfPixels(columns), tapsOfPixels(rows), base);
    return slice;
  }
  const x = nearestVoxels(columns);
  const y = nearestVoxels(rows);
  for (let row = 0, at = 0; row < plan.height; row++) {
    const start = base + y[row];
    for (let column = 0; column < plan.width; column++) slice[at++] = voxels[start + x[column]];
  }
  return slice;
}

/**
 * Writes a slice's pixels, [height, width], to its voxels in `target`, which is in the file's order. Of stretched axes
 * floats are interpolated at the voxels' centres; whole numbers are those of the pixel there, so that what takeSlice
 * took comes back as it was.
 */
export function putSlice<T extends VoxelArray>(
  target: T,
  size: VolumeSize,
  plan: SlicePlan,
  index: number,
  values: ArrayLike<number>,
): void {
  assert(values.length === plan.width * plan.height, `${values.length} values are no slice of the plan`);
  const { columns, rows, base } = linesOf(target, size, plan, index);
  const x = tapsOfVoxels(columns, target instanceof Float32Array);
  const y = tapsOfVoxels(rows, target instanceof Float32Array);
  for (let row = 0; row < rows.voxels; row++) {
    const [upper, lower] = [y.first[row] * plan.width, y.second[row] * plan.width];
    const start = base + rows.start + row * rows.step + columns.start;
    for (let column = 0; column < columns.voxels; column++) {
      const [left, right, share] = [x.first[column], x.second[column], x.share[column]];
      const above = mix(values[upper + left], values[upper + right], share);
      const below = mix(values[lower + left], values[lower + right], share);
      target[start + column * columns.step] = mix(above, below, y.share[row]);
    }
  }
}

/**
 * Gives planes of the file, z from 0, of a stack of floats. Where slices are planes of the file, each is made when asked
 * for; else, as slices cross all planes, the whole volume is made here.
 * @param valuesOf slice `index`, [height, width]
 */
export function voxelPlanes(
  size: VolumeSize,
  plan: SlicePlan,
  valuesOf: (index: number) => Float32Array,
): (z: number) => Float32Array {
  const [columns, rows, planes] = size;
  const area = columns * rows;
  if (plan.slices !== 2) {
    const voxels = new Float32Array(area * planes);
    for (let index = 0; index < plan.count; index++) putSlice(voxels, size, plan, index, valuesOf(index));
    return (z) => voxels.subarray(z * area, (z + 1) * area);
  }
  const single = { ...plan, count: 1, flipSlices: false };
  return (z) => {
    const plane = new Float32Array(area);
    putSlice(plane, [columns, rows, 1], single, 0, valuesOf(plan.flipSlices ? planes - 1 - z : z));
    return plane;
  };
}

function mix(a: number, b: number, share: number): number {
  return share === 0 ? a : a + share * (b - a);
}

function linesOf(voxels: VoxelArray, size: VolumeSize, plan: SlicePlan, index: number) {
  assert(voxels.length === size[0] * size[1] * size[2], "voxels are as many as the size tells");
  assert(index >= 0 && index < plan.count, `slice ${index} is none of ${plan.count}`);
  const strides = [1, size[0], size[0] * size[1]];
  const line = (axis: 0 | 1 | 2, flip: boolean, pixels: number): Line => ({
    voxels: size[axis],
    pixels,
    start: flip ? (size[axis] - 1) * strides[axis] : 0,
    step: flip ? -strides[axis] : strides[axis],
  });
  const along = line(plan.slices, plan.flipSlices, plan.count);
  return {
    columns: line(plan.columns, plan.flipColumns, plan.width),
    rows: line(plan.rows, plan.flipRows, plan.height),
    base: along.start + index * along.step,
  };
}

/** Offsets of the voxels that pixels lie in. */
function nearestVoxels({ voxels, pixels, start, step }: Line): Int32Array {
  return Int32Array.from(
    { length: pixels },
    (_, i) => start + step * Math.floor(((i + 0.5) * voxels) / pixels),
  );
}

/** Offsets of the voxels beside each pixel's centre. */
function tapsOfPixels({ voxels, pixels, start, step }: Line): Taps {
  const taps = tapsAt(pixels, voxels);
  const offset = (i: number) => start + step * i;
  return { first: taps.first.map(offset), second: taps.second.map(offset), share: taps.share };
}

/** The pixels beside each voxel's centre, or the one it lies in. */
function tapsOfVoxels({ voxels, pixels }: Line, linear: boolean): Taps {
  if (linear && voxels !== pixels) return tapsAt(voxels, pixels);
  const nearest = Int32Array.from({ length: voxels }, (_, i) => Math.floor(((i + 0.5) * pixels) / voxels));
  return { first: nearest, second: nearest, share: new Float64Array(voxels) };
}

/** For each of `targets` items its neighbours among `sources` of the same extent; beyond the ends it is the last. */
function tapsAt(targets: number, sources: number): Taps {
  const first = new Int32Array(targets);
  const second = new Int32Array(targets);
  const share = new Float64Array(targets);
  for (let i = 0; i < targets; i++) {
    const centre = Math.min(sources - 1, Math.max(0, centreOf(i, sources, targets)));
    first[i] = Math.floor(centre);
    second[i] = Math.min(sources - 1, first[i] + 1);
    share[i] = centre - first[i];
  }
  return { first, second, share };
}

function blend(voxels: Float32Array, slice: VoxelArray, width: number, x: Taps, y: Taps, base: number): void {
  for (let row = 0, at = 0; row < y.share.length; row++) {
    const [upper, lower] = [base + y.first[row], base + y.second[row]];
    for (let column = 0; column < width; column++) {
      const [left, right, share] = [x.first[column], x.second[column], x.share[column]];
      const above = mix(voxels[upper + left], voxels[upper + right], share);
      const below = mix(voxels[lower + left], voxels[lower + right], share);
      slice[at++] = mix(above, below, y.share[row]);
    }
  }
}
