// Parts that both reports share.

import { raw } from "hono/html";
import type { FitOptions, Issue, SegmentOptions } from "../types.ts";
import { counted, shortNumber } from "./format.ts";
import { fileAddress, type Markup, type MarkupValue, markup } from "./markup.ts";
import { defaultOverlayStyle, overlayColours } from "./overlay.ts";
import type { BankSummary, CalibrationSummary, ProgramVersion } from "./results.ts";

/** A figure that stands out at the head of a report. */
export interface Tile {
  readonly label: string;
  readonly value: string | number;
  readonly alert?: boolean;
}

/** Title, what it is about, the disclaimer, remarks (paragraphs), and the main figures. */
export function reportHead(
  title: string,
  subtitle: string,
  disclaimer: string,
  tiles: readonly Tile[],
  remarks: readonly Markup[] = [],
): Markup {
  return markup`<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
<p class="disclaimer">${disclaimer}</p>
${remarks.map((remark) => markup`${remark}\n`)}<dl class="tiles">
${tiles.map(({ label, value, alert }) => markup`<div class="${alert ? "alert" : "plain"}"><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>
</header>`;
}

/** A remark at the head of a report of a run that was stopped early; none of any other. */
export function interruption(
  command: string,
  {
    interrupted,
    done,
    total,
  }: { readonly interrupted: boolean; readonly done: number; readonly total: number },
): Markup[] {
  if (!interrupted) return [];
  const missing = total - done === 1 ? "the other one is" : `the other ${total - done} are`;
  const text = `Interrupted after ${done} of ${total} images: ${missing} missing here. Run mias ${command} again for all.`;
  return [banner(text)];
}

/** A remark that must not be overlooked. */
export function banner(text: string): Markup {
  return markup`<p class="banner" role="alert">${text}</p>`;
}

/** A list of names and values. */
export function factList(facts: readonly (readonly [name: string, value: MarkupValue])[]): Markup {
  return markup`<dl class="facts">
${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
}

/** The bank, how it was learned and how images are judged. */
export function settingsSection(
  bank: BankSummary,
  options: SegmentOptions,
  calibration: CalibrationSummary,
): Markup {
  return markup`<section aria-labelledby="settings">
<h2 id="settings">Bank and settings</h2>
${factList([
  ["Bank", bank.file],
  ["Preset", bank.preset],
  ["Model", bank.model],
  ["Learned with", settingsText(bank.options)],
  ["Segmented with", settingsText(options)],
  [
    "Calibration",
    `${counted(calibration.images, "held-out normal image")}; the smallest possible p-value is ` +
      shortNumber(calibration.smallestPValue),
  ],
])}
</section>`;
}

function settingsText(options: FitOptions | SegmentOptions): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" + ") : value}`)
    .join(", ");
}

/** Files that could not be processed; nothing when there are none. */
export function failuresSection(failures: readonly Issue[]): Markup {
  if (failures.length === 0) return markup``;
  return markup`<section aria-labelledby="failures">
<h2 id="failures">Could not be processed</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="failures"><table>
<thead><tr><th scope="col">File</th><th scope="col">Reason</th></tr></thead>
<tbody>
${failures.map(({ subject, message }) => markup`<tr><td class="file">${fileText(subject)}</td><td>${message}</td></tr>\n`)}</tbody>
</table></div>
</section>`;
}

/** How a column shows a row. */
export interface CellOf<Row> {
  cell(row: Row): Markup | string;
  /** What the column is sorted by; empty values come last. @default the text of the cell */
  sortKey?(row: Row): number | string | null;
}

/** A column of the table of images. */
export interface Column<Row> extends CellOf<Row> {
  readonly heading: string;
  readonly kind: "text" | "number" | "file" | "issues" | "picture";
  /** The table starts with the largest of this column on top; the caller has ordered the rows. */
  readonly sorted?: boolean;
}

/** The table of images that a reader can sort, search and narrow down to the abnormal ones. */
export function imageTable<Row extends { readonly abnormal: boolean }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Markup {
  return markup`<section aria-labelledby="images-title">
<h2 id="images-title">Images</h2>
<div class="tools">
<label>File name <input type="search" id="search" autocomplete="off"></label>
<label><input type="checkbox" id="only-abnormal"> Abnormal only</label>
<span id="shown" role="status"></span>
</div>
<div class="scroll" tabindex="0" role="region" aria-labelledby="images-title"><table id="images" class="sortable n-last">
<thead><tr>${columns.map(headerCell)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr class="${row.abnormal ? "abnormal" : "normal"}">${columns.map((column) => bodyCell(row, column))}</tr>\n`)}</tbody>
</table></div>
</section>`;
}

function headerCell<Row>({ heading, kind, sorted }: Column<Row>): Markup {
  if (kind === "picture") return markup`<th scope="col" class="no-sort">${heading}</th>`;
  if (sorted) return markup`<th scope="col" class="${kind}" aria-sort="descending">${heading}</th>`;
  return markup`<th scope="col" class="${kind}">${heading}</th>`;
}

function bodyCell<Row>(row: Row, column: Column<Row>): Markup {
  const key = column.sortKey?.(row);
  if (key === undefined) return markup`<td class="${column.kind}">${column.cell(row)}</td>`;
  return markup`<td class="${column.kind}" data-sort="${key ?? ""}">${column.cell(row)}</td>`;
}

/** A file's name, which may be broken after its slashes, hyphens and underscores. */
export function fileText(file: string): Markup {
  return markup`${file.split(/(?<=[/_-])/).map((part, i) => markup`${i > 0 && raw("<wbr>")}${part}`)}`;
}

/** A small picture that opens the full one; a dash where there is none. */
export function thumbnail(file: string, picture: string | null, small: string | undefined): Markup {
  if (picture === null) return markup`–`;
  const source = fileAddress(small ?? picture);
  return markup`<a href="${fileAddress(picture)}"><img class="thumbnail" src="${source}" alt="Overlay of ${file}" width="72" height="72" loading="lazy" decoding="async"></a>`;
}

/** A cell that shows a number in short and sorts by all of it. */
export function numberCell<Row>(value: (row: Row) => number | null): Required<CellOf<Row>> {
  return { cell: (row) => shortNumber(value(row)), sortKey: value };
}

/** A cell with the codes of an image's issues that opens to their sentences; it sorts by their number. */
export const issueList: Required<CellOf<{ readonly issues: readonly Issue[] }>> = {
  cell: ({ issues }) => {
    if (issues.length === 0) return "";
    const sentences = issues.map(({ message }) => markup`<p>${message}</p>`);
    return markup`<details><summary>${issues.map(({ code }) => code).join(", ")}</summary>${sentences}</details>`;
  },
  sortKey: ({ issues }) => issues.length,
};

/** How an image was judged. @param decidable false where no p-value can be as small as alpha */
export function verdictText(abnormal: boolean, decidable = true): Markup {
  if (!decidable) return markup`not decided`;
  return abnormal ? markup`<span class="verdict">abnormal</span>` : markup`normal`;
}

/** What the lines and marks of an overlay mean, and of the reference beside it where there is one. */
export function overlayKey(reference: boolean): Markup {
  const { clearUpTo, fullFrom } = defaultOverlayStyle;
  const key = (name: keyof typeof overlayColours, text: string) => {
    const colour = `rgb(${overlayColours[name].join(" ")})`;
    return markup`<li><span class="key" style="background: ${colour}"></span>${text}</li>\n`;
  };
  return markup`<ul>
${reference && key("truth", "outline of the reference mask, in the middle picture")}${key("contour", "outline of the mask")}${key("box", "box prompt")}${key("positive", "point prompt inside the lesion")}${key("negative", "point prompt outside it (a ring)")}${key("centre", "centre of gravity of the anomaly map (a cross)")}</ul>
<p>Purple over orange to pale yellow is the anomaly map, in standard deviations of normal variation: clear up to
${clearUpTo}, full from ${fullFrom}, the same in every picture.</p>`;
}

/** Who wrote the page. */
export function reportFoot(program: ProgramVersion, disclaimer: string): Markup {
  return markup`<footer><p>${program.name} ${program.version}. ${disclaimer}</p></footer>`;
}
