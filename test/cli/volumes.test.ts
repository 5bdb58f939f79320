// A new user's path with volumes: NIfTI in, NIfTI out in the same place; a DICOM folder in, a segmentation out that
// others' programs open in the right place. Parts that need Python skip without it.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { ResultsDocument } from "../../src/report/results.ts";
import { readVolume } from "../../src/volume/read-volume.ts";
import { findPython, runPython } from "../support/python.ts";
import { MIAS, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { smallHead, writeDicomSeries, writeNifti } from "../support/volume-files.ts";

const folder = scratchFolder("volumes");
const bank = join(folder, "heads.bank");
const results = join(folder, "results");
const ill = smallHead({ seed: 11, lesions: ["bright", "dark"] });
let fitted: Run;
let segmented: Run;
let doc: ResultsDocument;

beforeAll(async () => {
  const normals = join(folder, "normals");
  for (const seed of [1, 2]) writeNifti(normals, `head_${seed}`, smallHead({ seed }).volume);
  writeDicomSeries(normals, "head_3", smallHead({ seed: 3 }).volume);
  fitted = await runMias(["fit", normals, "-o", bank, "--rows", "2048", "--json"]);
  writeNifti(join(folder, "ill"), "scan", ill.volume);
  writeDicomSeries(join(folder, "ill"), "series", ill.volume);
  writeFileSync(join(folder, "ill", "broken.nii"), "no volume");
  const args = ["segment", join(folder, "ill"), "--bank", bank, "-o", results, "--alpha", "0.1"];
  segmented = await runMias([...args, "-ot", "dicom_seg,nifti,png"]);
  doc = JSON.parse(readFileSync(join(results, "results.json"), "utf8"));
}, 240_000);

function volumeOf(name: string) {
  const found = doc.volumes.find(({ file }) => file.endsWith(name));
  if (found === undefined) throw new Error(`no volume ${name} in ${doc.volumes.map(({ file }) => file)}`);
  return found;
}

test("fit learns the slices of volumes, whatever their format", () => {
  expect(fitted.stderr).not.toContain("error");
  expect(fitted.code).toBe(0);
  expect(JSON.parse(fitted.stdout)).toMatchObject({ images: 18, heldOut: 18 });
});

test("the bank knows how its volumes were cut, and other slices are warned of", async () => {
  const told = await runMias(["inspect", bank]);
  expect(told.stdout).toMatch(/^volumes {6}cut along axial, window the default$/m);
  const other = ["--bank", bank, "-o", join(folder, "window"), "--window", "500,1000"];
  const run = await runMias(["segment", join(folder, "ill", "scan.nii.gz"), ...other]);
  expect(run.code).toBe(0);
  expect(run.stderr).toMatch(
    /window of .*scan\.nii\.gz should be that of the volumes that the bank learned, the default, got 500,1000/,
  );
});

test("what cannot be read is told, and the rest goes on", () => {
  expect(segmented.code).toBe(1);
  expect(doc.failures).toHaveLength(1);
  expect(doc.failures[0].message).toMatch(/broken\.nii is no volume that this version reads .*; convert it/);
  expect(segmented.stdout).toMatch(/^2 volumes segmented, 2 abnormal/);
});

test("the same voxels give the same lesions, whether they come as NIfTI or as DICOM", () => {
  const [scan, series] = [volumeOf("scan.nii.gz"), volumeOf("series")];
  expect(scan.volumeLesions.length).toBeGreaterThan(0);
  expect(series.volumeLesions.map(({ voxels }) => voxels)).toEqual(
    scan.volumeLesions.map(({ voxels }) => voxels),
  );
  expect(scan).toMatchObject({ axis: "axial", count: 6, unit: "mm", abnormal: true });
  expect(scan.spacing[2]).toBeCloseTo(4, 5);
});

test("a labelmap lies where its volume does, with the voxels that results.json tells", async () => {
  const path = join(results, volumeOf("scan.nii.gz").mask ?? "");
  const labels = await readVolume("labels", new Uint8Array(readFileSync(path)));
  expect(labels.size).toEqual(ill.volume.size);
  const { affine = [] } = ill.volume.geometry;
  for (const [i, value] of (labels.geometry.affine ?? []).entries()) expect(value).toBeCloseTo(affine[i], 5);
  for (const { label, voxels } of volumeOf("scan.nii.gz").volumeLesions) {
    expect(labels.data.filter((value) => value === label)).toHaveLength(voxels);
  }
});

test("every file that results.json names is there, and the report scrolls the slices", () => {
  for (const { mask, segmentation, map, preview, pictures } of doc.volumes) {
    for (const file of [mask, map, preview, ...pictures])
      expect(existsSync(join(results, file ?? ""))).toBe(true);
    if (segmentation !== null) expect(existsSync(join(results, segmentation))).toBe(true);
  }
  expect(volumeOf("scan.nii.gz").segmentation).toBeNull();
  expect(volumeOf("scan.nii.gz").issues.map(({ code }) => code)).toContain("dicom-object-refused");
  expect(readdirSync(join(results, "masks", "scan"))).toHaveLength(6);
  expect(readFileSync(join(results, "report.html"), "utf8").match(/class="scroller"/g)).toHaveLength(2);
  expect(readFileSync(join(results, "lesions.csv"), "utf8").split("\n")[0]).toContain("volume_ml");
  expect(existsSync(join(results, ".mias-slices"))).toBe(false);
});

test("a volume of which no slice shows anything is a failure, not normal", async () => {
  const { volume } = ill;
  const data = volume.data.map((_, i) => (i === 0 ? 1000 : 0));
  const path = writeNifti(join(folder, "dark"), "dark", { ...volume, data });
  const dark = join(folder, "dark", "results");
  const run = await runMias(["segment", path, "--bank", bank, "-o", dark]);
  expect(run.code).toBe(1);
  const found: ResultsDocument = JSON.parse(readFileSync(join(dark, "results.json"), "utf8"));
  expect(found.volumes).toEqual([]);
  expect(found.failures.map(({ message }) => message)).toEqual([
    expect.stringContaining(
      "dark.nii.gz must have a slice that shows something, got none of 6; check its window",
    ),
  ]);
});

test("a run that is killed goes on at the slice where it stopped, to the same results", async () => {
  const again = join(folder, "again");
  const args = ["segment", join(folder, "ill", "scan.nii.gz"), "--bank", bank, "-o", again, "--alpha", "0.1"];
  const slices = join(again, ".mias-slices", "0");
  const seen = () =>
    existsSync(slices) ? readdirSync(slices).filter((name) => name.endsWith(".slice")) : [];
  const child = spawn(process.execPath, [MIAS, ...args], { stdio: "ignore" });
  const ended = new Promise<string | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
  while (seen().length < 3 && child.exitCode === null) await setTimeout(20);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  const stopped = seen().length;
  expect(stopped).toBeLessThan(6);
  const run = await runMias(args);
  expect(run.code).toBe(0);
  const found = JSON.parse(readFileSync(join(again, "results.json"), "utf8"));
  expect(found.volumes[0].volumeLesions).toEqual(volumeOf("scan.nii.gz").volumeLesions);
  rmSync(again, { recursive: true });
}, 120_000);

const python = findPython("highdicom, nibabel, pydicom");
const reason = python
  ? ""
  : " (SKIPPED: no Python with highdicom and nibabel, see scripts/requirements-interop.txt)";
if (!python) console.warn(`test/cli/volumes.test.ts${reason}`);

const WITNESS = `
import glob, json, sys
import highdicom as hd, nibabel, numpy as np, pydicom
nifti, source, seg = sys.argv[1:]
labels = nibabel.load(nifti)
segmentation = hd.seg.segread(seg)
series = [pydicom.dcmread(p) for p in glob.glob(source + "/*")]
volume = segmentation.get_volume(combine_segments=True)
print(json.dumps({
    "affine": nibabel.load(nifti).affine.ravel().tolist(),
    "labels": np.bincount(np.asarray(labels.dataobj).ravel().astype(int)).tolist()[1:],
    "segments": np.bincount(volume.array.ravel().astype(int)).tolist()[1:],
    "sameStudy": all(s.StudyInstanceUID == segmentation.StudyInstanceUID for s in series),
    "onSlices": all(any(np.allclose(f.PlanePositionSequence[0].ImagePositionPatient, s.ImagePositionPatient, atol=1e-3)
        for s in series) for f in segmentation.PerFrameFunctionalGroupsSequence),
}))
`;

describe.skipIf(!python)(`others' programs${reason}`, () => {
  test("nibabel and highdicom find the same lesions in the same places", () => {
    const { mask, volumeLesions } = volumeOf("scan.nii.gz");
    const files = [join(results, mask ?? ""), join(folder, "ill", "series")];
    const seg = join(results, volumeOf("series").segmentation ?? "");
    const told = JSON.parse(runPython(python as string, WITNESS, ...files, seg));
    const voxels = volumeLesions.map((lesion) => lesion.voxels);
    expect(told).toMatchObject({ labels: voxels, segments: voxels, sameStudy: true, onSlices: true });
    const { affine = [] } = ill.volume.geometry;
    const ras = affine.map((value, i) => (i < 8 ? -value : value));
    for (const [i, value] of told.affine.entries()) expect(value).toBeCloseTo(ras[i], 5);
  });
});
