// Prompts that are made of a mask which the decoder drew, to ask it once more: a cascade, as SAM was trained by
// (Kirillov et al., "Segment Anything", 2023, appendix A). They ask for the lesion of their mask, and have no say in
// which masks agree, since they repeat what that one said.

import type { Box, Candidate, PromptSet, ScalarMap } from "../types.ts";
import { positiveBounds } from "../util/positive-bounds.ts";

/** Logits of a mask prompt are held within this, as SAM does with those it is trained on. */
const MOST_LOGIT = 32;

/** Moves of a box's sides, in shares of its width and height. */
const SHIFT = 0.1;

/** Which way the left, top, right and bottom sides are moved: 1 is outwards. Larger, smaller, wider, taller. */
const SHAKES: readonly Sides[] = [
  [1, 1, 1, 1],
  [-1, -1, -1, -1],
  [1, -1, 1, -1],
  [-1, 1, -1, 1],
];

type Sides = readonly [left: number, top: number, right: number, bottom: number];

/**
 * The box of a mask, a tenth larger on each side: the mask's own box, asked again, gives a smaller mask each time.
 * None for an empty mask.
 * @param size side of the model frame
 */
export function largerBox(candidate: Candidate, size: number): PromptSet[] {
  return boxesOf(candidate.logits, size).map((box) => ({
    ...again(candidate, "larger box"),
    prompts: [{ kind: "box", box: moved(box, SHAKES[0], size) }],
    output: "single",
  }));
}

/**
 * The box of a mask, with its logits as mask prompt: they keep the mask from shrinking. None for an empty mask.
 * @param size side of the model frame
 */
export function boxAndMask(candidate: Candidate, size: number): PromptSet[] {
  return boxesOf(candidate.logits, size).map((box) => ({
    ...again(candidate, "box and mask"),
    prompts: [{ kind: "box", box }],
    maskInput: limited(candidate.logits),
    output: "single",
  }));
}

/**
 * The box of a mask with its sides moved by a tenth of its size: larger, smaller, wider and taller. None for an empty
 * mask.
 * @param size side of the model frame
 */
export function shakenBoxes(candidate: Candidate, size: number): PromptSet[] {
  return boxesOf(candidate.logits, size).flatMap((box) =>
    SHAKES.map((sides, i) => ({
      ...again(candidate, `shaken box ${i + 1}`),
      prompts: [{ kind: "box" as const, box: moved(box, sides, size) }],
      output: "single" as const,
    })),
  );
}

function again({ promptSet }: Candidate, how: string): Pick<PromptSet, "weight" | "lesion" | "label"> {
  const lesion = promptSet.lesion ?? 0;
  return { weight: 0, lesion, label: `${promptSet.label}, again by its ${how}` };
}

/** The box of a mask in the model frame, or none; a decoder may draw at another resolution than that of the frame. */
function boxesOf(logits: ScalarMap, size: number): Box[] {
  const bounds = positiveBounds(logits);
  if (bounds === undefined) return [];
  const { x0, y0, x1, y1 } = bounds;
  const [across, down] = [size / logits.width, size / logits.height];
  return [{ x0: x0 * across, y0: y0 * down, x1: (x1 + 1) * across - 1, y1: (y1 + 1) * down - 1 }];
}

/** The box with its sides moved, held inside the frame. */
function moved({ x0, y0, x1, y1 }: Box, [left, top, right, bottom]: Sides, size: number): Box {
  const [across, down] = [SHIFT * (x1 - x0 + 1), SHIFT * (y1 - y0 + 1)];
  const inside = (value: number) => Math.min(Math.max(value, 0), size - 1);
  return {
    x0: inside(x0 - left * across),
    y0: inside(y0 - top * down),
    x1: inside(x1 + right * across),
    y1: inside(y1 + bottom * down),
  };
}

function limited({ width, height, data }: ScalarMap): ScalarMap {
  const held = data.map((value) => Math.min(Math.max(value, -MOST_LOGIT), MOST_LOGIT));
  return { width, height, data: held };
}
