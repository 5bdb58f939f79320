import { expect, test } from "vitest";
import type { VolumeSize } from "../volume-types.ts";
import { readVoxels, type StoredVoxels } from "./stored-voxels.ts";

/** More than one block, and no whole number of them. */
const large: VolumeSize = [1001, 700, 1];
const VOXELS = 1001 * 700;

function read(bytes: Uint8Array, stored: Partial<StoredVoxels>, volumeIndex?: number) {
  const source = { bytes, compression: "none", offset: 0 } as const;
  const request = { name: "scan", format: "test", ...(volumeIndex === undefined ? {} : { volumeIndex }) };
  return readVoxels(request, source, {
    ...{ type: "uint8", bigEndian: false, size: large, volumes: 1, channels: 1, slope: 1, intercept: 0 },
    ...stored,
  });
}

test("colours whose blocks are no whole rows become grey, voxel by voxel", async () => {
  const colours = Uint8Array.from({ length: 3 * VOXELS }, (_, i) => (i * 7) % 251);
  const { data, issues } = await read(colours, { channels: 3 });
  expect(issues.map(({ code }) => code)).toEqual(["colour-to-grey"]);
  const wrong = data.findIndex((grey, i) => {
    const [r, g, b] = colours.subarray(3 * i, 3 * i + 3);
    return grey !== Math.round((299 * r + 587 * g + 114 * b) / 1000);
  });
  expect(wrong).toBe(-1);
});

test("one of several volumes that lie voxel by voxel", async () => {
  const mixed = Uint16Array.from({ length: 5 * VOXELS }, (_, i) => i % 65_521);
  const { data } = await read(
    new Uint8Array(mixed.buffer),
    { type: "uint16", volumes: 5, interleaved: true },
    3,
  );
  expect(data.findIndex((value, i) => value !== mixed[5 * i + 3])).toBe(-1);
});

test("big-endian numbers of 64 bits, scaled", async () => {
  const bytes = new Uint8Array(8 * VOXELS);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < VOXELS; i++) view.setFloat64(8 * i, i / 4, false);
  const { data } = await read(bytes, { type: "float64", bigEndian: true, slope: 2, intercept: -1 });
  expect(data.findIndex((value, i) => value !== i / 2 - 1)).toBe(-1);
});

test("an intercept keeps 16 bits where the sums fit, and makes floats where they do not", async () => {
  const size: VolumeSize = [2, 1, 1];
  const shifted = async (type: "int16" | "uint16", values: readonly number[], intercept: number) => {
    const stored = type === "int16" ? Int16Array.from(values) : Uint16Array.from(values);
    return (await read(new Uint8Array(stored.buffer), { type, size, intercept })).data;
  };
  expect(await shifted("uint16", [0, 4095], -1024)).toEqual(Int16Array.of(-1024, 3071));
  expect(await shifted("int16", [-32768, 32767], 32768)).toEqual(Uint16Array.of(0, 65535));
  expect(await shifted("int16", [-32768, 32767], 1)).toEqual(Float32Array.of(-32767, 32768));
  expect(await shifted("int16", [-5, 5], 0.5)).toEqual(Float32Array.of(-4.5, 5.5));
});
