// What `mias fit` needs, and what it reports.

import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { FitReport } from "../../src/jobs/fit.ts";
import { filesBelow } from "../support/folder-content.ts";
import { type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type FailureDocument, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

/** Patches of an image: 32 x 32. */
const PATCHES = 1024;

/** Whether the CUDA libraries of ONNX Runtime were installed. */
const hasCuda = existsSync(
  join(
    fileURLToPath(import.meta.resolve("onnxruntime-node/package.json")),
    `../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
  ),
);

let fixture: PhantomFixture;

beforeAll(async () => {
  fixture = await phantomFixture();
}, 120_000);

/** A folder of normal images, of which some are damaged. */
function normalsWith(name: string, sound: readonly string[], damaged: readonly string[]): string {
  const folder = scratchFolder(`fit/${name}`);
  for (const [i, file] of sound.entries())
    copyFileSync(join(fixture.normals, `00${i}.png`), join(folder, file));
  for (const file of damaged) writeFileSync(join(folder, file), "not a picture\n");
  return folder;
}

describe("fit", () => {
  test("of a folder without images is wrong use, and makes no folder", async () => {
    const empty = scratchFolder("fit/empty");
    const output = join(empty, "new", "x.bank");
    const run = await runMias(["fit", empty, "-o", output]);
    expect(run).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${empty} must hold at least one image, DICOM file, volume or zip archive, got none\n`,
    });
    expect(filesBelow(empty)).toEqual([]);
  });

  test("of one image ends with what it needs", async () => {
    const folder = normalsWith("one", ["a.png"], []);
    const { code, stdout, stderr } = await runMias(["fit", folder, "-o", join(folder, "x.bank")]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: fit needs at least 2 normal images .*, got 1;.* give more images\n$/);
    expect(filesBelow(folder)).toEqual(["a.png"]);
  });

  test("of damaged images alone says how many could not be read, and leaves nothing", async () => {
    const names = ["a.png", "b.png", "c.png"];
    const folder = normalsWith("damaged", [], names);
    const run = await runMias(["fit", folder, "-o", join(folder, "x.bank"), "--json"]);
    expect(run.code).toBe(2);
    const { code, message } = documentOf<FailureDocument>(run).error;
    expect(code).toBe("too-few-images");
    expect(message).toMatch(/at least 2 normal images .*, got 3, of which \d could not be read/);
    expect(run.stderr).toContain(`error: ${message}\n`);
    expect(filesBelow(folder)).toEqual(names);
  });

  test("leaves out a damaged image among sound ones, names it, and ends with code 1", async () => {
    const folder = normalsWith("mixed", ["a.png", "b.png", "c.png"], ["d.png"]);
    const output = join(folder, "x.bank");
    const run = await runMias(["fit", folder, "-o", output, "--rows", "300", "--json"]);
    expect(run.code).toBe(1);
    const report = documentOf<FitReport>(run);
    expect(report).toMatchObject({ bank: output, images: 3, patches: 3 * PATCHES, rows: 300 });
    expect(report).toMatchObject({
      bytes: statSync(output).size,
      resumed: 0,
      options: { rows: 300, seed: 0 },
    });
    expect(report.dims).toBeGreaterThan(0);
    expect(report.seconds.total).toBeGreaterThan(report.seconds.encode);
    expect(report.imagesPerSecond).toBeCloseTo(4 / report.seconds.total);
    expect(report.peakRssBytes).toBeGreaterThan(50e6);
    expect(Object.keys(report.versions)).toEqual(["mias-sam", "node", "onnxruntime-node", "sharp"]);
    expect(report.issues.map(({ code }) => code)).toEqual(["image-failed", "few-normal-images"]);
    expect(run.stderr).toMatch(/^error: .*mixed\/d\.png is not an image that is known here; .*convert it/m);
    expect(run.stderr).toMatch(/^warning: fit: \d normal images are held out .*; give more normal images$/m);
    expect(filesBelow(folder)).toEqual(["a.png", "b.png", "c.png", "d.png", "x.bank"]);
  });

  test.skipIf(hasCuda)(
    "on a device whose libraries are not there is our one sentence, without ONNX Runtime's own (skipped where CUDA is)",
    async () => {
      const output = join(scratchFolder("fit"), "device.bank");
      const { code, stderr } = await runMias(["fit", fixture.normals, "-o", output, "--device", "cuda"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^error: device must be one that works on this machine, got cuda \([^\n]*\); use --device cpu\n$/,
      );
    },
  );

  test.skipIf(process.platform === "darwin")(
    "on a device that this machine lacks names it and says what to do",
    async () => {
      const output = join(scratchFolder("fit"), "device.bank");
      const { code, stderr } = await runMias(["fit", fixture.normals, "-o", output, "--device", "coreml"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /device must be one that works on this machine, got coreml \(.*\); use --device cpu/,
      );
    },
  );
});

test("a fit does not write its bank over one of its images", async () => {
  const folder = scratchFolder("fit/over-image");
  const image = join(folder, "in.png");
  copyFileSync(join(fixture.dataset, "test", "dark", "000.png"), image);
  const before = readFileSync(image);
  const run = await runMias(["fit", fixture.normals, image, "-o", image]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("must not be one of the input images; choose another name");
  expect(readFileSync(image).equals(before)).toBe(true);
});
