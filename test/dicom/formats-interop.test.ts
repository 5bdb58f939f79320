// Every real file of ../shared/data/formats/dicom: our decoded, rescaled pixels against pydicom's, value for value.
// Skipped where the files, or Python with pydicom (scripts/requirements-interop.txt), are missing.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeFrame } from "../../src/dicom/decode-frame.ts";
import { parseInstance } from "../../src/dicom/parse-instance.ts";
import { planSeries } from "../../src/dicom/plan-series.ts";
import { readSeriesVolume } from "../../src/dicom/read-series.ts";
import { expectMiasError } from "../support/expect-mias-error.ts";
import { findPython } from "../support/python.ts";

const ROOT = fileURLToPath(new URL("../../../shared/data/formats/dicom/", import.meta.url));
const WITNESS = fileURLToPath(new URL("pydicom_witness.py", import.meta.url));
/** A segmentation: refused as an image, read below as if it were one. */
const SEGMENTATION = "multiframe/liver.dcm";
/** Grey levels that a decoder may differ by; everything else, lossy or not, is equal. */
const TOLERANCES: Readonly<Record<string, number>> = {
  "transfer_syntaxes/JPGExtended.dcm": 1,
};

interface Witness {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly position: readonly number[];
  readonly orientation: readonly number[];
  readonly spacing: readonly number[];
}

/** Where pydicom's attributes put a pixel, LPS in mm (PS3.3 equation C.7.6.2.1-1). */
function placeOf({ position, orientation, spacing }: Witness, column: number, row: number): number[] {
  return position.map(
    (at, axis) => at + orientation[axis] * spacing[1] * column + orientation[3 + axis] * spacing[0] * row,
  );
}

/** Where our affine puts a voxel. */
function affinePlace(affine: readonly number[], voxel: readonly number[]): number[] {
  return [0, 4, 8].map((row) =>
    [...voxel, 1].reduce((sum, value, column) => sum + affine[row + column] * value, 0),
  );
}

/** The corners of slice z, where pydicom's attributes put them. */
function expectSamePlaces(affine: readonly number[], z: number, witness: Witness): void {
  const [, rows, columns] = witness.shape;
  for (const [column, row] of [
    [0, 0],
    [columns - 1, 0],
    [columns - 1, rows - 1],
  ]) {
    const ours = affinePlace(affine, [column, row, z]);
    placeOf(witness, column, row).forEach((theirs, axis) => void expect(ours[axis]).toBeCloseTo(theirs, 5));
  }
}

function filesBelow(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return all.filter((path) => statSync(join(folder, path)).isFile()).sort();
}

const files = existsSync(ROOT) ? filesBelow(ROOT) : [];
const python = findPython("pydicom, numpy, pylibjpeg, openjpeg, libjpeg, PIL");
const missing = files.length === 0 ? "../shared/data/formats/dicom is not there" : "no Python with pydicom";
const reason = files.length > 0 && python ? "" : ` (SKIPPED: ${missing})`;
if (reason) console.warn(`test/dicom/formats-interop.test.ts${reason}`);

/** The file's bytes; of the segmentation, as a multi-frame single-bit capture, a class whose UID is as long. */
function bytesOf(path: string): Uint8Array {
  const bytes = readFileSync(join(ROOT, path));
  if (path !== SEGMENTATION) return bytes;
  const text = bytes
    .toString("latin1")
    .replaceAll("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.7.1\0");
  return Buffer.from(text, "latin1");
}

describe.skipIf(reason !== "")(`pydicom${reason}`, () => {
  const witnesses = new Map<string, Witness>();
  let folder = "";
  const witnessOf = (path: string): Witness => {
    const witness = witnesses.get(path);
    if (!witness) throw new Error(`pydicom told nothing of ${path}`);
    return witness;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mias-pydicom-"));
    const paths = files.map((path) => join(ROOT, path));
    const told: Omit<Witness, "values">[] = JSON.parse(
      execFileSync(python ?? "", [WITNESS, folder, ...paths], { encoding: "utf8", maxBuffer: 2 ** 26 }),
    );
    told.forEach((witness, number) => {
      const bytes = readFileSync(join(folder, `${number}.f8`));
      const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
      witnesses.set(files[number], { ...witness, values });
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(files)("%s", async (path) => {
    const instance = parseInstance(path, bytesOf(path));
    const { shape, values } = witnessOf(path);
    const { rows, columns } = instance.header.layout;
    expect([instance.header.frames.length, rows, columns]).toEqual(shape.slice(0, 3));
    const size = values.length / shape[0];
    let worst = 0;
    for (let index = 0; index < shape[0]; index++) {
      const ours = (await decodeFrame(instance, index)).values;
      expect(ours.length).toBe(size);
      for (let at = 0; at < size; at++)
        worst = Math.max(worst, Math.abs(ours[at] - values[index * size + at]));
    }
    expect(worst).toBeLessThanOrEqual(TOLERANCES[path] ?? 0);
  });

  test("the segmentation is refused as an image, by name", async () => {
    const bytes = readFileSync(join(ROOT, SEGMENTATION));
    await expectMiasError(
      () => parseInstance("liver.dcm", bytes),
      "image-unsupported",
      "Segmentation Storage",
    );
  });

  test.each(["ct_series_ircad", "mr_series_vs_seg"])(
    "%s is a volume, whatever the files are called",
    async (series) => {
      const paths = files.filter((path) => path.startsWith(series)).reverse();
      const headers = paths.map((path) => parseInstance(path, bytesOf(path)).header);
      const [plan, ...others] = planSeries(series, headers);
      expect(others).toEqual([]);
      if (plan.kind !== "volume") throw new Error("not a volume");
      const { volume, source } = await readSeriesVolume(plan, async (name) => bytesOf(name));
      const size = volume.size[0] * volume.size[1];
      const inOrder = [...paths].reverse();
      inOrder.forEach((path, z) => {
        const witness = witnessOf(path);
        const { values } = witness;
        const slice = volume.data.subarray(z * size, (z + 1) * size);
        expect(
          slice.every((value, at) => value === values[at]),
          path,
        ).toBe(true);
        expectSamePlaces(volume.geometry.affine ?? [], z, witness);
      });
      expect(source.frames.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
        inOrder.map((path) => headers[paths.indexOf(path)].sopInstanceUid),
      );
    },
  );
});
