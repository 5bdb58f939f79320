import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { headVolume } from "./volume.ts";

const small = { seed: 3, size: 64, slices: 12 } as const;
const area = 64 * 64;

describe("headVolume", () => {
  const healthy = headVolume(small);
  const ill = headVolume({ ...small, lesions: ["bright", "dark"] });

  test("is a volume with its place in the patient", () => {
    const { volume } = healthy;
    expect(volume).toMatchObject({ name: "phantom-volume-3", size: [64, 64, 12], issues: [] });
    expect(volume.geometry).toMatchObject({ spacing: [3.5, 3.5, 3], unit: "mm" });
    expect(volume.geometry.affine).toEqual([
      3.5, 0, 0, -110.25, 0, 3.5, 0, -110.25, 0, 0, 3, -16.5, 0, 0, 0, 1,
    ]);
    expect(volume.data).toHaveLength(12 * area);
  });

  test("changes smoothly from slice to slice: neighbours are more alike than distant slices", () => {
    const { data } = healthy.volume;
    const difference = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < area; i++) sum += Math.abs(data[a * area + i] - data[b * area + i]);
      return sum;
    };
    for (let z = 0; z + 6 < 12; z++) expect(difference(z, z + 1)).toBeLessThan(difference(z, z + 6));
  });

  test("differs by its lesions alone, which are the truth", () => {
    const changed = ill.volume.data.map((value, i) => (value === healthy.volume.data[i] ? 0 : 1));
    expect(healthy.truth.every((label) => label === 0)).toBe(true);
    expect(ill.lesions.map(({ kind }) => kind)).toEqual(["bright", "dark"]);
    for (const [i, label] of ill.truth.entries()) if (label === 0) expect(changed[i]).toBe(0);
  });

  test("has solid lesions: of each, the slices between its first and last", () => {
    for (const { label, voxels, slices } of ill.lesions) {
      const areas = Array.from(
        { length: 12 },
        (_, z) => ill.truth.subarray(z * area, (z + 1) * area).filter((value) => value === label).length,
      );
      expect(areas.reduce((sum, value) => sum + value, 0)).toBe(voxels);
      for (const [z, value] of areas.entries()) expect(value > 0).toBe(z >= slices[0] && z <= slices[1]);
      expect(slices[1]).toBeGreaterThan(slices[0]);
    }
  });

  test("is the same each time, and another with another seed", () => {
    expect(headVolume(small)).toEqual(healthy);
    expect(headVolume({ ...small, seed: 4 }).volume.data).not.toEqual(healthy.volume.data);
  });

  test("refuses what is out of range", async () => {
    await expectMiasError(() => headVolume({ ...small, size: 63 }), "usage", "from 64 to 512, got 63");
    await expectMiasError(() => headVolume({ ...small, slices: 0 }), "usage", "from 1 to 64, got 0");
    await expectMiasError(() => headVolume({ ...small, spacing: 9 }), "usage", "96 mm at most, got 9 for 12");
  });
});
