// The picture of one result: the image in grey, its anomaly map in colour, and in crisp lines what the decoder was
// asked and what it drew. The colours mean the same in every picture: they follow the map's own unit, standard
// deviations of normal variation, and never the range of one image.

import { MiasError } from "../errors.ts";
import type { Box, Mask, MedicalImage, Point, Prompt, ScalarMap, Segmentation } from "../types.ts";
import { colourCount, infernoTable } from "./colour-map.ts";
import { drawBox, drawContour, drawCross, drawRing } from "./draw.ts";
import { greyMap, greyWindow, windowedGrey } from "./grey-base.ts";
import { blankPicture, type Rgb, type RgbPicture, sideBySide } from "./picture.ts";
import { enlargePicture, fitView, pictureMask, reduceMap, toPicture, type View } from "./view.ts";

/** What is drawn of a result, in the frame of the image. */
export type OverlayResult = Pick<Segmentation, "map" | "mask" | "prompts"> &
  Partial<Pick<Segmentation, "centreOfGravity">>;

export interface OverlayStyle {
  /** Map value, in standard deviations, up to which the image shows unchanged. @default 1 */
  readonly clearUpTo?: number;
  /** Map value, in standard deviations, from which colour and opacity are full. @default 8 */
  readonly fullFrom?: number;
  /** Opacity of the map where it is full, 0 to 1. @default 0.6 */
  readonly opacity?: number;
  /** Longer side, in pixels, that a small image is at least enlarged to, by a whole factor. @default 384 */
  readonly leastSide?: number;
  /** Longer side, in pixels, that a large image is reduced to. @default 1024 */
  readonly mostSide?: number;
}

/** How overlays are drawn unless a caller says otherwise. */
export const defaultOverlayStyle: Required<OverlayStyle> = {
  clearUpTo: 1,
  fullFrom: 8,
  opacity: 0.6,
  leastSide: 384,
  mostSide: 1024,
};

/** The colours of an overlay's lines and marks; `truth` is the contour of a reference mask. */
export const overlayColours = {
  contour: [0, 229, 255],
  truth: [64, 255, 64],
  box: [255, 255, 255],
  positive: [64, 255, 64],
  negative: [255, 0, 255],
  centre: [255, 32, 32],
  halo: [0, 0, 0],
} as const satisfies Record<string, Rgb>;

/**
 * Draws image, anomaly map, mask contour (cyan), prompts (boxes white, positive points green discs, negative points
 * magenta rings) and centre of gravity (red cross).
 *
 * The grey runs over the image's range, or from its 0.5th to its 99.5th percentile where it has none. Map, mask and
 * coordinates are in the frame of the image; a MiasError says so when their sizes differ.
 */
export function drawOverlay(
  image: MedicalImage | ScalarMap,
  result: OverlayResult,
  style: OverlayStyle = {},
): RgbPicture {
  requireSameSize("the anomaly map", result.map, image);
  requireSameSize("the mask", result.mask, image);
  const full = { ...defaultOverlayStyle, ...style };
  const view = fitView(image.width, image.height, full.leastSide, full.mostSide);
  const picture = enlargePicture(
    blendMap(greyPicture(image, view), reduceMap(result.map, view), full),
    view.factor,
  );
  drawContour(picture, pictureMask(result.mask, view), overlayColours.contour);
  for (const prompt of result.prompts) drawPrompt(picture, view, prompt);
  if (result.centreOfGravity) drawCentre(picture, toPicture(view, result.centreOfGravity));
  return picture;
}

/** Side by side: the image, the image with the contour of the reference mask (where there is one), the result. */
export function drawPanel(
  image: MedicalImage | ScalarMap,
  truth: Mask | undefined,
  result: OverlayResult,
  style: OverlayStyle = {},
): RgbPicture {
  const { leastSide, mostSide } = { ...defaultOverlayStyle, ...style };
  const view = fitView(image.width, image.height, leastSide, mostSide);
  const plain = enlargePicture(greyPicture(image, view), view.factor);
  const reference = { ...plain, data: plain.data.slice() };
  if (truth) {
    requireSameSize("the reference mask", truth, image);
    drawContour(reference, pictureMask(truth, view), overlayColours.truth);
  }
  return sideBySide([plain, reference, drawOverlay(image, result, style)]);
}

function requireSameSize(what: string, part: ScalarMap | Mask, image: MedicalImage | ScalarMap): void {
  if (part.width === image.width && part.height === image.height) return;
  const sizes = `${image.width} x ${image.height}, got ${part.width} x ${part.height}`;
  const name = "name" in image ? image.name : "image";
  throw new MiasError("mask-mismatch", name, `${what} must be as large as its image, ${sizes} (${name})`);
}

function greyPicture(image: MedicalImage | ScalarMap, view: View): RgbPicture {
  const grey = greyMap(image);
  const window = greyWindow(image, grey);
  const reduced = reduceMap(grey, view);
  const picture = blankPicture(reduced.width, reduced.height);
  for (let i = 0; i < reduced.data.length; i++) {
    const level = windowedGrey(reduced.data[i], window);
    picture.data[i * 3] = level;
    picture.data[i * 3 + 1] = level;
    picture.data[i * 3 + 2] = level;
  }
  return picture;
}

/** Mixes the map's colours into the picture, in place; opacity rises from 0 with the map's value. */
function blendMap(picture: RgbPicture, map: ScalarMap, style: Required<OverlayStyle>): RgbPicture {
  const { data } = picture;
  const range = style.fullFrom - style.clearUpTo;
  for (let i = 0; i < map.data.length; i++) {
    const excess = (map.data[i] - style.clearUpTo) / range;
    if (!(excess > 0)) continue;
    const share = Math.min(1, excess);
    const colour = Math.round(share * (colourCount - 1)) * 3;
    const opacity = share * style.opacity;
    for (let channel = 0; channel < 3; channel++) {
      const at = i * 3 + channel;
      data[at] = Math.round(data[at] + (infernoTable[colour + channel] - data[at]) * opacity);
    }
  }
  return picture;
}

function drawPrompt(picture: RgbPicture, view: View, prompt: Prompt): void {
  if (prompt.kind === "box") drawBox(picture, pictureBox(view, prompt.box), overlayColours.box);
  else drawPoint(picture, toPicture(view, prompt.point), prompt.positive);
}

/** The outermost pixels of the picture that the box's corner pixels cover. */
function pictureBox(view: View, box: Box): Box {
  const first = toPicture(view, { x: box.x0 - 0.5, y: box.y0 - 0.5 });
  const last = toPicture(view, { x: box.x1 + 0.5, y: box.y1 + 0.5 });
  return {
    x0: Math.round(first.x + 0.5),
    y0: Math.round(first.y + 0.5),
    x1: Math.round(last.x - 0.5),
    y1: Math.round(last.y - 0.5),
  };
}

function drawPoint(picture: RgbPicture, point: Point, positive: boolean): void {
  drawRing(picture, point, 0, 5, overlayColours.halo);
  if (positive) drawRing(picture, point, 0, 4, overlayColours.positive);
  else drawRing(picture, point, 2, 4, overlayColours.negative);
}

function drawCentre(picture: RgbPicture, centre: Point): void {
  drawCross(picture, centre, 8, 2, overlayColours.halo);
  drawCross(picture, centre, 7, 1, overlayColours.centre);
}
