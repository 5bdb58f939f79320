import type { ScalarMap } from "../types.ts";
import { createRandom } from "../util/prng.ts";
import { type SyntheticCase, type SyntheticOptions, syntheticCase } from "./synthetic-case.ts";

/** Which images a case is made of, by their numbers. */
export interface PlannedCase {
  /** Of the normal image that is altered. */
  readonly normal: number;
  /** Of the images that pieces may be taken from. */
  readonly donors: readonly number[];
}

export interface PlanOptions {
  readonly seed: number;
  /** Cases to be made. */
  readonly count: number;
  /** How many normal images, and how many donors, there are. */
  readonly normals: number;
  readonly donors: number;
  /** Whether donor `donor` is the normal image `normal` itself. @default none is */
  readonly isSame?: (normal: number, donor: number) => boolean;
}

const DONORS_OF_A_CASE = 2;

/** Numbers 0 .. count - 1 in a random order (Fisher and Yates). */
export function shuffled(count: number, seed: number): number[] {
  const random = createRandom(seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The normal images take turns, in another random order each round; each case gets two donors, or as many as there are. */
export function planCases(options: PlanOptions): PlannedCase[] {
  const { seed, count, normals, donors, isSame = () => false } = options;
  const random = createRandom(createRandom(seed).integer(2 ** 32));
  let order: readonly number[] = [];
  return Array.from({ length: count }, (_, index) => {
    const turn = index % normals;
    if (turn === 0) order = shuffled(normals, random.integer(2 ** 32));
    const normal = order[turn];
    const chosen = new Set<number>();
    for (let drawn = 0; donors > 0 && drawn < 4 * DONORS_OF_A_CASE; drawn++) {
      const donor = random.integer(donors);
      if (chosen.size < DONORS_OF_A_CASE && !isSame(normal, donor)) chosen.add(donor);
    }
    return { normal, donors: [...chosen] };
  });
}

/** Cases one by one, each made when it is asked for; pieces are taken from the other images. */
export function* syntheticCases(
  images: readonly ScalarMap[],
  options: Omit<SyntheticOptions, "index"> & { readonly count: number },
): Generator<SyntheticCase, void, undefined> {
  const { count, ...common } = options;
  const total = images.length;
  const isSame = (normal: number, donor: number) => normal === donor;
  const plan = planCases({ seed: options.seed, count, normals: total, donors: total, isSame });
  for (const [index, { normal, donors }] of plan.entries()) {
    yield syntheticCase(
      images[normal],
      donors.map((donor) => images[donor]),
      { ...common, index },
    );
  }
}
