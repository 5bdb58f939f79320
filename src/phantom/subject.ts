import { createNoiseField, type NoiseField } from "../util/gradient-noise.ts";
import type { Random } from "../util/prng.ts";

/**
 * What differs between one made person (and scan) and the next. Lengths are shares of the image's side, or, in the
 * head's own frame, of its half axes (see anatomy.ts). Brightness is on a scale of 0 .. 255.
 */
export interface Subject {
  readonly pose: {
    readonly centreX: number;
    readonly centreY: number;
    readonly halfWidth: number;
    readonly halfHeight: number;
    readonly cosine: number;
    readonly sine: number;
  };
  readonly shape: {
    /** How much wider the back of the head is than its front. */
    readonly egg: number;
    readonly scalp: number;
    readonly skull: number;
    readonly csf: number;
    readonly cortex: number;
    /** Half the width of a sulcus at the surface. */
    readonly sulcus: number;
    /** How deep sulci reach. */
    readonly foldDepth: number;
    /** Size of the left and right ventricle; 1 is average. */
    readonly ventricles: readonly [number, number];
  };
  readonly brightness: {
    readonly air: number;
    readonly scalp: number;
    readonly skull: number;
    readonly csf: number;
    readonly grey: number;
    readonly white: number;
  };
  readonly scan: {
    /** Coefficients of the receiver's bias: x, y, x^2 + y^2, x y. */
    readonly bias: readonly [number, number, number, number];
    readonly noise: number;
  };
  readonly fields: {
    readonly outline: NoiseField;
    readonly warpX: NoiseField;
    readonly warpY: NoiseField;
    readonly folds: NoiseField;
    readonly tissue: NoiseField;
  };
}

/** Draws a subject. The ranges are what looks like a set of scans of one protocol. */
export function drawSubject(random: Random): Subject {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  // cos and sin of a turn of up to 11 degrees, from the tangent of half of it: no Math.cos, see prng.ts.
  const halfTangent = between(-0.1, 0.1);
  const ventricles = between(0.75, 1.4);
  const white = between(138, 160);
  return {
    pose: {
      centreX: between(0.475, 0.525),
      centreY: between(0.475, 0.525),
      halfWidth: between(0.335, 0.385),
      halfHeight: between(0.415, 0.455),
      cosine: (1 - halfTangent * halfTangent) / (1 + halfTangent * halfTangent),
      sine: (2 * halfTangent) / (1 + halfTangent * halfTangent),
    },
    shape: {
      egg: between(0.02, 0.1),
      scalp: between(0.055, 0.085),
      skull: between(0.055, 0.075),
      csf: between(0.02, 0.035),
      cortex: between(0.038, 0.046),
      sulcus: between(0.006, 0.016),
      foldDepth: between(0.18, 0.28),
      ventricles: [ventricles * between(0.9, 1.1), ventricles * between(0.9, 1.1)],
    },
    brightness: {
      air: 4,
      scalp: between(165, 200),
      skull: between(22, 34),
      csf: between(34, 46),
      grey: white * between(0.68, 0.75),
      white,
    },
    scan: {
      bias: [between(-0.07, 0.07), between(-0.07, 0.07), between(-0.06, 0.06), between(-0.05, 0.05)],
      noise: between(4.5, 6),
    },
    fields: {
      outline: createNoiseField(random),
      warpX: createNoiseField(random),
      warpY: createNoiseField(random),
      folds: createNoiseField(random),
      tissue: createNoiseField(random),
    },
  };
}
