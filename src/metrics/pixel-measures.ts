// What a map says of pixels, gathered image by image: over all pixels, and inside the body alone.

import type { Mask, ScalarMap } from "../types.ts";
import { type AupimoResult, createAupimo } from "./aupimo.ts";
import { type BestThreshold, bestThresholdDice } from "./dice.ts";
import { aupro } from "./pro.ts";
import { auroc, averagePrecision } from "./roc.ts";
import { createScoreHistogram } from "./score-histogram.ts";
import type { ThresholdTable } from "./threshold-table.ts";

/** A map with what is true of it; all of one size. */
export interface MeasuredMap {
  readonly name: string;
  readonly map: ScalarMap;
  /** Absent of a good image. */
  readonly truth?: Mask;
  /** Where there is something to see. */
  readonly body?: Mask;
}

export interface PixelMeasures {
  readonly auroc: number | null;
  /** Null where no image has a body. */
  readonly aurocBody: number | null;
  readonly averagePrecision: number | null;
  readonly aupro: number | null;
  readonly aupimo: AupimoResult;
  readonly best: BestThreshold | null;
  readonly table: ThresholdTable;
  /** Pixels inside a body. */
  readonly bodyTotals: ThresholdTable["totals"];
}

export interface PixelMeasurer {
  /** MiasError "mask-mismatch" where sizes differ, "usage" where a value is not finite. */
  add(image: MeasuredMap): void;
  finish(): PixelMeasures;
}

/** Pixels up to which thresholds are exact where they are not the main result. */
export const EXACT_BESIDES = 2 ** 18;

/**
 * Memory is bounded as score-histogram.ts and aupimo.ts say.
 * @param exactPixels as of createScoreHistogram, outside bodies
 */
export function createPixelMeasurer(exactPixels?: number): PixelMeasurer {
  const everywhere = createScoreHistogram(exactPixels);
  const inBody = createScoreHistogram(EXACT_BESIDES);
  const aupimo = createAupimo();
  return {
    add({ name, map, truth, body }) {
      everywhere.add(name, map, truth);
      if (body) inBody.add(name, map, truth, body);
      aupimo.add(map, truth);
    },
    finish() {
      const table = everywhere.table();
      const bodyTable = inBody.table();
      return {
        auroc: auroc(table),
        aurocBody: auroc(bodyTable),
        averagePrecision: averagePrecision(table),
        aupro: aupro(table),
        aupimo: aupimo.finish(),
        best: bestThresholdDice(table),
        table,
        bodyTotals: bodyTable.totals,
      };
    },
  };
}
