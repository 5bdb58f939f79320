// The table of an ablation: its columns, which value of each is best, and the table as Markdown and CSV.

import type {
  AblationDocument,
  AblationMeasures,
  AblationResult,
  AblationRow,
  AblationSet,
  MeasureName,
} from "./ablation-document.ts";
import { csvText } from "./csv-text.ts";

export interface MeasureColumn {
  readonly name: MeasureName;
  readonly heading: string;
  readonly better: "larger" | "smaller";
  readonly decimals: number;
}

export const MEASURE_COLUMNS: readonly MeasureColumn[] = [
  { name: "pixelAuroc", heading: "pixel AUROC", better: "larger", decimals: 3 },
  { name: "imageAuroc", heading: "image AUROC", better: "larger", decimals: 3 },
  { name: "aupro", heading: "AUPRO (0.3)", better: "larger", decimals: 3 },
  { name: "dice", heading: "DICE", better: "larger", decimals: 3 },
  { name: "bestCandidate", heading: "oracle candidate", better: "larger", decimals: 3 },
  { name: "bestThreshold", heading: "oracle threshold", better: "larger", decimals: 3 },
  { name: "secondsPerImage", heading: "s / image", better: "smaller", decimals: 2 },
];

/** A value as it is shown; `best` where none of the others that are shown is better. */
export interface TableCell {
  readonly text: string;
  readonly best: boolean;
}

export interface TableLine {
  readonly row: AblationRow;
  /** One for each of MEASURE_COLUMNS. */
  readonly cells: readonly TableCell[];
}

export const SET_TITLES: Readonly<Record<AblationSet, string>> = {
  validation: "Synthetic validation set",
  test: "Test set (reported once, never chosen by)",
};

/** The sets that some row has results of. */
export function setsOf({ rows }: AblationDocument): AblationSet[] {
  return (["validation", "test"] as const).filter((set) => rows.some((row) => row[set] !== null));
}

/** The rows with results of a set; values that are shown alike are alike, so several can be best. */
export function tableLines(rows: readonly AblationRow[], set: AblationSet): TableLine[] {
  const found = rows.flatMap((row) => (row[set] === null ? [] : [{ row, measures: row[set].measures }]));
  const bests = MEASURE_COLUMNS.map((column) =>
    bestText(
      column,
      found.map(({ measures }) => measures),
    ),
  );
  return found.map(({ row, measures }) => ({
    row,
    cells: MEASURE_COLUMNS.map((column, i) => {
      const text = shown(column, measures);
      return { text, best: text === bests[i] };
    }),
  }));
}

/** The rows with the greatest DICE on the validation set, as it is shown: several in a tie, none where none has one. */
export function bestRows({ rows }: AblationDocument): AblationRow[] {
  const dice = MEASURE_COLUMNS.findIndex(({ name }) => name === "dice");
  return tableLines(rows, "validation").flatMap(({ row, cells }) => (cells[dice].best ? [row] : []));
}

function bestText(column: MeasureColumn, all: readonly AblationMeasures[]): string | undefined {
  const values = all.map((measures) => measures[column.name]).filter((value) => value !== null);
  if (values.length === 0) return undefined;
  const pick = column.better === "larger" ? Math.max : Math.min;
  return values.reduce((a, b) => pick(a, b)).toFixed(column.decimals);
}

function shown({ name, decimals }: MeasureColumn, measures: AblationMeasures): string {
  return measures[name]?.toFixed(decimals) ?? "–";
}

/** What an ablation that was stopped lacks; nothing of any other. */
export function pendingText({ interrupted, pending }: AblationDocument): string | undefined {
  if (!interrupted) return undefined;
  return `Interrupted before ${pending.join(", ")}: missing here. The same command goes on.`;
}

/** ablation.md: a table for each set, the best of each column in bold. */
export function ablationMarkdown(doc: AblationDocument): string {
  const { learned, validationGood, synthetic } = doc.images;
  const of = `${doc.dataset.name}: ${learned} normal images learned, ${synthetic} made anomalies and ${validationGood} others unaltered, seed ${doc.seed}`;
  const lacking = pendingText(doc);
  const tables = setsOf(doc).map((set) => `## ${SET_TITLES[set]}\n\n${markdownTable(doc.rows, set)}`);
  const notes = notesOf(doc).map((note) => `- ${plain(note)}\n`);
  const head = [`# Ablation\n\n${of}.\n`, ...(lacking ? [`**${plain(lacking)}**\n`] : [])];
  return [...head, ...tables, ...(notes.length > 0 ? [notes.join("")] : [])].join("\n");
}

/** What the rows brought to light, each sentence once with the rows that it is about. */
export function notesOf({ rows }: AblationDocument): string[] {
  const namesOf = new Map<string, Set<string>>();
  for (const { name, validation, test } of rows) {
    for (const { message } of [...(validation?.issues ?? []), ...(test?.issues ?? [])]) {
      namesOf.set(message, (namesOf.get(message) ?? new Set()).add(name));
    }
  }
  return [...namesOf].map(([message, names]) => `${[...names].join(", ")}: ${message}`);
}

function markdownTable(rows: readonly AblationRow[], set: AblationSet): string {
  const header = ["setting", "changes", ...MEASURE_COLUMNS.map(({ heading }) => heading)];
  const lines = tableLines(rows, set).map(({ row, cells }) => [
    plain(row.name),
    plain(row.changes),
    ...cells.map(({ text, best }) => (best ? `**${text}**` : text)),
  ]);
  const widths = header.map((_, i) => Math.max(...[header, ...lines].map((line) => line[i].length)));
  const written = (line: readonly string[]) =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |\n`;
  return [header, widths.map((width) => "-".repeat(width)), ...lines].map(written).join("");
}

/** A text that a table in Markdown takes for nothing else. */
function plain(text: string): string {
  return text.replaceAll(/[\\|*_`]/g, "\\$&");
}

/** ablation.csv: one row for each setting and set. */
export function ablationCsv({ rows }: AblationDocument): string {
  const header = [
    "set",
    "setting",
    "changes",
    "good",
    "anomalous",
    ...MEASURE_COLUMNS.map(({ name }) => name),
  ];
  const line = (row: AblationRow, set: AblationSet, { measures }: AblationResult) => [
    ...[set, row.name, row.changes, measures.images.good, measures.images.anomalous],
    ...MEASURE_COLUMNS.map(({ name }) => measures[name]),
  ];
  const lines = (["validation", "test"] as const).flatMap((set) =>
    rows.flatMap((row) => (row[set] === null ? [] : [line(row, set, row[set])])),
  );
  return csvText([header, ...lines]);
}
