// Ctrl-C, kill -9, and two processes at once: what is on the disk is whole, and the next call goes on.

import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { FitReport } from "../../src/jobs/fit.ts";
import type { Inspection } from "../../src/jobs/inspect.ts";
import type { EvaluateDocument } from "../../src/report/evaluate-document.ts";
import type { ResultsDocument } from "../../src/report/results.ts";
import { filesBelow, hashOf, temporaryFiles } from "../support/folder-content.ts";
import { FIT_OPTIONS, type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type FailureDocument, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const NOTICE = "stopping after the image at hand; press Ctrl-C again to stop at once\n";
let fixture: PhantomFixture;

beforeAll(async () => {
  fixture = await phantomFixture();
}, 120_000);

describe("fit that gets SIGINT", () => {
  const folder = scratchFolder("interrupt/fit");
  const bank = join(folder, "x.bank");

  test("ends with code 130, without a bank but with a checkpoint", async () => {
    const run = await runMias(["fit", fixture.normals, "-o", bank, ...FIT_OPTIONS, "--json"], {
      signals: [{ at: /learning: 0 of/, signal: "SIGINT" }],
    });
    expect(run.code).toBe(130);
    expect(run.stderr).toContain(`${NOTICE}interrupted; what was finished is kept\n`);
    expect(documentOf<FailureDocument>(run).error.code).toBe("interrupted");
    expect(filesBelow(folder)).toEqual(["x.bank.checkpoint"]);
  });

  test("goes on when called again, to the same bytes as without the interruption", async () => {
    const run = await runMias(["fit", fixture.normals, "-o", bank, ...FIT_OPTIONS, "--json"]);
    expect(run.code).toBe(0);
    expect(documentOf<FitReport>(run).resumed).toBeGreaterThan(0);
    expect(hashOf(bank)).toBe(hashOf(fixture.bank));
    expect(filesBelow(folder)).toEqual(["x.bank"]);
  });

  test("twice ends at once", async () => {
    const output = join(folder, "twice.bank");
    const run = await runMias(["fit", fixture.normals, "-o", output], {
      signals: [
        { at: /learning: 0 of/, signal: "SIGINT" },
        { at: /press Ctrl-C again/, signal: "SIGINT" },
      ],
    });
    expect(run.code).toBe(130);
    // The image at hand may be finished before the second signal arrives: then the fit says that it is kept.
    expect(run.stderr).toMatch(/press Ctrl-C again to stop at once\n(interrupted; .*\n)?$/);
    expect(existsSync(output)).toBe(false);
    expect(temporaryFiles(folder)).toEqual([]);
  });
});

describe("fit that is killed", () => {
  const folder = scratchFolder("interrupt/kill");
  const bank = join(folder, "x.bank");

  test("leaves the bank that was there as it was", async () => {
    copyFileSync(fixture.bank, bank);
    const run = await runMias(["fit", fixture.normals, "-o", bank], {
      signals: [{ at: /learning: 0 of/, signal: "SIGKILL" }],
    });
    expect(run.code).toBe(null);
    expect(hashOf(bank)).toBe(hashOf(fixture.bank));
    expect(filesBelow(folder)).toEqual(["x.bank"]);
  });

  test("is no hindrance to the next two, which at once write the same file: it is the bank of one of them", async () => {
    const normals = ["000.png", "001.png"].map((name) => join(fixture.normals, name));
    const fit = (seed: string) => runMias(["fit", ...normals, "-o", bank, "--rows", "100", "--seed", seed]);
    const runs = await Promise.all([fit("7"), fit("8")]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const inspection = documentOf<Inspection>(await runMias(["inspect", bank, "--json"]));
    expect(inspection).toMatchObject({ kind: "bank", bank: { rows: 100, provenance: { images: 2 } } });
    expect(inspection.kind === "bank" && [7, 8].includes(inspection.bank.options.seed)).toBe(true);
    expect(filesBelow(folder)).toEqual(["x.bank"]);
  });
});

describe("segment that gets SIGINT", () => {
  test("finishes the image at hand; results.json and the report tell of what is done and that it is not all", async () => {
    const folder = scratchFolder("interrupt/segment");
    const args = ["segment", join(fixture.dataset, "test"), "--bank", fixture.bank, "-o", folder, "--json"];
    const run = await runMias(args, { signals: [{ at: /segmenting: 0 of 3/, signal: "SIGINT" }] });
    expect(run.code).toBe(130);
    expect(run.stderr).toContain(NOTICE);
    expect(documentOf<FailureDocument>(run).error.code).toBe("interrupted");
    const results: ResultsDocument = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
    expect(results.images.length).toBeGreaterThan(0);
    expect(results.images.length).toBeLessThan(3);
    expect(results).toMatchObject({ interrupted: true, done: results.images.length, total: 3 });
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(
      `Interrupted after ${results.done} of 3 images`,
    );
    const pictures = results.images.flatMap(({ mask, map, overlay }) => [mask, map, overlay]);
    expect(filesBelow(folder)).toEqual([...pictures, "report.html", "results.csv", "results.json"].sort());
  });
});

describe("into a folder that holds a finished run, a run that is killed", () => {
  test.each<[string, string, RegExp, (set: string) => string]>([
    ["segment", "results.json", /segmenting: 0 of 3/, (set) => join(set, "test")],
    ["evaluate", "evaluation.json", /evaluating: 0 of 3/, (set) => set],
  ])("%s: leaves no document of the finished one", async (command, document, at, input) => {
    const folder = scratchFolder(`interrupt/again-${command}`);
    const args = [command, input(fixture.dataset), "--bank", fixture.bank, "-o", folder];
    expect((await runMias(args)).code).toBe(0);
    const read = () => JSON.parse(readFileSync(join(folder, document), "utf8"));
    expect(read()).toMatchObject({ interrupted: false, done: 3, total: 3 });
    const run = await runMias(args, { signals: [{ at, signal: "SIGKILL" }] });
    expect(run.code).toBe(null);
    expect(read()).toMatchObject({ interrupted: true, done: 0, total: 3 });
    expect(filesBelow(folder).filter((name) => /\.(json|csv|html)$/.test(name))).toEqual([document]);
  });
});

describe("evaluate that gets SIGINT", () => {
  test("finishes the image at hand; evaluation.json and the report tell of what is done and that it is not all", async () => {
    const folder = scratchFolder("interrupt/evaluate");
    const args = ["evaluate", fixture.dataset, "--bank", fixture.bank, "-o", folder, "--json"];
    const run = await runMias(args, { signals: [{ at: /evaluating: 0 of 3/, signal: "SIGINT" }] });
    expect(run.code).toBe(130);
    expect(documentOf<FailureDocument>(run).error.code).toBe("interrupted");
    const doc: EvaluateDocument = JSON.parse(readFileSync(join(folder, "evaluation.json"), "utf8"));
    expect(doc.rows.length).toBeLessThan(3);
    expect(doc).toMatchObject({ interrupted: true, done: doc.rows.length, total: 3 });
    expect(doc.images.good + doc.images.anomalous).toBe(doc.done);
    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report).toContain(`Interrupted after ${doc.done} of 3 images`);
  });
});
