// Our DICOM objects in the hands of others: dciodvfy finds no error, highdicom, pydicom and dcmqi read the same voxels in
// the same places. Skipped where Python has no such packages (scripts/requirements-interop.txt; in .venv or on the path),
// the program dciodvfy (Debian: dicom3tools) is missing, or the real series are.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeParametricMap } from "../src/dicom/parametric-map.ts";
import { encodeSegmentation } from "../src/dicom/seg-encode.ts";
import { type ReadSource, readDicomSource } from "./support/dicom-source.ts";
import { madeLesion } from "./support/made-dicom.ts";
import { findPython } from "./support/python.ts";
import { scratchFolder } from "./support/scratch-folder.ts";

const WITNESS = fileURLToPath(new URL("support/dicom_witness.py", import.meta.url));
const DATA = fileURLToPath(new URL("../../shared/data/formats/dicom", import.meta.url));

const python = findPython("numpy, pydicom, highdicom, dcmqi");
const hasDciodvfy = spawnSync("dciodvfy", ["-version"]).error === undefined;
const skipped = (what: string) => ` (SKIPPED: no ${what})`;
const noPython = python
  ? ""
  : skipped("Python with highdicom and dcmqi, see scripts/requirements-interop.txt");
const noDciodvfy = hasDciodvfy ? "" : skipped("dciodvfy, of Debian's dicom3tools");
const noData = existsSync(DATA) ? "" : skipped("real series in ../shared/data/formats");
for (const reason of [noPython, noDciodvfy, noData]) {
  if (reason) console.warn(`test/dicom-objects-interop.test.ts${reason}`);
}

function witness(...args: readonly string[]) {
  const options = {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  } as const;
  return JSON.parse(execFileSync(python as string, [WITNESS, ...args], { ...options, stdio: "pipe" }));
}

/** What dciodvfy takes the file for, and the lines that say `Error`. */
function verdictOf(path: string): string[] {
  const { stdout, stderr } = spawnSync("dciodvfy", [path], { encoding: "utf8" });
  return `${stdout}${stderr}`.split("\n").filter((line) => line !== "" && !line.startsWith("Warning"));
}

/** Labels 1 and 3, touching the borders, and one of each segment's number: lesion 2 has no voxel, so 3 is segment 2. */
function madeLabels([width, height, depth]: ReadSource["size"]): {
  labels: Uint16Array;
  segments: Uint16Array;
} {
  const labels = new Uint16Array(width * height * depth);
  for (let i = 0; i < labels.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const z = Math.floor(i / (width * height));
    if (x < 9 && y > 3 && y < 11 + z && z < 3) labels[i] = 1;
    if (x > width - 5 && (x + y + z) % 3 === 0 && z >= Math.min(2, depth - 1)) labels[i] = 3;
  }
  return { labels, segments: labels.map((label) => (label === 3 ? 2 : label)) };
}

/** Of slice z: odd values, some below 0. */
function madeMap([width, height]: ReadSource["size"], z: number): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => (i % 1013) / 7 - z - 0.1);
}

interface Case {
  readonly name: string;
  /** Whether slices have a place in the patient. */
  readonly placed: boolean;
  readonly paths: () => readonly string[];
  /** Whether it needs the real series. */
  readonly real?: boolean;
}

const phantom = scratchFolder("dicom-objects");
const filesOf = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));

const CASES: readonly Case[] = [
  { name: "oblique CT of 37 x 29 x 5", placed: true, paths: () => filesOf(join(phantom, "ct")) },
  { name: "one radiograph", placed: false, paths: () => filesOf(join(phantom, "cr")) },
  { name: "MR series", placed: true, real: true, paths: () => filesOf(join(DATA, "mr_series_vs_seg")) },
  { name: "CT series", placed: true, real: true, paths: () => filesOf(join(DATA, "ct_series_ircad")) },
  {
    name: "enhanced CT",
    placed: true,
    real: true,
    paths: () => [join(DATA, "multiframe/eCT_Supplemental.dcm")],
  },
  {
    name: "enhanced MR without functional groups",
    placed: false,
    real: true,
    paths: () => [join(DATA, "multiframe/emri_small.dcm")],
  },
];

describe.skipIf(!python)(`DICOM objects${noPython}`, () => {
  beforeAll(() => {
    if (python) witness("phantom", phantom);
  });

  for (const { name, paths, placed, real } of CASES) {
    describe.skipIf(real && noData)(`of ${name}${real ? noData : ""}`, () => {
      const folder = join(phantom, name.replaceAll(" ", "-"));
      let read: ReadSource;
      beforeAll(() => {
        mkdirSync(folder, { recursive: true });
        read = readDicomSource(paths());
      });

      /** What the witness says of `file`. */
      const asked = (kind: string, file: Uint8Array, expected: Uint16Array | Float32Array) => {
        const path = join(folder, `${kind}.dcm`);
        const { affine = null } = read.geometry;
        writeFileSync(path, file);
        writeFileSync(join(folder, `${kind}.raw`), expected);
        const grid = [JSON.stringify(read.size), JSON.stringify(affine)];
        const order = JSON.stringify(read.source.frames.map(({ frame = null }) => frame));
        const common = [path, join(folder, kind), ...grid, join(folder, `${kind}.raw`)];
        const answer = kind === "map" ? witness("map", ...common) : witness("segmentation", ...common, order);
        return { path, answer };
      };

      const segmented = async (type: "binary" | "labelmap") => {
        const { labels, segments } = madeLabels(read.size);
        const lesions = [1, 2, 3].map((label) => madeLesion(label));
        const result = { name, size: read.size, labels, lesions };
        const file = await encodeSegmentation(read.source, result, read.geometry, { type });
        return asked(type, file as Uint8Array, segments);
      };

      test(`binary segmentation${noDciodvfy && " without dciodvfy"}`, async () => {
        const { path, answer } = await segmented("binary");
        const { frames } = read.source;
        expect(answer.differing).toBe(0);
        expect(answer.segments).toEqual([
          [1, "Anomaly 1", "52988006"],
          [2, "Anomaly 3", "52988006"],
        ]);
        expect(answer.head).toMatchObject({ private: 0, overlong: [] });
        expect(answer.head.referenced).toEqual([
          ...new Set(frames.map(({ sopInstanceUid }) => sopInstanceUid)),
        ]);
        for (const frame of answer.frames) {
          const source = frames.find(
            ({ sopInstanceUid, frame: number }) =>
              sopInstanceUid === frame.instance && (number ?? null) === frame.frame,
          );
          expect(frame.position).toEqual(placed ? source?.position : null);
        }
        if (placed) {
          const there = { differing: 0, off: expect.closeTo(0, 2) };
          expect(answer.volume).toEqual(there);
          expect(answer.dcmqi).toEqual([there, there]);
        }
        if (hasDciodvfy) expect(verdictOf(path)).toEqual(["Segmentation"]);
      });

      test("label map", async () => {
        const { answer } = await segmented("labelmap");
        expect(answer.differing).toBe(0);
        expect(answer.segments.map(([number]: [number]) => number)).toEqual([0, 1, 2]);
        if (placed) {
          const there = { differing: 0, off: expect.closeTo(0, 2) };
          expect(answer.volume).toEqual(there);
          expect(answer.dcmqi).toEqual([there]);
        }
      });

      if (placed) {
        test(`parametric map${noDciodvfy && " without dciodvfy"}`, async () => {
          const { size, source, geometry } = read;
          const mapOf = (z: number) => madeMap(size, z);
          const values = new Float32Array(size[0] * size[1] * size[2]);
          for (let z = 0; z < size[2]; z++) values.set(mapOf(z), z * size[0] * size[1]);
          const file = await encodeParametricMap(source, { name, size, mapOf }, geometry);
          const { path, answer } = asked("map", file, values);
          expect(answer).toMatchObject({ type: "float32", differing: 0, unit: "{SD}" });
          expect(answer.frames.map(({ position }: { position: unknown }) => position)).toEqual(
            source.frames.map(({ position }) => position),
          );
          expect(answer.dcmqi).toEqual([{ differing: 0, off: expect.closeTo(0, 2) }]);
          if (hasDciodvfy) expect(verdictOf(path)).toEqual(["ParametricMap"]);
        });
      }

      if (!real) {
        test("names in their letters", async () => {
          const { answer } = await segmented("binary");
          expect(answer.head).toMatchObject(
            placed
              ? { PatientName: "Müller^Jürgen", PatientID: "PÄ-1", StudyDescription: "Übersicht" }
              : { PatientName: "Yamada^Tarou=山田^太郎=やまだ^たろう", PatientID: "" },
          );
        });
      }
    });
  }
});
