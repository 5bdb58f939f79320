// What a final mask says, image by image, and the means over a test set.

import type {
  AreaSummary,
  Geometry,
  LesionCounts,
  LesionFate,
  LesionRules,
  Mask,
  SurfaceDistance,
  SurfaceSummary,
} from "../types.ts";
import { diceOf, type Overlap, overlapOf } from "./dice.ts";
import { lesionFates } from "./lesion-classes.ts";
import { matchLesions } from "./lesion-match.ts";
import { mean } from "./mean.ts";
import { surfaceDistance } from "./surface-distance.ts";

/** A final mask against its truth. */
export interface MaskMeasures {
  readonly overlap: Overlap;
  readonly dice: number;
  readonly lesions: LesionRules<LesionCounts>;
  readonly fates: readonly LesionFate[];
  readonly unit: Geometry["unit"];
  /** In `unit`; null where one of the masks is empty. */
  readonly surface: SurfaceDistance | null;
  /** Mask minus truth, in pixels or mm2. */
  readonly areaDifference: number;
  /** The same by the area of the truth; null where that is empty. */
  readonly relativeAreaDifference: number | null;
}

/** Pixels without a place in the world. */
export const PIXEL_GEOMETRY: Geometry = { spacing: [1, 1, 1], unit: "px" };

/** Measures a mask; MiasError "mask-mismatch" where the sizes differ. */
export function measureMask(mask: Mask, truth: Mask, { spacing, unit }: Geometry): MaskMeasures {
  const overlap = overlapOf(mask, truth);
  const difference = overlap.first - overlap.second;
  return {
    overlap,
    dice: diceOf(overlap),
    lesions: matchLesions(mask, truth),
    fates: lesionFates(mask, truth),
    unit,
    surface: surfaceDistance(mask, truth, [spacing[0], spacing[1]]),
    areaDifference: difference * spacing[0] * spacing[1],
    relativeAreaDifference: overlap.second === 0 ? null : difference / overlap.second,
  };
}

/** All masks as one picture. */
export function summedOverlap(overlaps: readonly Overlap[]): Overlap {
  const sum = (key: keyof Overlap) => overlaps.reduce((total, overlap) => total + overlap[key], 0);
  return { both: sum("both"), first: sum("first"), second: sum("second") };
}

/** Means over anomalous images. They must have one unit; see `mixedUnits`. */
export function summariseSurfaces(anomalous: readonly MaskMeasures[]): SurfaceSummary {
  const known = anomalous.flatMap(({ surface }) => (surface === null ? [] : [surface]));
  const mixed = mixedUnits(anomalous);
  return {
    unit: anomalous[0]?.unit ?? "px",
    hd95: mixed ? null : mean(known.map(({ hd95 }) => hd95)),
    assd: mixed ? null : mean(known.map(({ assd }) => assd)),
    images: known.length,
    excluded: anomalous.length - known.length,
  };
}

/** Means over the anomalous images whose truth is not empty. */
export function summariseAreas(anomalous: readonly MaskMeasures[]): AreaSummary {
  const known = anomalous.filter(({ overlap }) => overlap.second > 0);
  const absolute = known.map(({ areaDifference }) => Math.abs(areaDifference));
  return {
    unit: anomalous[0]?.unit === "mm" ? "mm2" : "px",
    absoluteDifference: mixedUnits(anomalous) ? null : mean(absolute),
    relativeDifference: mean(known.map(({ relativeAreaDifference }) => relativeAreaDifference ?? 0)),
    images: known.length,
  };
}

/** Whether some lengths are in pixels and some in mm, so that a mean of them would mean nothing. */
export function mixedUnits(images: readonly MaskMeasures[]): boolean {
  return images.some(({ unit }) => unit !== images[0].unit);
}
