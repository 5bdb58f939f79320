import { describe, expect, test } from "vitest";
import { conformalPValue } from "../util/conformal.ts";
import { createRandom, type Random } from "../util/prng.ts";
import { chooseHeldOut, foldsOf } from "./folds.ts";

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

function patientOf(name: string): string {
  return name.split("_slice_")[0];
}

/** Images of each fold that has any. */
function sizesOf(folds: Uint32Array): number[] {
  const sizes = new Map<number, number>();
  for (const fold of folds) sizes.set(fold, (sizes.get(fold) ?? 0) + 1);
  return [...sizes.values()].sort((a, b) => a - b);
}

describe("foldsOf", () => {
  test("a patient's slices are in one fold, and folds are nearly equal", () => {
    const names = slices(new Array(53).fill(4));
    const folds = foldsOf(names, 0);
    for (const [i, name] of names.entries()) {
      expect(folds[i]).toBe(folds[names.findIndex((other) => patientOf(other) === patientOf(name))]);
    }
    expect(sizesOf(folds)).toEqual([20, 20, 20, 20, 20, 20, 20, 24, 24, 24]);
  });

  test("patients are told apart by all of the name but its last number", () => {
    const names = ["p1/t1.png", "p1/t2.png", "p2/t1.png", "p2/t2.png", "p3/t1.png", "p4/t1.png", "p5/t1.png"];
    const folds = foldsOf(names, 3);
    expect([folds[1], folds[3]]).toEqual([folds[0], folds[2]]);
    expect(new Set(folds).size).toBe(5);
  });

  test("of fewer than five patients, runs of neighbours: two runs a fold", () => {
    const folds = foldsOf(images(100), 0);
    expect(sizesOf(folds)).toEqual(new Array(10).fill(10));
    for (let run = 0; run < 100; run += 5) {
      expect(new Set(folds.subarray(run, run + 5)).size).toBe(1);
    }
  });

  test("the groups of twins are one", () => {
    const names = ["a/p1_1", "a/p1_2", "b/p1_1", "b/p1_2", "c_1", "d_1", "e_1", "f_1"];
    const apart = foldsOf(names, 0);
    expect(apart[2]).not.toBe(apart[0]);
    const together = foldsOf(names, 0, [[2, 0]]);
    expect(new Set(together.subarray(0, 4)).size).toBe(1);
    expect(new Set(together).size).toBe(5);
  });

  test.each([2, 3, 9])("%d images: each by itself", (count) => {
    expect(sizesOf(foldsOf(images(count), 0))).toEqual(new Array(count).fill(1));
  });
});

describe("chooseHeldOut", () => {
  test.each([
    { count: 2, share: 0.5, held: 2 },
    { count: 30, share: 0.5, held: 30 },
    { count: 60, share: 0.5, held: 40 },
    { count: 100, share: 0, held: 40 },
    { count: 300, share: 0.5, held: 150 },
    { count: 300, share: 1, held: 200 },
    { count: 7500, share: 0.5, held: 200 },
  ])("$share of $count: $held, at least 40 where there are so many and 200 at most", (item) => {
    const heldOut = chooseHeldOut(images(item.count), item.share, 0);
    expect(heldOut).toHaveLength(item.held);
    expect(new Set(heldOut).size).toBe(item.held);
    expect(heldOut).toEqual(heldOut.toSorted((a, b) => a - b));
  });

  test("takes one of each patient before another one of any", () => {
    const names = slices([30, 40, 1, 50, 20]);
    const heldOut = chooseHeldOut(names, 0, 0).map((i) => patientOf(names[i]));
    const counts = [0, 1, 2, 3, 4].map((p) => heldOut.filter((name) => name === `case_${p}`).length);
    expect(counts[2]).toBe(1);
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 9, 10, 10, 10]);
  });
});

test("the same names and seed give the same choice, another seed another one", () => {
  const names = slices([10, 12, 9, 11, 10, 10, 14, 8]);
  const of = (seed: number) => ({ folds: foldsOf(names, seed), heldOut: chooseHeldOut(names, 0.5, seed) });
  expect(of(0)).toEqual(of(0));
  expect(of(1)).not.toEqual(of(0));
});

describe("the promise: an image of a new patient is called abnormal with a probability of at most alpha", () => {
  const [PATIENTS, SLICES, DRAWS] = [20, 3, 1500];

  /** Each patient has a place on a line, and slices around it. */
  function drawPatients(random: Random, count: number): number[][] {
    return Array.from({ length: count }, () => {
      const place = 4 * random.normal();
      return Array.from({ length: SLICES }, () => place + random.normal());
    });
  }

  function nearest(value: number, others: readonly number[]): number {
    return others.reduce(
      (least, other) => Math.min(least, Math.abs(value - other)),
      Number.POSITIVE_INFINITY,
    );
  }

  test.each([
    { what: "held out with their whole patient", folds: foldsOf, kept: true },
    { what: "held out one by one", folds: (names: string[]) => names.map((_, i) => i), kept: false },
  ])("scores of images $what: $kept", ({ folds, kept }) => {
    const names = slices(new Array(PATIENTS).fill(SLICES));
    let alarms = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const [fresh, ...patients] = drawPatients(createRandom(draw), PATIENTS + 1);
      const [values, fold] = [patients.flat(), folds(names, draw)];
      const scores = values.map((value, i) =>
        nearest(
          value,
          values.filter((_, other) => fold[other] !== fold[i]),
        ),
      );
      if (
        conformalPValue(
          nearest(fresh[0], values),
          scores.sort((a, b) => a - b),
        ) <= 0.1
      )
        alarms++;
    }
    const margin = 3 * Math.sqrt((0.1 * 0.9) / DRAWS);
    expect(alarms / DRAWS < 0.1 + margin).toBe(kept);
  });
});
