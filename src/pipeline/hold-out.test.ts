import { describe, expect, test } from "vitest";
import { splitHoldOut } from "./hold-out.ts";

function numbered(count: number, name: (i: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => name(i));
}

function images(count: number): string[] {
  return numbered(count, (i) => `image${i}.png`);
}

/** Slices of patients, all of one patient together, in natural order. */
function slices(patients: readonly number[]): string[] {
  return patients.flatMap((count, patient) =>
    numbered(count, (slice) => `case_${patient}_slice_${slice}.png`),
  );
}

function patientsOf(names: readonly string[], indices: readonly number[]): Set<string> {
  return new Set(indices.map((i) => names[i].split("_slice_")[0]));
}

/** Lengths of the runs of neighbours in ascending indices. */
function runLengths(indices: readonly number[]): number[] {
  const lengths: number[] = [];
  for (const [i, index] of indices.entries()) {
    if (i > 0 && indices[i - 1] === index - 1) lengths[lengths.length - 1]++;
    else lengths.push(1);
  }
  return lengths;
}

describe("every split", () => {
  const sets = [
    { what: "two images", names: ["a", "b"] },
    { what: "three images", names: ["a1", "a2", "a3"] },
    { what: "seven images", names: images(7) },
    { what: "a hundred images", names: images(100) },
    { what: "patients", names: slices([3, 5, 2, 4, 6, 1]) },
    { what: "patients of many slices", names: slices([300, 310, 290, 305, 320]) },
    { what: "names without numbers", names: ["anna", "ben", "cleo", "dora", "emil", "fritz"] },
  ];
  const shares = [0, 0.01, 0.2, 0.5, 0.9];
  test.each(sets.flatMap((set) => shares.map((share) => ({ ...set, share }))))(
    "of $what by $share deals with each image once and leaves no part empty",
    ({ names, share }) => {
      const { learn, heldOut } = splitHoldOut(names, share, 1);
      expect(learn.length).toBeGreaterThan(0);
      expect(heldOut.length).toBeGreaterThan(0);
      expect([...learn, ...heldOut].sort((a, b) => a - b)).toEqual(names.map((_, i) => i));
      expect(learn).toEqual([...learn].sort((a, b) => a - b));
      expect(heldOut).toEqual([...heldOut].sort((a, b) => a - b));
    },
  );
});

describe("patients", () => {
  test("are learned or held out as a whole", () => {
    const names = slices([10, 12, 9, 11, 10, 10, 14, 8]);
    for (const seed of [0, 1, 2, 3, 4]) {
      const { learn, heldOut } = splitHoldOut(names, 0.3, seed);
      const [learned, held] = [patientsOf(names, learn), patientsOf(names, heldOut)];
      expect([...learned].filter((patient) => held.has(patient))).toEqual([]);
      expect(heldOut.length).toBeLessThanOrEqual(0.3 * names.length);
      expect(heldOut.length).toBeGreaterThan(0.15 * names.length);
    }
  });

  test("who all have more slices than the share: the one with the fewest is held out, whole", () => {
    const names = slices([300, 310, 290, 305, 320]);
    const { heldOut } = splitHoldOut(names, 0.1, 0);
    expect(patientsOf(names, heldOut)).toEqual(new Set(["case_2"]));
    expect(heldOut).toHaveLength(290);
  });

  test("are told apart by all of the name but its last number", () => {
    const names = ["p1/t1.png", "p1/t2.png", "p2/t1.png", "p2/t2.png", "p3/t1.png", "p4/t1.png", "p5/t1.png"];
    for (const seed of [0, 1, 2, 3]) {
      const { heldOut } = splitHoldOut(names, 0.3, seed);
      for (const [first, second] of [
        [0, 1],
        [2, 3],
      ]) {
        expect(heldOut.includes(first)).toBe(heldOut.includes(second));
      }
    }
  });
});

describe("images of fewer than five patients", () => {
  test("a fifth of a hundred: four runs of five neighbours", () => {
    const { heldOut } = splitHoldOut(images(100), 0.2, 0);
    expect(heldOut).toHaveLength(20);
    expect(runLengths(heldOut).every((length) => length % 5 === 0)).toBe(true);
    expect(heldOut.every((index, i) => i % 5 === 0 || index === heldOut[i - 1] + 1)).toBe(true);
  });

  test("seven thousand: no more than 200, from several places", () => {
    const { heldOut } = splitHoldOut(images(7500), 0.2, 0);
    expect(heldOut.length).toBeGreaterThan(150);
    expect(heldOut.length).toBeLessThanOrEqual(200);
    expect(runLengths(heldOut).length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    { count: 1000, share: 0.01, held: 20 },
    { count: 60, share: 0.2, held: 20 },
    { count: 99, share: 0.25, held: 25 },
    { count: 30, share: 0.2, held: 15 },
    { count: 7, share: 0.2, held: 3 },
    { count: 3, share: 0, held: 1 },
    { count: 40, share: 0.75, held: 30 },
    { count: 10, share: 0.9, held: 9 },
  ])(
    "$share of $count: $held, so that there are 20 where half of the images allow it",
    ({ count, share, held }) => {
      expect(splitHoldOut(images(count), share, 0).heldOut).toHaveLength(held);
    },
  );
});

test("the same names and seed give the same split, another seed another one", () => {
  const names = slices([10, 12, 9, 11, 10, 10, 14, 8]);
  const splits = [0, 0, 1, 2].map((seed) => splitHoldOut(names, 0.3, seed).heldOut);
  expect(splits[1]).toEqual(splits[0]);
  expect(splits.slice(2).some((split) => String(split) !== String(splits[0]))).toBe(true);
});
