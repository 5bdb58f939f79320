// Evaluation of a data set of made volumes, with a picture among them: what is printed and written, and what volumes do
// that cannot be used. Banks of so few slices decide nothing: the tests are about files and figures.

import { cpSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { greyToPng } from "../../src/io/write-raster.ts";
import { phantomDataset } from "../../src/phantom/dataset.ts";
import type { HeadVolume } from "../../src/phantom/volume.ts";
import type { EvaluateDocument, EvaluationVolume } from "../../src/report/evaluate-document.ts";
import { encodeNifti } from "../../src/volume/encode-nifti.ts";
import { readVolume } from "../../src/volume/read-volume.ts";
import type { Volume, VolumeSize } from "../../src/volume-types.ts";
import { writeBelow } from "../support/phantom-fixture.ts";
import { documentOf, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { smallHead, writeDicomSeries, writeNifti } from "../support/volume-files.ts";

const SMALL = { size: 64, slices: 4, spacing: 8 } as const;
const folder = scratchFolder("evaluate-volumes");
const dataset = join(folder, "set");
const bank = join(folder, "heads.bank");
const output = join(folder, "evaluated");
const args = ["evaluate", dataset, "--bank", bank, "--axis", "axial"];
const ill = smallHead({ ...SMALL, seed: 11, lesions: ["bright", "dark"] });

let run: Run;
let doc: EvaluateDocument;

function writeMask(name: string, { truth }: HeadVolume, { size, geometry }: Volume): void {
  writeBelow(
    dataset,
    `ground_truth/lesion/${name}`,
    encodeNifti(Uint8Array.from(truth, Number), size, geometry),
  );
}

/** As the volume, with another place or size. */
function displaced(volume: Volume, by: number): Volume {
  const affine = volume.geometry.affine?.map((value, i) => (i === 3 ? value + by : value));
  return { ...volume, geometry: { ...volume.geometry, ...(affine ? { affine } : {}) } };
}

async function writeDataset(): Promise<void> {
  const kinds = { train: join(dataset, "train/good"), good: join(dataset, "test/good") };
  for (const seed of [1, 2]) writeNifti(kinds.train, `head_${seed}`, smallHead({ ...SMALL, seed }).volume);
  writeNifti(kinds.good, "healthy", smallHead({ ...SMALL, seed: 5 }).volume);
  const [picture] = phantomDataset({ seed: 3, trainGood: 1, testGood: 0, testAnomalous: 0, size: 64 });
  writeBelow(kinds.good, "photo.png", await greyToPng(picture.image));
  const lesion = join(dataset, "test/lesion");
  writeNifti(lesion, "scan", ill.volume);
  writeMask("scan_mask.nii.gz", ill, displaced(ill.volume, 5e-4));
  writeDicomSeries(lesion, "series", ill.volume);
  writeMask("series.nii.gz", ill, ill.volume);
  for (const name of ["moved", "cut", "nothing"]) writeNifti(lesion, name, ill.volume);
  writeMask("moved_mask.nii.gz", ill, displaced(ill.volume, 0.01));
  const [columns, rows, slices] = ill.volume.size;
  const half: VolumeSize = [columns, rows, slices / 2];
  writeMask(
    "cut_mask.nii.gz",
    { ...ill, truth: ill.truth.slice(0, ill.truth.length / 2) },
    {
      ...ill.volume,
      size: half,
    },
  );
  writeBelow(dataset, "ground_truth/lesion/nothing_mask.nii.gz", "no volume");
  writeBelow(lesion, "broken.nii.gz", "no volume");
  writeMask("broken_mask.nii.gz", ill, ill.volume);
}

function volumeOf(name: string): EvaluationVolume {
  const found = doc.volumes?.rows.find(({ file }) => basename(file) === name);
  if (found === undefined) throw new Error(`no volume ${name}`);
  return found;
}

const slicesOf = (name: string) => doc.rows.filter(({ file }) => file.includes(`/${name} slice `));

beforeAll(async () => {
  await writeDataset();
  const fitted = await runMias(["fit", join(dataset, "train/good"), "-o", bank, "--rows", "1024"]);
  if (fitted.code !== 0) throw new Error(fitted.stderr);
  run = await runMias([...args, "-o", output, "--alpha", "0.2", "--json"]);
  doc = documentOf(run);
}, 240_000);

test("volumes that cannot be used are told, each with its reason, and the rest goes on", () => {
  expect(run.code).toBe(1);
  const reasons = doc.failures.map(({ subject, message }) => [basename(subject), message]);
  expect(reasons).toEqual([
    ["broken.nii.gz", expect.stringMatching(/broken\.nii\.gz is no volume that this version reads/)],
    ["cut.nii.gz", expect.stringMatching(/must have the size of its volume, 64 x 64 x 4, got 64 x 64 x 2;/)],
    ["moved.nii.gz", expect.stringMatching(/within 0\.001 mm, got one that differs by 0\.01; resample it/)],
    ["nothing.nii.gz", expect.stringMatching(/nothing_mask\.nii\.gz is no volume/)],
  ]);
  expect(doc).toMatchObject({ interrupted: false, done: 8, total: 8 });
});

test("slices of volumes are images beside the pictures, anomalous where the truth has a voxel", () => {
  const truths = [0, 1, 2, 3].map((z) => ill.truth.slice(z * 64 * 64, (z + 1) * 64 * 64));
  const areas = truths.map((slice) => slice.filter((value) => value > 0).length);
  for (const name of ["scan.nii.gz", "series"]) {
    expect(slicesOf(name).map(({ truthArea }) => truthArea)).toEqual(areas);
    expect(slicesOf(name).map(({ anomalous }) => anomalous)).toEqual(areas.map((area) => area > 0));
  }
  const anomalous = 2 * areas.filter((area) => area > 0).length;
  expect(doc.images).toEqual({ good: 1 + 4 + 8 - anomalous, anomalous });
  expect(doc.surface.unit).toBe("mm");
  expect(doc.area.unit).toBe("mm2");
  expect(doc.always?.dice.anomalousMean).toBeGreaterThanOrEqual(doc.dice.anomalousMean ?? 1);
  // One for each volume and for the picture.
  expect(doc.bootstrap).toMatchObject({ by: "patient", groups: 4 });
});

test("a DICOM series is judged as the same volume in NIfTI", () => {
  const figures = (name: string) => slicesOf(name).map(({ file: _f, overlay: _o, ...row }) => row);
  expect(figures("series")).toEqual(figures("scan.nii.gz"));
  expect(volumeOf("series").measures).toEqual(volumeOf("scan.nii.gz").measures);
});

test("3-D figures are those of the masks that were written", async () => {
  const { mask, measures } = volumeOf("scan.nii.gz");
  const labels = await readVolume("mask", new Uint8Array(readFileSync(join(output, mask ?? ""))));
  const drawn = labels.data.filter((value) => value > 0).length;
  const truth = ill.truth.filter((value) => value > 0).length;
  const both = ill.truth.filter((value, i) => value > 0 && labels.data[i] > 0).length;
  expect(measures).toMatchObject({ maskVoxels: drawn, truthVoxels: truth });
  expect(measures?.dice).toBeCloseTo((2 * both) / (drawn + truth), 12);
  expect(measures?.truthMl).toBeCloseTo((truth * 3.5 * 3.5 * 8) / 1000, 6);
  expect(measures?.lesions.truths).toBe(2);
  expect(doc.volumes).toMatchObject({ count: 3, judged: 3, anomalous: 2 });
  expect(doc.volumes?.dice).toBeCloseTo(measures?.dice ?? -1, 12);
  expect(volumeOf("healthy.nii.gz").measures).toMatchObject({ dice: null, truthVoxels: 0 });
});

test("files and report show the volumes", () => {
  for (const { mask, segmentation, map, preview, panel } of doc.volumes?.rows ?? []) {
    for (const file of [mask ?? segmentation, map, preview, panel]) {
      expect(file === null || existsSync(join(output, file)), String(file)).toBe(true);
    }
  }
  const shown = doc.rows.filter(({ overlay }) => overlay !== null);
  expect(shown).toHaveLength(doc.rows.length);
  for (const { overlay } of shown) expect(existsSync(join(output, overlay ?? ""))).toBe(true);
  const report = readFileSync(join(output, "report.html"), "utf8");
  expect(report).toContain("slices of 3 volumes among them");
  expect(report).toContain('src="./cases/lesion/scan.png"');
  expect(report).toContain("volumes.lesionRecall");
});

describe("volumes without a mask", () => {
  test("are segmented and counted, and no slice of theirs is judged", async () => {
    const lone = join(folder, "lone");
    cpSync(join(dataset, "test/lesion/scan.nii.gz"), join(lone, "test/lesion/scan.nii.gz"));
    const lines = await runMias(["evaluate", lone, "--bank", bank]);
    expect(lines.code).toBe(0);
    expect(lines.stderr).toMatch(/^warning: .*these are left out of pixel metrics, volumes of all$/m);
    expect(lines.stdout).toMatch(/^0 good and 0 anomalous images, slices of 0 volumes among them \(mvtec\)/);
    expect(lines.stdout).toMatch(/^DICE of volumes +not defined/m);
  }, 60_000);
});
