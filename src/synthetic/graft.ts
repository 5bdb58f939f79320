import type { Random } from "../util/prng.ts";
import { chance } from "./draw.ts";
import type { NormalImage } from "./normal-image.ts";
import type { Outline } from "./outline.ts";
import type { Site } from "./site.ts";

const PLACES_TRIED = 20;
/** The quarter turns and mirrorings of the plane, as [column from dx, column from dy, row from dx, row from dy]. */
const TURNS = [
  [1, 0, 0, 1],
  [0, -1, 1, 0],
  [-1, 0, 0, -1],
  [0, 1, -1, 0],
  [-1, 0, 0, 1],
  [0, 1, 1, 0],
  [1, 0, 0, -1],
  [0, -1, -1, 0],
] as const;

/**
 * Pixels for the outline's rectangle from somewhere within the body of another normal image, or (in a third of the
 * draws, and where there is no other) of another place of the same one; turned by quarters and mirrored. Undefined
 * where no place was found.
 */
export function drawGraft(site: Site, random: Random): Float32Array | undefined {
  const { outline, normal, donors } = site;
  const own = donors.length === 0 || chance(random, 1 / 3);
  const donor = own ? normal : donors[random.integer(donors.length)];
  for (let tried = 0; tried < PLACES_TRIED; tried++) {
    const centre = donor.interior[random.integer(donor.interior.length)];
    const [x, y] = [centre % donor.image.width, Math.floor(centre / donor.image.width)];
    const turn = TURNS[random.integer(TURNS.length)];
    if (own && isNear(outline, x, y)) continue;
    const source = sourcePixels(outline, donor, x, y, turn);
    if (!isWithinBody(outline, donor, source)) continue;
    return site.before.map((value, i) => (source[i] < 0 ? value : donor.image.data[source[i]]));
  }
  return undefined;
}

function isNear(outline: Outline, x: number, y: number): boolean {
  const [dx, dy] = [x - outline.x, y - outline.y];
  return dx * dx + dy * dy < outline.radius * outline.radius;
}

/** Index in the donor of each pixel of the rectangle when its centre is put on (x, y); -1 outside the donor. */
function sourcePixels(
  outline: Outline,
  { image }: NormalImage,
  x: number,
  y: number,
  [xx, xy, yx, yy]: (typeof TURNS)[number],
): Int32Array {
  return Int32Array.from(outline.depth, (_, i) => {
    const dx = outline.x0 + (i % outline.width) - outline.x;
    const dy = outline.y0 + Math.floor(i / outline.width) - outline.y;
    const column = x + xx * dx + xy * dy;
    const row = y + yx * dx + yy * dy;
    const inside = column >= 0 && column < image.width && row >= 0 && row < image.height;
    return inside ? row * image.width + column : -1;
  });
}

/** Whether all pixels within the outline come from the donor's body. */
function isWithinBody({ depth }: Outline, { body }: NormalImage, source: Int32Array): boolean {
  return depth.every((inside, i) => inside <= 0 || (source[i] >= 0 && body.data[source[i]] === 1));
}
