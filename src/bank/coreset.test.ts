import { describe, expect, test } from "vitest";
import { decodeHalf } from "../util/float16.ts";
import { createRandom, hash32 } from "../util/prng.ts";
import { Coreset, type CoresetRows } from "./coreset.ts";

const SEED = 7;

/** Patch embeddings that say whose they are: [image, patch] in the first layer, [image + patch / 16] in the second. */
function embeddings(image: number, patches: number): Float32Array[] {
  const numbers = Array.from({ length: patches }, (_, patch) => patch);
  return [
    Float32Array.from(numbers.flatMap((patch) => [image, patch])),
    Float32Array.from(numbers, (patch) => image + patch / 16),
  ];
}

function coresetOf(
  images: readonly number[],
  patches: number,
  capacity: number | "all",
  seed = SEED,
): Coreset {
  const coreset = new Coreset(seed, capacity, [2, 1]);
  for (const image of images) coreset.offer(image, embeddings(image, patches));
  return coreset;
}

interface Row {
  readonly priority: number;
  readonly image: number;
  readonly patch: number;
}

/** The rows of lowest priority among all patches, in order of image and patch. */
function expectedRows(images: readonly number[], patches: number, capacity: number): Row[] {
  const all = images.flatMap((image) =>
    Array.from({ length: patches }, (_, patch) => ({ priority: hash32(SEED, image, patch), image, patch })),
  );
  return all
    .sort((a, b) => a.priority - b.priority)
    .slice(0, capacity)
    .sort((a, b) => a.image - b.image || a.patch - b.patch);
}

function rowsOf({ rows, priority, image, patch }: CoresetRows): Row[] {
  return Array.from({ length: rows }, (_, i) => ({
    priority: priority[i],
    image: image[i],
    patch: patch[i],
  }));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function shuffled(items: readonly number[], seed: number): number[] {
  const random = createRandom(seed);
  return items
    .map((item) => ({ item, key: random.uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe("the sample", () => {
  test.each([1, 2, 3, 10, 159, 160, 161, 1500, 2500])("of %d rows is that of lowest priority", (capacity) => {
    const images = capacity <= 161 ? range(0, 10) : range(0, 200);
    const coreset = coresetOf(images, 16, capacity);
    expect(coreset.rows).toBe(Math.min(capacity, images.length * 16));
    expect(rowsOf(coreset.sorted())).toEqual(expectedRows(images, 16, capacity));
  });

  test("each row keeps its own embedding in every layer", () => {
    const { layers, image, patch, rows } = coresetOf(range(0, 50), 16, 100).sorted();
    const [pairs, sums] = layers.map(decodeHalf);
    expect(rows).toBe(100);
    for (let row = 0; row < rows; row++) {
      expect([...pairs.subarray(2 * row, 2 * row + 2)]).toEqual([image[row], patch[row]]);
      expect(sums[row]).toBe(image[row] + patch[row] / 16);
    }
  });

  test("does not depend on the order of arrival", () => {
    const inOrder = coresetOf(range(0, 60), 16, 200).sorted();
    for (const seed of [1, 2, 3]) {
      expect(coresetOf(shuffled(range(0, 60), seed), 16, 200).sorted()).toEqual(inOrder);
    }
    expect(coresetOf(range(0, 60).reverse(), 16, 200).sorted()).toEqual(inOrder);
  });

  test("of all keeps all, beyond the first 1,024 rows too", () => {
    const images = range(0, 100);
    expect(rowsOf(coresetOf(images, 16, "all").sorted())).toEqual(expectedRows(images, 16, 1600));
  });

  test("of nothing stays empty", () => {
    const coreset = coresetOf(range(0, 3), 16, 0);
    expect(coreset.sorted()).toMatchObject({
      rows: 0,
      priority: new Uint32Array(0),
      image: new Uint32Array(0),
    });
  });

  test("is another one for another seed", () => {
    const [a, b] = [1, 2].map((seed) => coresetOf(range(0, 60), 16, 200, seed).sorted());
    expect(a.image).not.toEqual(b.image);
  });

  test("takes as many rows of each image as chance would: chi squared of 99 degrees of freedom", () => {
    const { image } = coresetOf(range(0, 100), 64, 1600).sorted();
    const counts = new Uint32Array(100);
    for (const i of image) counts[i]++;
    const expected = 1600 / 100;
    // Drawn without replacement, a quarter of all: the variance is three quarters of that of a multinomial.
    const chiSquared = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0) / 0.75;
    expect(chiSquared).toBeGreaterThan(58);
    expect(chiSquared).toBeLessThan(149);
  });
});

describe("merge", () => {
  test("of two samples is the sample of both sets of images", () => {
    const [first, second] = [coresetOf(range(0, 30), 16, 100), coresetOf(range(30, 80), 16, 100)];
    first.merge(second.sorted());
    expect(first.sorted()).toEqual(coresetOf(range(0, 80), 16, 100).sorted());
  });

  test("into an empty one is a copy, and further images go on from there", () => {
    const copy = new Coreset(SEED, 100, [2, 1]);
    copy.merge(coresetOf(range(0, 30), 16, 100).sorted());
    for (const image of range(30, 40)) copy.offer(image, embeddings(image, 16));
    expect(copy.sorted()).toEqual(coresetOf(range(0, 40), 16, 100).sorted());
  });

  test("into a smaller one keeps its capacity", () => {
    const small = new Coreset(SEED, 10, [2, 1]);
    small.merge(coresetOf(range(0, 30), 16, 100).sorted());
    expect(rowsOf(small.sorted())).toEqual(expectedRows(range(0, 30), 16, 10));
  });
});

test("sorted gives a copy that later images do not change", () => {
  const coreset = coresetOf(range(0, 30), 16, 100);
  const before = coreset.sorted();
  const kept = structuredClone(before);
  for (const image of range(30, 60)) coreset.offer(image, embeddings(image, 16));
  expect(before).toEqual(kept);
  expect(coreset.sorted()).not.toEqual(kept);
});
