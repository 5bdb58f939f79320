import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { readImage } from "./read-image.ts";
import { sharp } from "./sharp.ts";

interface Truth {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly type: "uint8" | "uint16" | "float32";
  readonly issues: readonly string[];
  readonly tolerance: number;
  readonly data: readonly number[];
}

const golden = fileURLToPath(new URL("../../test/golden/images/", import.meta.url));
const truths: Record<string, Truth> = JSON.parse(readFileSync(join(golden, "truth.json"), "utf8"));
const arrays = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };

const folder = mkdtempSync(join(tmpdir(), "mias-read-image-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file into the test's folder and returns its path. */
function fileOf(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("pictures written by Python are read as they were stored", () => {
  test.each(Object.entries(truths))("%s", async (file, truth) => {
    const image = await readImage(join(golden, file));
    const { width, height, channels } = truth;
    expect({ width: image.width, height: image.height, channels: image.channels }).toEqual({
      width,
      height,
      channels,
    });
    expect(image.data).toBeInstanceOf(arrays[truth.type]);
    expect(image.issues.map(({ code }) => code)).toEqual(truth.issues);
    expect(image.data.length).toBe(truth.data.length);
    const worst = Math.max(...truth.data.map((value, index) => Math.abs(image.data[index] - value)));
    expect(worst).toBeLessThanOrEqual(truth.tolerance);
  });

  test("there is a truth for every kind of file", () => {
    const endings = Object.keys(truths).map((file) => file.split(".").at(-1));
    expect([...new Set(endings)].sort()).toEqual(["bmp", "jpg", "png", "tif", "webp"]);
    expect(endings.length).toBeGreaterThan(70);
  });
});

describe("odd sizes", () => {
  test.each([
    [1, 1],
    [30_000, 2],
    [2, 30_000],
  ])("%i x %i", async (width, height) => {
    const data = new Uint8Array(width * height).map((_, index) => index % 251);
    const png = await sharp(data, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    const image = await readImage(fileOf(`${width}x${height}.png`, png));
    expect([image.width, image.height, image.channels]).toEqual([width, height, 1]);
    expect(Buffer.compare(image.data as Uint8Array, data)).toBe(0);
  });
});

describe("issues", () => {
  test("a name that promises another format", async () => {
    const path = fileOf("really-png.jpg", readFileSync(join(golden, "l8.png")));
    const { issues, data } = await readImage(path);
    expect(issues).toEqual([
      {
        code: "extension-mismatch",
        severity: "warning",
        subject: path,
        message: "the ending of a file must name its format, got JPEG's on a PNG file; rename it",
      },
    ]);
    expect([...data]).toEqual(truths["l8.png"].data);
  });

  test("a name without the ending of an image promises nothing", async () => {
    const { issues } = await readImage(fileOf("scan.dat", readFileSync(join(golden, "l8.png"))));
    expect(issues).toEqual([]);
  });

  test("how many values were not finite", async () => {
    const { issues } = await readImage(join(golden, "non-finite.tif"));
    expect(issues[0].message).toContain("3 of 35 values");
  });
});

describe("files that cannot be read", () => {
  const refusal = async (path: string) => {
    const error: unknown = await readImage(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "MiasError", subject: path });
    const { code, message } = error as { code: string; message: string };
    expect(message.startsWith(`${path} `)).toBe(true);
    return `${code}: ${message.slice(path.length + 1)}`;
  };

  test("missing, empty, or not a file", async () => {
    expect(await refusal(join(folder, "nowhere.png"))).toBe(
      "image-unreadable: does not exist; check the path",
    );
    expect(await refusal(folder)).toBe("image-unreadable: is a folder; name an image file");
    expect(await refusal("/dev/null")).toBe("image-unreadable: is not a regular file; name an image file");
    expect(await refusal(fileOf("empty.png", ""))).toBe(
      "image-unreadable: is empty (0 bytes); copy or export it again",
    );
    expect(await refusal(join(fileOf("plain.txt", "x"), "scan.png"))).toContain("is a file and not a folder");
    symlinkSync("ring.png", join(folder, "ring.png"));
    expect(await refusal(join(folder, "ring.png"))).toContain("leads back to itself");
  });

  test("something else than an image, by its name where it is known", async () => {
    const dicom = new Uint8Array(200);
    dicom.set(Buffer.from("DICM"), 128);
    const reads = "this version reads PNG, JPEG, TIFF, WebP and BMP; convert it to one of these";
    expect(await refusal(fileOf("a.dcm", dicom))).toBe(`image-unsupported: is a DICOM file; ${reads}`);
    // Some DICOM files carry the first bytes of a TIFF in front.
    dicom.set(Buffer.from("II*\0"));
    expect(await refusal(fileOf("b.dcm", dicom))).toContain("is a DICOM file");
    const nifti = new Uint8Array(352);
    nifti.set(Buffer.from("n+1\0"), 344);
    expect(await refusal(fileOf("a.nii", nifti))).toContain("is a NIfTI file");
    expect(await refusal(fileOf("a.nii.gz", gzipSync(nifti)))).toContain("is a NIfTI file");
    expect(await refusal(fileOf("a.gz", gzipSync("text")))).toContain("is a gzip file");
    expect(await refusal(fileOf("note.png", "BMI of the patients"))).toBe(
      `image-unsupported: is not an image that is known here; ${reads}`,
    );
    const list = fileOf("list.txt", "a.png");
    expect(await refusal(list)).toContain("convert it to one of these, or write @");
  });

  test("more than 268 megapixels, whatever the header of a small file claims", async () => {
    const claims =
      "must have at most 268435456 pixels, got 60000 x 60000 = 3600000000; crop it or make it smaller";
    const png = readFileSync(join(golden, "l8.png"));
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    expect(await refusal(fileOf("huge.png", png))).toBe(`image-unsupported: ${claims}`);
    const bmp = readFileSync(join(golden, "rgb24.bmp"));
    bmp.writeInt32LE(60_000, 18);
    bmp.writeInt32LE(60_000, 22);
    expect(await refusal(fileOf("huge.bmp", bmp))).toBe(`image-unsupported: ${claims}`);
    const jpeg = readFileSync(join(golden, "444.jpg"));
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(60_000, frame + 5);
    jpeg.writeUInt16BE(60_000, frame + 7);
    expect(await refusal(fileOf("huge.jpg", jpeg))).toBe(`image-unsupported: ${claims}`);
  });

  test("no width or no height", async () => {
    const png = readFileSync(join(golden, "l8.png"));
    png.writeUInt32BE(0, 16);
    const rule = "width and height must be at least 1, got 0 x 5";
    expect(await refusal(fileOf("thin.png", png))).toBe(
      `image-unreadable: is damaged or cut short (PNG: ${rule}); copy or export it again`,
    );
    const bmp = readFileSync(join(golden, "rgb24.bmp"));
    bmp.writeInt32LE(0, 18);
    expect(await refusal(fileOf("thin.bmp", bmp))).toContain(rule);
  });

  test.each([
    ["JPEG", "444.jpg"],
    ["TIFF", "rgb16.tif"],
  ])("damage of a %s is told in words of ours, the decoder's are its cause", async (format, file) => {
    const whole = readFileSync(join(golden, file));
    const path = fileOf(`half-${file}`, whole.subarray(0, whole.length / 2));
    expect(await refusal(path)).toBe(
      `image-unreadable: is damaged or cut short (${format}: it cannot be decoded to its end); copy or export it again`,
    );
    await expect(readImage(path)).rejects.toHaveProperty("cause");
  });

  test("a fault of ours is not dressed up as the file's", async () => {
    await expect(readImage(undefined as unknown as string)).rejects.toThrow(TypeError);
  });
});

test("an aborted signal ends the call with its reason", async () => {
  const reason = new Error("stopped");
  await expect(readImage(join(golden, "l8.png"), AbortSignal.abort(reason))).rejects.toBe(reason);
});

test("a name that contains dots and no ending of its own is no trouble", async () => {
  mkdirSync(join(folder, "v1.png"));
  const path = join("v1.png", "scan");
  expect((await readImage(fileOf(path, readFileSync(join(golden, "l8.png"))))).issues).toEqual([]);
});
