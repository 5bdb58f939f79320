import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { madeImage } from "../../test/dicom/made-dicom.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { parseInstance } from "./parse-instance.ts";
import { planSeries } from "./plan-series.ts";
import { readPicture } from "./read-picture.ts";
import { readSeriesVolume } from "./read-series.ts";
import type { PicturesPlan, VolumePlan } from "./series-plan.ts";

const GOLDEN = fileURLToPath(new URL("../../test/golden/dicom/", import.meta.url));

/** A slice of 3 x 2 pixels at height z. */
function slice(
  z: number,
  pixels: readonly number[],
  changes: Parameters<typeof madeImage>[0] = {},
): Uint8Array {
  return madeImage({
    524312: [0x00080018, "UI", `2.25.${z + 100}`],
    2097202: [0x00200032, "DS", `0\\0\\${z}`],
    2097207: [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
    2621488: [0x00280030, "DS", "2\\3"],
    2145386512: [0x7fe00010, "OB", Uint8Array.from(pixels)],
    ...changes,
  });
}

/** The plan of files, and how they are read. */
function planOf(files: Readonly<Record<string, Uint8Array>>) {
  const headers = Object.entries(files).map(([name, bytes]) => parseInstance(name, bytes).header);
  const [plan] = planSeries("scan", headers);
  return { plan, readBytes: async (name: string) => files[name] };
}

describe("a volume read", () => {
  test("lies in order of places, with its sources", async () => {
    const files = { a: slice(4, [6, 7, 8, 9, 10, 11]), b: slice(2, [0, 1, 2, 3, 4, 5]) };
    const { plan, readBytes } = planOf(files);
    const { volume, source } = await readSeriesVolume(plan as VolumePlan, readBytes);
    expect(volume.data).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    expect(volume).toMatchObject({ name: "scan", size: [3, 2, 2], modality: "OT" });
    expect(volume.geometry.spacing).toEqual([3, 2, 2]);
    expect(source.frames).toEqual([
      { sopClassUid: "1.2.840.10008.5.1.4.1.1.7", sopInstanceUid: "2.25.102", position: [0, 0, 2] },
      { sopClassUid: "1.2.840.10008.5.1.4.1.1.7", sopInstanceUid: "2.25.104", position: [0, 0, 4] },
    ]);
    expect(source.attributes).toMatchObject({ SeriesInstanceUID: "2.25.2" });
  });

  test("takes the type that holds the rescaled values", async () => {
    const rescale = (slope: string, intercept: string) => ({
      2625618: [0x00281052, "DS", intercept] as const,
      2625619: [0x00281053, "DS", slope] as const,
    });
    const read = async (slope: string, intercept: string) => {
      const pixels = [0, 1, 2, 3, 4, 255];
      const files = {
        a: slice(0, pixels, rescale(slope, intercept)),
        b: slice(1, pixels, rescale(slope, intercept)),
      };
      const { plan, readBytes } = planOf(files);
      return (await readSeriesVolume(plan as VolumePlan, readBytes)).volume.data;
    };
    expect((await read("1", "-1024")).subarray(0, 3)).toEqual(Int16Array.of(-1024, -1023, -1022));
    expect((await read("100", "0")).subarray(4, 6)).toEqual(Uint16Array.of(400, 25500));
    expect((await read("0.5", "0")).subarray(0, 3)).toEqual(Float32Array.of(0, 0.5, 1));
  });

  test("of an enhanced image has its frames by place, each rescaled by its own factors", async () => {
    const bytes = readFileSync(`${GOLDEN}enhanced.dcm`);
    const expected: Record<string, number[][]> = JSON.parse(readFileSync(`${GOLDEN}expected.json`, "utf8"));
    const { plan, readBytes } = planOf({ "enhanced.dcm": bytes });
    const { volume, source } = await readSeriesVolume(plan as VolumePlan, readBytes);
    const [atFive, atZero, between] = expected["enhanced.dcm"];
    expect([...volume.data]).toEqual([...atZero, ...between, ...atFive]);
    expect(source.frames.map(({ frame }) => frame)).toEqual([2, 3, 1]);
    expect(volume.geometry.affine).toEqual([0.75, 0, 0, -10, 0, 0.5, 0, -20, 0, 0, 2.5, 0, 0, 0, 0, 1]);
  });

  test("tells of values that rescale makes infinite", async () => {
    const changes = { 2625618: [0x00281052, "DS", "0"], 2625619: [0x00281053, "DS", "1e39"] } as const;
    const files = { a: slice(0, [0, 0, 0, 0, 0, 1], changes), b: slice(1, [0, 0, 0, 0, 0, 0], changes) };
    const { plan, readBytes } = planOf(files);
    const { volume } = await readSeriesVolume(plan as VolumePlan, readBytes);
    expect(volume.issues).toMatchObject([{ code: "rescale-odd" }, { code: "non-finite-pixels" }]);
    expect([...volume.data]).toEqual(new Array(12).fill(0));
  });

  test("is refused where a file is another one by now", async () => {
    const files = { a: slice(0, [0, 0, 0, 0, 0, 0]), b: slice(1, [0, 0, 0, 0, 0, 0]) };
    const { plan } = planOf(files);
    const reading = readSeriesVolume(plan as VolumePlan, async () => files.b);
    await expectMiasError(reading, "image-unreadable", "must not change while it is read");
  });

  test("stops when it is told to", async () => {
    const files = { a: slice(0, [0, 0, 0, 0, 0, 0]), b: slice(1, [0, 0, 0, 0, 0, 0]) };
    const { plan, readBytes } = planOf(files);
    const reading = readSeriesVolume(plan as VolumePlan, readBytes, AbortSignal.abort(new Error("enough")));
    await expect(reading).rejects.toThrow("enough");
  });
});

describe("a picture read", () => {
  test("keeps spacing and place", async () => {
    const { plan, readBytes } = planOf({ "a.dcm": slice(7, [0, 1, 2, 3, 4, 5]) });
    const image = await readPicture(plan as PicturesPlan, 0, readBytes);
    expect(image).toMatchObject({ name: "a.dcm", width: 3, height: 2, channels: 1 });
    expect(image.data).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5));
    expect(image.geometry).toEqual({
      spacing: [3, 2, 1],
      unit: "mm",
      affine: [3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 7, 0, 0, 0, 1],
    });
  });

  test("of MONOCHROME1 is turned round, its window too", async () => {
    const inverted = madeImage({
      2621444: [0x00280004, "CS", "MONOCHROME1"],
      2625616: [0x00281050, "DS", "10.5"],
      2625617: [0x00281051, "DS", "11"],
    });
    const { plan, readBytes } = planOf({ "a.dcm": inverted });
    const image = await readPicture(plan as PicturesPlan, 0, readBytes);
    expect(image.data).toEqual(Uint8Array.of(255, 254, 253, 252, 251, 250));
    expect(image.range).toEqual({ low: 240, high: 250 });
  });

  test("of several frames names the frame", async () => {
    const { plan, readBytes } = planOf({ "one-bit.dcm": readFileSync(`${GOLDEN}one-bit.dcm`) });
    const image = await readPicture(plan as PicturesPlan, 1, readBytes);
    expect(image.name).toBe("one-bit.dcm (frame 2)");
    expect(image.geometry).toEqual({ spacing: [1, 1, 1], unit: "px" });
  });

  test("in colour has three channels", async () => {
    const { plan, readBytes } = planOf({ "rgb.dcm": readFileSync(`${GOLDEN}rgb.dcm`) });
    const image = await readPicture(plan as PicturesPlan, 0, readBytes);
    expect([image.channels, image.data.length]).toEqual([3, 16 * 12 * 3]);
  });
});
