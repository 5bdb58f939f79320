// The programs in examples/, each as a process of its own, as a user runs them. They import the built package, so
// they are skipped where `npm run build` has not been run.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../examples/", import.meta.url));
const built = existsSync(new URL("../dist/node.js", import.meta.url));
if (!built) console.warn("examples are skipped: run `npm run build` first");

/** Runs an example and gives the lines it prints; a failure to run, or a word on stderr, fails the test. */
async function linesOf(example: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, example), ...args]);
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

async function withFolder(use: (output: string) => Promise<void>): Promise<void> {
  const output = await mkdtemp(join(tmpdir(), "mias-examples-"));
  try {
    await use(output);
  } finally {
    await rm(output, { recursive: true });
  }
}

describe.skipIf(!built)("examples", () => {
  test("01: a bank from a folder, then masks and a report", () =>
    withFolder(async (output) => {
      const lines = await linesOf("01-fit-and-segment.mjs", output);
      expect(lines[0]).toBe("4096 rows of 6144 patches from 6 normal images");
      expect(lines[1]).toMatch(/^warning: 6 normal images are held out/);
      expect(lines.filter((line) => /: score \d+\.\d, p \d\.\d\d, mask masks\//.test(line))).toHaveLength(2);
      expect(lines.some((line) => /^ {2}\d+ pixels around \(\d+, \d+\)$/.test(line))).toBe(true);
      const results = join(output, "results");
      expect(lines.at(-1)).toBe(`look at ${join(results, "report.html")}`);
      const files = [
        "report.html",
        "results.json",
        "results.csv",
        "masks/bright/000.png",
        "maps/dark/000.png",
      ];
      for (const file of files) expect(existsSync(join(results, file)), file).toBe(true);
    }));

  test("02: the core alone, with every mask that was considered", async () => {
    const lines = await linesOf("02-stage-by-stage.mjs");
    expect(lines[0]).toBe("model litemedsam, taps tap2, tap3");
    expect(lines[1]).toMatch(/^bank of 4096 rows in \d{7} bytes$/);
    expect(lines[2]).toMatch(/^score \d+\.\d, p \d\.\d\d$/);
    const levels = lines.slice(3).map((line) => /^([ *]) peak \d, level (0\.\d\d): (\d+) pixels/.exec(line));
    expect(levels.length).toBeGreaterThan(1);
    expect(levels.filter((level) => level?.[1] === "*")).toHaveLength(1);
    // The made lesion has about 900 pixels.
    const chosen = Number(levels.find((level) => level?.[1] === "*")?.[3]);
    expect(chosen).toBeGreaterThan(450);
    expect(chosen).toBeLessThan(1800);
  });

  test("03: a fit that is stopped goes on where it was", () =>
    withFolder(async (output) => {
      const lines = await linesOf("03-progress-and-abort.mjs", output);
      expect(lines).toEqual([
        ...["learning: 0 of 6", "learning: 1 of 6", "learning: 2 of 6"],
        "stopped: two images are enough for now",
        "went on after 2 images, 6 are in the bank",
      ]);
      expect(existsSync(join(output, "heads.bank"))).toBe(true);
      expect(existsSync(join(output, "heads.bank.checkpoint"))).toBe(false);
    }));

  test("04: the metrics of another method", async () => {
    const lines = await linesOf("04-own-metrics.mjs");
    expect(lines[0]).toBe("5 good and 10 anomalous images");
    expect(lines[1]).toMatch(/^image AUROC [01]\.\d{3}$/);
    expect(lines[2]).toMatch(/^pixel AUROC [01]\.\d{3}, AUPRO [01]\.\d{3}$/);
    expect(lines[3]).toMatch(/^DICE [01]\.\d{3}, at the best threshold [01]\.\d{3}$/);
    expect(lines[4]).toMatch(/^[0-5] good images have a mask$/);
    expect(lines[5]).toMatch(/^inside the head: pixel AUROC [01]\.\d{3}, brightness alone [01]\.\d{3}$/);
    expect(lines).toHaveLength(6);
  });

  test("05: volumes, from bytes to bytes", async () => {
    const lines = await linesOf("05-volumes-in-memory.mjs");
    expect(lines[0]).toBe("10 slices learned");
    expect(lines[1]).toMatch(/^lesion 1: \d+\.\d ml, slices [0-4] to [0-4], at \(-?\d+, -?\d+, -?\d+\) mm$/);
    expect(lines.at(-1)).toMatch(/^labels in \d+ bytes of NIfTI$/);
  });
});
