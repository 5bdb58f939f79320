// Volumes in every form against nibabel and SimpleITK; see scripts/golden_volumes.py.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readVolume } from "../src/volume/read-volume.ts";

interface Truth {
  readonly size: readonly number[];
  readonly data: readonly number[];
  readonly issues: readonly string[];
  /** LPS. */
  readonly affine?: readonly number[];
  /** Told where there is no affine. */
  readonly spacing?: readonly number[];
  readonly volumeIndex?: number;
  readonly window?: readonly number[];
}

const FOLDER = new URL("golden/volumes/", import.meta.url);
const truth: Record<string, Truth> = JSON.parse(readFileSync(new URL("truth.json", FOLDER), "utf8"));

function bytesOfFile(file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(file, FOLDER)));
}

test.each(Object.entries(truth))("%s", async (key, expected) => {
  const file = key.split("#")[0];
  const { volumeIndex } = expected;
  const volume = await readVolume(file, bytesOfFile(file), {
    sibling: async (name) => bytesOfFile(name),
    ...(volumeIndex === undefined ? {} : { volumeIndex }),
  });
  expect(volume.size).toEqual(expected.size);
  expect([...volume.data]).toEqual(expected.data);
  expect(volume.issues.map(({ code }) => code)).toEqual(expected.issues);
  expect(volume.geometry.unit).toBe("mm");
  expect(volume.geometry.affine === undefined).toBe(expected.affine === undefined);
  for (const [i, value] of (expected.affine ?? []).entries()) {
    expect(volume.geometry.affine?.[i]).toBeCloseTo(value, 6);
  }
  if (expected.spacing) expect(volume.geometry.spacing).toEqual(expected.spacing);
  if (expected.window) expect(volume.window).toEqual({ low: expected.window[0], high: expected.window[1] });
  expect(JSON.stringify({ ...volume, data: [] })).not.toContain("Doe");
});

test("whole numbers of 8 and 16 bits stay as they are stored where they can", async () => {
  const kinds: readonly (readonly [string, NewableFunction])[] = [
    ["int8.nii", Int16Array],
    ["uint8.nii", Uint8Array],
    ["int16.nii", Int16Array],
    ["uint16.nii", Uint16Array],
    ["shifted.nii", Int16Array],
    ["far.nii", Uint16Array],
    ["byte-shifted.nii", Int16Array],
    ["scaled.nii", Float32Array],
    ["int32.nii", Float32Array],
    ["big.nii", Int16Array],
  ];
  for (const [file, kind] of kinds) {
    expect((await readVolume(file, bytesOfFile(file))).data, file).toBeInstanceOf(kind);
  }
});

test("the modality of a MetaImage is DICOM's", async () => {
  expect((await readVolume("big.mha", bytesOfFile("big.mha"))).modality).toBe("CT");
});
