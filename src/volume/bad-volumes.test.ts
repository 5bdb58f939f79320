import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import {
  metaImageLines,
  type NiftiFields,
  niftiFile,
  nrrdLines,
  textFile,
} from "../../test/support/made-volumes.ts";
import { MiasError } from "../errors.ts";
import { readVolume } from "./read-volume.ts";

const eight = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

async function packed(bytes: Uint8Array, format: "gzip" | "deflate" = "gzip"): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  return new Uint8Array(await new Response(stream.pipeThrough(new CompressionStream(format))).arrayBuffer());
}

test("the files that are broken below are sound as they are", async () => {
  for (const bytes of [
    niftiFile(eight),
    await packed(niftiFile(eight)),
    textFile(nrrdLines(), eight),
    textFile(metaImageLines(), eight),
  ]) {
    const { size, data, geometry, issues } = await readVolume("scan", bytes);
    expect({ size, data: [...data], issues }).toEqual({ size: [2, 2, 2], data: [...eight], issues: [] });
    expect(geometry.spacing).toEqual([1, 1, 1]);
  }
});

describe("NIfTI", () => {
  const cases: readonly (readonly [string, NiftiFields, string])[] = [
    ["a negative side", { size: [2, -2, 2] }, "every side must be at least 1 voxel, got 2 x -2 x 2"],
    ["a side of 0", { size: [2, 0, 2] }, "every side must be at least 1 voxel, got 2 x 0 x 2"],
    ["no dimension", { size: [] }, "it must have 1 to 7 dimensions, got 0"],
    ["a fourth dimension of 0", { size: [2, 2, 2, 0] }, "every dimension must be at least 1 long"],
    ["more than it holds", { size: [20, 20, 20] }, "its header claims 8352 bytes, the file has 360"],
    ["an offset beyond its end", { voxOffset: 1e9 }, "its header claims 1000000008 bytes, the file has 360"],
    ["a negative offset", { voxOffset: -1 }, "the voxels' offset must be a whole number from 0, got -1"],
    ["an infinite slope", { slope: Infinity }, "slope and intercept must be finite, got Infinity and 0"],
    ["no spacing", { sformCode: 0, pixDims: [1, 0, 1, 1] }, "must have a spacing above 0, got 0 x 1 x 1"],
    ["a negative spacing", { sformCode: 0, pixDims: [1, 1, -2, 1] }, "a spacing above 0, got 1 x -2 x 1"],
    ["a spacing of NaN", { sformCode: 0, pixDims: [1, 1, 1, Number.NaN] }, "got 1 x 1 x NaN"],
    [
      "a singular affine without a spacing",
      { rows: new Array(12).fill(0), pixDims: [1, 0, 0, 0] },
      "must have a spacing above 0, got 0 x 0 x 0; mend its header or export it again",
    ],
  ];
  test.each(cases)("with %s", async (_, fields, message) => {
    await expectMiasError(readVolume("scan.nii", niftiFile(eight, fields)), "image-unreadable", message);
  });

  test("cut short, anywhere", async () => {
    const whole = niftiFile(eight);
    for (let length = 348; length < whole.length; length++) {
      await expectMiasError(readVolume("scan.nii", whole.slice(0, length)), "image-unreadable");
    }
    const gz = await packed(whole);
    const cut = readVolume("scan.nii.gz", gz.slice(0, gz.length - 4));
    await expectMiasError(cut, "image-unreadable", "its compressed data are broken or end too early");
  });

  test("whose compressed data have a wrong checksum", async () => {
    const gz = await packed(niftiFile(eight));
    gz[gz.length - 8] ^= 1;
    await expectMiasError(readVolume("scan.nii.gz", gz), "image-unreadable", "is damaged or cut short (gzip");
    const large = await packed(niftiFile(new Uint8Array(2 ** 18), { size: [64, 64, 64] }));
    large[large.length - 8] ^= 1;
    await expectMiasError(readVolume("scan.nii.gz", large), "image-unreadable", "is damaged or cut short");
  });

  test("of 20 GB in 1 KB is refused before anything is allocated", async () => {
    const gz = await packed(niftiFile(eight, { size: [2000, 2000, 100, 50] }));
    expect(gz.length).toBeLessThan(1024);
    await expectMiasError(
      readVolume("scan.nii.gz", gz),
      "image-unreadable",
      "its header claims 20000000352 bytes",
    );
    const volumes = readVolume("scan.nii.gz", await packed(niftiFile(eight, { size: [2000, 2000, 2000] })));
    await expectMiasError(volumes, "image-unsupported", "must have at most 536870912 voxels");
  });

  test("with a gzip bomb behind its voxels is read no further", async () => {
    const bomb = await packed(niftiFile(new Uint8Array(2 ** 26)));
    const started = performance.now();
    const { data } = await readVolume("scan.nii.gz", bomb);
    expect(data).toHaveLength(8);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("of numbers that are no real ones", async () => {
    const complex = readVolume("scan.nii", niftiFile(eight, { size: [1, 1, 1], datatype: 32 }));
    await expectMiasError(complex, "image-unsupported", "must hold real numbers, got complex numbers");
    const unknown = readVolume("scan.nii", niftiFile(eight, { datatype: 77 }));
    await expectMiasError(unknown, "image-unsupported", "got an unknown datatype, 77");
  });

  test("of nothing but NaN", async () => {
    const voxels = new Uint8Array(Float32Array.of(Number.NaN, Infinity).buffer);
    const file = niftiFile(voxels, { size: [2, 1, 1], datatype: 16, bits: 32 });
    await expectMiasError(readVolume("scan.nii", file), "image-unreadable", "all are NaN or infinite");
  });

  test("without the volume that is asked for", async () => {
    const four = niftiFile(Uint8Array.from([...eight, ...eight]), { size: [2, 2, 2, 2] });
    for (const volumeIndex of [2, -1, 0.5]) {
      const message = `volume index must be a whole number from 0 to 1 for scan.nii, got ${volumeIndex}`;
      await expectMiasError(readVolume("scan.nii", four, { volumeIndex }), "usage", message);
    }
  });

  test("without the .img of its pair", async () => {
    const header = niftiFile(new Uint8Array(0));
    header[345] = 0x69;
    const message = "scan.hdr needs scan.img (or scan.img.gz) beside it; copy both";
    await expectMiasError(readVolume("scan.hdr", header), "image-unreadable", message);
    for (const error of [
      new Error("no such file"),
      new MiasError("image-unreadable", "scan.img.gz", "scan.img.gz cannot be read (ENOENT)"),
    ]) {
      const sibling = () => Promise.reject(error);
      await expectMiasError(readVolume("scan.hdr", header, { sibling }), "image-unreadable", message);
    }
  });

  test("of a pair by another name", async () => {
    const header = niftiFile(new Uint8Array(0));
    header[345] = 0x69;
    await expectMiasError(readVolume("scan.nii", header), "image-unsupported", "it must be called .hdr");
  });

  test("whose .img is compressed is read, and given up when asked to", async () => {
    const header = niftiFile(new Uint8Array(0), { voxOffset: 0 });
    header[345] = 0x69;
    const images = new Map([["scan.img.gz", await packed(eight)]]);
    const sibling = async (file: string) => images.get(file) ?? Promise.reject(new Error("no such file"));
    expect([...(await readVolume("folder/scan.hdr", header, { sibling })).data]).toEqual([...eight]);
    const signal = AbortSignal.abort();
    await expect(readVolume("folder/scan.hdr", header, { sibling, signal })).rejects.toThrow(signal.reason);
  });

  test("before NIfTI: Analyze 7.5", async () => {
    const bytes = niftiFile(eight);
    bytes.fill(0, 344, 348);
    await expectMiasError(readVolume("scan.hdr", bytes), "image-unsupported", "is an Analyze 7.5 file");
  });
});

describe("NRRD", () => {
  test.each([
    ["image-unreadable", { sizes: "2 2" }, '"sizes" must be 3 numbers, got 2 words'],
    ["image-unreadable", { sizes: "2 0 2" }, "every side must be at least 1, got 2 x 0 x 2"],
    ["image-unreadable", { sizes: "2 2 two" }, '"sizes" must be 3 numbers'],
    ["image-unreadable", { sizes: "2000 2000 100" }, "its header claims 400000000 bytes, the file has 8"],
    ["image-unreadable", { "space directions": "(1,0,0) (1,0,0) (0,0,1)" }, "finite and not singular"],
    ["image-unreadable", { "space directions": "(1,0,0) (0,nan,0) (0,0,1)" }, "finite and not singular"],
    ["image-unreadable", { type: "short" }, '"endian" must be little or big'],
    ["image-unsupported", { type: "block" }, "must hold numbers of 8 to 64 bits"],
    ["image-unsupported", { encoding: "bzip2" }, "must have raw or gzip encoding"],
    ["image-unsupported", { "data file": "../secret.raw" }, "in a file of its own folder"],
    ["image-unsupported", { "data file": "/etc/passwd" }, "in a file of its own folder"],
    ["image-unreadable", { "data file": "Doe^Jane.raw" }, "must have the file with its voxels beside it"],
    ["image-unsupported", { kinds: "complex domain domain" }, "must hold real numbers, got complex numbers"],
    ["image-unsupported", { kinds: "list domain list" }, "got 1 of space and 2 others"],
  ] as const)("%s: %o", async (code, changes, message) => {
    const bytes = textFile(nrrdLines(changes), eight);
    await expectMiasError(readVolume("scan.nrrd", bytes), code, message);
    const sibling = (file: string) => Promise.reject(new MiasError("image-unreadable", file, file));
    const error = await readVolume("scan.nrrd", bytes, { sibling }).catch((reason: Error) => reason);
    expect(error).not.toMatchObject({ message: expect.stringContaining("Doe") });
  });

  test("without directions must have spacings above 0", async () => {
    const lines = nrrdLines({ spacings: "1 0 1" }).filter((line) => !line.startsWith("space"));
    const read = readVolume("scan.nrrd", textFile(lines, eight));
    await expectMiasError(read, "image-unreadable", "must have a spacing above 0, got 1 x 0 x 1");
  });
});

describe("MetaImage", () => {
  test.each([
    ["image-unreadable", { DimSize: "2 2" }, '"DimSize" must be 3 numbers, got 2 words'],
    ["image-unreadable", { DimSize: "2 -2 2" }, "every side must be at least 1 voxel, got 2 x -2 x 2"],
    ["image-unreadable", { DimSize: "900 900 900" }, "must have at most"],
    ["image-unreadable", { DimSize: "90 90 90" }, "its header claims 729000 bytes, the file has 8"],
    ["image-unreadable", { NDims: "9" }, "NDims must be 2 to 4, got 9"],
    ["image-unreadable", { ElementSpacing: "1 0 1" }, "must have a spacing above 0, got 1 x 0 x 1"],
    ["image-unreadable", { ElementSpacing: "1 nan 1" }, "must have a spacing above 0, got 1 x NaN x 1"],
    ["image-unsupported", { ElementType: "MET_STRING" }, "must hold numbers of 8 to 64 bits"],
    ["image-unsupported", { BinaryData: "False" }, "must hold binary data"],
    ["image-unsupported", { ElementDataFile: "LIST" }, "got a list of files"],
    ["image-unsupported", { ElementDataFile: "a/b.raw" }, "in a file of its own folder"],
    ["image-unreadable", { CompressedData: "True" }, "its compressed data are broken or end too early"],
  ] as const)("%s: %o", async (code, changes, message) => {
    const large = "DimSize" in changes && changes.DimSize.startsWith("900");
    const bytes = textFile(metaImageLines(changes), eight);
    await expectMiasError(readVolume("scan.mha", bytes), large ? "image-unsupported" : code, message);
  });

  test("with a singular matrix keeps its spacing", async () => {
    const lines = metaImageLines({ TransformMatrix: "1 0 0 1 0 0 0 0 1", ElementSpacing: "1 2 3" });
    const { geometry, issues } = await readVolume("scan.mha", textFile(lines, eight));
    expect(geometry).toEqual({ spacing: [1, 2, 3], unit: "mm" });
    expect(issues.map(({ code }) => code)).toEqual(["affine-unusable"]);
  });
});

test("what is no volume", async () => {
  for (const bytes of [
    new Uint8Array(0),
    eight,
    new TextEncoder().encode("Patient: Doe"),
    new Uint8Array(4096),
  ]) {
    await expectMiasError(
      readVolume("scan", bytes),
      "image-unsupported",
      "is no volume that this version reads",
    );
  }
});
