// The paper's second path (arXiv 2505.22762): the min-max map, cut at 0.5, gives contours; the box of each contour
// and the map itself are given to the decoder, and its masks are united. Boxes are those of OpenCV's findContours
// with RETR_EXTERNAL: components are 8-connected, and one inside a hole of another has no box of its own.

import type { Box, Mask, PromptSet, ScalarMap } from "../types.ts";
import { type Components, componentStats, labelComponents } from "../util/components.ts";
import { valueRange } from "../util/value-range.ts";
import { mapLogits } from "./map-logits.ts";

/** Level of the min-max map above which a pixel belongs to a contour. */
const LEVEL = 0.5;

/**
 * One prompt set per contour of a map [size, size] in the model frame, each with its box and the map as mask
 * prompt, from top to bottom. A constant map has no contour and gives none.
 * @param maskSize side of the decoder's mask prompt, in its pixels
 */
export function contourBoxes(map: ScalarMap, maskSize: number): PromptSet[] {
  const { min, max } = valueRange(map.data);
  if (min === max) return [];
  const middle = min + LEVEL * (max - min);
  const boxes = outerBoxes(maskAbove(map, middle));
  const maskInput = mapLogits(map, middle, max - min, maskSize);
  return boxes.map((box, i) => ({
    prompts: [{ kind: "box", box }],
    maskInput,
    output: "single",
    label: `contour ${i + 1}`,
  }));
}

function maskAbove({ width, height, data }: ScalarMap, level: number): Mask {
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++) mask[i] = data[i] > level ? 1 : 0;
  return { width, height, data: mask };
}

function outerBoxes(mask: Mask): Box[] {
  const components = labelComponents(mask, 8);
  const outer = outerLabels(components, outside(mask));
  return componentStats(components).flatMap(({ box }, i) => (outer[i + 1] === 1 ? [box] : []));
}

/** 1 where the background is joined to the border of the map (by edges: the complement of 8-connected components). */
function outside({ width, height, data }: Mask): Uint8Array {
  const background = labelComponents({ width, height, data: data.map((value) => 1 - value) }, 4);
  const reached = new Uint8Array(background.count + 1);
  for (let i = 0; i < data.length; i++) {
    if (isBorder(i, width, height)) reached[background.labels[i]] = 1;
  }
  reached[0] = 0;
  return data.map((_, i) => reached[background.labels[i]]);
}

/** 1 for each label that touches the outside or the border of the map. */
function outerLabels({ width, height, labels, count }: Components, isOutside: Uint8Array): Uint8Array {
  const outer = new Uint8Array(count + 1);
  for (let i = 0; i < labels.length; i++) {
    if (outer[labels[i]] === 1) continue;
    const besides = isOutside[i - 1] + isOutside[i + 1] + isOutside[i - width] + isOutside[i + width];
    if (isBorder(i, width, height) || besides > 0) outer[labels[i]] = 1;
  }
  return outer;
}

function isBorder(index: number, width: number, height: number): boolean {
  const x = index % width;
  const y = (index - x) / width;
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}
