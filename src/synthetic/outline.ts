import { createNoiseField } from "../util/gradient-noise.ts";
import type { Random } from "../util/prng.ts";
import { between, direction } from "./draw.ts";

/** A rectangle of an image, and how deep each of its pixels lies below a lesion's edge. */
export interface Outline {
  readonly x0: number;
  readonly y0: number;
  readonly width: number;
  readonly height: number;
  /** Centre, in pixels of the image. */
  readonly x: number;
  readonly y: number;
  /** Of a disc of the lesion's area, in pixels. */
  readonly radius: number;
  /** About the distance to the edge in pixels, positive inside, row by row. */
  readonly depth: Float32Array;
}

/** Pixels around the lesion into which a soft edge may reach. */
const MARGIN = 5;

/**
 * An irregular outline of about `area` pixels around (x, y): an ellipse in a plane that two layers of smooth noise
 * have bent. What lies outside the image is cut off.
 */
export function drawOutline(
  random: Random,
  area: number,
  centre: { readonly x: number; readonly y: number },
  image: { readonly width: number; readonly height: number },
): Outline {
  const radius = Math.sqrt(area / Math.PI);
  const bend = createBend(random, radius);
  const axis = direction(random);
  const stretch = Math.sqrt(between(random, 1, 2));
  const reach = Math.ceil(1.9 * radius) + MARGIN;
  const x0 = Math.max(0, centre.x - reach);
  const y0 = Math.max(0, centre.y - reach);
  const width = Math.min(image.width, centre.x + reach + 1) - x0;
  const height = Math.min(image.height, centre.y + reach + 1) - y0;
  const depth = new Float32Array(width * height);
  for (let i = 0; i < depth.length; i++) {
    const [dx, dy] = bend(x0 + (i % width) - centre.x, y0 + Math.floor(i / width) - centre.y);
    const along = (dx * axis.x + dy * axis.y) / stretch;
    const across = (dy * axis.x - dx * axis.y) * stretch;
    depth[i] = radius - Math.sqrt(along * along + across * across);
  }
  return { x0, y0, width, height, ...centre, radius, depth };
}

/** Moves each point by noise: lobes about as wide as the radius, and notches a third of that. */
function createBend(random: Random, radius: number): (dx: number, dy: number) => [number, number] {
  const [right, down] = [createNoiseField(random), createNoiseField(random)];
  const lobes = radius * between(random, 0.15, 0.6);
  const notches = radius * between(random, 0, 0.2);
  const [wide, fine] = [1 / radius, 3 / radius];
  return (dx, dy) => [
    dx + lobes * right(wide * dx + 7.5, wide * dy) + notches * right(fine * dx, fine * dy + 9.5),
    dy + lobes * down(wide * dx, wide * dy + 7.5) + notches * down(fine * dx + 9.5, fine * dy),
  ];
}

/** From 0 well outside to 1 well inside, 0.5 on the edge; `softness` is half the width of the slope, in pixels. */
export function coverage(depth: number, softness: number): number {
  const t = Math.min(1, Math.max(0, (depth + softness) / (2 * softness)));
  return t * t * (3 - 2 * t);
}

/** Half of the edges are a tenth of the radius soft, the others 0.7 to 4 pixels; never as much as the lesion. */
export function drawSoftness(random: Random, radius: number): number {
  const most = Math.max(0.7, Math.min(4, 0.5 * radius));
  const free = between(random, 0.7, most);
  return random.integer(2) === 0 ? free : Math.min(most, Math.max(0.7, 0.1 * radius));
}
