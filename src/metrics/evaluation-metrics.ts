// What goes into an evaluation and what comes out of it. Types only.

import type { EvaluationFigures, Geometry, Mask, ScalarMap } from "../types.ts";

/** One test image with its answer; masks, map, truth, body and baseline have the image's size. */
export interface EvaluatedImage {
  readonly name: string;
  readonly anomalous: boolean;
  /** Larger is more abnormal. */
  readonly score: number;
  readonly map: ScalarMap;
  /** The final mask; empty where nothing was found. */
  readonly mask: Mask;
  /** The mask that is drawn where none is left empty, for `always`. */
  readonly drawn?: Mask;
  /** Of a good image: absent or empty. An anomalous image without one counts for image metrics alone. */
  readonly truth?: Mask;
  /** What was decided of the image. */
  readonly abnormal?: boolean;
  /** Whose image it is, for the intervals. @default an own patient for each image */
  readonly patient?: string;
  /** Size of a pixel, for distances and areas. @default pixels */
  readonly geometry?: Geometry;
  /** Where there is something to see, for `pixel.aurocBody`. */
  readonly body?: Mask;
  /** A map to compare with, such as `intensityBaseline` makes. */
  readonly baseline?: ScalarMap;
}

export interface EvaluationOptions {
  /** Resamples for the intervals; 0 for none. @default 1000 */
  readonly bootstrap?: number;
  /** @default 0 */
  readonly seed?: number;
}

export interface EvaluationRow {
  readonly name: string;
  readonly anomalous: boolean;
  readonly score: number;
  /** Null without a truth and where an anomalous image's is empty; a good image has 1 with an empty mask, else 0. */
  readonly dice: number | null;
  /** Pixels; null where the truth is not known. */
  readonly truthArea: number | null;
  readonly maskArea: number;
  /** Border distances, in px or mm; null without a truth and where a mask is empty. */
  readonly hd95: number | null;
  readonly assd: number | null;
  /** Mask minus truth, in px or mm2; null without a truth. */
  readonly areaDifference: number | null;
  /** The same by the area of the truth; null where that is empty, too. */
  readonly relativeAreaDifference: number | null;
}

/** All metrics are in [0, 1] unless said. Curves run from (0, 0) to (1, 1) and have at most 500 points. */
export interface EvaluationMetrics extends EvaluationFigures {
  /** In the order of `add`. */
  readonly rows: readonly EvaluationRow[];
}

export interface Evaluation {
  /**
   * Takes in one image. MiasError "mask-mismatch" where sizes differ or a good image has a truth that is not
   * empty, "usage" where a score or a map value is not finite.
   */
  add(image: EvaluatedImage): void;
  finish(): EvaluationMetrics;
}
