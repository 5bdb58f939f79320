// What `mias inspect` says of volumes and DICOM files, and that it names no patient.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import type { Inspection } from "../../src/jobs/inspect.ts";
import { madeFile } from "../dicom/made-dicom.ts";
import { documentOf, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { smallHead, writeDicomSeries, writeNifti } from "../support/volume-files.ts";

const folder = scratchFolder("inspect");
const { volume } = smallHead({ seed: 1, size: 64, slices: 3, spacing: 5 });
const series = join(folder, "study", "series");

beforeAll(() => {
  writeNifti(folder, "head", volume);
  writeNifti(join(folder, "flat"), "flat", { ...volume, data: new Uint16Array(volume.data.length) });
  writeDicomSeries(join(folder, "study"), "series", volume);
});

async function inspect(path: string) {
  return { text: await runMias(["inspect", path]), json: await runMias(["inspect", path, "--json"]) };
}

const oneSeries = {
  ...{ number: null, modality: "MR", as: "volume", files: 3, frames: 3, size: [64, 64, 3], unit: "mm" },
  ...{ spacing: [3.5, 3.5, 5], axes: "LPS", transferSyntaxes: ["Explicit VR Little Endian"], window: null },
  ...{ windowFrom: "percentiles", issues: [] },
};

test("a volume's size, axes, values and window", async () => {
  const path = join(folder, "head.nii.gz");
  const { text, json } = await inspect(path);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/head\.nii\.gz: volume \(NIfTI\), 64 x 64 x 3 voxels\n/);
  expect(text.stdout).toMatch(/^spacing {6}3\.5 x 3\.5 x 5 mm$/m);
  expect(text.stdout).toMatch(/^axes {9}LPS: columns to the left, rows to the back, slices to the head$/m);
  expect(text.stdout).toMatch(/^window {7}[\d.]+ \.\. [\d.]+ \(percentiles of the body\)$/m);
  const values = Array.from(volume.data);
  expect(documentOf<Inspection>(json)).toMatchObject({
    kind: "volume",
    volume: {
      ...{ format: "nifti", size: [64, 64, 3], volumes: 1, modality: null, axes: "LPS", values: "uint16" },
      ...{ least: Math.min(...values), largest: Math.max(...values), window: { from: "percentiles" } },
      issues: [],
    },
  });
});

test("a volume that shows nothing has no window, and says so", async () => {
  const { text } = await inspect(join(folder, "flat", "flat.nii.gz"));
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^window {7}none$/m);
  expect(text.stdout).toMatch(/^warning: .* must show something, but every voxel has the value 0/m);
});

describe("a DICOM series", () => {
  test("as a folder, with what cannot be read beside it", async () => {
    writeFileSync(join(folder, "study", "cut.dcm"), readFileSync(join(series, "IM1")).subarray(0, 400));
    const { text, json } = await inspect(join(folder, "study"));
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/study: folder of 1 DICOM series\n/);
    expect(text.stdout).toMatch(
      /^series - .*series: MR, volume of 64 x 64 x 3 voxels, 3\.5 x 3\.5 x 5 mm, axes LPS, window percentiles/m,
    );
    expect(text.stdout).toMatch(/^error: .*cut\.dcm/m);
    expect(documentOf<Inspection>(json)).toMatchObject({
      ...{ kind: "folder", images: 0, volumes: 0 },
      series: [oneSeries],
      failures: [{ code: "image-failed" }],
    });
    for (const said of [text.stdout, json.stdout]) expect(said).not.toMatch(/planted/i);
  });

  test("as a file, which is an image then", async () => {
    const { text, json } = await inspect(join(series, "IM1"));
    expect(text.stdout).toMatch(/IM1: 1 DICOM series\n/);
    expect(documentOf<Inspection>(json)).toMatchObject({
      kind: "dicom",
      series: [{ as: "images", size: [64, 64], frames: 1, spacing: [3.5, 3.5] }],
    });
  });

  test("in a zip archive", async () => {
    const path = join(folder, "study.zip");
    const names = ["IM1", "IM2", "IM3"];
    const bytes = names.map((name) => [`a/${name}`, new Uint8Array(readFileSync(join(series, name)))]);
    writeFileSync(path, zipSync(Object.fromEntries(bytes)));
    const { text, json } = await inspect(path);
    expect(text.stdout).toMatch(/study\.zip: zip archive of 1 DICOM series\n/);
    expect(documentOf<Inspection>(json)).toMatchObject({ kind: "zip", series: [oneSeries], failures: [] });
  });

  test("on a medium, by its DICOMDIR", async () => {
    const medium = join(folder, "medium");
    mkdirSync(join(medium, "IMAGES"), { recursive: true });
    for (const name of ["IM1", "IM2", "IM3"]) {
      writeFileSync(join(medium, "IMAGES", name), readFileSync(join(series, name)));
    }
    const records = ["IM1", "IM2", "IM3"].map((name) => [[0x00041500, "CS", `IMAGES\\${name}`] as const]);
    writeFileSync(join(medium, "DICOMDIR"), madeFile([[0x00041220, "SQ", records]]));
    const { json } = await inspect(join(medium, "DICOMDIR"));
    expect(documentOf<Inspection>(json)).toMatchObject({ kind: "dicom", series: [oneSeries] });
  });
});
