// Which slices of a series make one volume: of one size, spacing and orientation, and with no place taken twice.

import { grouped } from "../util/grouped.ts";
import type { SliceKeys } from "./instance.ts";
import type { SeriesFrame } from "./series-plan.ts";
import type { PlacedFrame } from "./slice-geometry.ts";
import { alongNormal, SAME_PLACE } from "./slice-geometry.ts";

/** Cosine of the angle up to which orientations are one: 0.8 degrees. */
const SAME_DIRECTION = 0.9999;
/** Relative difference up to which spacings are one. */
const SAME_SPACING = 1e-3;

/** What a series is split by where places are taken several times, in this order. */
export const KEYS = [
  "stack",
  "echo",
  "temporalPosition",
  "bValue",
  "imageType",
  "acquisition",
] as const satisfies readonly (keyof SliceKeys)[];

/** Whether rows and columns of two slices run the same way. */
export function hasSameOrientation(a: PlacedFrame, b: PlacedFrame): boolean {
  const dot = (index: 0 | 1) =>
    a.orientation[index].reduce((sum, value, axis) => sum + value * b.orientation[index][axis], 0);
  return dot(0) >= SAME_DIRECTION && dot(1) >= SAME_DIRECTION;
}

/** Whether the pixels of two slices are of one size in mm. */
export function hasSameSpacing(a: PlacedFrame, b: PlacedFrame): boolean {
  const near = (one: number, other: number) => Math.abs(one - other) <= SAME_SPACING * one;
  return near(a.pixelSpacing[0], b.pixelSpacing[0]) && near(a.pixelSpacing[1], b.pixelSpacing[1]);
}

/** Whether two slices could lie in one grid but for their place along it. */
export function isAlike(a: PlacedFrame, b: PlacedFrame): boolean {
  return (
    a.instance.layout.rows === b.instance.layout.rows &&
    a.instance.layout.columns === b.instance.layout.columns &&
    a.instance.layout.photometric === b.instance.layout.photometric &&
    a.instance.frameOfReferenceUid === b.instance.frameOfReferenceUid &&
    hasSameSpacing(a, b) &&
    hasSameOrientation(a, b)
  );
}

/** Slices that are alike together, in the order of their first ones. */
export function groupAlike(frames: readonly PlacedFrame[]): PlacedFrame[][] {
  const groups: PlacedFrame[][] = [];
  for (const frame of frames) {
    const group = groups.find(([first]) => isAlike(first, frame));
    if (group) group.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

/** Slices by their place along the normal, each place's in the order given. */
export function byPlace(frames: readonly PlacedFrame[]): PlacedFrame[][] {
  const placed = frames
    .map((frame) => ({ frame, at: alongNormal(frames[0], frame.position) }))
    .sort((a, b) => a.at - b.at);
  const places: { at: number; frames: PlacedFrame[] }[] = [];
  for (const { frame, at } of placed) {
    const last = places.at(-1);
    if (last && at - last.at < SAME_PLACE) last.frames.push(frame);
    else places.push({ at, frames: [frame] });
  }
  return places.map((place) => place.frames);
}

function mostTaken(places: readonly (readonly SeriesFrame[])[]): number {
  return places.reduce((most, { length }) => Math.max(most, length), 0);
}

/**
 * Splits alike slices until no place is taken twice: by what tells them apart (echo, time, acquisition ...), or, where
 * every place is taken equally often, by their order. What cannot be told apart stays together.
 */
export function splitRepeated(frames: readonly PlacedFrame[]): PlacedFrame[][] {
  const places = byPlace(frames);
  const taken = mostTaken(places);
  if (taken === 1) return [[...frames]];
  for (const key of KEYS) {
    const parts = [...grouped(frames, ({ frame }) => frame.keys[key]).values()];
    const isBetter =
      parts.length > 1 &&
      parts.every((part) => {
        const partPlaces = byPlace(part);
        return partPlaces.length >= 2 && mostTaken(partPlaces) < taken;
      });
    if (isBetter) return parts.flatMap(splitRepeated);
  }
  const isComplete = places.length >= 2 && places.every(({ length }) => length === taken);
  if (!isComplete) return [[...frames]];
  return Array.from({ length: taken }, (_, turn) => places.map((place) => place[turn]));
}
