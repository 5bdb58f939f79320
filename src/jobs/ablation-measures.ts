import { dice } from "../metrics/dice.ts";
import type { EvaluatedImage } from "../metrics/evaluation-metrics.ts";
import { mean } from "../metrics/mean.ts";
import { createEvaluation } from "../metrics/summary.ts";
import { intensityBaseline } from "../pipeline/intensity-baseline.ts";
import type { Segmenter } from "../pipeline/segment.ts";
import type { AblationMeasures } from "../report/ablation-document.ts";
import type { Issue, Mask, MedicalImage, Segmentation } from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import type { AblationCase } from "./ablation-data.ts";

/** What a row says of one image. */
interface Answer {
  readonly image: Pick<EvaluatedImage, "score" | "map" | "mask">;
  /** Masks that were considered; none of a map alone. */
  readonly candidates: readonly Mask[];
  readonly seconds: number;
  readonly issues: readonly Issue[];
}

/** A row at work: what it says of an image. */
export interface Answering {
  answer(image: MedicalImage): Promise<Answer>;
  /** Whether it gives masks. */
  readonly hasMasks: boolean;
}

/** Answers with a bank. Its time is that of an image without the encoder, whose work all rows share. */
export function segmenterAnswers(segmenter: Segmenter): Answering {
  return {
    hasMasks: true,
    answer: async (image) => {
      const result = await segmenter.segment(image, { hierarchy: true });
      const { score, map, mask, hierarchy = [], seconds, issues } = result satisfies Segmentation;
      return {
        image: { score, map, mask },
        candidates: hierarchy.map((level) => level.mask),
        seconds: seconds.total - seconds.encode,
        issues,
      };
    },
  };
}

/** Answers with brightness alone; the masks are empty and count for nothing. */
export const baselineAnswers: Answering = {
  hasMasks: false,
  answer: async (image) => {
    const started = performance.now();
    const { map } = intensityBaseline(image);
    const mask = { width: map.width, height: map.height, data: new Uint8Array(map.data.length) };
    return {
      image: { score: mapMaximum(map).value, map, mask },
      candidates: [],
      seconds: (performance.now() - started) / 1000,
      issues: [],
    };
  },
};

/**
 * Measures a row on a set of images.
 * @param before called before each image; may throw to end the work
 */
export async function measureRow(
  { answer, hasMasks }: Answering,
  cases: readonly AblationCase[],
  before: () => void,
): Promise<{ measures: AblationMeasures; issues: Issue[] }> {
  const evaluation = createEvaluation({ bootstrap: 0 });
  const bests: number[] = [];
  const issues = new Map<string, Issue>();
  let seconds = 0;
  for (const { name, anomalous, read } of cases) {
    before();
    const { image, truth } = await read();
    const said = await answer(image);
    evaluation.add({ name, anomalous, ...said.image, ...(truth ? { truth } : {}) });
    if (anomalous && truth) bests.push(bestDice(said.candidates, truth));
    for (const found of said.issues) if (!issues.has(found.code)) issues.set(found.code, found);
    seconds += said.seconds;
  }
  const { images, pixel, image, dice: masks } = evaluation.finish();
  const measures = {
    images,
    pixelAuroc: pixel.auroc,
    imageAuroc: image.auroc,
    aupro: pixel.aupro,
    dice: hasMasks ? masks.anomalousMean : null,
    bestCandidate: hasMasks ? mean(bests) : null,
    bestThreshold: masks.bestThreshold,
    secondsPerImage: seconds / Math.max(1, cases.length),
  };
  return { measures, issues: [...issues.values()] };
}

function bestDice(candidates: readonly Mask[], truth: Mask): number {
  return candidates.reduce((best, candidate) => Math.max(best, dice(candidate, truth)), 0);
}
