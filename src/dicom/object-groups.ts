// Functional groups and dimensions (PS3.3 C.7.6.16 and C.7.6.17), which segmentations and parametric maps share: where
// each frame lies and of what it was made. Where the source has no place in the patient, as a radiograph has none, frames
// are in a stack instead.

import type { Geometry } from "../types.ts";
import type { SourceFrame, SourceSeries } from "../volume-types.ts";
import { CODES, type CodedConcept, codeSequence } from "./object-codes.ts";
import { type DicomItem, tagNumber } from "./object-elements.ts";
import { positiveOf } from "./object-text.ts";

/** Whether slices have a place in the patient. */
export function isPlaced(geometry: Geometry): boolean {
  return geometry.unit === "mm" && geometry.affine !== undefined;
}

/** Pixel measures and plane orientation, the same for all frames. */
export function planeGroups(source: SourceSeries, geometry: Geometry): DicomItem {
  return {
    PixelMeasuresSequence: geometry.unit === "mm" ? [pixelMeasures(source, geometry)] : undefined,
    PlaneOrientationSequence: isPlaced(geometry)
      ? [{ ImageOrientationPatient: orientation(geometry.affine as readonly number[]) }]
      : undefined,
  };
}

function pixelMeasures({ attributes, frames }: SourceSeries, { spacing }: Geometry): DicomItem {
  const [x, y, z] = spacing;
  return {
    PixelSpacing: [y, x],
    SliceThickness: positiveOf(attributes, "SliceThickness") ?? z,
    SpacingBetweenSlices: frames.length > 1 ? z : undefined,
  };
}

/** Direction of the rows, then of the columns. */
function orientation(affine: readonly number[]): readonly number[] {
  return [0, 1].flatMap((axis) => {
    const direction = [affine[axis], affine[4 + axis], affine[8 + axis]];
    const length = Math.hypot(...direction);
    return direction.map((each) => each / length);
  });
}

/** Where a frame lies, and of what slice of the source it was made. `plane`: from 1, along the slices that have frames. */
export function frameGroups(
  frame: SourceFrame,
  geometry: Geometry,
  derivation: CodedConcept,
  dimensions: { readonly segment?: number; readonly plane: number },
): DicomItem {
  const { segment, plane } = dimensions;
  const placed = isPlaced(geometry);
  return {
    FrameContentSequence: [
      {
        DimensionIndexValues: segment === undefined ? [plane] : [segment, plane],
        ...(placed ? {} : { StackID: "1", InStackPositionNumber: plane }),
      },
    ],
    PlanePositionSequence: placed ? [{ ImagePositionPatient: frame.position }] : undefined,
    DerivationImageSequence: [
      { DerivationCodeSequence: codeSequence(derivation), SourceImageSequence: [sourceImage(frame)] },
    ],
    SegmentIdentificationSequence: segment === undefined ? undefined : [{ ReferencedSegmentNumber: segment }],
  };
}

function sourceImage({ sopClassUid, sopInstanceUid, frame }: SourceFrame): DicomItem {
  return {
    ReferencedSOPClassUID: sopClassUid,
    ReferencedSOPInstanceUID: sopInstanceUid,
    ReferencedFrameNumber: frame,
    SpatialLocationsPreserved: "YES",
    PurposeOfReferenceCodeSequence: codeSequence(CODES.sourceImage),
  };
}

/** What `DimensionIndexValues` count. */
export function dimensionAttributes(uid: string, geometry: Geometry, bySegment: boolean): DicomItem {
  const segment = ["ReferencedSegmentNumber", "SegmentIdentificationSequence", "Segment Number"] as const;
  const plane = isPlaced(geometry)
    ? (["ImagePositionPatient", "PlanePositionSequence", "Image Position"] as const)
    : (["InStackPositionNumber", "FrameContentSequence", "In-Stack Position"] as const);
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: (bySegment ? [segment, plane] : [plane]).map(([pointer, group, label]) => ({
      DimensionIndexPointer: tagNumber(pointer),
      FunctionalGroupPointer: tagNumber(group),
      DimensionOrganizationUID: uid,
      DimensionDescriptionLabel: label,
    })),
  };
}
