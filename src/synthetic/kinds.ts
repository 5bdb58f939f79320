import { blob } from "./blob.ts";
import { deformation } from "./deformation.ts";
import { poisson } from "./poisson.ts";
import { ring } from "./ring.ts";
import type { LesionMaker } from "./site.ts";
import { speckle } from "./speckle.ts";
import { texture } from "./texture.ts";

/** The kinds of made lesions; each is told in the file of its name. */
export const SYNTHETIC_KINDS = ["blob", "texture", "poisson", "deformation", "ring", "speckle"] as const;
export type SyntheticKind = (typeof SYNTHETIC_KINDS)[number];

export const lesionMakers: Readonly<Record<SyntheticKind, LesionMaker>> = {
  blob,
  texture,
  poisson,
  deformation,
  ring,
  speckle,
};

/** Smallest outlines in which a kind can be seen, in pixels of an image of 256 x 256. */
export const smallestArea: Readonly<Record<SyntheticKind, number>> = {
  blob: 20,
  texture: 40,
  poisson: 120,
  deformation: 400,
  ring: 80,
  speckle: 60,
};
