// Points instead of boxes, as a reader would click: a positive one on each peak of the map, negative ones around it at
// places that are surely normal. The least deviant places of the whole image lie in the background, where no mask would
// go anyway; so they are looked for in a frame around the peak's hill, where a mask that runs over would go.

import type { Box, Point, Prompt, PromptSet, ScalarMap } from "../types.ts";
import { mapMedian } from "../util/map-statistics.ts";
import { type FurtherPeaks, lesionHills, lesionLadder, summitOf } from "./lesion-ladders.ts";
import { mapLogits } from "./map-logits.ts";

/** Negative points of a peak: one a side, if the sides are alike. */
const NEGATIVES = 4;

/** The frame around the hill's lowest box, in sizes of that box: not touching it, and no farther than half its size. */
const FRAME_FROM = 0.1;
const FRAME_TO = 0.5;

/** Negative points are half of the box's shorter side apart, and at least so many pixels. */
const LEAST_APART = 8;

/** Where on a hill, between the median (0) and the peak (1), the mask prompt has its edge. */
const EDGE = 0.5;

interface Summit {
  readonly lesion: number;
  /** The lowest box of the peak's ladder. */
  readonly box: Box;
  readonly point: Point;
  readonly value: number;
}

/**
 * A set for each lesion of `lesionLadders`: its peak as a positive point and up to four negative ones at the least
 * values of the map in a frame around its lowest box. Each asks for three masks. A frame that lies outside of the
 * image has no points.
 * @param map anomaly map in the model frame
 * @param further which peaks beside the highest are asked for
 */
export function signedPoints(map: ScalarMap, further: FurtherPeaks): PromptSet[] {
  return summits(map, further).map(({ lesion, box, point }) => ({
    prompts: [pointPrompt(point, true), ...leastAround(map, box).map((least) => pointPrompt(least, false))],
    output: "multi",
    lesion,
    label: `peak ${lesion + 1}, points`,
  }));
}

/**
 * A set for each lesion of `lesionLadders`: its peak as a positive point, and the map as mask prompt, whose edge lies
 * halfway between the map's median and that peak. Each asks for three masks. A constant map gives none.
 * @param map anomaly map in the model frame
 * @param maskSize side of the decoder's mask prompt, in its pixels
 * @param further which peaks beside the highest are asked for
 */
export function mapPoints(map: ScalarMap, maskSize: number, further: FurtherPeaks): PromptSet[] {
  const low = mapMedian(map);
  return summits(map, further)
    .filter(({ value }) => value > low)
    .map(({ lesion, point, value }) => ({
      prompts: [pointPrompt(point, true)],
      maskInput: mapLogits(map, low + EDGE * (value - low), value - low, maskSize),
      output: "multi",
      lesion,
      label: `peak ${lesion + 1}, point and map`,
    }));
}

function summits(map: ScalarMap, further: FurtherPeaks): Summit[] {
  return lesionHills(map, further).map((hill, lesion) => {
    const [lowest] = lesionLadder(map, hill, lesion);
    return { lesion, box: lowest.box, point: summitOf(map, hill), value: hill.high };
  });
}

/** The least places of the frame around a box, apart from each other, the least first. */
function leastAround(map: ScalarMap, box: Box): Point[] {
  const apart = Math.max(LEAST_APART, 0.5 * Math.min(box.x1 - box.x0 + 1, box.y1 - box.y0 + 1));
  const inner = grown(box, FRAME_FROM);
  const frame = placesOf(grown(box, FRAME_TO), map)
    .filter((place) => !holds(inner, pointAt(map, place)))
    .sort((a, b) => map.data[a] - map.data[b] || a - b);
  const kept: Point[] = [];
  for (const place of frame) {
    if (kept.length === NEGATIVES) break;
    const { x, y } = pointAt(map, place);
    if (kept.every((other) => Math.hypot(x - other.x, y - other.y) >= apart)) kept.push({ x, y });
  }
  return kept;
}

function pointPrompt(point: Point, positive: boolean): Prompt {
  return { kind: "point", point, positive };
}

function pointAt({ width }: ScalarMap, place: number): Point {
  const x = place % width;
  return { x, y: (place - x) / width };
}

/** The box with `share` of its size more on each side. */
function grown({ x0, y0, x1, y1 }: Box, share: number): Box {
  const [across, down] = [share * (x1 - x0 + 1), share * (y1 - y0 + 1)];
  return { x0: x0 - across, y0: y0 - down, x1: x1 + across, y1: y1 + down };
}

function holds({ x0, y0, x1, y1 }: Box, { x, y }: Point): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/** Indices (row * width + column) of the pixels of the map that lie in a box, row by row. */
function placesOf({ x0, y0, x1, y1 }: Box, { width, height }: ScalarMap): number[] {
  const places: number[] = [];
  for (let y = Math.max(0, Math.ceil(y0)); y <= Math.min(height - 1, y1); y++) {
    for (let x = Math.max(0, Math.ceil(x0)); x <= Math.min(width - 1, x1); x++) places.push(y * width + x);
  }
  return places;
}
