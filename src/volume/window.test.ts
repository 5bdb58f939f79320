import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import type { Volume, VoxelArray } from "../volume-types.ts";
import { parseWindow, windowOf } from "./window.ts";

function volumeOf(data: VoxelArray, more: Partial<Volume> = {}): Volume {
  const geometry = { spacing: [1, 1, 1], unit: "mm" } as const;
  return { name: "scan.nii", size: [data.length, 1, 1], data, geometry, issues: [], ...more };
}

/** `parts` of [share in 1000, lowest value, highest value], each an even ramp. */
function mixed(...parts: readonly (readonly [number, number, number])[]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([count, low, high]) =>
      Array.from({ length: count }, (_, i) => low + ((high - low) * i) / Math.max(1, count - 1)),
    ),
  );
}

describe("a window's text", () => {
  test("is centre and width, a preset, or where it comes from", () => {
    expect(parseWindow("40,400")).toEqual({ low: -160, high: 240 });
    expect(parseWindow(" -600 , 1500 ")).toEqual({ low: -1350, high: 150 });
    for (const name of ["file", "percentiles", "liver", "brain", "lung", "bone", "soft-tissue"] as const) {
      expect(parseWindow(name)).toBe(name);
    }
  });

  test.each(["", "40", "40,0", "40,-5", "40,", ",400", "a,b", "1,2,3", "40,Infinity", "toString"])(
    "%o is refused",
    async (text) => {
      await expectMiasError(() => parseWindow(text), "usage", `bone, got ${text}`);
    },
  );
});

describe("by default", () => {
  const window = { low: -160, high: 240 };
  const data = mixed([100, 0, 99]);

  test("the file's own window of a CT", () => {
    expect(windowOf(volumeOf(data, { modality: "CT", window }))).toEqual(window);
  });

  test("percentiles of all else", () => {
    const percentiles = windowOf(volumeOf(data), "percentiles");
    expect(windowOf(volumeOf(data, { modality: "MR", window }))).toEqual(percentiles);
    expect(windowOf(volumeOf(data, { window }))).toEqual(percentiles);
    expect(windowOf(volumeOf(data, { window }), "file")).toEqual(window);
  });
});

test("presets are for CT", async () => {
  const data = mixed([100, 0, 99]);
  expect(windowOf(volumeOf(data, { modality: "CT" }), "liver")).toEqual({ low: -45, high: 105 });
  expect(windowOf(volumeOf(data), "lung")).toEqual({ low: -1350, high: 150 });
  await expectMiasError(
    () => windowOf(volumeOf(data, { modality: "MR" }), "lung"),
    "usage",
    "for CT only, got MR",
  );
  await expectMiasError(() => windowOf(volumeOf(data), "file"), "usage", "must have a window of its own");
});

describe("percentiles", () => {
  const body = [100, 200, 600] as const;

  test("are the body's, however much background there is", () => {
    for (const background of [100, 900, 4900]) {
      const window = windowOf(volumeOf(mixed([background, 0, 20], body)));
      expect(window).toEqual({ low: expect.closeTo(202, 0), high: expect.closeTo(598, 0) });
    }
  });

  test("are the body's where interpolation rings around a background of zeros", () => {
    const window = windowOf(volumeOf(mixed([10, -80, -1], [10, 1, 40], [880, 0, 0], body)));
    expect(window).toEqual({ low: expect.closeTo(202, 0), high: expect.closeTo(598, 0) });
  });

  test("are not stretched by some bright fat, nor by a hot voxel", () => {
    const fat = windowOf(volumeOf(mixed([500, 0, 20], [460, 200, 600], [40, 3000, 4000])));
    expect(fat.high).toBeLessThan(1300);
    expect(fat.high).toBeGreaterThan(600);
    const hot = windowOf(volumeOf(mixed([500, 0, 20], [999, 200, 600], [1, 1e6, 1e6])));
    expect(hot.high).toBeLessThan(700);
  });

  test("of a CT are those of what is denser than air", () => {
    const ct = volumeOf(mixed([300, -3024, -3024], [300, -1010, -990], [400, -100, 300]), { modality: "CT" });
    expect(windowOf(ct)).toEqual({ low: expect.closeTo(-98, 0), high: expect.closeTo(298, 0) });
  });

  test("are those of the dark end where low values are bright", () => {
    const plain = windowOf(volumeOf(mixed([900, 0, 20], body)));
    const negative = mixed([900, 0, 20], body).map((value) => -value);
    const inverted = windowOf(volumeOf(negative, { inverted: true }));
    expect(inverted).toEqual({ low: -plain.high, high: -plain.low });
  });

  test("become the whole range where the body has one value", () => {
    expect(windowOf(volumeOf(Uint8Array.of(0, 0, 0, 1, 1)))).toEqual({ low: 0, high: 1 });
  });

  test("need something to be seen", async () => {
    const even = volumeOf(new Uint8Array(5).fill(3));
    await expectMiasError(() => windowOf(even), "image-unsupported", "every voxel has the value 3");
  });

  test("of millions of voxels are taken at steps", () => {
    const data = Uint16Array.from({ length: 2 ** 22 }, (_, i) => (i % 1000 < 500 ? 0 : 500 + (i % 1000)));
    const { low, high } = windowOf(volumeOf(data, { size: [1024, 1024, 4] }));
    expect(low).toBeCloseTo(1002, -1);
    expect(high).toBeCloseTo(1497, -1);
  });
});
