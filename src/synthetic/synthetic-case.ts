// Anomalies made in normal images, so that settings can be chosen without a labelled anomaly. An image gets 1 lesion
// (60 %), 2 (25 %) or 3 to 5 (15 %) that do not overlap. Each is drawn until something visible comes of it. The mask
// is what changed, not what was meant to.

import { isMiasError, MiasError } from "../errors.ts";
import type { Mask, ScalarMap } from "../types.ts";
import { createRandom, hash32, type Random } from "../util/prng.ts";
import { chance, octaves } from "./draw.ts";
import { lesionMakers, SYNTHETIC_KINDS, type SyntheticKind, smallestArea } from "./kinds.ts";
import { examineNormal, type NormalImage } from "./normal-image.ts";
import { drawOutline, type Outline } from "./outline.ts";
import { type Change, openSite, pixelOf, type Site } from "./site.ts";

export interface SyntheticOptions {
  /** With `index` it decides everything. A whole number below 2^53. */
  readonly seed: number;
  /** Number of the case, from 0; the kinds of first lesions take turns by it. */
  readonly index: number;
  /** @default all */
  readonly kinds?: readonly SyntheticKind[];
  /** Areas of lesions in pixels, were the image 256 x 256. @default { least: 20, most: 5000 } */
  readonly sizes?: LesionSizes;
}

export interface LesionSizes {
  readonly least: number;
  readonly most: number;
}

export interface SyntheticCase {
  /** The normal image with lesions, within its own range of values. */
  readonly image: ScalarMap;
  readonly mask: Mask;
  /** Kind and area in pixels of each lesion. */
  readonly kinds: readonly SyntheticKind[];
  readonly areas: readonly number[];
}

const DEFAULT_SIZES: LesionSizes = { least: 20, most: 5000 };
/** Most of the body that all lesions of an image may take. */
const LARGEST_SHARE = 0.35;
/** A lesion's size is drawn so many times, and so many places for each. */
const PLANS_TRIED = 5;
const PLACES_TRIED = 20;
/** The median change within a mask must be this share of the body's range. */
const LEAST_CHANGE = 0.04;
/** Lesions at the body's border, of which half the outline may be cut off; others lie well inside. */
const AT_BORDER = 0.15;
const LEAST_INSIDE = { border: 0.5, interior: 0.98 };
/** Pixels that stay free between two lesions. */
const GAP = 3;

/** An image on which lesions are being made. */
interface Canvas {
  readonly normal: NormalImage;
  readonly donors: readonly NormalImage[];
  readonly sizes: LesionSizes;
  readonly image: ScalarMap;
  readonly mask: Mask;
  readonly kinds: SyntheticKind[];
  readonly areas: number[];
}

interface LesionPlan {
  readonly kind: SyntheticKind;
  /** Of the outline, in pixels. */
  readonly area: number;
  readonly atBorder: boolean;
}

/**
 * Makes lesions in `normal`, a grey image of any range with a dark background.
 * @param donors other normal images of the same kind, from which pieces are taken; may be empty, and those without a
 *   body are not used
 * @throws MiasError `image-unsupported` where the image has no body or nothing visible can be made in it; `usage`
 */
export function syntheticCase(
  normal: ScalarMap,
  donors: readonly ScalarMap[],
  options: SyntheticOptions,
): SyntheticCase {
  const { seed, index, kinds = SYNTHETIC_KINDS, sizes = DEFAULT_SIZES } = options;
  checkOptions(index, kinds, sizes);
  const random = createRandom(hash32(createRandom(seed).integer(2 ** 32), index, 0));
  const canvas = createCanvas(examineNormal(normal), donors.flatMap(usableDonor), sizes);
  const first = kinds[index % kinds.length];
  const count = drawCount(random);
  const alike = chance(random, 0.5);
  for (let lesion = 0; lesion < count; lesion++) {
    const kind = lesion === 0 || alike ? first : kinds[random.integer(kinds.length)];
    addLesion(canvas, kind, createRandom(random.integer(2 ** 32)));
  }
  for (const kind of kinds) {
    if (canvas.areas.length === 0) addLesion(canvas, kind, createRandom(random.integer(2 ** 32)));
  }
  if (canvas.areas.length === 0) {
    const rule = `an anomaly must be visible, got none of the kinds ${kinds.join(", ")}`;
    throw new MiasError("image-unsupported", "image", `${rule}, leave the image out`);
  }
  const { image, mask, areas } = canvas;
  return { image, mask, kinds: canvas.kinds, areas };
}

function checkOptions(index: number, kinds: readonly SyntheticKind[], { least, most }: LesionSizes): void {
  const complain = (what: string, rule: string) => {
    throw new MiasError("usage", what, `${what} must ${rule}`);
  };
  if (!Number.isInteger(index) || index < 0) complain("index", `be a whole number from 0, got ${index}`);
  if (kinds.length === 0) complain("kinds", `name at least one of ${SYNTHETIC_KINDS.join(", ")}, got none`);
  if (!(least >= 1 && most >= least)) {
    complain("sizes", `be pixels with 1 <= least <= most, got ${least} and ${most}`);
  }
}

function usableDonor(donor: ScalarMap): NormalImage[] {
  try {
    return [examineNormal(donor)];
  } catch (error) {
    if (isMiasError(error, "image-unsupported")) return [];
    throw error;
  }
}

function createCanvas(normal: NormalImage, donors: readonly NormalImage[], sizes: LesionSizes): Canvas {
  const { width, height, data } = normal.image;
  return {
    normal,
    donors,
    sizes,
    image: { width, height, data: data.slice() },
    mask: { width, height, data: new Uint8Array(data.length) },
    kinds: [],
    areas: [],
  };
}

function drawCount(random: Random): number {
  const u = random.uniform();
  if (u < 0.6) return 1;
  return u < 0.85 ? 2 : 3 + random.integer(3);
}

/** Draws a lesion until one can be seen; leaves it out where none of the tries can. */
function addLesion(canvas: Canvas, kind: SyntheticKind, random: Random): void {
  for (let drawn = 0; drawn < PLANS_TRIED; drawn++) {
    const plan = drawPlan(canvas, kind, random);
    if (plan === undefined) return;
    for (let tried = 0; tried < PLACES_TRIED; tried++) {
      if (tryLesion(canvas, plan, random)) return;
    }
  }
}

/** Undefined where the lesions so far leave no room in the body. */
function drawPlan(canvas: Canvas, kind: SyntheticKind, random: Random): LesionPlan | undefined {
  const { normal, sizes, areas, mask } = canvas;
  const scale = mask.data.length / (256 * 256);
  const free = LARGEST_SHARE * normal.area - areas.reduce((sum, area) => sum + area, 0);
  const least = scale * Math.max(sizes.least, Math.min(smallestArea[kind], sizes.most));
  const most = Math.min(scale * sizes.most, free);
  if (most < least) return undefined;
  return { kind, area: octaves(random, least, most), atBorder: chance(random, AT_BORDER) };
}

function tryLesion(canvas: Canvas, plan: LesionPlan, random: Random): boolean {
  const { normal, image, mask, donors } = canvas;
  const places = plan.atBorder ? normal.border : normal.interior;
  if (places.length === 0) return false;
  const pixel = places[random.integer(places.length)];
  const centre = { x: pixel % image.width, y: Math.floor(pixel / image.width) };
  const outline = drawOutline(random, plan.area, centre, image);
  if (!fits(normal, mask, outline, plan.atBorder)) return false;
  const site = openSite(normal, image, outline, donors);
  const change = lesionMakers[plan.kind](site, random);
  return change !== undefined && accept(canvas, plan.kind, site, change);
}

/** Whether an outline lies in the body and keeps away from other lesions. */
function fits({ body }: NormalImage, mask: Mask, outline: Outline, atBorder: boolean): boolean {
  let all = 0;
  let inside = 0;
  for (let i = 0; i < outline.depth.length; i++) {
    if (outline.depth[i] <= -GAP) continue;
    const pixel = pixelOf(outline, i, mask.width);
    if (mask.data[pixel] === 1) return false;
    if (outline.depth[i] <= 0) continue;
    all++;
    inside += body.data[pixel];
  }
  return inside >= (atBorder ? LEAST_INSIDE.border : LEAST_INSIDE.interior) * all;
}

/** Puts the change into the image, held within its range, unless it is too small, too large or hardly seen. */
function accept(
  canvas: Canvas,
  kind: SyntheticKind,
  { outline, before }: Site,
  { values, mask }: Change,
): boolean {
  const { normal, image, sizes } = canvas;
  const area = mask.reduce((sum, inside) => sum + inside, 0);
  const scale = image.data.length / (256 * 256);
  if (area < scale * sizes.least || area > scale * sizes.most) return false;
  const after = values.map((value) => Math.min(normal.max, Math.max(normal.min, value)));
  const changes = after.map((value, i) => Math.abs(value - before[i])).filter((_, i) => mask[i] === 1);
  if (changes.sort()[changes.length >> 1] < LEAST_CHANGE * normal.span) return false;
  for (let i = 0; i < after.length; i++) {
    const pixel = pixelOf(outline, i, image.width);
    image.data[pixel] = after[i];
    if (mask[i] === 1) canvas.mask.data[pixel] = 1;
  }
  canvas.kinds.push(kind);
  canvas.areas.push(area);
  return true;
}
