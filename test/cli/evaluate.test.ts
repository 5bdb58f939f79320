// Evaluation of an MVTec data set: what is printed, what is written, and what one bad mask does.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import type { EvaluateDocument } from "../../src/report/evaluate-document.ts";
import { filesBelow, temporaryFiles } from "../support/folder-content.ts";
import { type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("evaluate");
let fixture: PhantomFixture;

beforeAll(async () => {
  fixture = await phantomFixture();
}, 120_000);

describe("evaluate of a sound data set", () => {
  const output = join(folder, "evaluated");
  let run: Run;
  let doc: EvaluateDocument;

  beforeAll(async () => {
    const args = ["evaluate", fixture.dataset, "--bank", fixture.bank, "-o", output, "--json"];
    run = await runMias([...args, "--mask-rule", "=255"]);
    doc = documentOf(run);
  }, 120_000);

  test("ends with code 0 and prints every figure that is promised", () => {
    expect(run.code).toBe(0);
    expect(doc.images).toEqual({ good: 1, anomalous: 2 });
    const { image, pixel, dice, seconds } = doc;
    const shares = { ...image, ...pixel, ...dice };
    for (const name of ["auroc", "aupro", "anomalousMean", "dataset", "bestThreshold"] as const) {
      expect(shares[name], name).toBeGreaterThanOrEqual(0);
      expect(shares[name], name).toBeLessThanOrEqual(1);
    }
    expect(image.auroc).toSatisfy((value) => [0, 0.5, 1].includes(Number(value)));
    expect(doc.maskRule).toBe("=255");
    expect([0, 1]).toContain(doc.falseAlarms);
    expect(seconds?.total).toBeGreaterThan((seconds?.encode ?? Number.NaN) + (seconds?.search ?? Number.NaN));
    expect(seconds?.perImage).toBeCloseTo((seconds?.total ?? 0) / 3);
    expect(seconds?.decode).toBeGreaterThan(0);
    expect(Object.keys(doc.versions)).toEqual(["mias-sam", "node", "onnxruntime-node", "sharp"]);
    // One good image of 128 x 128 has no rate as small as 1e-5.
    expect(Object.keys(doc.undefinedMetrics)).toEqual([
      ...["pixel.aupimo", "decision.sensitivity", "decision.specificity"],
    ]);
    expect(doc.failures).toEqual([]);
    // Two held-out images decide nothing, so that every image has its mask and the figures are the same.
    expect(doc.issues.map(({ code }) => code)).toEqual(["few-normal-images"]);
    const { anomalousMean, dataset } = dice;
    expect(doc.always).toEqual({ dice: { anomalousMean, dataset } });
  });

  test("compares with a baseline, and tells how sure it is", () => {
    const { baseline, bootstrap, lesions, surface, decision } = doc;
    expect(baseline?.pixel.auroc).toBeGreaterThan(0.5);
    expect(baseline?.pixel.aurocBody).toBeLessThanOrEqual(1);
    expect(doc.pixel.aurocBody).toBeGreaterThan(0.5);
    expect(bootstrap).toMatchObject({ resamples: 1000, by: "image", groups: 3, seed: 0 });
    // Five anomalous images would be needed.
    expect(Object.values(bootstrap?.intervals ?? {})).toEqual(Array(4).fill(null));
    expect(lesions.anomalous.either.truths).toBeGreaterThanOrEqual(2);
    expect(surface).toMatchObject({ unit: "px" });
    expect(surface.images + surface.excluded).toBe(2);
    // Nothing is decided, so nothing was missed and nothing rightly left.
    const abnormal = { good: 0, anomalous: 0 };
    expect(decision).toEqual({ sensitivity: null, specificity: null, abnormal });
  });

  test("gives each image its row; DICE is a mean over those with a lesion", () => {
    const names = doc.rows.map(({ file, anomalous }) => [file.slice(fixture.dataset.length), anomalous]);
    expect(names).toEqual([
      ["/test/bright/000.png", true],
      ["/test/dark/000.png", true],
      ["/test/good/000.png", false],
    ]);
    const [bright, dark, good] = doc.rows;
    expect(doc.dice.anomalousMean).toBeCloseTo(((bright.dice ?? 0) + (dark.dice ?? 0)) / 2);
    expect(good.truthArea).toBe(0);
    expect(doc.falseAlarms).toBe(good.maskArea > 0 ? 1 : 0);
  });

  test("writes the report, the document and the pictures, and nothing half", () => {
    const names = ["bright/000.png", "dark/000.png"];
    const pictures = ["maps", "masks", "overlays"].flatMap((kind) => [
      ...names.map((name) => `${kind}/${name}`),
      `${kind}/good/000.png`,
    ]);
    expect(filesBelow(output)).toEqual(
      [...names.map((name) => `cases/${name}`), ...pictures, "evaluation.json", "report.html"].sort(),
    );
    const written: EvaluateDocument = JSON.parse(readFileSync(join(output, "evaluation.json"), "utf8"));
    expect(written.images).toEqual(doc.images);
    expect(written.dice.dataset).toBeCloseTo(doc.dice.dataset ?? Number.NaN, 8);
    const report = readFileSync(join(output, "report.html"), "utf8");
    for (const name of names) expect(report).toContain(`src="./cases/${name}"`);
  });
});

describe("evaluate at an alpha that decides", () => {
  test("sets the DICE of masks that are always drawn beside that of the final ones", async () => {
    const args = ["evaluate", fixture.dataset, "--bank", fixture.bank, "--alpha", "0.34"];
    const { code, stdout } = await runMias(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^DICE, empty when normal \(alpha 0\.34\) +[01]\.\d{3}/m);
    expect(stdout).toMatch(/^DICE, mask always drawn +[01]\.\d{3}/m);
    const always = documentOf<EvaluateDocument>(await runMias([...args, "--always-segment", "--json"]));
    expect(always.options.empty).toBe("never");
    expect(always.dice).toMatchObject(always.always?.dice ?? {});
    expect(always.rows.every(({ maskArea }) => maskArea > 0)).toBe(true);
  }, 120_000);
});

describe("evaluate with a mask rule that the masks do not fit", () => {
  test("says so, and gives no DICE", async () => {
    const dataset = join(folder, "labels");
    cpSync(fixture.dataset, dataset, { recursive: true });
    for (const kind of ["bright", "dark"]) {
      const file = join(dataset, "ground_truth", kind, "000_mask.png");
      const { data, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
      const labels = data.map((value) => (value > 0 ? 1 : 0));
      writeFileSync(
        file,
        await sharp(labels, { raw: { width: info.width, height: info.height, channels: 1 } })
          .png()
          .toBuffer(),
      );
    }
    const args = ["evaluate", dataset, "--bank", fixture.bank, "--mask-rule", ">=128", "--bootstrap", "0"];
    const run = await runMias([...args, "--json"]);
    const doc = documentOf<EvaluateDocument>(run);
    expect(run.stderr).toMatch(
      /must have a pixel >=128, 2 of 2 have none, .* check the masks, or --mask-rule/,
    );
    expect(doc.issues.map(({ code }) => code)).toEqual(["few-normal-images", "mask-empty"]);
    expect(doc.dice.anomalousMean).toBeNull();
  }, 120_000);
});

describe("evaluate of a data set with a mask of another size than its image", () => {
  let run: Run;

  beforeAll(async () => {
    const dataset = join(folder, "mismatch");
    cpSync(fixture.dataset, dataset, { recursive: true });
    const mask = await sharp({ create: { width: 64, height: 64, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    writeFileSync(join(dataset, "ground_truth", "dark", "000_mask.png"), mask);
    const table = join(folder, "patients.csv");
    writeFileSync(table, "file,patient\ngood/000.png,a\nbright/000.png,b\ndark/000.png,a\n");
    run = await runMias(["evaluate", dataset, "--bank", fixture.bank, "--patients", table]);
  }, 120_000);

  test("goes on with the others, names the mask, its size and its image's, and ends with code 1", () => {
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(
      /^error: .*dark\/000\.png: mask .*dark\/000_mask\.png must have the size of its image, 128 x 128, got 64 x 64; draw it again/m,
    );
    expect(run.stderr).toMatch(/^evaluating: 3 of 3$/m);
  });

  test("prints the figures of the others, the mask rule among them", () => {
    expect(run.stdout).toMatch(/^1 good and 1 anomalous images \(mvtec\), mask rule >0; 1 failed\n/);
    expect(run.stdout).toMatch(/^measure +value +95 % interval +baseline$/m);
    expect(run.stdout).toMatch(/^pixel AUROC {2,}[01]\.\d{3} {2,}[01]\.\d{3}$/m);
    expect(run.stdout).toMatch(/^AUPIMO .*not defined/m);
    expect(run.stdout).toMatch(
      /^intervals {10}1000 resamples of 2 patients; blank where fewer than five of them are anomalous$/m,
    );
    expect(run.stdout).toMatch(/^false alarms {7}[01] of 1 good images have a mask$/m);
    expect(temporaryFiles(folder).map((name) => basename(name))).toEqual([]);
  });
});

test("evaluate names an image that a rule for patients does not fit, before anything is segmented", async () => {
  const args = ["evaluate", fixture.dataset, "--bank", fixture.bank, "--patients", "(case)"];
  const { code, stdout, stderr } = await runMias(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/"\(case\)" must give a patient for every image, but gives none for .*000\.png/);
});

test("evaluate of a folder that is no data set says what it looked for and what it found", async () => {
  const { code, stdout, stderr } = await runMias(["evaluate", fixture.normals, "--bank", fixture.bank]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(
    /train\/good must be a data set with images in .* \(MVTec\), .*got a folder of images without test\/; check/,
  );
});
