import type { Subject } from "./subject.ts";

/** How far lesions stand out; see `lesionStrength`. */
export const LESION_CONTRASTS = ["faint", "clear"] as const;
export type LesionContrast = (typeof LESION_CONTRASTS)[number];

/** Changes of brightness that are drawn from, as multiples of `unit` (0 .. 255). */
export interface LesionStrength {
  readonly weakest: number;
  /** Of lesions below 200 pixels. */
  readonly weakestSmall: number;
  readonly strongest: number;
  readonly unit: number;
}

/**
 * `faint`: 3 to 6 standard deviations of the scanner's noise. That is far above the noise, but below the step from grey
 * to white matter, and where sulci lie differs from head to head: most such lesions hide among them from a reader too.
 * `clear`: 1 to 2 times the step from grey to white matter, so that no arrangement of healthy tissue looks the same.
 */
export function lesionStrength(contrast: LesionContrast, { scan, brightness }: Subject): LesionStrength {
  switch (contrast) {
    case "faint":
      return { weakest: 3, weakestSmall: 4.5, strongest: 6, unit: scan.noise };
    case "clear":
      return { weakest: 1, weakestSmall: 1.5, strongest: 2, unit: brightness.white - brightness.grey };
    default:
      return contrast satisfies never;
  }
}
