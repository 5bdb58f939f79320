// The whole way, as a newcomer goes it. It takes minutes: 60 images are learned and 30 segmented twice.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { DemoReport } from "../../src/jobs/demo.ts";
import { filesBelow, temporaryFiles } from "../support/folder-content.ts";
import { documentOf, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const MOST_MILLISECONDS = 1_800_000;

describe("demo", () => {
  const folder = join(scratchFolder("demo"), "new");
  let run: Run;
  let report: DemoReport;

  beforeAll(async () => {
    run = await runMias(["demo", "-o", folder, "--json"], { timeout: MOST_MILLISECONDS });
    report = documentOf(run);
  }, MOST_MILLISECONDS);

  test("ends with code 0 and tells its progress stage by stage", () => {
    expect(run.code).toBe(0);
    for (const stage of ["making phantoms", "learning", "calibrating", "segmenting", "evaluating"]) {
      expect(run.stderr).toMatch(new RegExp(`^${stage}: (\\d+) of \\1$`, "m"));
    }
  });

  test("makes phantoms, a bank and both reports", () => {
    const files = filesBelow(folder);
    const below = (start: string) => files.filter((name) => name.startsWith(start)).length;
    expect(below("phantoms/train/good/")).toBe(60);
    expect(below("phantoms/test/")).toBe(30);
    expect(below("phantoms/ground_truth/")).toBe(20);
    for (const kind of ["masks", "maps", "overlays"]) {
      expect([below(`segmented/${kind}/`), below(`evaluated/${kind}/`)]).toEqual([30, 30]);
    }
    for (const file of [report.bank, report.segmentReport, report.evaluateReport]) {
      expect(existsSync(file), file).toBe(true);
    }
    expect(temporaryFiles(folder)).toEqual([]);
  });

  test("finds what it drew: figures far from chance", () => {
    const { evaluation, fit } = report;
    expect(fit.images).toBe(60);
    expect(fit.heldOut).toBeGreaterThan(5);
    expect(evaluation.images).toEqual({ good: 10, anomalous: 20 });
    expect(evaluation.failures).toEqual([]);
    expect(evaluation.pixel.auroc).toBeGreaterThan(0.8);
    expect(evaluation.image.auroc).toBeGreaterThan(0.5);
    expect(evaluation.dice.anomalousMean).toBeGreaterThan(0.1);
    expect(evaluation.dice.anomalousMean).toBeLessThanOrEqual(1);
    expect(evaluation.always?.dice.anomalousMean).toBeGreaterThan(0.2);
    expect(evaluation.falseAlarms).toBe(evaluation.decision.abnormal.good);
    expect(evaluation.falseAlarms).toBeLessThan(4);
  });
});
