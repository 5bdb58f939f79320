import type { Random } from "../util/prng.ts";
import { changedMask } from "./changed-mask.ts";
import { between, chance } from "./draw.ts";
import { drawGraft } from "./graft.ts";
import { poissonBlend } from "./poisson-blend.ts";
import type { Change, Site } from "./site.ts";

/** Change that counts as visible, as a share of the body's range, and the share of the outline that must show it. */
const LEAST_CHANGE = 0.06;
const LEAST_SHARE = 0.3;
/** Factor of the graft's gradients. */
const MOST_STRENGTH = 1.5;

/**
 * The structure of another image (or place) blended in without a seam, as in H. Schlueter et al., "Natural synthetic
 * anomalies for self-supervised anomaly detection and localization" (ECCV 2022). The mask is where it shows.
 */
export function poisson(site: Site, random: Random): Change | undefined {
  const { outline, body, before } = site;
  const { width, height } = outline;
  const graft = drawGraft(site, random);
  if (graft === undefined) return undefined;
  const region = Uint8Array.from(outline.depth, (depth, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const onRim = x === 0 || y === 0 || x === width - 1 || y === height - 1;
    return depth > 0 && body[i] === 1 && !onRim ? 1 : 0;
  });
  const mixed = chance(random, 0.4);
  const strength = between(random, 1, MOST_STRENGTH);
  const source = graft.map((value) => strength * value);
  const values = poissonBlend({ width, height, target: before, source, region, part: body, mixed });
  const mask = changedMask(site, values, LEAST_CHANGE, LEAST_SHARE);
  return mask && { values, mask };
}
