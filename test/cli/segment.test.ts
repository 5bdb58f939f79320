// What `mias segment` prints of a bank with too few held-out images to decide anything.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ResultsDocument } from "../../src/report/results.ts";
import { phantomFixture } from "../support/phantom-fixture.ts";
import { type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

describe("segment against a bank of five normal images", () => {
  const folder = scratchFolder("undecided");
  let run: Run;
  let doc: ResultsDocument;

  beforeAll(async () => {
    const { bank, dataset } = await phantomFixture();
    run = await runMias(["segment", join(dataset, "test"), "--bank", bank, "-o", folder]);
    doc = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  }, 120_000);

  test("warns in one line that no image can be called abnormal, and what to do", () => {
    expect(run.code).toBe(0);
    const warnings = run.stderr.split("\n").filter((line) => line.startsWith("warning: "));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /got 2, whose least p-value is 0\.33, so it is not decided .*; make the bank of more/,
    );
    expect(doc).toMatchObject({ interrupted: false, done: 3, total: 3 });
    expect(doc.issues.map(({ code }) => code)).toEqual(["few-normal-images"]);
  });

  test("decides nothing, on the console and in the report", () => {
    expect(run.stdout).toMatch(
      /^3 images segmented, not decided which are abnormal \(too few normal images\), 0 failed/,
    );
    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report).toContain('<td class="text">not decided</td>');
    expect(report).not.toContain('<td class="text">normal</td>');
  });
});
