import { describe, expect, test } from "vitest";
import type { AblationDocument, AblationMeasures, AblationRow } from "./ablation-document.ts";
import { ablationFigure } from "./ablation-figure.ts";
import { ablationReportHtml } from "./ablation-report.ts";
import { ablationCsv, ablationMarkdown, bestRows, notesOf, setsOf, tableLines } from "./ablation-table.ts";

const measures: AblationMeasures = {
  images: { good: 2, anomalous: 3 },
  pixelAuroc: 0.9,
  imageAuroc: 0.75,
  aupro: null,
  dice: 0.5,
  bestCandidate: 0.6,
  bestThreshold: 0.25,
  secondsPerImage: 0.5,
};

const assets = { uplotJs: "", uplotCss: "", sortableJs: "", sortableCss: "" };

function row(name: string, changes: string, validation: Partial<AblationMeasures>): AblationRow {
  const result = { fingerprint: name, measures: { ...measures, ...validation }, issues: [] };
  return { name, changes, options: null, validation: result, test: null };
}

const rows = [
  row("default", "", {}),
  row("sigma-2", "sigma 2", { dice: 0.5004, imageAuroc: 0.8, secondsPerImage: 0.4 }),
  row("baseline", "a|b", { dice: null, bestCandidate: null, bestThreshold: 0.3, pixelAuroc: 0.2 }),
];

const doc: AblationDocument = {
  program: { name: "mias-sam", version: "0.1.0" },
  disclaimer: "Research software, not a medical device.",
  interrupted: false,
  pending: [],
  dataset: { name: "brain", layout: "mvtec" },
  model: "tiny 1.0.0",
  seed: 3,
  images: { learned: 10, validationGood: 2, synthetic: 3, test: null },
  encoder: { runs: 0, secondsPerRun: null, scratchBytes: 0 },
  rows,
  issues: [],
  versions: { "mias-sam": "0.1.0" },
};

function bestOf(column: number): string[] {
  return tableLines(rows, "validation").flatMap(({ row: { name }, cells }) =>
    cells[column].best ? [name] : [],
  );
}

describe("tableLines", () => {
  test("gives the largest of a column as best, of the seconds the smallest", () => {
    expect(bestOf(1)).toEqual(["sigma-2"]);
    expect(bestOf(6)).toEqual(["sigma-2"]);
  });

  test("takes values that are shown alike for equally good", () => {
    expect(bestOf(3)).toEqual(["default", "sigma-2"]);
  });

  test("shows a dash for no value, and it is never best", () => {
    const texts = tableLines(rows, "validation").map(({ cells }) => cells[2]);
    expect(texts).toEqual(Array(3).fill({ text: "–", best: false }));
  });

  test("leaves out rows without a result of the set", () => {
    expect(tableLines(rows, "test")).toEqual([]);
    expect(setsOf(doc)).toEqual(["validation"]);
  });
});

test("an ablation that was stopped says what it lacks", () => {
  const stopped = { ...doc, interrupted: true, pending: ["tap-tap2", "chooser-first"] };
  const sentence = "Interrupted before tap-tap2, chooser-first: missing here. The same command goes on.";
  expect(ablationMarkdown(stopped)).toContain(`\n**${sentence}**\n`);
  expect(ablationReportHtml(stopped, assets)).toContain(sentence);
  expect(ablationMarkdown(doc)).not.toContain("Interrupted");
});

test("the table in Markdown is aligned, the best in bold, and nothing in it is taken for markup", () => {
  const lines = ablationMarkdown(doc).split("\n");
  expect(lines[2]).toBe("brain: 10 normal images learned, 3 made anomalies and 2 others unaltered, seed 3.");
  const table = lines.filter((line) => line.startsWith("|"));
  expect(new Set(table.map((line) => line.length)).size).toBe(1);
  expect(table[2]).toMatch(/^\| default +\| +\| \*\*0\.900\*\* +\| 0\.750 +\| – +\| \*\*0\.500\*\*/);
  expect(table[4]).toMatch(/^\| baseline \| a\\\|b +\|/);
});

test("notes name the rows that a sentence is about", () => {
  const found = (message: string) => ({ code: "c", severity: "note", subject: "a.png", message }) as const;
  const noted = (name: string, ...messages: string[]) => ({
    ...row(name, "", {}),
    test: { fingerprint: "t", measures, issues: messages.map(found) },
  });
  const odd = { ...doc, rows: [noted("a", "no points"), noted("b", "few", "no points")] };
  expect(notesOf(odd)).toEqual(["a, b: no points", "b: few"]);
  expect(ablationMarkdown(odd)).toMatch(/\n\n- a, b: no points\n- b: few\n$/);
});

test("the CSV has a line for each set and row, with all digits", () => {
  expect(ablationCsv(doc).split("\r\n").slice(0, 3)).toEqual([
    "set,setting,changes,good,anomalous,pixelAuroc,imageAuroc,aupro,dice,bestCandidate,bestThreshold,secondsPerImage",
    "validation,default,,2,3,0.9,0.75,,0.5,0.6,0.25,0.5",
    "validation,sigma-2,sigma 2,2,3,0.9,0.8,,0.5004,0.6,0.25,0.4",
  ]);
});

test("the best rows are those of the greatest DICE on the validation set, as it is shown", () => {
  const test = { fingerprint: "t", measures: { ...measures, dice: 1 }, issues: [] };
  const tempting = { ...row("tempting", "", { dice: 0.1 }), test };
  const names = (all: readonly AblationRow[]) => bestRows({ ...doc, rows: all }).map(({ name }) => name);
  expect(names([tempting, row("a", "", { dice: 0.51 })])).toEqual(["a"]);
  expect(names([tempting, ...rows])).toEqual(["default", "sigma-2"]);
  expect(names([])).toEqual([]);
});

describe("the figure", () => {
  test("has a dot and a ring for each row with masks, where their DICE is", () => {
    const svg = ablationFigure(doc, ["validation"]).toString();
    // 250 is a DICE of 0, 790 one of 1.
    expect(svg).toContain('<circle cx="520" cy="68" r="4.5"');
    expect(svg).toContain('<circle cx="574" cy="68" r="4" fill="#ffffff"');
    expect(svg).toContain(">sigma-2</text>");
    expect(svg).not.toContain(">baseline</text>");
  });

  test("escapes names", () => {
    const odd = { ...doc, rows: [row("tap-<i>", "", {})] };
    expect(ablationFigure(odd, ["validation"]).toString()).toContain(">tap-&lt;i&gt;</text>");
  });
});

test("the report holds the figure and the table, and names no other place", () => {
  const html = ablationReportHtml(doc, assets);
  expect(html).toContain("<svg ");
  expect(html).toContain("<strong>0.800</strong>");
  expect(html.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
});
