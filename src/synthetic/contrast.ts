import type { Random } from "../util/prng.ts";
import { between } from "./draw.ts";
import type { NormalImage } from "./normal-image.ts";

/** Of a lesion against its place, as a share of the body's range; in a grainy image, so many times the grain. */
const LEAST_CONTRAST = 0.12;
const MOST_CONTRAST = 0.6;
const LEAST_GRAINS = 2.5;

/**
 * A change of grey value of either sign that a place of mean value `mean` can show, in the image's unit: 12 to 60 % of
 * the body's range, and not beyond that range. Weak ones are more frequent. Undefined where no sign has room.
 */
export function drawContrast(
  { low, high, span, grain }: NormalImage,
  mean: number,
  random: Random,
): number | undefined {
  const u = random.uniform();
  const least = Math.min(MOST_CONTRAST, Math.max(LEAST_CONTRAST, LEAST_GRAINS * grain));
  const wanted = least + (MOST_CONTRAST - least) * u * between(random, u, 1);
  const first = random.integer(2) === 0 ? -1 : 1;
  for (const sign of [first, -first]) {
    const room = sign > 0 ? (high - mean) / span : (mean - low) / span;
    const possible = Math.min(wanted, room);
    if (possible >= least) return sign * possible * span;
  }
  return undefined;
}
