// Gathers the pixel scores of a whole test set in bounded memory, image by image, in any order.
//
// Up to EXACT_PIXELS pixels the scores are kept as they are. Beyond that they are counted by the upper 24 bits of
// their order-preserving key (sign, exponent, 15 bits of mantissa: 3e-5 of the value), in pages of 2^16 keys that
// are made when first hit. Scores that share a key then count as tied. With millions of pixels that moves an
// AUROC by about 1e-8; with thousands it would move it by 1e-5, hence the exact part. Which of the two it is
// depends on the number of pixels alone, and counts are whole numbers: the order of images does not matter.

import { MiasError } from "../errors.ts";
import type { Mask, ScalarMap } from "../types.ts";
import { isNonFinite, keyOfBits, valueOfKey } from "../util/float-key.ts";
import { regionWeights } from "./pro.ts";
import { emptyColumns, type ThresholdTable } from "./threshold-table.ts";

const EXACT_PIXELS = 2 ** 21;
const PAGE_KEYS = 2 ** 16;
const DROPPED_BITS = 8;

export interface ScoreHistogram {
  /**
   * Counts an image: its map and its truth, of one size (MiasError "mask-mismatch"); without a truth all pixels
   * are negatives. Values must be finite (MiasError "usage"). `subject` names the image in messages. Where `inside` is
   * given, only its pixels count.
   */
  add(subject: string, map: ScalarMap, truth?: Mask, inside?: Mask): void;
  /** The table of what was added so far. */
  table(): ThresholdTable;
}

/** `exactPixels` up to how many pixels thresholds are exact, at most 2^21. @default 2^21 */
export function createScoreHistogram(exactPixels = EXACT_PIXELS): ScoreHistogram {
  const totals = { negatives: 0, positives: 0, regions: 0 };
  const pages = new Map<number, Page>();
  let exact: KeyedImage[] = [];
  return {
    add(subject, map, truth, inside) {
      checkSize(subject, map, truth);
      const all = keyedImage(subject, map, truth);
      const image = inside === undefined ? all : within(all, inside);
      const positives = positivesOf(image);
      totals.positives += positives;
      totals.negatives += image.keys.length - positives;
      totals.regions += image.regions;
      exact.push(image);
      if (totals.positives + totals.negatives <= Math.min(exactPixels, EXACT_PIXELS)) return;
      for (const waiting of exact) countKeys(pages, waiting);
      exact = [];
    },
    table: () => ({
      ...(pages.size === 0 ? exactColumns(exact) : pagedColumns(pages)),
      totals: { ...totals },
    }),
  };
}

/** An image's pixels as keys; a weight is 1 / (area of the region) or 0 outside the truth. */
interface KeyedImage {
  readonly keys: Uint32Array;
  /** Empty where the image has no truth. */
  readonly weights: Float64Array;
  readonly regions: number;
}

function checkSize(subject: string, map: ScalarMap, truth: Mask | undefined): void {
  if (truth === undefined || (truth.width === map.width && truth.height === map.height)) return;
  const sizes = `${truth.width} x ${truth.height} and ${map.width} x ${map.height}`;
  throw new MiasError(
    "mask-mismatch",
    subject,
    `truth and map must have one size, got ${sizes} (${subject})`,
  );
}

function keyedImage(subject: string, map: ScalarMap, truth: Mask | undefined): KeyedImage {
  const bits = new Uint32Array(map.data.buffer, map.data.byteOffset, map.data.length);
  const keys = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    if (isNonFinite(bits[i])) {
      const found = `got ${map.data[i]} at pixel ${i} (${subject})`;
      throw new MiasError("usage", subject, `map values must be finite, ${found}`);
    }
    keys[i] = keyOfBits(bits[i]);
  }
  if (truth === undefined) return { keys, weights: new Float64Array(0), regions: 0 };
  return { keys, ...regionWeights(truth) };
}

function within({ keys, weights, regions }: KeyedImage, { data }: Mask): KeyedImage {
  const kept = { keys: new Uint32Array(keys.length), weights: new Float64Array(weights.length) };
  let length = 0;
  for (let i = 0; i < keys.length; i++) {
    if (data[i] === 0) continue;
    kept.keys[length] = keys[i];
    if (i < weights.length) kept.weights[length] = weights[i];
    length++;
  }
  return { keys: kept.keys.slice(0, length), weights: kept.weights.slice(0, length), regions };
}

function positivesOf({ weights }: KeyedImage): number {
  let positives = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i] > 0) positives++;
  return positives;
}

/** Counts of PAGE_KEYS neighbouring keys. */
interface Page {
  readonly negatives: Float64Array;
  readonly positives: Float64Array;
  readonly overlap: Float64Array;
}

function countKeys(pages: Map<number, Page>, { keys, weights }: KeyedImage): void {
  let number = -1;
  let page = pageOf(pages, keys[0] >>> 24);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] >>> DROPPED_BITS;
    if (key >>> 16 !== number) {
      number = key >>> 16;
      page = pageOf(pages, number);
    }
    const slot = key & (PAGE_KEYS - 1);
    if (i < weights.length && weights[i] > 0) {
      page.positives[slot]++;
      page.overlap[slot] += weights[i];
    } else {
      page.negatives[slot]++;
    }
  }
}

function pageOf(pages: Map<number, Page>, number: number): Page {
  const found = pages.get(number);
  if (found !== undefined) return found;
  const page = {
    negatives: new Float64Array(PAGE_KEYS),
    positives: new Float64Array(PAGE_KEYS),
    overlap: new Float64Array(PAGE_KEYS),
  };
  pages.set(number, page);
  return page;
}

/** A threshold is the least value of its key, so that thresholding a map reproduces the counts. */
function pagedColumns(pages: ReadonlyMap<number, Page>) {
  const descending = [...pages].sort(([a], [b]) => b - a);
  let length = 0;
  for (const [, page] of descending)
    for (let slot = 0; slot < PAGE_KEYS; slot++) length += isUsed(page, slot);
  const columns = emptyColumns(length);
  let row = 0;
  for (const [number, page] of descending) {
    for (let slot = PAGE_KEYS - 1; slot >= 0; slot--) {
      if (isUsed(page, slot) === 0) continue;
      columns.thresholds[row] = valueOfKey(((number << 24) | (slot << DROPPED_BITS)) >>> 0);
      columns.negatives[row] = page.negatives[slot];
      columns.positives[row] = page.positives[slot];
      columns.overlap[row] = page.overlap[slot];
      row++;
    }
  }
  return columns;
}

function isUsed(page: Page, slot: number): 0 | 1 {
  return page.negatives[slot] + page.positives[slot] > 0 ? 1 : 0;
}

/** Sorts key and position as one number: 32 bits of key above 21 bits of position fit a double's 53. */
function exactColumns(images: readonly KeyedImage[]) {
  const size = images.reduce((sum, { keys }) => sum + keys.length, 0);
  const weights = new Float64Array(size);
  const sorted = new Float64Array(size);
  let position = 0;
  for (const image of images) {
    weights.set(image.weights, position);
    for (const key of image.keys) {
      sorted[position] = key * EXACT_PIXELS + position;
      position++;
    }
  }
  sorted.sort();
  return mergeTies(sorted, weights);
}

function mergeTies(sorted: Float64Array, weights: Float64Array) {
  const keyAt = (rank: number) => Math.floor(sorted[rank] / EXACT_PIXELS);
  let length = 0;
  for (let rank = 0; rank < sorted.length; rank++) {
    if (rank === 0 || keyAt(rank) !== keyAt(rank - 1)) length++;
  }
  const columns = emptyColumns(length);
  let row = -1;
  for (let rank = sorted.length - 1; rank >= 0; rank--) {
    const key = keyAt(rank);
    if (rank === sorted.length - 1 || key !== keyAt(rank + 1)) columns.thresholds[++row] = valueOfKey(key);
    const weight = weights[sorted[rank] % EXACT_PIXELS];
    if (weight > 0) {
      columns.positives[row]++;
      columns.overlap[row] += weight;
    } else {
      columns.negatives[row]++;
    }
  }
  return columns;
}
