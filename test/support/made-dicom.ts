import type { Geometry } from "../../src/types.ts";
import type { DicomAttributes, SourceSeries, VolumeLesion } from "../../src/volume-types.ts";

/** A made series of `slices` axial slices, 3 mm apart, whose patient is nobody. */
export function madeSeries(slices: number, more: DicomAttributes = {}): SourceSeries {
  return {
    frames: Array.from({ length: slices }, (_, z) => ({
      sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
      sopInstanceUid: `1.2.3.4.${z + 1}`,
      position: [-10, -20, 3 * z] as const,
    })),
    attributes: {
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.4",
      FrameOfReferenceUID: "1.2.3.5",
      PatientName: [{ Alphabetic: "Planted^Name" }],
      PatientID: "PLANTED-ID",
      PatientBirthDate: "19700102",
      AccessionNumber: "PLANTED-ACC",
      StudyDate: "20240229",
      StudyTime: "101112",
      SeriesNumber: 4,
      SliceThickness: 2.5,
      Modality: "CT",
      ...more,
    },
  };
}

export const MADE_GEOMETRY: Geometry = {
  spacing: [0.5, 0.7, 3],
  unit: "mm",
  affine: [0.5, 0, 0, -10, 0, 0.7, 0, -20, 0, 0, 3, 0, 0, 0, 0, 1],
};

export function madeLesion(label: number, more: Partial<VolumeLesion> = {}): VolumeLesion {
  return {
    label,
    voxels: 1,
    largestDiameter: 0,
    slices: [0, 0],
    box: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    centre: [0, 0, 0],
    score: 5.25,
    pValue: 0.0123,
    ...more,
  };
}
