// Without a network, and on real images where they lie beside the project.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { ResultsDocument } from "../../src/report/results.ts";
import { filesBelow } from "../support/folder-content.ts";
import { type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("offline");
let fixture: PhantomFixture;

beforeAll(async () => {
  fixture = await phantomFixture();
}, 120_000);

const UNSHARE = ["unshare", "-n"] as const;
const mayUnshare = spawnSync(UNSHARE[0], [UNSHARE[1], "true"]).status === 0;

test.skipIf(!mayUnshare)("segment needs no network (skipped unless `unshare -n` is allowed)", async () => {
  const scan = join(fixture.dataset, "test", "dark", "000.png");
  const args = ["segment", scan, "--bank", fixture.bank, "-o", join(folder, "results"), "--json"];
  const run = await runMias(args, { under: UNSHARE });
  expect(run.code).toBe(0);
  expect(documentOf<ResultsDocument>(run).images).toHaveLength(1);
});

test("ONNX Runtime's telemetry is off: it leaves nothing in the home folder", async () => {
  const home = join(folder, "home");
  mkdirSync(home);
  const scan = join(fixture.dataset, "test", "dark", "000.png");
  const args = ["segment", scan, "--bank", fixture.bank, "-o", join(folder, "telemetry")];
  const run = await runMias(args, { under: ["env", "-u", "XDG_CACHE_HOME", `HOME=${home}`] });
  expect(run.code).toBe(0);
  expect(readdirSync(home)).toEqual([]);
});

const DATA = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

describe.skipIf(!existsSync(DATA))("real images (skipped unless ../shared/data is there)", () => {
  test("a slice of a brain is segmented, with a result of its own size and no warning but that of the small bank", async () => {
    const test = join(DATA, "brain_mri_lgg", "test");
    const scan = join(test, filesBelow(test).find((name) => name.endsWith(".png")) ?? "none");
    const args = ["segment", scan, "--bank", fixture.bank, "-o", join(folder, "real"), "--json"];
    const run = await runMias(args);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^segmenting: 0 of 1\nsegmenting: 1 of 1\nwarning: [^\n]*normal\.bank must[^\n]*\n$/,
    );
    const [image] = documentOf<ResultsDocument>(run).images;
    expect(image).toMatchObject({ file: scan, issues: [], mask: expect.stringMatching(/^masks\/.*\.png$/) });
    expect(image.width).toBeGreaterThan(100);
  });

  test("a folder of DICOM series is told series by series, and what is no image is left out by name", async () => {
    const { code, stdout } = await runMias(["inspect", join(DATA, "formats", "dicom")]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "mr_series_vs_seg: MR, volume of 512 x 512 x 8 voxels, 0.4102 x 0.4102 x 1.5 mm",
    );
    expect(stdout).toMatch(/^error: .*liver\.dcm must be an image, but is a segmentation/m);
  });

  test("a NIfTI volume is told by its size and spacing", async () => {
    const { code, stdout } = await runMias(["inspect", join(DATA, "formats", "nifti", "CT_AVM.nii.gz")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/volume \(NIfTI\), 256 x 242 x 154 voxels\nspacing +0\.7199 x 0\.7209 x 1 mm\n/);
  });
});
