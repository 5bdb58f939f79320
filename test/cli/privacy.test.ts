// Nothing of a patient in what mias says and writes: values are planted wherever files hold them, commands are run, and
// run into errors, and every byte of what they leave is searched.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ResultsDocument } from "../../src/report/results.ts";
import { madeFile } from "../dicom/made-dicom.ts";
import { plantedBelow, plantedIn, pngChunks } from "../support/find-planted.ts";
import { filesBelow } from "../support/folder-content.ts";
import { metaImageLines, niftiFile, nrrdLines, textFile } from "../support/made-volumes.ts";
import {
  CARRIED,
  PLANTED,
  PLANTED_ELEMENTS,
  phantomSeries,
  plantedReport,
} from "../support/phantom-series.ts";
import { documentOf, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("privacy");
const inFolder = (...parts: readonly string[]) => join(folder, ...parts);
const STUDY = "1.2.826.0.1.3680043.8.498.30";
const KEY = "0123456789abcdef";
/** Text in the head of every kind of file but DICOM. */
const TEXT = `${PLANTED.name} ${PLANTED.id} ${PLANTED.birthDate}`;

function put(name: string, bytes: Uint8Array): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(inFolder(name), bytes);
}

function putSeries(name: string, number: number, left: readonly number[] = []): void {
  const scan = { study: STUDY, series: `${STUDY}.${number}`, seriesNumber: number, seed: number, slices: 5 };
  for (const [z, bytes] of phantomSeries({ ...scan, lesions: 1 }).entries()) {
    if (!left.includes(z)) put(join(name, `${z}.dcm`), bytes);
  }
}

/** Free text of NIfTI-1: descrip, aux_file, intent_name, db_name; and an extension. */
function plantedNifti(): Uint8Array {
  const voxels = Uint8Array.from({ length: 8 * 8 * 2 }, (_, i) => (i * 37) % 251);
  const bytes = niftiFile(voxels, { size: [8, 8, 2] });
  const places = [
    ...([
      [148, TEXT.slice(0, 79)],
      [228, PLANTED.id],
      [328, PLANTED.id],
      [14, PLANTED.id],
    ] as const),
  ];
  for (const [at, text] of places) bytes.set(new TextEncoder().encode(text), at);
  return bytes;
}

/** Sound inputs, and beside them what cannot be read. */
function plant(): void {
  putSeries("normal", 1);
  putSeries("scan/whole", 2);
  putSeries("scan/gap", 3, [2]);
  put("scan/report.dcm", plantedReport(STUDY, `${STUDY}.99`));
  put("scan/no-pixels.dcm", madeFile([...PLANTED_ELEMENTS, [0x00200011, "IS", "8"]]));
  const [slice] = phantomSeries({ study: STUDY, series: `${STUDY}.5`, seed: 5, slices: 1 });
  put("scan/cut.dcm", slice.subarray(0, slice.length / 2));
  put("scan/cut-in-the-patient.dcm", slice.subarray(0, 600));
  put("scan/a.nii", plantedNifti());
  put("scan/cut.nii", plantedNifti().subarray(0, 400));
  const voxels = Uint8Array.from({ length: 8 }, (_, i) => 20 * i);
  const comments = [`# ${TEXT}`, `PatientName:=${PLANTED.name}`];
  const [magic, ...fields] = nrrdLines({ content: TEXT });
  put("scan/a.nrrd", textFile([magic, ...comments, ...fields], voxels));
  put("scan/odd.nrrd", textFile([magic, ...comments, ...nrrdLines({ encoding: "odd" }).slice(1)], voxels));
  put("scan/cut.nrrd", textFile([magic, ...comments, ...fields], voxels.subarray(0, 3)));
  put(
    "scan/a.mha",
    textFile([`Comment = ${TEXT}`, `PatientID = ${PLANTED.id}`, ...metaImageLines()], voxels),
  );
  put("scan/cut.mha", textFile([`Comment = ${TEXT}`, ...metaImageLines()], voxels.subarray(0, 3)));
}

const said = ({ stdout, stderr }: Run) => plantedIn(stdout + stderr);
const bank = inFolder("out", "normal.bank");
const TYPES = ["-t", "dicom_seg,nifti,png"] as const;
const segment = (output: string, ...more: readonly string[]) =>
  runMias(["segment", inFolder("scan"), "--bank", bank, "-o", inFolder(output), ...TYPES, ...more]);

/** Of DICOM results a reader must find the patient; of all else nobody. */
const others = (found: readonly string[]) => found.filter((line) => !/^[^:]*\.dcm: /.test(line));

describe("what a patient's files hold is not found", () => {
  beforeAll(async () => {
    plant();
    mkdirSync(inFolder("out"), { recursive: true });
  });

  test("but in the inputs, by the same search", () => {
    const found = plantedBelow(inFolder("scan"));
    for (const value of Object.values(PLANTED))
      expect(found).toContain(`whole/0.dcm: ${value.toLowerCase()}`);
    for (const name of ["a.nii", "a.nrrd", "a.mha", "odd.nrrd", "report.dcm"]) {
      expect(found).toContain(`${name}: ${PLANTED.id.toLowerCase()}`);
    }
  });

  test("in what fit says and writes, its checkpoint among it", async () => {
    const args = ["fit", inFolder("normal"), inFolder("scan"), "-o", bank, "--rows", "256", "--verbose"];
    const signals = [{ at: /learning: 0 of/, signal: "SIGINT" }] as const;
    const stopped = await runMias(args, { signals });
    expect(stopped.code).toBe(130);
    expect(filesBelow(inFolder("out"))).toEqual(["normal.bank.checkpoint"]);
    expect(plantedBelow(inFolder("out"))).toEqual([]);
    const run = await runMias([...args, "--json"]);
    expect(run.code, run.stderr).toBe(1);
    expect([...said(stopped), ...said(run), ...plantedBelow(inFolder("out"))]).toEqual([]);
  });

  test("in what segment says and writes, but in DICOM results, which name the patient", async () => {
    const run = await segment("results", "--verbose", "--json", "--all-masks", "--map-format", "tiff32");
    expect(run.code, run.stderr).toBe(1);
    const doc = documentOf<ResultsDocument>(run);
    expect(doc.failures.map(({ subject }) => subject.slice(inFolder("scan").length + 1)).sort()).toEqual([
      ...["cut-in-the-patient.dcm", "cut.dcm", "cut.mha", "cut.nii", "cut.nrrd"],
      ...["no-pixels.dcm", "odd.nrrd", "report.dcm"],
    ]);
    expect(said(run)).toEqual([]);
    const found = plantedBelow(inFolder("results"));
    expect(others(found)).toEqual([]);
    const results = filesBelow(inFolder("results"));
    const objects = results.filter((name) => name.endsWith(".dcm"));
    expect(objects.length).toBeGreaterThanOrEqual(2);
    for (const name of objects) {
      const text = readFileSync(inFolder("results", name), "latin1");
      for (const value of CARRIED) expect(text, name).toContain(value);
      const left = Object.values(PLANTED).filter((value) => !CARRIED.includes(value));
      expect(
        left.filter((value) => text.includes(value)),
        name,
      ).toEqual([]);
    }
    for (const name of results.filter((file) => file.endsWith(".png"))) {
      const chunks = new Set(pngChunks(readFileSync(inFolder("results", name))));
      for (const chunk of ["tEXt", "zTXt", "iTXt", "eXIf"]) expect(chunks, name).not.toContain(chunk);
    }
  });

  test("with --pseudonymise in anything", async () => {
    const env = { MIAS_PSEUDONYM_KEY: KEY };
    const args = ["segment", inFolder("scan", "whole"), "--bank", bank, ...TYPES, "--pseudonymise"];
    const run = await runMias([...args, "-o", inFolder("pseudonyms"), "--verbose"], { env });
    expect(run.code, run.stderr).toBe(0);
    expect([...said(run), ...plantedBelow(inFolder("pseudonyms"))]).toEqual([]);
    for (const name of filesBelow(inFolder("pseudonyms")).filter((file) => file.endsWith(".dcm"))) {
      const text = readFileSync(inFolder("pseudonyms", name), "latin1");
      expect(text, name).not.toContain(STUDY);
      expect(text, name).not.toContain("20240229");
    }
    expect(run.stdout + run.stderr).not.toContain(KEY);
  });

  test("in what inspect says", async () => {
    const paths = [
      bank,
      inFolder("scan"),
      ...filesBelow(inFolder("scan")).map((name) => inFolder("scan", name)),
    ];
    const runs = [];
    for (const path of paths) runs.push(await runMias(["inspect", path, "--verbose", "--json"]));
    expect(runs.flatMap(said)).toEqual([]);
  });

  test("in a bank and a report that a single file of each kind is in", async () => {
    for (const name of ["a.nii", "a.nrrd", "a.mha"]) {
      const run = await runMias([
        "segment",
        inFolder("scan", name),
        "--bank",
        bank,
        "-o",
        inFolder("one", name),
        "--verbose",
      ]);
      expect(run.code, run.stderr).toBe(0);
      expect([...said(run), ...plantedBelow(inFolder("one", name))]).toEqual([]);
    }
  });
});

test("a short MIAS_PSEUDONYM_KEY is refused in one sentence, before anything is read", async () => {
  const args = ["segment", "missing", "--bank", "missing.bank", "-o", inFolder("short"), "--pseudonymise"];
  const run = await runMias(args, { env: { MIAS_PSEUDONYM_KEY: "too short" } });
  expect(run).toEqual({
    code: 2,
    stdout: "",
    stderr: "error: MIAS_PSEUDONYM_KEY must have at least 16 bytes, got 9; take a longer one\n",
  });
});
