import type { Random } from "../util/prng.ts";
import { drawGraft } from "./graft.ts";
import { drawSoftness } from "./outline.ts";
import { type Change, coverOf, halfCovered, type Site, visibleChange, weightedMean } from "./site.ts";

/**
 * Mean change within the lesion that can be seen, after slight smoothing, as a share of the body's range: this, or
 * where it is more, so many times the image's grain, for two places of equal grain differ by 1.1 times that.
 */
const LEAST_CHANGE = 0.08;
const LEAST_GRAINS = 2;

/** Pixels of another normal image, or of another place of the same one, where they look different there. */
export function texture(site: Site, random: Random): Change | undefined {
  const graft = drawGraft(site, random);
  if (graft === undefined) return undefined;
  const cover = coverOf(site, drawSoftness(random, site.outline.radius));
  const values = site.before.map((value, i) => value + cover[i] * (graft[i] - value));
  const mask = halfCovered(cover);
  const least = Math.max(LEAST_CHANGE, LEAST_GRAINS * site.normal.grain);
  if (weightedMean(visibleChange(site, values, 1.5), mask) < least) return undefined;
  return { values, mask };
}
