// What `mias segment` says of images that it calls normal, and of a bank that cannot decide.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readImage } from "../../src/io/read-image.ts";
import type { ResultsDocument } from "../../src/report/results.ts";
import { VERSION } from "../../src/version.ts";
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
      /got 5, whose least p-value is 0\.17, so it is not decided .*; make the bank of more/,
    );
    expect(doc).toMatchObject({ interrupted: false, done: 3, total: 3 });
    expect(doc.issues.map(({ code }) => code)).toEqual(["few-normal-images"]);
  });

  test("draws a mask on every image rather than say that nothing is there", () => {
    expect(doc.options.empty).toBe("when-normal");
    expect(doc.issues[0].message).toContain("not decided which images are abnormal, and each has a mask;");
    for (const { abnormal, lesions, finding, prompts } of doc.images) {
      expect(abnormal).toBe(false);
      expect(lesions.length).toBeGreaterThan(0);
      expect(prompts.length).toBeGreaterThan(0);
      expect(finding).toMatch(/^\d+ lesions?, p = /);
    }
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

test("segment into a folder with results of other images leaves these, and says so", async () => {
  const folder = scratchFolder("other-images");
  const { bank, dataset } = await phantomFixture();
  const run = (kind: string, ...more: string[]) =>
    runMias(["segment", join(dataset, "test", kind), "--bank", bank, "-o", folder, ...more]);
  const all = await run("bright", "--all-masks");
  expect(all.stderr).not.toContain("has not written");
  renameSync(join(folder, "masks", "000.png"), join(folder, "masks", "mine.png"));
  const again = await run("bright", "--map-format", "tiff32");
  const hierarchy = readdirSync(join(folder, "hierarchy", "000")).length;
  const sentence = `${folder} must hold the results of one run, got ${hierarchy + 2} files that this run has not written, such as masks/mine.png; remove what is not wanted, or name a new folder`;
  expect(again.code).toBe(0);
  expect(again.stderr).toContain(`warning: ${sentence}\n`);
  const doc: ResultsDocument = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  expect(doc.issues[0]).toMatchObject({ code: "earlier-files-kept", message: sentence });
  expect(existsSync(join(folder, "masks", "mine.png"))).toBe(true);
});

test("segment of a list with a lost line, and of a folder with a GIF, goes on with the others", async () => {
  const folder = scratchFolder("list-and-gif");
  const { bank, dataset } = await phantomFixture();
  mkdirSync(join(folder, "scans"));
  copyFileSync(join(dataset, "test", "bright", "000.png"), join(folder, "scans", "a.png"));
  writeFileSync(join(folder, "scans", "b.gif"), "GIF89a");
  writeFileSync(join(folder, "list.txt"), "lost.png\nscans\n");
  const output = join(folder, "results");
  const run = await runMias(["segment", `@${join(folder, "list.txt")}`, "--bank", bank, "-o", output]);
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(/^1 image segmented, .*, 1 failed;/);
  expect(run.stderr).toMatch(/^warning: 1 file of .*scans is a GIF image, which is not read; convert it/m);
  expect(run.stderr).toMatch(/^error: line 1 of .*list\.txt: .*lost\.png does not exist; check the path$/m);
  const doc: ResultsDocument = JSON.parse(readFileSync(join(output, "results.json"), "utf8"));
  expect(doc.failures).toMatchObject([{ code: "image-failed", subject: join(folder, "lost.png") }]);

  const inspected = await runMias(["inspect", output]);
  expect(inspected.code).toBe(0);
  expect(inspected.stdout).toBe(
    [
      `${output}: results of mias segment ${VERSION}, run to its end`,
      "images       1 image, 0 abnormal, 1 failed",
      `bank         ${bank}, preset default, model ${doc.bank.model}`,
      "",
    ].join("\n"),
  );
});

// At alpha 0.4 two held-out images are enough: their least p-value is a third.
describe("segment at an alpha that five normal images can show", () => {
  const folder = scratchFolder("decided");
  const output = (name: string) => join(folder, name);
  const read = (name: string): ResultsDocument =>
    JSON.parse(readFileSync(join(output(name), "results.json"), "utf8"));
  let run: Run;
  let good: string;

  beforeAll(async () => {
    const { bank, dataset, normals } = await phantomFixture();
    const call = ["segment", normals, join(dataset, "test", "bright"), "--bank", bank, "--alpha", "0.4"];
    run = await runMias([...call, "-o", output("empty")]);
    expect((await runMias([...call, "-o", output("always"), "--always-segment"])).code).toBe(0);
    good = read("empty").images.find(({ abnormal }) => !abnormal)?.file ?? "none";
  }, 240_000);

  test("leaves the masks of normal images empty, and says so in every document", async () => {
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /^6 images segmented, \d abnormal \(p <= 0\.4\), nothing found in the others, /,
    );
    const { images, issues } = read("empty");
    expect(issues).toEqual([]);
    const normal = images.filter(({ abnormal }) => !abnormal);
    expect(normal.length).toBeGreaterThan(0);
    for (const { lesions, prompts, finding, mask, overlay } of normal) {
      expect({ lesions, prompts }).toEqual({ lesions: [], prompts: [] });
      expect(finding).toMatch(/^nothing found at alpha 0\.4, p = /);
      expect(
        (await readImage(join(output("empty"), mask ?? "none"))).data.every((value) => value === 0),
      ).toBe(true);
      expect(existsSync(join(output("empty"), overlay ?? "none"))).toBe(true);
    }
    for (const file of ["results.csv", "report.html"]) {
      expect(readFileSync(join(output("empty"), file), "utf8"), file).toContain(
        "nothing found at alpha 0.4, p = ",
      );
    }
  });

  test("but not with --always-segment", () => {
    const { images, options } = read("always");
    expect(options).toMatchObject({ alpha: 0.4, empty: "never" });
    const image = images.find(({ file }) => file === good);
    expect(image?.abnormal).toBe(false);
    expect(image?.lesions.length).toBeGreaterThan(0);
    expect(readFileSync(join(output("always"), "report.html"), "utf8")).toContain(
      "A mask is drawn on every image",
    );
  });
});
