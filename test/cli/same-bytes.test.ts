// The same input, options and version give the same bytes, whatever the number of threads.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { filesBelow, hashOf } from "../support/folder-content.ts";
import { FIT_OPTIONS, type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("same-bytes");
let fixture: PhantomFixture;

beforeAll(async () => {
  fixture = await phantomFixture();
}, 120_000);

describe("a second fit, on one thread", () => {
  const bank = join(folder, "second.bank");
  let run: Run;

  beforeAll(async () => {
    run = await runMias(["fit", fixture.normals, "-o", bank, ...FIT_OPTIONS, "--threads", "1"]);
  }, 120_000);

  test("gives the bank the same bytes", () => {
    expect(run.code).toBe(0);
    expect(hashOf(bank)).toBe(hashOf(fixture.bank));
  });

  test("tells its progress in lines where stderr is no terminal, and its result on stdout", () => {
    expect(run.stderr).toMatch(/^learning: 0 of (\d)\n(.*\n)*learning: \1 of \1\ncalibrating: 0 of \d\n/);
    expect(run.stderr).toMatch(/^calibrating: (\d) of \1\n/m);
    expect(run.stderr).not.toContain("\x1b");
    expect(run.stdout).toMatch(
      /second\.bank: 512 rows of 5120 patches, [\d.]+ MB\n5 normal images, \d of them/,
    );
  });
});

describe("three runs of segment, on all cores, on one thread, and on more than there can be", () => {
  const threads = { all: [], one: ["--threads", "1"], many: ["--threads", "100000"] } as const;
  const outputs = Object.keys(threads).map((name) => join(folder, name));

  beforeAll(async () => {
    const images = ["bright", "dark"].map((kind) => join(fixture.dataset, "test", kind, "000.png"));
    for (const [i, option] of Object.values(threads).entries()) {
      const args = ["segment", ...images, "--bank", fixture.bank, "-o", outputs[i], "--all-masks", ...option];
      expect((await runMias(args)).code).toBe(0);
    }
  }, 300_000);

  test("write the same files", () => {
    const [first, ...others] = outputs.map(filesBelow);
    expect(first.filter((file) => file.startsWith("hierarchy/bright/000/")).length).toBeGreaterThan(1);
    for (const other of others) expect(other).toEqual(first);
  });

  test("of the same bytes, but for the times in results.json and report.html", () => {
    const timed = ["results.json", "report.html"];
    for (const file of filesBelow(outputs[0]).filter((name) => !timed.includes(name))) {
      const [first, ...others] = outputs.map((output) => hashOf(join(output, file)));
      expect({ file, hashes: others }).toEqual({ file, hashes: [first, first] });
    }
  });

  test("and the same text in results.json before its times, which come last", () => {
    const texts = outputs.map((output) => readFileSync(join(output, "results.json"), "utf8"));
    const untimed = texts.map((text) => text.slice(0, text.indexOf('"seconds"')));
    expect(untimed[0].length).toBeGreaterThan(1000);
    expect(JSON.parse(`${untimed[0].trimEnd().replace(/,$/, "")}}`)).not.toHaveProperty("seconds");
    expect(untimed[1]).toBe(untimed[0]);
    expect(untimed[2]).toBe(untimed[0]);
  });
});
