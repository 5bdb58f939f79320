// Normal images with made anomalies, as a data set. Nothing is inferred here.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readDataset } from "../../src/io/dataset-layout.ts";
import { readImage } from "../../src/io/read-image.ts";
import { readMask } from "../../src/io/read-mask.ts";
import { greyToPng } from "../../src/io/write-raster.ts";
import type { SynthesiseReport } from "../../src/jobs/synthesise.ts";
import { headPhantom } from "../../src/phantom/head.ts";
import { filesBelow, hashOf, temporaryFiles } from "../support/folder-content.ts";
import { documentOf, type FailureDocument, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const normals = scratchFolder("synth-normals");
const folder = scratchFolder("synth");
const output = join(folder, "first");
const OPTIONS = ["--count", "6", "--good", "2", "--seed", "3"];
let run: Run;
let report: SynthesiseReport;

beforeAll(async () => {
  for (const seed of [1, 2, 3]) {
    writeFileSync(join(normals, `${seed}.png`), await greyToPng(headPhantom({ seed, size: 128 }).image));
  }
  run = await runMias(["synth", normals, "-o", output, ...OPTIONS, "--json"]);
  report = documentOf(run);
});

describe("mias synth", () => {
  test("ends with code 0 and tells its progress", () => {
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^making anomalies: 8 of 8$/m);
  });

  test("writes a data set in the layout of MVTec AD, and a manifest", async () => {
    const { layout, test: found, issues } = await readDataset(output);
    expect({ layout, issues }).toEqual({ layout: "mvtec", issues: [] });
    expect(found.filter(({ anomalous }) => !anomalous).length).toBe(2);
    expect(found.filter(({ anomalous, mask }) => anomalous && mask !== undefined).length).toBe(6);
    expect(JSON.parse(readFileSync(join(output, "manifest.json"), "utf8"))).toEqual(report);
    expect(temporaryFiles(output)).toEqual([]);
  });

  test("good images are unaltered, others differ from their source where their mask says", async () => {
    for (const { file, source } of report.good) {
      expect((await readImage(join(output, file))).data).toEqual((await readImage(source)).data);
    }
    for (const { file, mask, source, areas } of report.anomalous) {
      const [made, normal] = [await readImage(join(output, file)), await readImage(source)];
      const { data } = await readMask(join(output, mask), ">0", made);
      const changed = data.filter((inside, i) => inside === 1 && made.data[i] !== normal.data[i]).length;
      const area = areas.reduce((sum, lesion) => sum + lesion, 0);
      expect(data.reduce((sum, inside) => sum + inside, 0)).toBe(area);
      expect(changed).toBeGreaterThan(0.75 * area);
    }
  });

  test("gives the same bytes again", async () => {
    const again = join(folder, "again");
    expect((await runMias(["synth", normals, "-o", again, ...OPTIONS])).code).toBe(0);
    expect(filesBelow(again)).toEqual(filesBelow(output));
    for (const file of filesBelow(output))
      expect(hashOf(join(again, file)), file).toBe(hashOf(join(output, file)));
  });

  test("makes the kinds asked for, with pieces of other images", async () => {
    const args = ["synth", join(normals, "1.png"), "--donors", normals, "-o", join(folder, "kinds")];
    const { code, stdout } = await runMias([...args, "--count", "2", "--kinds", "texture,ring"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 images with \d+ made anomalies, of \d+ pixels in the middle; 1 unaltered\n/);
  });
});

describe("mias synth refuses", () => {
  test.each<[string, string[], RegExp]>([
    [
      "a kind",
      ["-o", join(folder, "x"), "--kinds", "blob,blot"],
      /--kinds <names> must be of blob, .*, got "blob,blot"/,
    ],
    ["more good images than there are", ["-o", join(folder, "x"), "--good", "4"], /at most .* 3, got 4/],
    ["a folder that holds a data set", ["-o", output], /must hold no data set yet, got the folder/],
  ])("%s", async (_, args, sentence) => {
    const { code, stderr } = await runMias(["synth", normals, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  test("an image without a body is told, and the others are used", async () => {
    const file = await writeDark();
    const args = [
      "synth",
      join(normals, "1.png"),
      file,
      "-o",
      join(folder, "dark"),
      "--count",
      "2",
      "--json",
    ];
    const partly = await runMias([...args, "--good", "0"]);
    expect(partly.code).toBe(1);
    expect(documentOf<SynthesiseReport>(partly).anomalous.length).toBe(1);
    expect(partly.stderr).toMatch(/dark\.png: the body .* must have 200 pixels or more, got 0/);
  });

  test("images of which none can be used, and writes no data set", async () => {
    const output = join(folder, "none");
    const { code, stderr } = await runMias(["synth", await writeDark(), "-o", output, "--count", "2"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /at least one normal image must be usable .* got 1 of which none is \(.*the body .*\); give others$/m,
    );
    expect(filesBelow(output)).toEqual([]);
  });

  test("with --json in a document", async () => {
    const failed = await runMias(["synth", normals, "-o", output, "--json"]);
    expect(documentOf<FailureDocument>(failed).error.code).toBe("usage");
  });
});

/** Writes an image that shows nothing; gives its file. */
async function writeDark(): Promise<string> {
  const dark = { ...headPhantom({ seed: 9, size: 128 }).image, data: new Uint8Array(128 * 128) };
  const file = join(scratchFolder("synth-dark"), "dark.png");
  writeFileSync(file, await greyToPng(dark));
  return file;
}
