// The healthy head of a subject: an axial slice at the level of the lateral ventricles, as a T1-weighted scan shows
// it (white matter bright, fluid and bone dark). Front is up.
//
// The head's frame: origin at its middle, u to the right and v down in units of its half axes, so that its outline
// is near u^2 + v^2 = 1. A tissue is found from distances in this frame: to the outline (shells: scalp, skull, fluid)
// and to the nearest fluid of the brain's surface (cortex, then white matter). Sulci are the zero lines of a noise
// field. It is a picture with the right parts in the right places, not a model of anatomy.

import type { Subject } from "./subject.ts";

export interface Anatomy {
  /** Brightness without bias and noise, [size, size], 0 .. 255. */
  readonly brightness: Float32Array;
  /** 1 within the brain's surface, ventricles and sulci included. */
  readonly brain: Uint8Array;
  /** 1 in grey and white matter. */
  readonly tissue: Uint8Array;
}

/** Half axes (in the head's frame) and middle of the deep grey nuclei of one side. */
const NUCLEI = [
  { u: 0.13, v: 0.1, halfWidth: 0.085, halfHeight: 0.12 },
  { u: 0.29, v: -0.01, halfWidth: 0.06, halfHeight: 0.16 },
  { u: 0.17, v: -0.2, halfWidth: 0.05, halfHeight: 0.09 },
] as const;

/** Noise units from the middle of the head to its outline: about 2 pi times as many sulci. */
const FOLDS = 5.5;

/** Renders the subject's head at `size` x `size` pixels. */
export function renderAnatomy(subject: Subject, size: number): Anatomy {
  const { centreX, centreY, halfWidth, halfHeight, cosine, sine } = subject.pose;
  const brightness = new Float32Array(size * size);
  const brain = new Uint8Array(size * size);
  const tissue = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const right = (x + 0.5) / size - centreX;
      const down = (y + 0.5) / size - centreY;
      const u = (right * cosine + down * sine) / halfWidth;
      const v = (down * cosine - right * sine) / halfHeight;
      const depth = brainDepth(subject, u, v);
      const pixel = y * size + x;
      if (depth > 0) {
        brightness[pixel] = brainBrightness(subject, u, v, depth);
        brain[pixel] = 1;
        tissue[pixel] = brightness[pixel] > subject.brightness.csf + 1 ? 1 : 0;
      } else {
        brightness[pixel] = shellBrightness(subject, u, v, depth);
      }
    }
  }
  return { brightness: smoothed(brightness, size), brain, tissue };
}

/** Distance below the brain's surface; negative outside it. */
function brainDepth({ shape, fields }: Subject, u: number, v: number): number {
  const wide = u / (1 + shape.egg * v);
  const length = Math.sqrt(wide * wide + v * v);
  if (length > 1.2) return -1;
  const bump = length > 0.3 ? fields.outline((1.3 * wide) / length + 7, (1.3 * v) / length + 7) : 0;
  const radius = length / (1 + 0.035 * bump);
  return 1 - shape.scalp - shape.skull - shape.csf - radius;
}

function shellBrightness(
  { shape, brightness, fields }: Subject,
  u: number,
  v: number,
  depth: number,
): number {
  const outward = -depth;
  if (outward < shape.csf) return brightness.csf;
  if (outward < shape.csf + shape.skull) {
    const marrow = Math.abs(outward - shape.csf - shape.skull / 2) < shape.skull / 6;
    return marrow ? brightness.skull * 1.8 : brightness.skull;
  }
  if (outward < shape.csf + shape.skull + shape.scalp) {
    return brightness.scalp * (1 + 0.12 * fields.tissue(9 * u, 9 * v));
  }
  return brightness.air;
}

function brainBrightness(subject: Subject, u: number, v: number, depth: number): number {
  const { shape, brightness, fields } = subject;
  const mottle = 1 + 0.02 * fields.tissue(5 * u, 5 * v);
  if (ventricleDistance(subject, u, v) < 0) return brightness.csf;
  const fluid = fluidDistance(subject, u, v, depth);
  if (fluid < 0) return brightness.csf;
  if (fluid < shape.cortex) return brightness.grey * mottle;
  const side = Math.abs(u + 0.02 * fields.warpX(3 * u, 3 * v));
  for (const nucleus of NUCLEI) {
    const across = (side - nucleus.u) / nucleus.halfWidth;
    const along = (v - nucleus.v) / nucleus.halfHeight;
    if (across * across + along * along < 1) return (0.7 * brightness.grey + 0.3 * brightness.white) * mottle;
  }
  return brightness.white * mottle;
}

/** Distance to the fluid on the brain's surface, in its sulci, in the midline cleft and the Sylvian fissures. */
function fluidDistance({ shape, fields }: Subject, u: number, v: number, depth: number): number {
  const warpedU = u + 0.06 * fields.warpX(3.1 * u + 11, 3.1 * v);
  const warpedV = v + 0.06 * fields.warpY(3.1 * u, 3.1 * v + 11);
  // The noise is read mostly by direction, so that sulci go inwards; they end at a depth that differs by place.
  const radius = Math.max(0.3, Math.sqrt(warpedU * warpedU + warpedV * warpedV));
  const inwards = (FOLDS * (0.6 + 0.4 * radius)) / radius;
  const fold = (radius / FOLDS) * Math.abs(fields.folds(inwards * warpedU, inwards * warpedV)) - shape.sulcus;
  const floor = shape.foldDepth * (1 + 0.5 * fields.warpY(2.3 * u + 23, 2.3 * v));
  const folds = fold + 0.7 * Math.max(0, depth - floor);
  const midline = Math.abs(u + 0.02 * fields.warpX(0.5, 4 * v)) - 0.01 + Math.max(0, 0.46 - Math.abs(v));
  const sylvian = segmentDistance(Math.abs(warpedU), warpedV, 0.8, 0.08, 0.52, -0.04) - 0.016;
  return Math.min(depth, folds, midline, sylvian);
}

/** Negative inside a ventricle: two lateral ones, each with a front and a back horn, and the slit of the third. */
function ventricleDistance({ shape, fields }: Subject, u: number, v: number): number {
  const scale = shape.ventricles[u < 0 ? 0 : 1];
  const side = Math.abs(u) + 0.02 * fields.warpY(4 * u, 4 * v);
  const front = segmentDistance(side, v, 0.065, -0.14, 0.12, -0.27) - 0.042 * scale * (1 - 1.6 * (v + 0.2));
  const body = segmentDistance(side, v, 0.055, -0.14, 0.05, 0) - 0.02 * scale;
  const back = segmentDistance(side, v, 0.17, 0.27, 0.23, 0.41) - 0.042 * scale * (1 - 2 * (v - 0.34));
  const third = segmentDistance(side, v, 0, 0.03, 0, 0.17) - 0.014 * scale;
  return Math.min(front, body, back, third);
}

/** Distance of (u, v) from the segment between two points. */
function segmentDistance(u: number, v: number, u0: number, v0: number, u1: number, v1: number): number {
  const du = u1 - u0;
  const dv = v1 - v0;
  const share = Math.max(0, Math.min(1, ((u - u0) * du + (v - v0) * dv) / (du * du + dv * dv)));
  const restU = u - u0 - share * du;
  const restV = v - v0 - share * dv;
  return Math.sqrt(restU * restU + restV * restV);
}

/** Weights 1 2 1 along rows, then columns: the scanner's point spread, and soft edges. */
function smoothed(image: Float32Array, size: number): Float32Array {
  const rows = new Float32Array(image.length);
  const both = new Float32Array(image.length);
  for (let i = 0; i < image.length; i++) {
    const x = i % size;
    const left = image[x > 0 ? i - 1 : i];
    rows[i] = (left + 2 * image[i] + image[x < size - 1 ? i + 1 : i]) / 4;
  }
  for (let i = 0; i < image.length; i++) {
    const above = rows[i >= size ? i - size : i];
    both[i] = (above + 2 * rows[i] + rows[i + size < image.length ? i + size : i]) / 4;
  }
  return both;
}
