import { createNoiseField } from "../util/gradient-noise.ts";
import type { Random } from "../util/prng.ts";
import { drawContrast } from "./contrast.ts";
import { between, chance } from "./draw.ts";
import { drawSoftness } from "./outline.ts";
import { type Change, coverOf, halfCovered, type Site, weightedMean } from "./site.ts";

/**
 * A brighter or darker lesion. Its contrast is mottled by smooth noise, and it may level what was there. Half of them
 * are as real tumours are: a diffuse edge, and a core that is stronger than its penumbra, or weaker (necrosis).
 */
export function blob(site: Site, random: Random): Change | undefined {
  const { outline, before, normal } = site;
  const structured = chance(random, 0.5);
  const sharp = drawSoftness(random, outline.radius);
  const softness = structured ? Math.max(sharp, outline.radius * between(random, 0.15, 0.35)) : sharp;
  const cover = coverOf(site, softness);
  const mean = weightedMean(before, cover);
  const contrast = drawContrast(normal, mean, random);
  if (contrast === undefined) return undefined;
  const profile = structured ? withCore(site, cover, softness, random) : cover;
  const mottle = drawMottle(site, random);
  const levelling = between(random, 0, 0.65);
  const values = before.map((value, i) => {
    const level = cover[i] * levelling * (mean - value);
    return value + level + contrast * profile[i] * mottle[i];
  });
  return { values, mask: halfCovered(cover) };
}

/** Strength across the lesion, 0 .. 1: the penumbra has less of it than the core, or the core less than the rest. */
function withCore(site: Site, cover: Float32Array, softness: number, random: Random): Float32Array {
  const inset = site.outline.radius * between(random, 0.3, 0.6);
  const core = coverOf(site, Math.max(0.7, 0.7 * softness), inset);
  const penumbra = between(random, 0.5, 0.8);
  if (chance(random, 0.3)) return cover.map((share, i) => share - penumbra * core[i]);
  return cover.map((share, i) => penumbra * share + (1 - penumbra) * core[i]);
}

/** Factors around 1 that vary smoothly across the lesion. */
function drawMottle({ outline }: Site, random: Random): Float32Array {
  const noise = createNoiseField(random);
  const strength = between(random, 0.1, 0.5);
  const step = 1 / Math.max(3, outline.radius * between(random, 0.25, 0.7));
  return outline.depth.map((_, i) => {
    const [x, y] = [i % outline.width, Math.floor(i / outline.width)];
    return 1 + strength * noise(step * x, step * y);
  });
}
