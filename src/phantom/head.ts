import { MiasError } from "../errors.ts";
import type { Mask, MedicalImage } from "../types.ts";
import { createRandom, spawn } from "../util/prng.ts";
import { acquire, quantise } from "./acquisition.ts";
import { renderAnatomy } from "./anatomy.ts";
import { type LesionContrast, lesionStrength } from "./lesion-strength.ts";
import {
  addLesions,
  LARGEST_LESION,
  type LesionRequest,
  type PhantomLesion,
  SMALLEST_LESION,
} from "./lesions.ts";
import { drawSubject } from "./subject.ts";

export interface HeadPhantomOptions {
  /** Which person: the same seed is the same head, pose and noise, whatever the lesions. */
  readonly seed: number;
  /** Side in pixels, 64 to 1,024. @default 256 */
  readonly size?: number;
  /** How many lesions of drawn kinds and sizes (0 to 5), or one request each. @default 0 */
  readonly lesions?: number | readonly LesionRequest[];
  /** How far lesions stand out. @default "faint" */
  readonly contrast?: LesionContrast;
  /** 8: grey values 0 .. 255. 16: 0 .. 4095. @default 8 */
  readonly bits?: 8 | 16;
  /** Name of the image. @default "phantom-<seed>" */
  readonly name?: string;
}

export interface HeadPhantom {
  /** One channel. */
  readonly image: MedicalImage;
  /** The pixels that lesions changed. */
  readonly mask: Mask;
  /** In the order asked for; one for which the brain has no room is absent. */
  readonly lesions: readonly PhantomLesion[];
}

const MOST_LESIONS = 5;

/**
 * A made axial slice of a head, with or without lesions. The same options give the same bytes on every engine:
 * only + - * / and square roots are used. MiasError "usage" where an option is out of range.
 */
export function headPhantom(options: HeadPhantomOptions): HeadPhantom {
  const { seed, size = 256, lesions = 0, contrast = "faint", bits = 8, name = `phantom-${seed}` } = options;
  const requests = requestsOf(lesions);
  if (!Number.isInteger(size) || size < 64 || size > 1024) {
    throw new MiasError("usage", "size", `size must be a whole number from 64 to 1024, got ${size}`);
  }
  // One generator a purpose: how many lesions are drawn moves neither the person nor the noise.
  const root = createRandom(seed);
  const [person, illness, scanner] = [spawn(root), spawn(root), spawn(root)];
  const subject = drawSubject(person);
  const anatomy = renderAnatomy(subject, size);
  const mask = { width: size, height: size, data: new Uint8Array(size * size) };
  const strength = lesionStrength(contrast, subject);
  const made = addLesions(anatomy, mask.data, size, requests, strength, illness);
  const signal = acquire(anatomy.brightness, size, subject.scan, scanner);
  const geometry = { spacing: [1, 1, 1], unit: "px" } as const;
  const data = quantise(signal, bits);
  const image = { name, width: size, height: size, channels: 1, data, geometry, issues: [] } as const;
  return { image, mask, lesions: made };
}

function requestsOf(lesions: number | readonly LesionRequest[]): readonly LesionRequest[] {
  const count = typeof lesions === "number" ? lesions : lesions.length;
  if (!Number.isInteger(count) || count < 0 || count > MOST_LESIONS) {
    throw new MiasError("usage", "lesions", `there must be 0 to ${MOST_LESIONS} lesions, got ${count}`);
  }
  if (typeof lesions === "number") return Array.from({ length: count }, () => ({}));
  for (const { area = SMALLEST_LESION } of lesions) {
    if (area >= SMALLEST_LESION && area <= LARGEST_LESION) continue;
    const range = `${SMALLEST_LESION} to ${LARGEST_LESION} pixels`;
    throw new MiasError("usage", "lesions", `a lesion's area must be ${range}, got ${area}`);
  }
  return lesions;
}
