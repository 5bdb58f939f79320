import { dice } from "../metrics/dice.ts";
import type { EvaluatedImage } from "../metrics/evaluation-metrics.ts";
import { intensityBaseline } from "../pipeline/intensity-baseline.ts";
import { drawPanel } from "../report/overlay.ts";
import type { Segmentation } from "../types.ts";
import { type EvaluationCase, type EvaluationRun, keepShown, verdictIn } from "./evaluation-run.ts";
import type { JudgedImage } from "./read-case.ts";
import { writeResult } from "./write-result.ts";

/**
 * Segments one image and compares it with its truth.
 * @throws MiasError for what is wrong with the image, and `output-unwritable`
 */
export async function evaluatePicture(
  run: EvaluationRun,
  item: EvaluationCase,
  judged: JudgedImage,
): Promise<void> {
  const { job, segmenter, stopwatch, metrics, rows } = run;
  const context = { hierarchy: job.allMasks ?? false, drawn: true };
  const result = await segmenter.segment(judged.image, context);
  stopwatch.add(result.seconds);
  const overlay = job.output === undefined ? null : await writePicture(run, item, judged, result, job.output);
  metrics.add({ ...evaluatedImage(item, judged, result), ...verdictIn(run, result.abnormal) });
  const { pValue, abnormal, issues } = result;
  rows.push({ file: item.image, pValue, abnormal, overlay, issues });
}

function evaluatedImage(
  { image: name, anomalous, patient }: EvaluationCase,
  { image, truth }: JudgedImage,
  { score, map, mask, drawn = mask }: Segmentation,
): EvaluatedImage {
  const { map: baseline, body } = intensityBaseline(image);
  return {
    ...{ name, anomalous, patient, geometry: image.geometry },
    ...{ score, map, mask, drawn, baseline, body },
    ...(truth ? { truth } : {}),
  };
}

/** Writes the files of an image; returns the name of its overlay. */
async function writePicture(
  { job, shown, segmenter }: EvaluationRun,
  { image: file, anomalous, name }: EvaluationCase,
  { image, truth }: JudgedImage,
  result: Segmentation,
  folder: string,
): Promise<string | null> {
  if (anomalous && truth) {
    keepShown(shown, {
      ...{ file, name, dice: dice(result.mask, truth) },
      panel: drawPanel(image, truth, result),
    });
  }
  const { alpha } = segmenter.options;
  const files = { folder, mapFormat: job.mapFormat ?? "png16", alpha } as const;
  return (await writeResult(image, result, name, files)).overlay;
}
