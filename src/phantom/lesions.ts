// Made lesions. Each is star-shaped around its centre with a noisy edge, lies wholly within the brain, and changes
// the brightness as lesion-strength.ts says, fading to a third of that at its edge.
//
//   bright, dark   a smooth blob above (below) its surroundings
//   textured       a blob of fine speckle, above and below its surroundings by turns
//   ring           a bright rim; the core is healthy tissue and does NOT belong to the truth, which has a hole
//   irregular      a bright or dark patch with a ragged edge
//
// The truth is exactly the pixels that a lesion changes.

import type { Box } from "../types.ts";
import { createNoiseField } from "../util/gradient-noise.ts";
import type { Random } from "../util/prng.ts";
import type { Anatomy } from "./anatomy.ts";
import {
  LESION_KINDS,
  type LesionKind,
  type LesionPlan,
  type LesionShape,
  lesionShape,
} from "./lesion-shape.ts";
import type { LesionStrength } from "./lesion-strength.ts";

/** A lesion to be made; what is absent is drawn. */
export interface LesionRequest {
  readonly kind?: LesionKind;
  /** About how many pixels, in an image of 256 x 256; from 20 to 5,000 (a ring has 150 or more). */
  readonly area?: number;
}

/** A lesion as made. `area` counts the pixels of its truth. */
export interface PhantomLesion {
  readonly kind: LesionKind;
  readonly area: number;
  readonly box: Box;
}

/** Bounds of the areas in pixels, in an image of 256 x 256. */
export const SMALLEST_LESION = 20;
export const SMALLEST_RING = 150;
export const LARGEST_LESION = 5000;
/** Below it a lesion is never among the weakest. */
const SMALL_LESION = 200;

const SIZES_TRIED = 12;
const PLACES_TRIED = 60;
/** The largest share of a lesion that may lie over ventricles and sulci. */
export const MOST_FLUID = 0.25;
/** Pixels that stay free between the boxes of two lesions. */
const GAP = 3;

interface Scene extends Anatomy {
  readonly truth: Uint8Array;
  readonly size: number;
  readonly boxes: Box[];
}

/**
 * Adds the requested lesions to the anatomy's brightness [size, size] and marks them in `truth`; both are changed
 * in place. A lesion that finds no place is made smaller until it does; one that finds none at the smallest size is left
 * out.
 */
export function addLesions(
  anatomy: Anatomy,
  truth: Uint8Array,
  size: number,
  requests: readonly LesionRequest[],
  strength: LesionStrength,
  random: Random,
): PhantomLesion[] {
  const scene: Scene = { ...anatomy, truth, size, boxes: [] };
  return requests.flatMap((request, index) => {
    const kind = request.kind ?? LESION_KINDS[random.integer(LESION_KINDS.length)];
    // The first lesion of an image is not a small one, so that no image hangs on a dot.
    const drawn = drawArea(random, index === 0 ? 4 : 0);
    const area = Math.max(smallest(kind), request.area ?? drawn);
    const plan = drawPlan(kind, area, strength, random);
    return placeLesion(scene, plan, area, random) ?? [];
  });
}

function smallest(kind: LesionKind): number {
  return kind === "ring" ? SMALLEST_RING : SMALLEST_LESION;
}

/** 20 * 2^k * (1 .. 2) with k from `from` to 7: evenly spread over the orders of size. */
function drawArea(random: Random, from: number): number {
  return SMALLEST_LESION * (1 << (from + random.integer(8 - from))) * (1 + random.uniform());
}

/** Draws a lesion of about `area` pixels. */
export function drawPlan(
  kind: LesionKind,
  area: number,
  { weakest, weakestSmall, strongest, unit }: LesionStrength,
  random: Random,
): LesionPlan {
  const least = area < SMALL_LESION ? weakestSmall : weakest;
  const strength = least + (strongest - least) * random.uniform();
  const isDark = kind === "dark" || (kind === "irregular" && random.integer(2) === 0);
  const halfTangent = 2 * random.uniform() - 1;
  return {
    kind,
    contrast: (isDark ? -strength : strength) * unit,
    hole: kind === "ring" ? 0.5 + 0.2 * random.uniform() : 0,
    stretch: 1 + 0.8 * random.uniform(),
    cosine: (1 - halfTangent * halfTangent) / (1 + halfTangent * halfTangent),
    sine: (2 * halfTangent) / (1 + halfTangent * halfTangent),
    raggedness: kind === "irregular" ? 0.45 : 0.15,
    noise: createNoiseField(random),
  };
}

function placeLesion(
  scene: Scene,
  plan: LesionPlan,
  area: number,
  random: Random,
): PhantomLesion | undefined {
  const scale = (scene.size * scene.size) / (256 * 256);
  const [least, most] = [smallest(plan.kind) * scale, LARGEST_LESION * scale];
  let wanted = Math.min(0.9 * most, area * scale);
  for (let size = 0; size < SIZES_TRIED; size++) {
    const shape = lesionShape(plan, wanted);
    const made = shape.dx.length;
    if (made >= least && made <= most) {
      for (let place = 0; place < PLACES_TRIED; place++) {
        const [x, y] = [random.integer(scene.size), random.integer(scene.size)];
        if (fits(scene, shape, x, y)) return paint(scene, plan.kind, shape, x, y);
      }
    }
    wanted = made < least ? 1.2 * wanted : Math.max(least, 0.7 * wanted);
  }
  return undefined;
}

function fits({ brain, tissue, size, boxes }: Scene, shape: LesionShape, x: number, y: number): boolean {
  const box = moved(shape.box, x, y);
  if (box.x0 < 0 || box.y0 < 0 || box.x1 >= size || box.y1 >= size) return false;
  if (boxes.some((other) => isNear(other, box))) return false;
  let fluid = 0;
  for (let i = 0; i < shape.dx.length; i++) {
    const pixel = (y + shape.dy[i]) * size + x + shape.dx[i];
    if (brain[pixel] === 0) return false;
    fluid += 1 - tissue[pixel];
  }
  return fluid <= MOST_FLUID * shape.dx.length;
}

function moved({ x0, y0, x1, y1 }: Box, x: number, y: number): Box {
  return { x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y };
}

function isNear(a: Box, b: Box): boolean {
  return a.x0 <= b.x1 + GAP && b.x0 <= a.x1 + GAP && a.y0 <= b.y1 + GAP && b.y0 <= a.y1 + GAP;
}

function paint(scene: Scene, kind: LesionKind, shape: LesionShape, x: number, y: number): PhantomLesion {
  const box = moved(shape.box, x, y);
  shape.dx.forEach((dx, i) => {
    const pixel = (y + shape.dy[i]) * scene.size + x + dx;
    scene.brightness[pixel] = Math.max(0, scene.brightness[pixel] + shape.changes[i]);
    scene.truth[pixel] = 1;
  });
  scene.boxes.push(box);
  return { kind, area: shape.dx.length, box };
}
