import { expect, test } from "vitest";
import { headVolume } from "../phantom/volume.ts";
import type { SliceOptions } from "../types.ts";
import { sliceSources } from "./slice-sources.ts";
import type { VolumeInput } from "./volume-input.ts";

const { volume } = headVolume({ seed: 1, size: 64, slices: 3, spacing: 4 });
const head: VolumeInput = { name: "head.nii", stamp: "1000 bytes", read: async () => ({ volume }) };

async function stamps(options: SliceOptions): Promise<readonly (string | undefined)[]> {
  const { images } = await sliceSources([head], options, {});
  return images.map(({ stamp }) => stamp);
}

test("slices are named after their volume, and read one by one", async () => {
  const { images, failures } = await sliceSources([head], {}, {});
  expect(failures).toEqual([]);
  expect(images.map(({ name }) => name)).toEqual([1, 2, 3].map((number) => `head.nii slice ${number}`));
  expect(await images[1].read()).toMatchObject({ name: "head.nii slice 2", width: 64, height: 64 });
});

test("slices that are cut or shown otherwise are others to a fit that goes on", async () => {
  const [axial] = await stamps({});
  expect(await stamps({})).toEqual([axial, axial, axial]);
  expect((await stamps({ axis: "coronal" }))[0]).not.toBe(axial);
  expect((await stamps({ window: { low: 0, high: 1 } }))[0]).not.toBe(axial);
});
