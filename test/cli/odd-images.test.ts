// A folder as it is found on a disk: the sound images are segmented, the others are named, and the batch goes on.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readImage } from "../../src/io/read-image.ts";
import type { ResultsDocument } from "../../src/report/results.ts";
import { filesBelow } from "../support/folder-content.ts";
import { READABLE, UNREADABLE, writeOddImages } from "../support/odd-images.ts";
import { phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("odd-images");
const scans = join(folder, "scans");
const results = join(folder, "results");
const sound = Object.entries(READABLE);
const broken = Object.entries(UNREADABLE);

let run: Run;
let printed: ResultsDocument;
let written: ResultsDocument;

beforeAll(async () => {
  const { bank, dataset } = await phantomFixture();
  await writeOddImages(scans, join(dataset, "test", "bright", "000.png"));
  run = await runMias(["segment", scans, "--bank", bank, "-o", results, "--json"]);
  printed = documentOf(run);
  written = JSON.parse(readFileSync(join(results, "results.json"), "utf8"));
}, 300_000);

describe("segment of a folder with odd files", () => {
  test("ends with code 1, since some could not be processed", () => {
    expect(run.code).toBe(1);
  });

  test("prints the document that it writes, but for the rounding of numbers", () => {
    const names = (doc: ResultsDocument) => doc.images.map(({ file }) => basename(file));
    expect(names(printed)).toEqual(sound.map(([name]) => name));
    expect(names(written)).toEqual(names(printed));
    expect(written.failures).toEqual(printed.failures);
    expect(written.images[4].score).toBeCloseTo(printed.images[4].score, 6);
  });

  test.each(sound)(
    "%s has a mask, a map and an overlay, the first two of its own size",
    async (name, { size }) => {
      const image = written.images.find(({ file }) => basename(file) === name);
      expect([image?.width, image?.height]).toEqual(size);
      for (const file of [image?.mask, image?.map]) {
        const picture = await readImage(join(results, file ?? "none"));
        expect([picture.width, picture.height]).toEqual(size);
      }
      const mask = await readImage(join(results, image?.mask ?? "none"));
      expect(mask.data.every((value) => value === 0 || value === 255)).toBe(true);
      expect((await readImage(join(results, image?.overlay ?? "none"))).channels).toBeLessThanOrEqual(3);
    },
  );

  test.each(sound)("%s comes with its issues and no other", (name, { issues }) => {
    const image = written.images.find(({ file }) => basename(file) === name);
    expect(image?.issues.map(({ code }) => code)).toEqual(issues);
  });

  test("sixteen bits of the same picture give the same mask as eight", () => {
    const mask = (name: string) => readFileSync(join(results, "masks", name));
    expect(mask("sixteen.png").equals(mask("good.png"))).toBe(true);
    expect(written.images.find(({ mask }) => mask === "masks/good.png")?.lesions.length).toBeGreaterThan(0);
  });

  test.each(broken)("%s is a failure with its reason, and has no files", (name, reason) => {
    const failure = written.failures.find(({ subject }) => basename(subject) === name);
    expect(failure).toMatchObject({ code: "image-failed", severity: "error" });
    expect(failure?.message).toMatch(reason);
    expect(run.stderr).toContain(`error: ${failure?.message}\n`);
    expect(filesBelow(results).filter((file) => file.includes(name.replace(/\.\w+$/, "")))).toEqual([]);
  });

  test("stderr names the file in every warning, and keeps notes to itself", () => {
    const warnings = run.stderr.split("\n").filter((line) => line.startsWith("warning: "));
    const expected = ["animated.webp", "cmyk.jpg", "float.tiff", "jpeg.png", "turned.jpg"];
    expect(warnings.shift()).toMatch(/normal\.bank must have enough held-out normal images .* got 5, /);
    expect(warnings.map((line) => /[a-z]+\.(webp|png|jpg|tiff)/.exec(line)?.[0])).toEqual(expected);
    expect(run.stderr).not.toContain("note: ");
  });

  test("nothing else is in the folder, and no temporary file", () => {
    const pictures = ["maps", "masks", "overlays"].flatMap((kind) =>
      sound.map(([name]) => `${kind}/${name.replace(/\.\w+$/, ".png")}`),
    );
    expect(filesBelow(results)).toEqual([...pictures, "report.html", "results.csv", "results.json"].sort());
    expect(readFileSync(join(results, "results.csv"), "utf8").trim().split("\r\n")).toHaveLength(
      1 + sound.length + broken.length,
    );
  });
});
