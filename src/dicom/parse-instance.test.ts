import { describe, expect, test } from "vitest";
import {
  imageElements,
  type MadeElement,
  madeDataset,
  madeFile,
  madeImage,
} from "../../test/dicom/made-dicom.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { type ErrorCode, isMiasError } from "../errors.ts";
import { parseInstance } from "./parse-instance.ts";

const header = (changes: Parameters<typeof madeImage>[0]) =>
  parseInstance("a.dcm", madeImage(changes)).header;

describe("the header of an instance", () => {
  test("tells layout and identity", () => {
    expect(header({ 2097169: [0x00200011, "IS", "7"] })).toEqual({
      name: "a.dcm",
      sopClassUid: "1.2.840.10008.5.1.4.1.1.7",
      sopInstanceUid: "2.25.1",
      seriesInstanceUid: "2.25.2",
      seriesNumber: 7,
      modality: "OT",
      layout: {
        rows: 2,
        columns: 3,
        samples: 1,
        photometric: "MONOCHROME2",
        bitsAllocated: 8,
        bitsStored: 8,
        highBit: 7,
        signed: false,
        planar: false,
      },
      transferSyntax: "Explicit VR Little Endian",
      pixelBytes: 6,
      pixelFingerprint: 3895835998,
      frames: [{ index: 0, rescale: { slope: 1, intercept: 0 }, keys: {} }],
      issues: [],
    });
  });

  test("tells where a slice lies", () => {
    const { frames } = header({
      2097202: [0x00200032, "DS", "-10\\20\\30.5"],
      2097207: [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
      2621488: [0x00280030, "DS", "0.5\\0.75"],
    });
    expect(frames[0]).toMatchObject({
      position: [-10, 20, 30.5],
      orientation: [
        [1, 0, 0],
        [0, 1, 0],
      ],
      pixelSpacing: [0.5, 0.75],
    });
  });

  test("takes spacing of an ultrasound region in cm", () => {
    const region: MadeElement[] = [
      [0x00186012, "US", [1]],
      [0x00186024, "US", [3]],
      [0x00186026, "US", [3]],
      [0x0018602c, "FD", Uint8Array.from(new Uint8Array(new Float64Array([0.03]).buffer))],
      [0x0018602e, "FD", Uint8Array.from(new Uint8Array(new Float64Array([0.04]).buffer))],
    ];
    const [frame] = header({ 1597457: [0x00186011, "SQ", [region]] }).frames;
    expect(frame.pixelSpacing).toEqual([0.4, 0.3]);
  });

  test("is read without preamble and without meta information", () => {
    const bare = madeDataset(imageElements());
    expect(parseInstance("bare", bare).header.layout.rows).toBe(2);
  });

  test("tells of a window that is none", () => {
    const window = { 2625616: [0x00281050, "DS", "0"], 2625617: [0x00281051, "DS", "0"] } as const;
    const { frames, issues } = header(window);
    expect(frames[0].window).toBeUndefined();
    expect(issues).toMatchObject([{ code: "window-odd", severity: "note", subject: "a.dcm" }]);
  });

  test("tells of a rescale that makes values infinite", () => {
    const { issues } = header({ 2625618: [0x00281052, "DS", "0"], 2625619: [0x00281053, "DS", "1e38"] });
    expect(issues).toMatchObject([{ code: "rescale-odd", severity: "warning", subject: "a.dcm" }]);
    expect(issues[0].message).toContain("got slope 1e+38 and intercept 0");
  });

  test("leaves private elements and pixels out of the attributes", () => {
    const bytes = madeImage({ 593936: [0x00091010, "LO", "secret"] });
    const { attributes } = parseInstance("a.dcm", bytes);
    expect(attributes.PatientName).toBeDefined();
    expect(JSON.stringify(attributes)).not.toContain("secret");
    expect(attributes.PixelData).toBeUndefined();
  });
});

/** Each: what is wrong, the change, the code, and a part of the message. */
const REFUSED: readonly (readonly [string, Parameters<typeof madeImage>[0], ErrorCode, string])[] = [
  ["no rows", { 2621456: [0x00280010, "US", [0]] }, "image-unreadable", "Rows of at least 1, got 0"],
  ["no columns", { 2621457: null }, "image-unreadable", "Columns of at least 1, got none"],
  ["no pixel data", { 2145386512: null }, "image-unsupported", "must have pixel data"],
  [
    "too few pixels",
    { 2621456: [0x00280010, "US", [3]] },
    "image-unreadable",
    "pixel data of 1 frames must have 9 bytes, got 6",
  ],
  [
    "20 GB claimed",
    {
      2621448: [0x00280008, "IS", "5"],
      2621456: [0x00280010, "US", [65535]],
      2621457: [0x00280011, "US", [4000]],
      2621696: [0x00280100, "US", [32]],
      2621697: [0x00280101, "US", [32]],
      2621698: [0x00280102, "US", [31]],
    },
    "image-unreadable",
    "must have 5242800000 bytes, got 6",
  ],
  [
    "spacing 0",
    { 2621488: [0x00280030, "DS", "0\\0"] },
    "image-unreadable",
    "PixelSpacing of two positive numbers",
  ],
  ["spacing -1", { 2621488: [0x00280030, "DS", "1\\-1"] }, "image-unreadable", "got [1, -1]"],
  [
    "singular orientation",
    { 2097207: [0x00200037, "DS", "1\\0\\0\\1\\0\\0"] },
    "image-unreadable",
    "two perpendicular unit vectors",
  ],
  [
    "no orientation",
    { 2097207: [0x00200037, "DS", "0\\0\\0\\0\\0\\0"] },
    "image-unreadable",
    "perpendicular",
  ],
  ["slope 0", { 2625619: [0x00281053, "DS", "0"] }, "image-unreadable", "RescaleSlope"],
  ["17 bits of 16", { 2621697: [0x00280101, "US", [17]] }, "image-unreadable", "BitsStored"],
  [
    "64 bits",
    { 2621696: [0x00280100, "US", [64]] },
    "image-unsupported",
    "BitsAllocated of 1, 8, 16 or 32, got 64",
  ],
  ["CMYK", { 2621444: [0x00280004, "CS", "CMYK"] }, "image-unsupported", "PhotometricInterpretation"],
  ["two samples", { 2621442: [0x00280002, "US", [2]] }, "image-unreadable", "SamplesPerPixel of 1"],
  ["no frames", { 2621448: [0x00280008, "IS", "-3"] }, "image-unreadable", "NumberOfFrames"],
];

/** SOP classes that hold no image, and what they are called. */
const NON_IMAGES = [
  ["1.2.840.10008.5.1.4.1.1.104.1", "a PDF (Encapsulated PDF Storage)"],
  ["1.2.840.10008.5.1.4.1.1.88.33", "a report (Structured Report Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.4", "a segmentation (Segmentation Storage)"],
  ["1.2.840.10008.5.1.4.1.1.481.3", "contours (RT Structure Set Storage)"],
] as const;

describe("refused with one sentence that names no patient:", () => {
  test.each(REFUSED)("%s", async (_, changes, code, part) => {
    await expectMiasError(() => parseInstance("a.dcm", madeImage(changes)), code, part);
    await expectMiasError(() => parseInstance("a.dcm", madeImage(changes)), code, "a.dcm ");
  });

  test.each(NON_IMAGES)("%s", async (uid, what) => {
    const bytes = madeImage({ 524310: [0x00080016, "UI", uid] });
    await expectMiasError(
      () => parseInstance("a.dcm", bytes),
      "image-unsupported",
      `is ${what}; leave it out`,
    );
  });

  test("what is no DICOM", async () => {
    const text = new TextEncoder().encode("Patient,Score\n1,2\n");
    await expectMiasError(() => parseInstance("a.csv", text), "image-unreadable", "must be a DICOM file");
    await expectMiasError(
      () => parseInstance("empty", new Uint8Array()),
      "image-unreadable",
      "must be a DICOM file",
    );
  });

  test("a transfer syntax that is not read", async () => {
    const video = madeFile(imageElements(), "1.2.840.10008.1.2.4.102");
    await expectMiasError(
      () => parseInstance("a.dcm", video),
      "image-unsupported",
      "got 1.2.840.10008.1.2.4.102",
    );
  });

  test("every place that a file can be cut at", () => {
    const whole = madeImage({ 2097202: [0x00200032, "DS", "1\\2\\3"] });
    const read = Array.from({ length: whole.length }, (_, length) => {
      try {
        parseInstance("a.dcm", whole.subarray(0, length));
        return length;
      } catch (error) {
        if (!isMiasError(error, "image-unreadable", "image-unsupported")) throw error;
        return -1;
      }
    });
    expect(read.filter((length) => length >= 0)).toEqual([]);
  });

  test("compressed pixels without fragments, or with too few", async () => {
    const native = madeFile(imageElements(), "1.2.840.10008.1.2.5");
    await expectMiasError(() => parseInstance("a.dcm", native), "image-unreadable", "fragments");
  });

  test("sequences nested without end", async () => {
    const item = [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff];
    const sequence = [0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff];
    const deep = Array.from({ length: 100_000 }, () => [...sequence, ...item]).flat();
    const bytes = Uint8Array.from([...madeFile([[0x00080016, "UI", "1.2"]]), ...deep]);
    await expectMiasError(() => parseInstance("a.dcm", bytes), "image-unreadable", "nested at most 32 deep");
  });
});
