import { describe, expect, test, vi } from "vitest";
import { MADE_GEOMETRY, madeLesion, madeSeries } from "../../test/support/made-dicom.ts";
import { itemsOf, pixelBytes, readDicom, within } from "../../test/support/read-dicom.ts";
import { encodeSegmentation } from "./seg-encode.ts";

const result = {
  name: "made",
  size: [3, 1, 2] as const,
  labels: Uint16Array.of(1, 1, 0, 1, 2, 1),
  lesions: [madeLesion(1, { volumeMl: 0.0042 }), madeLesion(2)],
};

/** The file of `result`, read back. */
async function written(...[series, geometry, options]: Partial<Written>): Promise<Record<string, unknown>> {
  const file = await encodeSegmentation(series ?? madeSeries(2), result, geometry ?? MADE_GEOMETRY, options);
  return readDicom(file as Uint8Array);
}
type Encode = Parameters<typeof encodeSegmentation>;
type Written = [series: Encode[0], geometry: Encode[2], options: Encode[3]];

describe("a segmentation", () => {
  test("has the bits of its frames, padded to an even length", async () => {
    const read = await written();
    expect([...pixelBytes(read)]).toEqual([0b10_101_011, 0]);
    expect(read.NumberOfFrames).toBe(3);
  });

  test("tells where each frame lies and what it was made of", async () => {
    const frames = itemsOf((await written()).PerFrameFunctionalGroupsSequence);
    const place = frames.map((frame) => ({
      segment: within(frame, "SegmentIdentificationSequence").ReferencedSegmentNumber,
      position: within(frame, "PlanePositionSequence").ImagePositionPatient,
      indices: within(frame, "FrameContentSequence").DimensionIndexValues,
      source: within(frame, "DerivationImageSequence", "SourceImageSequence").ReferencedSOPInstanceUID,
    }));
    expect(place).toEqual([
      { segment: 1, position: [-10, -20, 0], indices: [1, 1], source: "1.2.3.4.1" },
      { segment: 1, position: [-10, -20, 3], indices: [1, 2], source: "1.2.3.4.2" },
      { segment: 2, position: [-10, -20, 3], indices: [2, 2], source: "1.2.3.4.2" },
    ]);
  });

  test("has the measures of the planes", async () => {
    const shared = within(await written(), "SharedFunctionalGroupsSequence");
    expect(within(shared, "PixelMeasuresSequence")).toMatchObject({
      PixelSpacing: [0.7, 0.5],
      SliceThickness: 2.5,
      SpacingBetweenSlices: 3,
    });
    const { ImageOrientationPatient } = within(shared, "PlaneOrientationSequence");
    expect(ImageOrientationPatient).toEqual([1, 0, 0, 0, 1, 0]);
  });

  test("is of the source's study and patient, in a series of its own", async () => {
    const read = await written();
    expect(read).toMatchObject({
      StudyInstanceUID: "1.2.3",
      FrameOfReferenceUID: "1.2.3.5",
      PatientID: "PLANTED-ID",
      StudyDate: "20240229",
      ContentDate: "20240229",
      ContentTime: "101112",
      SeriesNumber: 1004,
      SeriesDescription: "MIAS-SAM anomalies (research, not for diagnosis)",
    });
    expect(String(read.PatientName)).toBe("Planted^Name");
    expect(read.SeriesInstanceUID).not.toBe("1.2.3.4");
    expect(within(read, "ReferencedSeriesSequence").SeriesInstanceUID).toBe("1.2.3.4");
  });

  test("describes its segments", async () => {
    const segments = itemsOf((await written()).SegmentSequence);
    expect(segments.map(({ SegmentNumber, SegmentLabel }) => [SegmentNumber, SegmentLabel])).toEqual([
      [1, "Anomaly 1"],
      [2, "Anomaly 2"],
    ]);
    expect(segments[0].SegmentDescription).toBe(
      "score 5.25 SD of normal variation, p-value 0.012, 0.00420 ml",
    );
    expect(segments[0].TrackingUID).not.toBe(segments[1].TrackingUID);
  });

  test("has the same bytes each time, and UIDs of its own where anything differs", async () => {
    const [one, again] = await Promise.all(
      [1, 2].map(() => encodeSegmentation(madeSeries(2), result, MADE_GEOMETRY)),
    );
    expect(again).toEqual(one);
    const later = await written(undefined, undefined, { when: new Date("2026-01-02T23:30:00Z") });
    expect(later).toMatchObject({ ContentDate: "20260102", ContentTime: "233000" });
    expect(later.SOPInstanceUID).not.toBe(readDicom(one as Uint8Array).SOPInstanceUID);
  });

  test("is written in the source's time zone where it tells one", async () => {
    const series = madeSeries(2, { TimezoneOffsetFromUTC: "+0200" });
    const read = await written(series, undefined, { when: new Date("2026-01-02T23:30:00Z") });
    expect(read).toMatchObject({ ContentDate: "20260103", ContentTime: "013000" });
  });

  test("is none where there is no lesion", async () => {
    const healthy = { ...result, labels: new Uint16Array(6), lesions: [] };
    expect(await encodeSegmentation(madeSeries(2), healthy, MADE_GEOMETRY)).toBeUndefined();
  });

  test("copies nothing else, private attributes least of all", async () => {
    const odd = { "00091001": "PLANTED", InstitutionName: "PLANTED", OtherPatientIDs: "PLANTED" };
    const file = await encodeSegmentation(madeSeries(2, odd), { ...result }, MADE_GEOMETRY);
    expect(file).toEqual(await encodeSegmentation(madeSeries(2), result, MADE_GEOMETRY));
  });
});

describe("a source", () => {
  test("without a frame of reference gets one, the same for all that is made of it", async () => {
    const series = madeSeries(2, { FrameOfReferenceUID: undefined });
    const uids = await Promise.all([
      written(series),
      written(series, undefined, { when: new Date(0), type: "labelmap" }),
    ]);
    expect(uids[0].FrameOfReferenceUID).toMatch(/^2\.25\.\d{39}$/);
    expect(uids[1].FrameOfReferenceUID).toBe(uids[0].FrameOfReferenceUID);
  });

  test("without dates, patient or series number will do", async () => {
    const nothing = {
      PatientID: "",
      PatientName: null,
      StudyDate: undefined,
      StudyTime: "",
      SeriesNumber: null,
    };
    const read = await written(madeSeries(2, nothing));
    expect(read).toMatchObject({ ContentDate: "19000101", ContentTime: "000000", SeriesNumber: 1000 });
  });

  test("with values longer than they may be keeps them, and nothing is said of it", async () => {
    const spies = (["log", "info", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    const read = await written(madeSeries(2, { AccessionNumber: "A".repeat(20) }));
    expect(read.AccessionNumber).toBe("A".repeat(20));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test("without a study is refused", async () => {
    await expect(written(madeSeries(2, { StudyInstanceUID: "" }))).rejects.toMatchObject({
      code: "image-unsupported",
      message:
        "made must have a valid StudyInstanceUID for a DICOM object to refer to, got none; write NIfTI",
    });
  });

  test("without a place in the patient has its frames in a stack", async () => {
    const read = await written(undefined, { spacing: [1, 1, 1], unit: "px" });
    expect(read.FrameOfReferenceUID).toBeUndefined();
    const [first] = itemsOf(read.PerFrameFunctionalGroupsSequence);
    expect(first.PlanePositionSequence).toBeUndefined();
    expect(within(first, "FrameContentSequence")).toMatchObject({ StackID: "1", InStackPositionNumber: 1 });
  });
});

test("a label map has a background and one frame for each slice", async () => {
  const read = await written(undefined, undefined, { type: "labelmap" });
  expect(read).toMatchObject({ SegmentationType: "LABELMAP", BitsAllocated: 8, NumberOfFrames: 2 });
  expect(itemsOf(read.SegmentSequence).map(({ SegmentNumber }) => SegmentNumber)).toEqual([0, 1, 2]);
  expect([...pixelBytes(read)]).toEqual([1, 1, 0, 1, 2, 1]);
});
