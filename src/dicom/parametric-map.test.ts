import { expect, test } from "vitest";
import { MADE_GEOMETRY, madeSeries } from "../../test/support/made-dicom.ts";
import { pixelBytes, readDicom, within } from "../../test/support/read-dicom.ts";
import { encodeParametricMap } from "./parametric-map.ts";

const map = {
  name: "made",
  size: [2, 1, 2] as const,
  mapOf: (z: number) => Float32Array.of(10 * z, 10 * z + 0.5),
};

test("a parametric map has the values of every slice, and what they are", async () => {
  const read = readDicom(await encodeParametricMap(madeSeries(2), map, MADE_GEOMETRY));
  expect([...new Float32Array(pixelBytes(read).buffer)]).toEqual([0, 0.5, 10, 10.5]);
  expect(read).toMatchObject({
    NumberOfFrames: 2,
    Rows: 1,
    Columns: 2,
    BitsAllocated: 32,
    SeriesNumber: 2004,
  });
  const unit = within(
    read,
    "SharedFunctionalGroupsSequence",
    "RealWorldValueMappingSequence",
    "MeasurementUnitsCodeSequence",
  );
  expect(unit).toMatchObject({ CodeValue: "{SD}", CodingSchemeDesignator: "UCUM" });
});

test("it has the same bytes each time", async () => {
  const one = await encodeParametricMap(madeSeries(2), map, MADE_GEOMETRY);
  expect(await encodeParametricMap(madeSeries(2), map, MADE_GEOMETRY)).toEqual(one);
});

test("a source without a place in the patient can have none", async () => {
  const unplaced = { spacing: [1, 1, 1], unit: "px" } as const;
  await expect(encodeParametricMap(madeSeries(2), map, unplaced)).rejects.toMatchObject({
    code: "image-unsupported",
    subject: "made",
  });
});

test("a map that is not finite is our fault", async () => {
  const broken = { ...map, mapOf: () => Float32Array.of(0, Number.NaN) };
  await expect(encodeParametricMap(madeSeries(2), broken, MADE_GEOMETRY)).rejects.toThrow("finite");
});
