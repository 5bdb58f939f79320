// Where the slices of a volume lie, and what is odd about it.

import { issue } from "../issues.ts";
import type { Geometry, Issue } from "../types.ts";
import type { Orientation, Vector } from "./instance.ts";
import type { SeriesFrame } from "./series-plan.ts";

/** A frame whose place in the patient is known. */
export interface PlacedFrame extends SeriesFrame {
  readonly position: Vector;
  readonly orientation: Orientation;
  readonly pixelSpacing: readonly [number, number];
}

/** Slices nearer than this, in mm, are at one place. */
export const SAME_PLACE = 0.01;
/** Differences of slice distances up to this part of them are rounding. */
export const EVEN = 0.1;
/** Sine of the angle between the normal and the way from slice to slice above which a stack is tilted: 0.6 degrees. */
const TILTED = 0.01;

/** The frame with its place, where it has one. */
export function placed({ instance, frame }: SeriesFrame): PlacedFrame | undefined {
  const { position, orientation, pixelSpacing } = frame;
  return position && orientation && pixelSpacing
    ? { instance, frame, position, orientation, pixelSpacing }
    : undefined;
}

function normalOf([[a, b, c], [d, e, f]]: Orientation): Vector {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function times(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/** How far a position lies along the normal of a slice, in mm. */
export function alongNormal({ orientation }: PlacedFrame, position: Vector): number {
  return dot(normalOf(orientation), position);
}

/** From each slice to the next along the normal, in mm. */
export function distancesOf(slices: readonly PlacedFrame[]): number[] {
  const places = slices.map(({ position }) => alongNormal(slices[0], position));
  return places.slice(1).map((place, index) => place - places[index]);
}

/** The usual distance: the lower of the two middle ones, so that a gap among few slices is one. */
export function usualOf(distances: readonly number[]): number {
  const sorted = [...distances].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** From a slice to the next one: the mean of all steps. */
function stepOf(slices: readonly PlacedFrame[]): Vector {
  const whole = minus(slices[slices.length - 1].position, slices[0].position);
  return times(whole, 1 / (slices.length - 1));
}

/** Lengths in messages. */
export function rounded(value: number): number {
  return Number(value.toFixed(3));
}

/** Geometry of at least two slices in order; the affine's third column is the step from slice to slice. */
export function volumeGeometry(slices: readonly PlacedFrame[]): Geometry {
  const [{ position, orientation, pixelSpacing }] = slices;
  const [row, column] = orientation;
  const step = stepOf(slices);
  const [x, y] = [times(row, pixelSpacing[1]), times(column, pixelSpacing[0])];
  const affine = [0, 1, 2].flatMap((axis) => [x[axis], y[axis], step[axis], position[axis]]);
  return {
    spacing: [pixelSpacing[1], pixelSpacing[0], Math.hypot(...step)],
    unit: "mm",
    affine: [...affine, 0, 0, 0, 1],
  };
}

/** What is odd about slices in order without gaps: uneven distances, a tilt. */
export function sliceIssues(name: string, slices: readonly PlacedFrame[]): Issue[] {
  const distances = distancesOf(slices);
  const usual = usualOf(distances);
  const issues: Issue[] = [];
  if (distances.some((distance) => Math.abs(distance - usual) > EVEN * usual)) {
    const [least, most] = [Math.min(...distances), Math.max(...distances)].map(rounded);
    const rule = `slices of ${name} must be evenly spaced, got ${least} to ${most} mm`;
    issues.push(issue("slices-uneven", name, `${rule}; their mean is used`));
  }
  const step = stepOf(slices);
  const normal = normalOf(slices[0].orientation);
  const sideways = minus(step, times(normal, dot(step, normal) / dot(normal, normal)));
  if (Math.hypot(...sideways) > TILTED * Math.hypot(...step)) {
    issues.push(
      issue("slices-tilted", name, "slices are not stacked at a right angle; the affine holds their tilt"),
    );
  }
  return issues;
}
