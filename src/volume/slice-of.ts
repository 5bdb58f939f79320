import { applyAffine, voxelOf } from "../geometry/voxels.ts";
import type { Geometry, MedicalImage, PixelArray, ValueWindow } from "../types.ts";
import type { SlicePlan, Volume, VolumeSlice } from "../volume-types.ts";
import { affineOf, type Vector3 } from "./affine.ts";
import { takeSlice } from "./slice-pixels.ts";

/** A slice is empty where less than this share of its pixels is of the body. */
const LEAST_BODY = 0.01;
/** The body begins this share of the way from black to white. */
const BODY_LEVEL = 0.1;

/**
 * Cuts slice `index` of the plan. Its values are the volume's, with `window` as their range; low values are made high
 * (`low + high - value`) where the volume shows them bright. Its geometry's affine is that of its own pixels.
 *
 * `empty`: fewer than 1 % of its pixels are brighter than a tenth of the volume-wide window. A window that shows air
 * grey (that of the lung) calls no slice empty.
 */
export function sliceOf(volume: Volume, plan: SlicePlan, index: number, window: ValueWindow): VolumeSlice {
  const data = pixelsOf(volume, plan, index, window);
  const image: MedicalImage = {
    name: `${volume.name} (${plan.axis} slice ${index + 1})`,
    width: plan.width,
    height: plan.height,
    channels: 1,
    data,
    range: window,
    geometry: sliceGeometry(volume, plan, index),
    issues: [],
  };
  return { index, image, empty: isEmpty(data, window) };
}

function pixelsOf(
  { data, size, inverted }: Volume,
  plan: SlicePlan,
  index: number,
  window: ValueWindow,
): PixelArray {
  const whole = data instanceof Uint8Array || data instanceof Uint16Array;
  if (whole && !inverted && plan.voxels === undefined) return takeSlice(data, size, plan, index);
  const values = floatSlice(data, size, plan, index);
  const sum = window.low + window.high;
  if (inverted) for (let i = 0; i < values.length; i++) values[i] = sum - values[i];
  return values;
}

/** Whole numbers are made floats before they are interpolated. */
function floatSlice(
  data: Volume["data"],
  size: Volume["size"],
  plan: SlicePlan,
  index: number,
): Float32Array {
  if (data instanceof Float32Array || plan.voxels === undefined) {
    return new Float32Array(takeSlice(data, size, plan, index));
  }
  const [width, height] = plan.voxels;
  const { voxels: _, ...unstretched } = plan;
  const pixels = new Float32Array(takeSlice(data, size, { ...unstretched, width, height }, index));
  const flat: SlicePlan = {
    ...plan,
    ...{ columns: 0, rows: 1, slices: 2, flipColumns: false, flipRows: false, flipSlices: false, count: 1 },
  };
  return takeSlice(pixels, [width, height, 1], flat, 0);
}

function sliceGeometry({ geometry }: Volume, plan: SlicePlan, index: number): Geometry {
  const { affine, unit } = geometry;
  const own = { spacing: plan.spacing, unit, slice: index };
  if (affine === undefined) return own;
  const at = (x: number, y: number, z: number) => applyAffine(affine, voxelOf(plan, x, y, z));
  const origin = at(0, 0, 0);
  const steps = [at(1, 0, 0), at(0, 1, 0), at(0, 0, 1)].map(
    ([x, y, z]): Vector3 => [x - origin[0], y - origin[1], z - origin[2]],
  );
  return { ...own, affine: affineOf(steps, origin) };
}

function isEmpty(data: PixelArray, { low, high }: ValueWindow): boolean {
  const level = low + BODY_LEVEL * (high - low);
  let body = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > level) body++;
  return body < LEAST_BODY * data.length;
}
