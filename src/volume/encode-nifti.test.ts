// What other programs read of these files is tested in test/volume-interop.test.ts.

import { gunzipSync } from "fflate";
import { expect, test } from "vitest";
import { niftiFile } from "../../test/support/made-volumes.ts";
import type { Geometry } from "../types.ts";
import { joined } from "../util/joined.ts";
import { encodeNifti, niftiChunks } from "./encode-nifti.ts";
import { niftiHeaderOf } from "./read-nifti.ts";
import { readVolume } from "./read-volume.ts";

const size = [2, 2, 2] as const;
const labels = Uint8Array.of(0, 1, 0, 2, 0, 0, 3, 0);
const geometry: Geometry = {
  spacing: [2, 3, 4],
  unit: "mm",
  affine: [0, 3, 0, -10, -2, 0, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1],
};

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(gunzipSync(bytes));
}

test("voxels and place come back", async () => {
  const back = await readVolume("mask.nii.gz", encodeNifti(labels, size, geometry));
  expect(back).toEqual({ name: "mask.nii.gz", size, data: labels, geometry, issues: [] });
});

test("the same voxels give the same bytes, whatever the time", () => {
  const bytes = encodeNifti(labels, size, geometry);
  expect(encodeNifti(labels, size, geometry)).toEqual(bytes);
  // The time of gzip's header.
  expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
});

test("a map that comes plane by plane gives the file of the whole one", async () => {
  const map = Float32Array.from({ length: 8 }, (_, i) => i / 4);
  const planes = [map.subarray(0, 4), map.subarray(4)];
  const chunks = [...niftiChunks({ type: "float32", parts: planes }, size, geometry)];
  const back = await readVolume("map.nii.gz", joined(Uint8Array, chunks));
  expect(back).toEqual({ name: "map.nii.gz", size, data: map, geometry, issues: [] });
  expect(back).toMatchObject(await readVolume("map.nii.gz", encodeNifti(map, size, geometry)));
});

test("a description is cut to what the field holds, and kept ASCII", () => {
  expect(textOf(encodeNifti(labels, size, geometry, { description: "labels \u00b5" }))).toContain(
    "labels ?\0",
  );
  const long = textOf(encodeNifti(labels, size, geometry, { description: "x".repeat(200) }));
  expect(long).toContain(`${"x".repeat(79)}\0`);
  expect(long).not.toContain("x".repeat(80));
});

test("nothing of the input's free text is carried over", async () => {
  const input = niftiFile(new Uint8Array(8));
  // data_type, db_name, descrip, aux_file, intent_name
  for (const at of [4, 14, 148, 228, 328]) input.set(new TextEncoder().encode("Doe^Jane"), at);
  const volume = await readVolume("scan.nii", input);
  const like = await niftiHeaderOf("scan.nii", input);
  expect(like).toBeDefined();
  const bytes = encodeNifti(labels, size, volume.geometry, like ? { like } : {});
  expect(textOf(bytes)).not.toContain("Doe");
});

test("a header of another place is not kept", async () => {
  const like = await niftiHeaderOf("other.nii", niftiFile(new Uint8Array(8)));
  const bytes = encodeNifti(labels, size, geometry, like ? { like } : {});
  expect(bytes).toEqual(encodeNifti(labels, size, geometry));
});

test("a side that NIfTI-1 cannot tell makes it NIfTI-2", async () => {
  const line = new Uint8Array(40_000).fill(1);
  const bytes = encodeNifti(line, [40_000, 1, 1], geometry);
  expect(gunzipSync(bytes)[0] + 256 * gunzipSync(bytes)[1]).toBe(540);
  expect((await readVolume("line.nii.gz", bytes)).size).toEqual([40_000, 1, 1]);
});
