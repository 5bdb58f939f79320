// Which normal images are held out in turn, and which are left out together. Every image is learned; a held-out one is
// measured against the rows of the other folds alone ("cross-conformal prediction"; Vovk, Annals of Mathematics and
// Artificial Intelligence, 2015).
//
// Slices of one patient resemble each other, so a fold is made of whole groups. A group is the images whose names
// differ in their last number alone (case_12_slice_040, case_12_slice_041); where that gives fewer than five groups,
// runs of neighbours in natural order stand in for patients.

import { groupsOf, seriesOfName } from "../util/patients.ts";
import { hash32 } from "../util/prng.ts";

/** With ten folds a held-out image misses about a tenth of the rows. */
const FOLDS = 10;
/** More held-out images than this would not sharpen the p-values that matter. */
const MOST_HELD_OUT = 200;
/** The share is exceeded to reach so many: a least p-value of 1 / 41. */
const ENOUGH_HELD_OUT = 40;
const FEWEST_GROUPS = 5;
/** Runs that replace groups: two a fold, from different places. */
const RUNS = 2 * FOLDS;

/**
 * The images that are held out in turn, as ascending indices of `names` (two or more, in natural order): one of each
 * group, then another one of each, until there are enough.
 * @param share of the images, 0 .. 1; more where that would be fewer than 40
 */
export function chooseHeldOut(names: readonly string[], share: number, seed: number): number[] {
  const wished = Math.max(Math.round(share * names.length), ENOUGH_HELD_OUT);
  const count = Math.min(MOST_HELD_OUT, names.length, wished);
  const turns = shuffledGroups(names, seed).flatMap((group, place) =>
    shuffled(group, seed).map((image, turn) => ({ image, turn, place })),
  );
  turns.sort((a, b) => a.turn - b.turn || a.place - b.place);
  return turns
    .slice(0, count)
    .map(({ image }) => image)
    .sort((a, b) => a - b);
}

/**
 * The fold of each of `names` (in natural order); folds are nearly equal in size, and two images have two of them.
 * @param twins pairs of images with equal pixels: their groups are one, since they show the same patient
 */
export function foldsOf(
  names: readonly string[],
  seed: number,
  twins: readonly (readonly [number, number])[] = [],
): Uint32Array {
  const folds = new Uint32Array(names.length);
  const sizes: number[] = new Array(FOLDS).fill(0);
  for (const group of joinedByTwins(shuffledGroups(names, seed), twins)) {
    const smallest = sizes.indexOf(Math.min(...sizes));
    for (const image of group) folds[image] = smallest;
    sizes[smallest] += group.length;
  }
  return folds;
}

/** Groups with twins of each other are one, in the place of the first. */
function joinedByTwins(
  groups: readonly number[][],
  twins: readonly (readonly [number, number])[],
): number[][] {
  const members = new Map(groups.flatMap((group) => group.map((image) => [image, group] as const)));
  for (const [a, b] of twins) {
    const [one, other] = [members.get(a), members.get(b)];
    if (one === undefined || other === undefined || one === other) continue;
    const both = [...one, ...other];
    for (const image of both) members.set(image, both);
  }
  return [...new Set(groups.map((group) => members.get(group[0]) ?? group))];
}

function shuffledGroups(names: readonly string[], seed: number): number[][] {
  const named = groupsOf(names.map(seriesOfName));
  const groups = named.length >= FEWEST_GROUPS ? named : runsOf(names.length);
  return shuffled(
    groups.map((_, group) => group),
    seed,
  ).map((group) => groups[group]);
}

function runsOf(count: number): number[][] {
  const runs = Math.min(count, RUNS);
  return Array.from({ length: runs }, (_, run) => {
    const start = Math.floor((run * count) / runs);
    const end = Math.floor(((run + 1) * count) / runs);
    return Array.from({ length: end - start }, (_, i) => start + i);
  });
}

/** Numbers in an order of the seed's. */
function shuffled(numbers: readonly number[], seed: number): number[] {
  return numbers
    .map((number) => ({ number, key: hash32(seed, number, 0x601d) }))
    .sort((a, b) => a.key - b.key || a.number - b.number)
    .map(({ number }) => number);
}
