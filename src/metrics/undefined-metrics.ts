import type { EvaluationMetrics } from "./evaluation-metrics.ts";
import { type MaskMeasures, mixedUnits } from "./mask-measures.ts";
import type { PixelMeasures } from "./pixel-measures.ts";

/**
 * Why a metric is null, by its path. Nothing is said of what no image was given for: bodies and verdicts.
 * @param masks those of the images whose truth is known
 */
export function undefinedMetrics(
  metrics: Omit<EvaluationMetrics, "undefinedMetrics">,
  pixels: PixelMeasures,
  masks: readonly MaskMeasures[],
): Record<string, string> {
  const reasons = reasonsOf(metrics, pixels, masks);
  const { sensitivity, specificity } = metrics.decision;
  const unasked = [
    ...(pixels.bodyTotals.negatives + pixels.bodyTotals.positives === 0 ? ["pixel.aurocBody"] : []),
    ...(sensitivity === specificity ? ["decision.sensitivity", "decision.specificity"] : []),
  ];
  const missing = valuesOf(metrics).filter(([path, value]) => value === null && !unasked.includes(path));
  return Object.fromEntries(
    missing.map(([path]) => [path, reasons[path] ?? reasons[path.split(".")[0]] ?? ""] as const),
  );
}

type Metrics = Omit<EvaluationMetrics, "undefinedMetrics">;

function valuesOf({ image, pixel, dice, always, lesions, surface, area, decision }: Metrics) {
  const { either } = lesions.anomalous;
  return Object.entries({
    "image.auroc": image.auroc,
    "image.averagePrecision": image.averagePrecision,
    "image.sensitivityAt5": image.sensitivityAt5,
    "image.sensitivityAt10": image.sensitivityAt10,
    "pixel.auroc": pixel.auroc,
    "pixel.aurocBody": pixel.aurocBody,
    "pixel.averagePrecision": pixel.averagePrecision,
    "pixel.aupro": pixel.aupro,
    "pixel.aupimo": pixel.aupimo,
    "dice.anomalousMean": dice.anomalousMean,
    "dice.dataset": dice.dataset,
    "dice.bestThreshold": dice.bestThreshold,
    ...(always && {
      "always.dice.anomalousMean": always.dice.anomalousMean,
      "always.dice.dataset": always.dice.dataset,
    }),
    "lesions.anomalous.either.recall": either.recall,
    "lesions.classes.large.recall": lesions.classes.large.recall,
    "lesions.anomalous.either.precision": either.precision,
    "lesions.anomalous.either.f1": either.f1,
    "lesions.all.either.precision": lesions.all.either.precision,
    "lesions.all.either.f1": lesions.all.either.f1,
    "surface.hd95": surface.hd95,
    "surface.assd": surface.assd,
    "area.absoluteDifference": area.absoluteDifference,
    "area.relativeDifference": area.relativeDifference,
    "decision.sensitivity": decision.sensitivity,
    "decision.specificity": decision.specificity,
  });
}

/** By the path of a metric, or by its first part. */
function reasonsOf(
  { images, lesions }: Metrics,
  { table, bodyTotals, aupimo }: PixelMeasures,
  masks: readonly MaskMeasures[],
): Record<string, string> {
  const { negatives, positives } = table.totals;
  const { truths, predicted } = lesions.all.either;
  const needPixels = `needs normal and abnormal pixels in the truth, got ${negatives} and ${positives}`;
  const needMasks = mixedUnits(masks)
    ? "needs one unit of length, got some images in px and some in mm"
    : "needs an anomalous image with a truth and a final mask that are not empty, got none";
  return {
    image: `needs good and anomalous images, got ${images.good} and ${images.anomalous}`,
    pixel: needPixels,
    "pixel.aurocBody": `needs normal and abnormal pixels inside the bodies, got ${bodyTotals.negatives} and ${bodyTotals.positives}`,
    "pixel.aupimo": aupimo.reason ?? "",
    dice: needPixels,
    always: needPixels,
    "lesions.classes.large.recall": `needs lesions of ${lesions.classes.large.from} pixels and more in the truth, got none`,
    lesions: `needs lesions in the truth and components in the final masks, got ${truths} and ${predicted}`,
    surface: needMasks,
    area: needMasks,
    decision: `needs a verdict on good and on anomalous images, got ${images.good} and ${images.anomalous} images`,
  };
}
