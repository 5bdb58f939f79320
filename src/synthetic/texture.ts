import type { Random } from "../util/prng.ts";
import { drawGraft } from "./graft.ts";
import { drawSoftness } from "./outline.ts";
import { type Change, coverOf, halfCovered, type Site, visibleChange, weightedMean } from "./site.ts";

/** Mean change within the lesion, after slight smoothing so that noise does not count, as a share of the range. */
const LEAST_CHANGE = 0.08;

/** Pixels of another normal image, or of another place of the same one, where they look different there. */
export function texture(site: Site, random: Random): Change | undefined {
  const graft = drawGraft(site, random);
  if (graft === undefined) return undefined;
  const cover = coverOf(site, drawSoftness(random, site.outline.radius));
  const values = site.before.map((value, i) => value + cover[i] * (graft[i] - value));
  const mask = halfCovered(cover);
  if (weightedMean(visibleChange(site, values, 1.5), mask) < LEAST_CHANGE) return undefined;
  return { values, mask };
}
