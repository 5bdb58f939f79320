// report.html of `evaluate`: what each number means, curves and distributions, the best and the worst cases.

import type { ReportAssets } from "../types.ts";
import { chartFigure } from "./charts.ts";
import { chartFigures } from "./evaluate-charts.ts";
import {
  bestAndWorst,
  countedImages,
  type EvaluateDocument,
  type EvaluationRow,
} from "./evaluate-document.ts";
import { metricsSection } from "./evaluate-metrics.ts";
import { evaluatedVolumes } from "./evaluate-volumes.ts";
import { shortNumber } from "./format.ts";
import { fileAddress, type Markup, markup } from "./markup.ts";
import { pageHtml } from "./page.ts";
import {
  type Column,
  factList,
  failuresSection,
  fileText,
  imageTable,
  interruption,
  issueList,
  numberCell,
  overlayKey,
  reportFoot,
  reportHead,
  settingsSection,
  thumbnail,
  verdictText,
} from "./report-parts.ts";
import { isDecidable } from "./results.ts";

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
  const subtitle = `${doc.dataset.name}: ${countedImages(doc)}`;
  const decidable = isDecidable(doc.calibration, doc.options);
  const body = markup`${reportHead(title, subtitle, doc.disclaimer, tiles(doc), remarks(doc))}
<main>
${metricsSection(doc)}
<section aria-labelledby="curves">
<h2 id="curves">Curves and distributions</h2>
<noscript><p>The charts, the search and the sorting need JavaScript.</p></noscript>
<div class="charts">
${figures.map(({ chart, caption }) => chartFigure(chart, caption))}
</div>
</section>
${evaluatedVolumes(doc.volumes, decidable)}
${casesSection("Best cases", "best", best, panels)}
${casesSection("Worst cases", "worst", worst, panels)}
${imageTable(sortedRows(doc.rows), columns(options.thumbnails ?? new Map(), doc.surface.unit, decidable))}
${failuresSection(doc.failures)}
${keySection()}
${settingsSection(doc.bank, doc.options, doc.calibration)}
${runSection(doc)}
</main>
${reportFoot(doc.program, doc.disclaimer)}`;
  return pageHtml({ title, body, charts: figures.map(({ chart }) => chart), assets: options.assets });
}

function remarks(doc: EvaluateDocument): Markup[] {
  const sentences = doc.issues.map(
    ({ message }) => markup`<p class="remark"><strong>${message}.</strong></p>`,
  );
  return [...interruption("evaluate", doc), ...sentences];
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
  return [...rows].sort((a, b) => b.score - a.score);
}

function columns(
  thumbnails: ReadonlyMap<string, string>,
  unit: "px" | "mm",
  decidable: boolean,
): readonly Column<EvaluationRow>[] {
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
      ...numberCell(({ score }) => score),
    },
    { heading: "p-value", kind: "number", ...numberCell(({ pValue }) => pValue) },
    { heading: "Verdict", kind: "text", cell: ({ abnormal }) => verdictText(abnormal, decidable) },
    { heading: "DICE", kind: "number", ...numberCell(({ dice }) => dice) },
    { heading: `HD95, ${unit}`, kind: "number", ...numberCell(({ hd95 }) => hd95) },
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
