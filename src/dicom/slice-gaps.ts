// Where a stack of slices breaks: a straight affine over a gap would put what is beyond it where it is not.

import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { byPlace, hasSameOrientation, isAlike } from "./group-slices.ts";
import {
  alongNormal,
  distancesOf,
  EVEN,
  type PlacedFrame,
  rounded,
  SAME_PLACE,
  usualOf,
} from "./slice-geometry.ts";

interface Gap {
  /** The slice before it, from 0. */
  readonly after: number;
  /** In mm. */
  readonly distance: number;
  /** Slices that would fill it; 0 where it is no whole number of the usual distance, or begins another spacing. */
  readonly fits: number;
}

/** There is a gap where the next slice is this many usual distances away. */
const FAR = 1.5;
/** So many wide distances in a row are a spacing of their own. */
const REGION = 3;
/** More irregular distances than this are counted. */
const MOST_TOLD = 3;

/**
 * The gaps of slices in order: places after which the next slice is much farther away than usual, beside a usual distance.
 * At the border of two regions of different spacing it is where the wider one begins.
 */
export function gapsOf(slices: readonly PlacedFrame[]): number[] {
  const distances = distancesOf(slices);
  const far = farOf(distances);
  return [...far.keys()].filter((i) => far[i] && (far[i - 1] === false || far[i + 1] === false));
}

function farOf(distances: readonly number[]): boolean[] {
  const usual = usualOf(distances);
  return distances.map((distance) => distance >= FAR * usual);
}

function measuredGaps(slices: readonly PlacedFrame[]): Gap[] {
  const distances = distancesOf(slices);
  const far = farOf(distances);
  const usual = usualOf(distances);
  return gapsOf(slices).map((after) => {
    const times = distances[after] / usual;
    const isWhole = Math.abs(times - Math.round(times)) <= EVEN;
    const fits = isWhole && !isRegion(far, after) ? Math.round(times) - 1 : 0;
    return { after, distance: distances[after], fits };
  });
}

/** Whether distance `at` is one of several wide ones in a row. */
function isRegion(far: readonly boolean[], at: number): boolean {
  const before = far.lastIndexOf(false, at);
  const next = far.indexOf(false, at);
  return (next < 0 ? far.length : next) - before - 1 >= REGION;
}

/**
 * Tells of slices in order where some are missing, and where their spacing is irregular. A place that is taken by a slice of
 * `all` of another size or spacing is no gap.
 */
export function gapIssues(
  name: string,
  slices: readonly PlacedFrame[],
  all: readonly PlacedFrame[],
): Issue[] {
  const gaps = measuredGaps(slices);
  if (gaps.length === 0) return [];
  const distances = distancesOf(slices);
  const usual = rounded(usualOf(distances));
  const filled = gaps.map((gap) => placesIn(gap, slices, all));
  const isLost = ({ fits }: Gap, i: number) => fits > filled[i];
  const lost = gaps.filter(isLost);
  const irregular = gaps.filter(({ fits }, i) => fits === 0 && filled[i] === 0);
  const missing = gaps.reduce((sum, gap, i) => sum + (isLost(gap, i) ? gap.fits - filled[i] : 0), 0);
  const outcome = "what lies on each side is read by itself, export the series again";
  const issues: Issue[] = [];
  if (lost.length > 0) {
    const told = `${missing} of ${slices.length + missing} are missing, the first after slice ${lost[0].after + 1}`;
    const message = `slices of ${name} must be ${usual} mm apart, but ${told}; ${outcome}`;
    issues.push(issue("slices-missing", name, message));
  }
  if (irregular.length > 0) {
    const rest = farOf(distances).filter(Boolean).length > gaps.length ? "mostly" : "else";
    const message = `spacing of ${name} must be even, but is irregular: ${distancesText(irregular)}, ${rest} ${usual} mm; ${outcome}`;
    issues.push(issue("slices-uneven", name, message));
  }
  return issues;
}

function distancesText(gaps: readonly Gap[]): string {
  const told = gaps
    .slice(0, MOST_TOLD)
    .map(({ after, distance }) => `${rounded(distance)} mm after slice ${after + 1}`);
  const more = gaps.length > MOST_TOLD ? [`${gaps.length - MOST_TOLD} more`] : [];
  return [...told, ...more].join(", ");
}

/** How many places in a gap parallel slices of another size or spacing have taken. */
function placesIn({ after }: Gap, slices: readonly PlacedFrame[], all: readonly PlacedFrame[]): number {
  const [first] = slices;
  const [low, high] = [slices[after], slices[after + 1]].map(({ position }) => alongNormal(first, position));
  const inside = all.filter((slice) => {
    const at = alongNormal(first, slice.position);
    const isBetween = at > low + SAME_PLACE && at < high - SAME_PLACE;
    return isBetween && hasSameOrientation(first, slice) && !isAlike(first, slice);
  });
  return inside.length === 0 ? 0 : byPlace(inside).length;
}
