// The part of a very long image that a picture can show: reduced as a whole, a strip of 30000 x 64 pixels would be two
// pixels high.

import type { Box, Mask, MedicalImage, PixelArray, Point, Prompt, ScalarMap } from "../types.ts";
import { defaultOverlayStyle, type OverlayResult } from "./overlay.ts";

/** Pixels of a picture's shorter side, below which a long image is cropped rather than reduced. */
const LEAST_SHORT_SIDE = 128;

export interface CroppedImage {
  readonly image: MedicalImage;
  readonly result: OverlayResult;
  /** Pixels of the original that are left. */
  readonly part: Box;
}

/**
 * Crops image and result along the longer side, around `centre` as far as the image's ends allow; undefined where the
 * image needs no crop.
 */
export function cropLong(
  image: MedicalImage,
  result: OverlayResult,
  centre: Point,
): CroppedImage | undefined {
  const part = partOf(image, centre);
  if (part === undefined) return undefined;
  const { x0, y0, x1, y1 } = part;
  const size = { width: x1 - x0 + 1, height: y1 - y0 + 1 };
  const moved = ({ x, y }: Point): Point => ({ x: x - x0, y: y - y0 });
  const { map, mask, prompts, centreOfGravity } = result;
  return {
    part,
    image: { ...image, ...size, data: cropped(image.data, image.width, part, image.channels) },
    result: {
      map: { ...size, data: cropped(map.data, map.width, part) } satisfies ScalarMap,
      mask: { ...size, data: cropped(mask.data, mask.width, part) } satisfies Mask,
      prompts: prompts.map((prompt) => movedPrompt(prompt, moved)),
      ...(centreOfGravity ? { centreOfGravity: moved(centreOfGravity) } : {}),
    },
  };
}

/** What is shown of an image whose shorter side would be reduced to less than is of use. */
function partOf({ width, height }: MedicalImage, centre: Point): Box | undefined {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const { mostSide } = defaultOverlayStyle;
  const kept = Math.round((mostSide * short) / LEAST_SHORT_SIDE);
  if (long <= mostSide || kept >= long) return undefined;
  const middle = Math.round(width > height ? centre.x : centre.y);
  const first = Math.min(Math.max(0, middle - Math.floor(kept / 2)), long - kept);
  const last = first + kept - 1;
  return width > height
    ? { x0: first, y0: 0, x1: last, y1: height - 1 }
    : { x0: 0, y0: first, x1: width - 1, y1: last };
}

/** @param width of the whole, in pixels of `channels` values */
function cropped<Data extends PixelArray>(
  data: Data,
  width: number,
  { x0, y0, x1, y1 }: Box,
  channels = 1,
): Data {
  const row = (x1 - x0 + 1) * channels;
  const part = data.slice(0, row * (y1 - y0 + 1)) as Data;
  for (let y = y0; y <= y1; y++) {
    const start = (y * width + x0) * channels;
    part.set(data.subarray(start, start + row), (y - y0) * row);
  }
  return part;
}

function movedPrompt(prompt: Prompt, moved: (point: Point) => Point): Prompt {
  if (prompt.kind === "point") return { ...prompt, point: moved(prompt.point) };
  const { x0, y0, x1, y1 } = prompt.box;
  const first = moved({ x: x0, y: y0 });
  const last = moved({ x: x1, y: y1 });
  return { ...prompt, box: { x0: first.x, y0: first.y, x1: last.x, y1: last.y } };
}
