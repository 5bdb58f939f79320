// report.html of `evaluate`: what each number means, curves and distributions, the best and the worst cases.

import type { ReportAssets } from "../types.ts";
import { type Chart, type CurveColumns, chartFigure, curveChart, histogramChart } from "./charts.ts";
import { bestAndWorst, type EvaluateDocument, type EvaluationRow } from "./evaluate-document.ts";
import { counted, shortNumber } from "./format.ts";
import { fileAddress, type Markup, markup } from "./markup.ts";
import { pageHtml } from "./page.ts";
import {
  type Column,
  factList,
  failuresSection,
  fileText,
  imageTable,
  issueList,
  numberCell,
  overlayKey,
  reportFoot,
  reportHead,
  settingsSection,
  thumbnail,
  verdictText,
} from "./report-parts.ts";
import { scoreLimit } from "./score-limit.ts";

/** False positive rate up to which AUPRO is taken. */
const proLimit = 0.3;

export interface EvaluateReportOptions {
  readonly assets: ReportAssets;
  /**
   * Panels (image, reference, result) of the best and worst cases, by the image's file:
   * `data:image/...;base64,` URIs or files beside the page. A case without one is named without a picture.
   */
  readonly panels?: ReadonlyMap<string, string>;
  /** Small pictures for the table, by the overlay's file name. @default the overlays themselves */
  readonly thumbnails?: ReadonlyMap<string, string>;
  /** Best and worst cases shown, of each. @default 6 */
  readonly cases?: number;
}

/** The text of the report, to be written beside the pictures it names. It needs no network and asks for none. */
export function evaluateReportHtml(doc: EvaluateDocument, options: EvaluateReportOptions): string {
  const figures = chartFigures(doc);
  const title = "Anomaly segmentation evaluation";
  const { best, worst } = bestAndWorst(doc.rows, options.cases ?? 6);
  const panels = options.panels ?? new Map<string, string>();
  const body = markup`${reportHead(title, `${doc.dataset.name}: ${doc.images.good} good and ${doc.images.anomalous} anomalous images`, doc.disclaimer, tiles(doc))}
<main>
${metricsSection(doc)}
<section aria-labelledby="curves">
<h2 id="curves">Curves and distributions</h2>
<noscript><p>The charts, the search and the sorting need JavaScript.</p></noscript>
<div class="charts">
${figures.map(({ chart, caption }) => chartFigure(chart, caption))}
</div>
</section>
${casesSection("Best cases", "best", best, panels)}
${casesSection("Worst cases", "worst", worst, panels)}
${imageTable(sortedRows(doc.rows), columns(options.thumbnails ?? new Map()))}
${failuresSection(doc.failures)}
${keySection()}
${settingsSection(doc.bank, doc.options, doc.calibration)}
${runSection(doc)}
</main>
${reportFoot(doc.program, doc.disclaimer)}`;
  return pageHtml({ title, body, charts: figures.map(({ chart }) => chart), assets: options.assets });
}

function tiles({ image, pixel, dice, falseAlarms, images }: EvaluateDocument) {
  return [
    { label: "Image AUROC", value: shortNumber(image.auroc) },
    { label: "Pixel AUROC", value: shortNumber(pixel.auroc) },
    { label: "Pixel AUPRO", value: shortNumber(pixel.aupro) },
    { label: "Mean DICE, anomalous", value: shortNumber(dice.anomalousMean) },
    { label: "False alarms", value: `${falseAlarms} / ${images.good}`, alert: falseAlarms > 0 },
  ];
}

type Metric = readonly [name: string, value: number | null, meaning: string];

function metricsSection(doc: EvaluateDocument): Markup {
  return markup`<section aria-labelledby="metrics">
<h2 id="metrics">Metrics</h2>
<p>Mask rule: ${doc.maskRule}</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="metrics"><table class="metrics">
<thead><tr><th scope="col">Metric</th><th scope="col" class="number">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>
${metricsOf(doc).map((metric) => metricRow(metric, doc.undefinedMetrics[metric[0]]))}</tbody>
</table></div>
</section>`;
}

function metricRow([name, value, meaning]: Metric, whyUndefined: string | undefined): Markup {
  const why = value === null && whyUndefined !== undefined && ` Not defined here: ${whyUndefined}`;
  return markup`<tr><td>${name}</td><td class="number">${shortNumber(value)}</td><td>${meaning}${why}</td></tr>
`;
}

function metricsOf({ image, pixel, dice, falseAlarms, images }: EvaluateDocument): readonly Metric[] {
  return [
    [
      "image.auroc",
      image.auroc,
      "Chance that an anomalous image scores higher than a good one; 0.5 is guessing.",
    ],
    [
      "image.averagePrecision",
      image.averagePrecision,
      "Share of anomalous images among those above a score, averaged over the anomalous images; guessing gives their share of the data set.",
    ],
    [
      "pixel.auroc",
      pixel.auroc,
      "Chance that the map is higher on a pixel of a lesion than on another, over all test images together.",
    ],
    [
      "pixel.averagePrecision",
      pixel.averagePrecision,
      "As image.averagePrecision, of the pixels of the anomaly map.",
    ],
    [
      "pixel.aupro",
      pixel.aupro,
      `Mean overlap of the thresholded map with each reference region, so that small lesions count as much as large ones; averaged over false positive rates up to ${proLimit}.`,
    ],
    [
      "dice.anomalousMean",
      dice.anomalousMean,
      "Overlap of final mask and reference, 2 |A ∩ B| / (|A| + |B|), averaged over the anomalous images.",
    ],
    ["dice.dataset", dice.dataset, "The same, with the pixels of all test images counted as one image."],
    [
      "dice.bestThreshold",
      dice.bestThreshold,
      `What the best single threshold of the map (${shortNumber(dice.threshold)}) would reach if it were chosen on these very images: a bound for thresholding, not a result.`,
    ],
    ["falseAlarms", falseAlarms, `Good images with a mask that is not empty, of ${images.good}.`],
  ];
}

interface ChartWithCaption {
  readonly chart: Chart;
  readonly caption: string;
}

function chartFigures(doc: EvaluateDocument): ChartWithCaption[] {
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
    rows.filter((row) => row.anomalous === anomalous).map((row) => row.calibratedScore);
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

function rocFigure(id: string, what: string, curve: CurveColumns, area: number | null): ChartWithCaption {
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

function proFigure(curve: CurveColumns, area: number | null): ChartWithCaption {
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

function casesSection(
  title: string,
  id: string,
  rows: readonly EvaluationRow[],
  panels: ReadonlyMap<string, string>,
): Markup {
  if (rows.length === 0) return markup``;
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<p>From left to right: the image, the reference, the result.</p>
<ul class="cases">
${rows.map((row) => caseItem(row, panels.get(row.file)))}</ul>
</section>`;
}

function caseItem({ file, dice, pValue }: EvaluationRow, panel: string | undefined): Markup {
  const picture =
    panel !== undefined &&
    markup`<a href="${fileAddress(panel)}"><img src="${fileAddress(panel)}" alt="Image, reference and result of ${file}" loading="lazy" decoding="async"></a>`;
  return markup`<li><figure>${picture}
<figcaption>${fileText(file)}: DICE ${shortNumber(dice)}, p ${shortNumber(pValue)}</figcaption></figure></li>
`;
}

function sortedRows(rows: readonly EvaluationRow[]): EvaluationRow[] {
  return [...rows].sort((a, b) => b.calibratedScore - a.calibratedScore);
}

function columns(thumbnails: ReadonlyMap<string, string>): readonly Column<EvaluationRow>[] {
  return [
    {
      heading: "Overlay",
      kind: "picture",
      cell: ({ file, overlay }) => thumbnail(file, overlay, thumbnails.get(overlay ?? "")),
    },
    { heading: "File", kind: "file", cell: ({ file }) => fileText(file) },
    { heading: "Truth", kind: "text", cell: ({ anomalous }) => (anomalous ? "anomalous" : "good") },
    {
      heading: "Score",
      kind: "number",
      sorted: true,
      ...numberCell(({ calibratedScore }) => calibratedScore),
    },
    { heading: "p-value", kind: "number", ...numberCell(({ pValue }) => pValue) },
    { heading: "Verdict", kind: "text", cell: ({ abnormal }) => verdictText(abnormal) },
    { heading: "DICE", kind: "number", ...numberCell(({ dice }) => dice) },
    { heading: "Mask, px", kind: "number", ...numberCell(({ maskArea }) => maskArea) },
    { heading: "Reference, px", kind: "number", ...numberCell(({ truthArea }) => truthArea) },
    { heading: "Issues", kind: "issues", ...issueList },
  ];
}

function keySection(): Markup {
  return markup`<section aria-labelledby="reading">
<h2 id="reading">How to read the pictures</h2>
${overlayKey(true)}
</section>`;
}

function runSection({ dataset, seconds, versions }: EvaluateDocument): Markup {
  const times = Object.entries(seconds ?? {}).map(([name, value]) => `${name} ${shortNumber(value)}`);
  return markup`<section aria-labelledby="run">
<h2 id="run">Data and run</h2>
${factList([
  ["Data set", dataset.name],
  ["Layout", dataset.layout],
  ["Seconds", times.length > 0 ? times.join(", ") : "–"],
  ...Object.entries(versions).map(([name, version]) => [name, version] as const),
])}
</section>`;
}
