// How a volume is cut into slices, decided from its affine alone; cutting itself is in slice-pixels.ts.

import { issue } from "../issues.ts";
import type { Issue, SliceAxis } from "../types.ts";
import type { SlicePlan, Volume, VolumeSize } from "../volume-types.ts";
import { unitDirections, type Vector3 } from "./affine.ts";

type Place = Pick<Volume, "size" | "geometry">;
type Axis = 0 | 1 | 2;

/** The patient's axis (0 x to the left, 1 y to the back, 2 z to the head) and sense of columns, rows and slices. */
interface Display {
  readonly columns: Axis;
  readonly rows: Axis;
  readonly slices: Axis;
  /** Rows of sagittal and coronal slices run from head to feet, against z. */
  readonly rowsBackwards: boolean;
}

const DISPLAYS: Readonly<Record<Exclude<SliceAxis, "acquisition">, Display>> = {
  axial: { columns: 0, rows: 1, slices: 2, rowsBackwards: false },
  sagittal: { columns: 1, rows: 2, slices: 0, rowsBackwards: true },
  coronal: { columns: 0, rows: 2, slices: 1, rowsBackwards: true },
};

/** In-plane spacings that differ by less than this share are taken for square. */
const SQUARE = 0.01;
/** An axis is stretched to no more pixels than this, so that odd spacings make no huge images. */
const MOST_PIXELS = 4096;
/** Degrees between voxel axes and the patient's from which it is told. */
const OBLIQUE = 20;
const ORDERS: readonly (readonly [Axis, Axis, Axis])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * Decides how slices are cut. Anatomical slices run along the voxel axes that are closest to the patient's, and are
 * counted from feet to head, from right to left, from front to back; a volume without affine is cut as it is stored,
 * whatever is asked (see planIssues). Pixels that would not be square by more than 1 % are made so: the axis of larger
 * spacing gets as many pixels as its extent has of the smaller one, and `voxels` tells how many it has.
 */
export function planSlices({ size, geometry }: Place, axis: SliceAxis): SlicePlan {
  const { affine, unit } = geometry;
  if (axis === "acquisition" || affine === undefined) {
    const order = { columns: 0, rows: 1, slices: 2 } as const;
    const flips = { flipColumns: false, flipRows: false, flipSlices: false };
    return { axis: "acquisition", ...order, ...flips, ...pixelsOf(size, geometry.spacing, order), unit };
  }
  const display = DISPLAYS[axis];
  const directions = unitDirections(affine);
  const voxelAxes = voxelAxesOf(directions);
  const order = {
    columns: voxelAxes[display.columns],
    rows: voxelAxes[display.rows],
    slices: voxelAxes[display.slices],
  };
  const runsAgainst = (patient: Axis) => directions[voxelAxes[patient]][patient] < 0;
  return {
    axis,
    ...order,
    flipColumns: runsAgainst(display.columns),
    flipRows: runsAgainst(display.rows) !== display.rowsBackwards,
    flipSlices: runsAgainst(display.slices),
    ...pixelsOf(size, geometry.spacing, order),
    unit,
  };
}

/** What a user should know of cutting this volume so: an oblique volume, or one whose axes have no names. */
export function planIssues({ name, geometry }: Pick<Volume, "name" | "geometry">, axis: SliceAxis): Issue[] {
  if (axis === "acquisition") return [];
  if (geometry.affine === undefined) {
    const rule = `${axis} slices need the volume's place in the patient`;
    return [
      issue("axis-unknown", name, `${rule}, which the file does not tell; they are cut as they are stored`),
    ];
  }
  const directions = unitDirections(geometry.affine);
  const angles = voxelAxesOf(directions).map((voxelAxis, patient) => {
    return (Math.acos(Math.min(1, Math.abs(directions[voxelAxis][patient]))) * 180) / Math.PI;
  });
  const largest = Math.max(...angles);
  if (largest <= OBLIQUE) return [];
  const message = `the volume's axes are up to ${Math.round(largest)} degrees off the patient's; slices follow the volume's`;
  return [issue("oblique-slices", name, message)];
}

/** For each axis of the patient the voxel axis that stands for it: together they deviate least. */
export function voxelAxesOf(directions: readonly Vector3[]): readonly [Axis, Axis, Axis] {
  const agreement = (order: readonly Axis[]) =>
    order.reduce<number>((sum, voxelAxis, patient) => sum + Math.abs(directions[voxelAxis][patient]), 0);
  return ORDERS.reduce((best, order) => (agreement(order) > agreement(best) ? order : best));
}

function pixelsOf(
  size: VolumeSize,
  spacing: Vector3,
  { columns, rows, slices }: Pick<SlicePlan, "columns" | "rows" | "slices">,
): Pick<SlicePlan, "width" | "height" | "count" | "voxels" | "spacing"> {
  const voxels = [size[columns], size[rows]] as const;
  const steps = [spacing[columns], spacing[rows]] as const;
  const finest = Math.min(...steps);
  const square = Math.max(...steps) <= finest * (1 + SQUARE);
  const [width, height] = square ? voxels : voxels.map((count, i) => stretched(count, steps[i] / finest));
  return {
    width,
    height,
    count: size[slices],
    ...(width === voxels[0] && height === voxels[1] ? {} : { voxels }),
    spacing: [(steps[0] * voxels[0]) / width, (steps[1] * voxels[1]) / height, spacing[slices]],
  };
}

function stretched(voxels: number, ratio: number): number {
  return Math.max(voxels, Math.min(MOST_PIXELS, Math.round(voxels * ratio)));
}
