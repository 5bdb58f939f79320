// The charts of the evaluation report.

import type { Curve } from "../types.ts";
import { type Chart, curveChart, histogramChart } from "./charts.ts";
import type { EvaluateDocument } from "./evaluate-document.ts";
import { counted, shortNumber } from "./format.ts";
import { scoreLimit } from "./score-limit.ts";

/** False positive rate up to which AUPRO is taken. */
const proLimit = 0.3;

export interface ChartWithCaption {
  readonly chart: Chart;
  readonly caption: string;
}

/** Scores, DICE and curves, as far as there are any. */
export function chartFigures(doc: EvaluateDocument): ChartWithCaption[] {
  const { image, pixel } = doc;
  return [
    scoreFigure(doc),
    diceFigure(doc),
    image.roc && rocFigure("image-roc", "images", image.roc, image.auroc),
    pixel.roc && rocFigure("pixel-roc", "pixels", pixel.roc, pixel.auroc),
    pixel.pro && proFigure(pixel.pro, pixel.aupro),
  ].filter((figure) => figure !== null);
}

function scoreFigure({ rows, calibration, options }: EvaluateDocument): ChartWithCaption {
  const scores = (anomalous: boolean) =>
    rows.filter((row) => row.anomalous === anomalous).map((row) => row.score);
  const limit = scoreLimit(calibration.scores, options.alpha);
  const chart = histogramChart({
    id: "scores",
    description: "Histogram of the image scores of good and of anomalous images",
    xLabel: "image score",
    groups: [
      { label: "good", values: scores(false) },
      { label: "anomalous", values: scores(true) },
    ],
    ...(limit === undefined ? {} : { limit: { x: limit, label: `alpha ${shortNumber(options.alpha)}` } }),
  });
  return {
    chart,
    caption:
      "Image scores; to the right of the dashed line, where there is one, an image is called abnormal.",
  };
}

function diceFigure({ rows, dice: { anomalousMean: mean } }: EvaluateDocument): ChartWithCaption {
  const values = rows.flatMap(({ anomalous, dice }) => (anomalous && dice !== null ? [dice] : []));
  const chart = histogramChart({
    id: "dice",
    description: `Histogram of the DICE of ${counted(values.length, "anomalous image")}`,
    xLabel: "DICE of the final mask",
    groups: [{ label: "anomalous", values }],
    range: [0, 1],
    bins: 20,
    ...(mean === null ? {} : { limit: { x: mean, label: `mean ${shortNumber(mean)}` } }),
  });
  return { chart, caption: "How DICE spreads over the anomalous images." };
}

function rocFigure(id: string, what: string, curve: Curve, area: number | null): ChartWithCaption {
  const chart = curveChart({
    id,
    description: `ROC curve of ${what}, area ${shortNumber(area)}`,
    xLabel: "false positive rate",
    yLabel: "true positive rate",
    label: `${what}, area ${shortNumber(area)}`,
    curve,
    guides: [{ from: [0, 0], to: [1, 1] }],
  });
  return { chart, caption: `ROC of ${what}; the dashed line is guessing.` };
}

function proFigure(curve: Curve, area: number | null): ChartWithCaption {
  const chart = curveChart({
    id: "pro",
    description: `PRO curve, area up to a false positive rate of ${proLimit}: ${shortNumber(area)}`,
    xLabel: "false positive rate of pixels",
    yLabel: "mean overlap with regions",
    label: `regions, area ${shortNumber(area)}`,
    curve,
    xRange: [0, (4 / 3) * proLimit],
    guides: [{ from: [proLimit, 0], to: [proLimit, 1], label: `limit ${proLimit}` }],
  });
  return { chart, caption: "Per-region overlap; AUPRO is the mean height left of the dashed line." };
}
