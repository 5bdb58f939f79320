// report.html of `ablate`: the figure, a table for each set of images, and what was compared on what.

import type { ReportAssets } from "../types.ts";
import type { AblationDocument, AblationSet } from "./ablation-document.ts";
import { ablationFigure } from "./ablation-figure.ts";
import {
  bestRows,
  MEASURE_COLUMNS,
  notesOf,
  pendingText,
  SET_TITLES,
  setsOf,
  type TableLine,
  tableLines,
} from "./ablation-table.ts";
import { shortNumber } from "./format.ts";
import { type Markup, markup } from "./markup.ts";
import { pageHtml } from "./page.ts";
import { banner, factList, failuresSection, reportFoot, reportHead } from "./report-parts.ts";

/** The text of the report. It needs no network and asks for none. */
export function ablationReportHtml(doc: AblationDocument, assets: ReportAssets): string {
  const title = "Anomaly segmentation ablation";
  const sets = setsOf(doc);
  const body = markup`${reportHead(title, doc.dataset.name, doc.disclaimer, tiles(doc), remarks(doc))}
<main>
<section aria-labelledby="figure">
<h2 id="figure">DICE of each setting</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="figure">${ablationFigure(doc, sets)}</div>
</section>
${sets.map((set) => tableSection(doc, set))}
${failuresSection(doc.issues)}
${runSection(doc)}
</main>
${reportFoot(doc.program, doc.disclaimer)}`;
  return pageHtml({ title, body, charts: [], assets });
}

function remarks(doc: AblationDocument): Markup[] {
  const lacking = pendingText(doc);
  return lacking === undefined ? [] : [banner(lacking)];
}

function tiles(doc: AblationDocument) {
  const best = bestRows(doc);
  return [
    { label: "Settings", value: doc.rows.length },
    { label: "Best DICE on validation", value: shortNumber(best[0]?.validation?.measures.dice) },
    { label: "Its setting", value: best.map(({ name }) => name).join(", ") || "–" },
  ];
}

function tableSection({ rows }: AblationDocument, set: AblationSet): Markup {
  return markup`<section aria-labelledby="${set}">
<h2 id="${set}">${SET_TITLES[set]}</h2>
<p>${explanations[set]} The best of each column is bold.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${set}"><table class="sortable n-last">
<thead><tr><th scope="col">Setting</th><th scope="col">Changes</th>${MEASURE_COLUMNS.map(({ heading }) => markup`<th scope="col" class="number">${heading}</th>`)}</tr></thead>
<tbody>
${tableLines(rows, set).map(tableRow)}</tbody>
</table></div>
</section>
`;
}

const explanations: Readonly<Record<AblationSet, string>> = {
  validation:
    "Made anomalies in normal images that no fit has seen, and those images unaltered. Settings are chosen by this table. " +
    "The oracles, in DICE, know the truth: bounds for choosing and for thresholding.",
  test: "Real images with their masks. No setting is chosen by this table: what is chosen by it is no longer measured by it.",
};

function tableRow({ row, cells }: TableLine): Markup {
  return markup`<tr><td>${row.name}</td><td>${row.changes}</td>${cells.map(
    ({ text, best }) => markup`<td class="number">${best ? markup`<strong>${text}</strong>` : text}</td>`,
  )}</tr>
`;
}

function runSection(doc: AblationDocument): Markup {
  const { dataset, model, seed, images, encoder, versions } = doc;
  return markup`<section aria-labelledby="run">
<h2 id="run">Data and run</h2>
${factList([
  ["Data set", dataset.name],
  ["Layout", dataset.layout],
  ["Model", model],
  ["Seed", seed],
  ["Learned", images.learned],
  ["Validation", `${images.synthetic} with made anomalies, ${images.validationGood} unaltered`],
  ["Test", images.test ?? "not asked for"],
  ["Encoder, s / image", shortNumber(encoder.secondsPerRun)],
  ...notesOf(doc).map((note) => ["Note", note] as const),
  ...Object.entries(versions).map(([name, version]) => [name, version] as const),
])}
</section>`;
}
