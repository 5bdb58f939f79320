// report.html of `segment`: counts, the scores against those of held-out normal images, and a table of all images.

import type { ReportAssets } from "../types.ts";
import { type Chart, chartFigure, histogramChart } from "./charts.ts";
import { counted, shortNumber } from "./format.ts";
import { type Markup, markup } from "./markup.ts";
import { pageHtml } from "./page.ts";
import {
  type Column,
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
  type Tile,
  thumbnail,
  verdictText,
} from "./report-parts.ts";
import { type ImageResult, isDecidable, leavesEmpty, lesionExtent, type ResultsDocument } from "./results.ts";
import { scoreLimit } from "./score-limit.ts";
import { volumesSection } from "./volume-section.ts";

export interface SegmentReportOptions {
  readonly assets: ReportAssets;
  /**
   * Small pictures, by the overlay's file name: `data:image/...;base64,` URIs or files beside the page.
   * @default the overlays themselves, loaded when they come into sight
   */
  readonly thumbnails?: ReadonlyMap<string, string>;
}

/**
 * The text of report.html, to be written beside the overlays that `doc` names. It needs no network and asks for
 * none. Rows come with the highest score first.
 */
export function segmentReportHtml(doc: ResultsDocument, options: SegmentReportOptions): string {
  const chart = scoreChart(doc);
  const title = "Anomaly segmentation report";
  const rows = [...doc.images].sort((a, b) => b.score - a.score);
  const decidable = isDecidable(doc.calibration, doc.options);
  const body = markup`${reportHead(
    title,
    `${countedInputs(doc)} against ${doc.bank.file}`,
    doc.disclaimer,
    tiles(doc),
    [
      ...interruption("segment", doc),
      markup`<p class="remark">${maskRemark(doc)}</p>`,
      ...doc.issues.map(({ message }) => markup`<p class="remark"><strong>${message}.</strong></p>`),
    ],
  )}
<main>
<section aria-labelledby="scores">
<h2 id="scores">Scores</h2>
<noscript><p>The chart, the search and the sorting need JavaScript.</p></noscript>
${chartFigure(chart, scoreCaption(doc))}
</section>
${volumesSection(doc.volumes, decidable)}
${(rows.length > 0 || doc.volumes.length === 0) && imageTable(rows, columns(options.thumbnails ?? new Map(), decidable))}
${failuresSection(doc.failures)}
${readingSection(doc)}
${settingsSection(doc.bank, doc.options, doc.calibration)}
</main>
${reportFoot(doc.program, doc.disclaimer)}`;
  return pageHtml({ title, body, charts: [chart], assets: options.assets });
}

function maskRemark({ calibration, options }: ResultsDocument): string {
  if (!leavesEmpty(calibration, options))
    return "A mask is drawn on every image, on normal ones too; the p-value and the verdict tell which images to look at.";
  return `An image whose p-value is above ${shortNumber(options.alpha)} has an empty mask: nothing was found in it. With --always-segment every image has a mask.`;
}

/** `3 images`, `1 volume`, or both. */
function countedInputs({ images, volumes }: ResultsDocument): string {
  const stacks = counted(volumes.length, "volume");
  if (volumes.length === 0) return counted(images.length, "image");
  return images.length === 0 ? stacks : `${counted(images.length, "image")} and ${stacks}`;
}

function tiles(doc: ResultsDocument): Tile[] {
  const inputs = [...doc.images, ...doc.volumes];
  const abnormal = inputs.filter((input) => input.abnormal).length;
  const label = `Abnormal (p ≤ ${shortNumber(doc.options.alpha)})`;
  const verdicts = isDecidable(doc.calibration, doc.options)
    ? [
        { label, value: abnormal, alert: abnormal > 0 },
        { label: "Not abnormal", value: inputs.length - abnormal },
      ]
    : [{ label, value: "not decided", alert: true }];
  return [
    ...(doc.volumes.length > 0 ? [{ label: "Volumes", value: doc.volumes.length }] : []),
    ...(doc.images.length > 0 || doc.volumes.length === 0
      ? [{ label: "Images", value: doc.images.length }]
      : []),
    ...verdicts,
    { label: "Failed", value: doc.failures.length, alert: doc.failures.length > 0 },
  ];
}

function scoreChart({ images, volumes, calibration, options }: ResultsDocument): Chart {
  const seen = [...images, ...volumes.flatMap(({ slices }) => slices)];
  const limit = scoreLimit(calibration.scores, options.alpha);
  return histogramChart({
    id: "scores",
    description: `Histogram of the scores of ${counted(seen.length, "image")} and of the ${calibration.images} held-out normal ones`,
    xLabel: "image score",
    groups: [
      { label: "held-out normal images", values: calibration.scores },
      { label: volumes.length > 0 ? "these slices" : "these images", values: seen.map(({ score }) => score) },
    ],
    ...(limit === undefined ? {} : { limit: { x: limit, label: `alpha ${shortNumber(options.alpha)}` } }),
  });
}

function scoreCaption({ calibration, options }: ResultsDocument): string {
  const limit = scoreLimit(calibration.scores, options.alpha);
  const what =
    "Scores of these images beside those of the normal images, each measured without what was learned of its own patient.";
  if (limit === Number.NEGATIVE_INFINITY) return `${what} Every image is called abnormal.`;
  if (limit !== undefined)
    return `${what} An image that scores above ${shortNumber(limit)} is called abnormal.`;
  return `${what} ${counted(calibration.images, "held-out image")} cannot show a p-value of ${shortNumber(options.alpha)}, so it is not decided which images are abnormal.`;
}

function columns(
  thumbnails: ReadonlyMap<string, string>,
  decidable: boolean,
): readonly Column<ImageResult>[] {
  return [
    {
      heading: "Overlay",
      kind: "picture",
      cell: ({ file, overlay }) => thumbnail(file, overlay, thumbnails.get(overlay ?? "")),
    },
    { heading: "File", kind: "file", cell: fileName },
    {
      heading: "Score",
      kind: "number",
      sorted: true,
      ...numberCell(({ score }) => score),
    },
    { heading: "p-value", kind: "number", ...numberCell(({ pValue }) => pValue) },
    { heading: "Verdict", kind: "text", cell: ({ abnormal }) => verdictText(abnormal, decidable) },
    { heading: "Lesions", kind: "number", ...numberCell(({ lesions }) => lesions.length) },
    { heading: "Total area, px", kind: "number", ...numberCell((image) => lesionExtent(image).area) },
    {
      heading: "Largest lesion, px",
      kind: "number",
      cell: largestLesion,
      sortKey: (image) => lesionExtent(image).largest?.area ?? null,
    },
    { heading: "Issues", kind: "issues", ...issueList },
  ];
}

function fileName({ file, slice }: ImageResult): Markup {
  return slice === undefined ? fileText(file) : markup`${fileText(file)} <small>slice ${slice}</small>`;
}

function largestLesion(image: ImageResult): Markup {
  const { largest } = lesionExtent(image);
  if (largest) return markup`${largest.area} <small>p ${shortNumber(largest.pValue)}</small>`;
  return markup`<small>${image.finding}</small>`;
}

function readingSection({ options, mapScale }: ResultsDocument): Markup {
  const sign = mapScale.offset < 0 ? "−" : "+";
  return markup`<section aria-labelledby="reading">
<h2 id="reading">How to read it</h2>
<p>The bank holds what normal images look like. The score of an image says how far its most unusual place lies from
that. The p-value says how often a normal image scores as high: at or below ${shortNumber(options.alpha)} the image
is called abnormal, so at most about that share of normal images is called so by chance.</p>
<p>A lesion is one connected part of the mask; its own p-value says how often a normal image holds anything as
deviant anywhere. In an overlay:</p>
${overlayKey(false)}
<p>Map files: value = grey × ${shortNumber(mapScale.unit)} ${sign} ${shortNumber(Math.abs(mapScale.offset))}; ${mapScale.meaning}.</p>
</section>`;
}
