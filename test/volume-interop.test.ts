// Real NIfTI files as Python's nibabel reads them, and our NIfTI files in its hands. Skipped where Python has no nibabel
// (scripts/requirements-interop.txt; in .venv or on the path) or ../shared/data is not there.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Geometry } from "../src/types.ts";
import { flipXY } from "../src/volume/affine.ts";
import { encodeNifti } from "../src/volume/encode-nifti.ts";
import { niftiHeaderOf } from "../src/volume/read-nifti.ts";
import { readVolume } from "../src/volume/read-volume.ts";

const DATA = fileURLToPath(new URL("../../shared/data/formats/nifti/", import.meta.url));

const python = findPython("numpy, nibabel");
const reason = python ? "" : " (SKIPPED: no Python with nibabel, see scripts/requirements-interop.txt)";
const files = existsSync(DATA) ? readdirSync(DATA).sort() : [];
const noFiles = files.length > 0 ? "" : " (SKIPPED: ../shared/data is not there)";
if (reason || noFiles) console.warn(`test/volume-interop.test.ts${reason}${noFiles}`);

/** Writes the first volume as float32 in the file's order, and tells affine, shape and codes. */
const READ = `
import json, sys
import numpy as np, nibabel
image = nibabel.load(sys.argv[1])
data = np.asarray(image.dataobj, dtype=np.float64)
data = data.reshape(data.shape[:3] + (-1,), order="F")[..., 0]
with open(sys.argv[2], "wb") as out:
    out.write(data.astype("<f4").tobytes(order="F"))
h = image.header
print(json.dumps({
    "affine": image.affine.ravel().tolist(),
    "qform": None if image.get_qform(coded=True)[0] is None else image.get_qform().ravel().tolist(),
    "shape": [int(n) for n in data.shape],
    "codes": [int(h["qform_code"]), int(h["sform_code"])],
    "type": str(h.get_data_dtype()), "spatial": h.get_xyzt_units()[0],
    "texts": [bytes(h[k]).rstrip(b"\\0").decode("latin1") for k in ("descrip", "aux_file", "intent_name")],
}))
`;

import { findPython, runPython } from "./support/python.ts";

interface Witness {
  readonly affine: readonly number[];
  readonly qform: readonly number[] | null;
  readonly shape: readonly number[];
  readonly codes: readonly number[];
  readonly type: string;
  readonly spatial: string;
  readonly texts: readonly string[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mias-volume-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function witness(path: string): Witness & { readonly data: Float32Array } {
  const values = join(folder, "values");
  const told: Witness = JSON.parse(runPython(python as string, READ, path, values));
  return { ...told, data: new Float32Array(new Uint8Array(readFileSync(values)).buffer) };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe.skipIf(!python || files.length === 0)(`nibabel${reason}${noFiles}`, () => {
  test.each(files)("reads the same voxels and affine in %s, and in what we write for it", async (file) => {
    const bytes = new Uint8Array(readFileSync(join(DATA, file)));
    const theirs = witness(join(DATA, file));
    const ours = await readVolume(file, bytes);
    expect(ours.size).toEqual(theirs.shape);
    expect(largestDifference(ours.data, theirs.data)).toBe(0);
    expect(largestDifference(flipXY(ours.geometry.affine ?? []), theirs.affine)).toBeLessThan(1e-6);

    const like = await niftiHeaderOf(file, bytes);
    const mask = Uint8Array.from(ours.data, (value) => (value > 0 ? 1 : 0));
    const options = { description: "mask", ...(like ? { like } : {}) };
    const back = witness(written("mask.nii.gz", encodeNifti(mask, ours.size, ours.geometry, options)));
    expect(back).toMatchObject({
      codes: theirs.codes,
      type: "uint8",
      spatial: "mm",
      texts: ["mask", "", ""],
    });
    expect(largestDifference(back.affine, theirs.affine)).toBeLessThan(1e-6);
    expect(largestDifference(back.qform ?? theirs.affine, theirs.qform ?? theirs.affine)).toBeLessThan(1e-6);
    expect(largestDifference(back.data, mask)).toBe(0);

    const plain = witness(written("plain.nii.gz", encodeNifti(mask, ours.size, ours.geometry)));
    expect(largestDifference(plain.affine, theirs.affine)).toBeLessThan(1e-5);
  });
});

/** Turned about the x axis and mirrored, as of a tilted gantry with 5 mm slices. */
const tilted: Geometry = {
  spacing: [0.5, 0.75, 5],
  unit: "mm",
  affine: [0.5, 0, 0, -100.5, 0, 0.6, -3, 20.25, 0, 0.45, 4, -300, 0, 0, 0, 1],
};
const sheared: Geometry = {
  ...tilted,
  affine: [0.5, 0.25, 0, -100.5, 0, 0.6, -3, 20.25, 0, 0.45, 4, -300, 0, 0, 0, 1],
};

describe.skipIf(!python)(`nibabel reads what has no NIfTI to be like${reason}`, () => {
  const size = [3, 2, 4] as const;
  const values = Array.from({ length: 24 }, (_, i) => i * 3);

  test.each([
    ["uint8", Uint8Array.from(values), tilted, [1, 1]],
    ["uint16", Uint16Array.from(values, (value) => value * 900), tilted, [1, 1]],
    ["float32", Float32Array.from(values, (value) => value / 7 - 2), tilted, [1, 1]],
    ["uint8", Uint8Array.from(values), sheared, [0, 1]],
  ] as const)("%s", (type, data, geometry, codes) => {
    const back = witness(written("made.nii.gz", encodeNifti(data, size, geometry)));
    expect(back).toMatchObject({ type, codes, shape: [...size], spatial: "mm", texts: ["", "", ""] });
    expect(largestDifference(back.affine, flipXY(geometry.affine ?? []))).toBeLessThan(1e-6);
    expect(largestDifference(back.data, data)).toBe(0);
    if (back.qform) expect(largestDifference(back.qform, back.affine)).toBeLessThan(1e-5);
  });

  test("a spacing alone", () => {
    const geometry = { spacing: [0.5, 0.75, 5], unit: "mm" } as const;
    const back = witness(written("spacing.nii.gz", encodeNifti(Uint8Array.from(values), size, geometry)));
    expect(back.codes).toEqual([0, 0]);
    expect([0, 5, 10].map((i) => Math.abs(back.affine[i]))).toEqual([0.5, 0.75, 5]);
  });

  test("a float map read here again is the same", async () => {
    const map = Float32Array.from(values, (value) => Math.sin(value));
    expect((await readVolume("map", encodeNifti(map, size, tilted))).data).toEqual(map);
  });
});
