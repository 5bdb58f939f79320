import { MiasError } from "../errors.ts";
import type { Mask, MedicalImage } from "../types.ts";
import { createRandom, hash32 } from "../util/prng.ts";
import { headPhantom } from "./head.ts";
import { LESION_KINDS, type LesionKind } from "./lesion-shape.ts";
import type { LesionContrast } from "./lesion-strength.ts";
import type { PhantomLesion } from "./lesions.ts";

export interface PhantomDatasetOptions {
  readonly seed: number;
  /** Numbers of images, each 0 to 100,000. */
  readonly trainGood: number;
  readonly testGood: number;
  readonly testAnomalous: number;
  /** Side in pixels. @default 256 */
  readonly size?: number;
  /** How far lesions stand out. @default "faint" */
  readonly contrast?: LesionContrast;
  /** @default 8 */
  readonly bits?: 8 | 16;
}

/** "mixed" images hold lesions of several kinds, the others of one. */
export type PhantomKind = "good" | LesionKind | "mixed";

export interface PhantomItem {
  readonly split: "train" | "test";
  readonly kind: PhantomKind;
  /** Number within its folder, from "000". */
  readonly name: string;
  /** `<split>/<kind>/<name>.png`, as MVTec AD lays a data set out; also the image's name. */
  readonly path: string;
  readonly image: MedicalImage;
  readonly lesions: readonly PhantomLesion[];
  /** The truth and its `ground_truth/<kind>/<name>_mask.png`; of anomalous images only. */
  readonly mask?: Mask;
  readonly maskPath?: string;
}

const MOST_IMAGES = 100_000;
/** How many lesions an anomalous image has: one of these is drawn. */
const LESION_COUNTS = [1, 1, 1, 2, 2, 2, 3, 3, 4, 5] as const;
const ANOMALOUS_KINDS = [...LESION_KINDS, "mixed"] as const;

/**
 * The images of a made data set one by one, each of another person: normal ones to learn from, normal and anomalous
 * ones to test. The kinds of anomalous images take turns. Same options, same bytes. MiasError "usage" where an
 * option is out of range.
 */
export function phantomDataset(options: PhantomDatasetOptions): Generator<PhantomItem, void, undefined> {
  const { seed, trainGood, testGood, testAnomalous } = options;
  for (const [what, count] of Object.entries({ trainGood, testGood, testAnomalous })) {
    if (Number.isInteger(count) && count >= 0 && count <= MOST_IMAGES) continue;
    throw new MiasError(
      "usage",
      what,
      `${what} must be a whole number from 0 to ${MOST_IMAGES}, got ${count}`,
    );
  }
  return items(options, createRandom(seed).integer(2 ** 32));
}

function* items(options: PhantomDatasetOptions, key: number): Generator<PhantomItem, void, undefined> {
  for (let i = 0; i < options.trainGood; i++) yield goodItem(options, "train", i, hash32(key, 0, i));
  for (let i = 0; i < options.testGood; i++) yield goodItem(options, "test", i, hash32(key, 1, i));
  for (let i = 0; i < options.testAnomalous; i++) yield anomalousItem(options, i, hash32(key, 2, i));
}

function goodItem(
  { size = 256, bits = 8 }: PhantomDatasetOptions,
  split: "train" | "test",
  index: number,
  seed: number,
): PhantomItem {
  const name = threeDigits(index);
  const path = `${split}/good/${name}.png`;
  const { image } = headPhantom({ seed, size, bits, name: path });
  return { split, kind: "good", name, path, image, lesions: [] };
}

function anomalousItem(
  { size = 256, bits = 8, contrast = "faint" }: PhantomDatasetOptions,
  index: number,
  seed: number,
): PhantomItem {
  const kind = ANOMALOUS_KINDS[index % ANOMALOUS_KINDS.length];
  const name = threeDigits(Math.floor(index / ANOMALOUS_KINDS.length));
  const path = `test/${kind}/${name}.png`;
  const count = LESION_COUNTS[createRandom(seed).integer(LESION_COUNTS.length)];
  const requests = kind === "mixed" ? Math.max(2, count) : Array.from({ length: count }, () => ({ kind }));
  const { image, mask, lesions } = headPhantom({ seed, size, bits, contrast, name: path, lesions: requests });
  const maskPath = `ground_truth/${kind}/${name}_mask.png`;
  return { split: "test", kind, name, path, image, lesions, mask, maskPath };
}

function threeDigits(index: number): string {
  return String(index).padStart(3, "0");
}
