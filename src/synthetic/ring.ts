import { createNoiseField } from "../util/gradient-noise.ts";
import type { Random } from "../util/prng.ts";
import { drawContrast } from "./contrast.ts";
import { between, chance } from "./draw.ts";
import { coverage, drawSoftness } from "./outline.ts";
import { type Change, coverOf, halfCovered, type Site, weightedMean } from "./site.ts";

/**
 * A bright rim around a dark centre, or the reverse; the mask is the whole lesion. In a third of them the centre is
 * healthy tissue, and the mask is the rim alone, with a hole.
 */
export function ring(site: Site, random: Random): Change | undefined {
  const { outline, before, normal } = site;
  const softness = Math.min(drawSoftness(random, outline.radius), 0.12 * outline.radius + 0.5);
  const whole = coverOf(site, softness);
  const contrast = drawContrast(normal, weightedMean(before, whole), random);
  if (contrast === undefined) return undefined;
  const centre = centreOf(site, softness, random);
  const rim = whole.map((share, i) => share - centre[i]);
  const rimOnly = chance(random, 1 / 3);
  const opposite = rimOnly ? 0 : contrast * between(random, 0.4, 1);
  const values = before.map((value, i) => value + contrast * rim[i] - opposite * centre[i]);
  return { values, mask: halfCovered(rimOnly ? rim : whole) };
}

/** How much of each pixel the centre covers, within a rim of uneven width. */
function centreOf({ outline, body }: Site, softness: number, random: Random): Float32Array {
  const noise = createNoiseField(random);
  const width = Math.max(1.8, outline.radius * between(random, 0.2, 0.45));
  const step = 1 / outline.radius;
  return outline.depth.map((depth, i) => {
    const [x, y] = [i % outline.width, Math.floor(i / outline.width)];
    const inset = width * (1 + 0.4 * noise(step * x, step * y));
    return body[i] * coverage(depth - inset, softness);
  });
}
