// Which normal images teach and which are held out for calibration.
//
// Slices of one patient resemble each other, so whole groups are held out. A group is the images whose names differ
// in their last number alone (case_12_slice_040, case_12_slice_041); where that gives fewer than five groups, runs
// of neighbours in natural order stand in for patients.

import { groupsOf, seriesOfName } from "../util/patients.ts";
import { hash32 } from "../util/prng.ts";

/** More held-out images than this would not sharpen the p-values that matter, and would not be learned. */
const MOST_HELD_OUT = 200;
/** The share is exceeded, up to half of the images, to reach a least p-value of 1 / 21. */
const ENOUGH_HELD_OUT = 20;
const FEWEST_GROUPS = 5;
/** Fewest runs that replace groups, and so many that four fit into what is held out. A run can be held out in part. */
const FEWEST_RUNS = 20;
const HELD_OUT_RUNS = 4;

export interface HoldOut {
  /** Indices of images, ascending. */
  readonly learn: readonly number[];
  readonly heldOut: readonly number[];
}

/**
 * Splits `names` (two or more, in natural order). At least one image is held out and at least one is learned. Where
 * every group is larger than the share, the smallest is held out.
 * @param share of the images to hold out, 0 .. 0.9; more where that would be fewer than 20 images
 */
export function splitHoldOut(names: readonly string[], share: number, seed: number): HoldOut {
  const target = heldOutCount(names.length, share);
  const named = groupsOf(names.map(seriesOfName));
  const whole = named.length >= FEWEST_GROUPS;
  const groups = whole ? named : runsOf(names.length, target);
  const order = groups
    .map((members, group) => ({ members, key: hash32(seed, group, 0x601d) }))
    .sort((a, b) => a.key - b.key || a.members[0] - b.members[0]);
  const held = new Set<number>();
  for (const { members } of order) {
    const room = target - held.size;
    if (whole && members.length > room) continue;
    for (const member of members.slice(0, room)) held.add(member);
  }
  if (held.size === 0) for (const member of smallest(groups)) held.add(member);
  const indices = names.map((_, index) => index);
  return { learn: indices.filter((i) => !held.has(i)), heldOut: indices.filter((i) => held.has(i)) };
}

function heldOutCount(images: number, share: number): number {
  const wished = Math.max(Math.round(share * images), Math.min(ENOUGH_HELD_OUT, Math.floor(images / 2)));
  return Math.max(1, Math.min(MOST_HELD_OUT, images - 1, wished));
}

function smallest(groups: readonly number[][]): readonly number[] {
  return groups.reduce((least, group) => (group.length < least.length ? group : least));
}

function runsOf(count: number, target: number): number[][] {
  const runs = Math.min(count, Math.max(FEWEST_RUNS, Math.ceil((HELD_OUT_RUNS * count) / target)));
  return Array.from({ length: runs }, (_, run) => {
    const start = Math.floor((run * count) / runs);
    const end = Math.floor(((run + 1) * count) / runs);
    return Array.from({ length: end - start }, (_, i) => start + i);
  });
}
