// DICOM Segmentation (PS3.3 A.51) and Label Map Segmentation (A.51, SegmentationType LABELMAP) of the lesions of a series
// or a single image: one segment for each lesion, frames only where a segment has voxels, references to every source
// instance. See docs/decisions/0016-dicom-seg.md. Left out: fractional segmentations, overlapping segments, compression.

import type { Geometry } from "../types.ts";
import { assert } from "../util/assert.ts";
import { DISCLAIMER } from "../version.ts";
import type { SourceSeries, VolumeSegmentation } from "../volume-types.ts";
import { CODES, type CodedConcept } from "./object-codes.ts";
import type { DicomItem } from "./object-elements.ts";
import { encodeObject, type UidOfRole } from "./object-file.ts";
import { dimensionAttributes, frameGroups, planeGroups } from "./object-groups.ts";
import { commonModules, type ObjectOptions, type ObjectSource, objectSource } from "./object-modules.ts";
import { binaryBytes, drawBinary, drawLabelmap, labelmapDepth } from "./seg-pixels.ts";
import { planSegments, type SegmentPlan } from "./seg-plan.ts";
import { backgroundItem, segmentItems } from "./seg-segments.ts";

export interface SegmentationOptions extends ObjectOptions {
  /** `labelmap` is the newer form, which many viewers do not read yet. @default "binary" */
  readonly type?: "binary" | "labelmap";
  /** Where the lesions are, e.g. `10200004`, `SCT`, `Liver`. @default not told */
  readonly anatomicRegion?: CodedConcept;
}

const SOP_CLASSES = {
  binary: "1.2.840.10008.5.1.4.1.1.66.4",
  labelmap: "1.2.840.10008.5.1.4.1.1.66.7",
} as const;

/**
 * The lesions of `result` as a DICOM file, Explicit VR Little Endian; `undefined` where there is none, as a segmentation
 * without a segment cannot be. Labels lie as in the source: x, then y, then z, one slice for each frame of `source`.
 * Same input and options, same version: the same bytes, UIDs included.
 * @throws MiasError `image-unsupported` where the source has no UID to refer to, `output-unwritable` over 4 GiB
 */
export async function encodeSegmentation(
  series: SourceSeries,
  result: Pick<VolumeSegmentation, "name" | "size" | "labels" | "lesions">,
  geometry: Geometry,
  options: SegmentationOptions = {},
): Promise<Uint8Array | undefined> {
  assert(series.frames.length === result.size[2], "there is a source frame for each slice");
  const { type = "binary" } = options;
  const plan = planSegments(result, type);
  if (plan.lesions.length === 0) return undefined;
  const source = await objectSource(result.name, series, geometry);
  const [width, height] = result.size;
  const bytes = labelmapDepth(plan);
  return encodeObject(result.name, {
    describe: (uid) => ({
      ...segmentationAttributes(source, plan, uid, options),
      ...(type === "binary" ? binaryPixels() : labelmapPixels(8 * bytes)),
      Rows: height,
      Columns: width,
    }),
    pixels: {
      keyword: "PixelData",
      vr: type === "labelmap" && bytes === 2 ? "OW" : "OB",
      byteLength: type === "binary" ? binaryBytes(result, plan) : width * height * plan.frames.length * bytes,
      draw: (target) => (type === "binary" ? drawBinary : drawLabelmap)(result, plan, target),
    },
  });
}

function segmentationAttributes(
  source: ObjectSource,
  plan: SegmentPlan,
  uid: UidOfRole,
  options: SegmentationOptions,
): DicomItem {
  const { series, geometry } = source;
  const { type = "binary", anatomicRegion } = options;
  const description = "MIAS-SAM anomalies (research, not for diagnosis)";
  const segments = segmentItems(plan.lesions, uid, anatomicRegion);
  return {
    ...commonModules(source, uid, { options, firstSeriesNumber: 1000, description }),
    ...dimensionAttributes(uid("dimensions"), geometry, type === "binary"),
    SOPClassUID: SOP_CLASSES[type],
    Modality: "SEG",
    ImageType: ["DERIVED", "PRIMARY"],
    ContentLabel: "ANOMALIES",
    ContentDescription: description,
    ImageComments: DISCLAIMER,
    SegmentSequence: type === "binary" ? segments : [backgroundItem(), ...segments],
    NumberOfFrames: plan.frames.length,
    SharedFunctionalGroupsSequence: [planeGroups(series, geometry)],
    PerFrameFunctionalGroupsSequence: plan.frames.map(({ segment, slice, plane }) =>
      frameGroups(series.frames[slice], geometry, CODES.segmentation, {
        plane,
        ...(segment === undefined ? {} : { segment }),
      }),
    ),
  };
}

function binaryPixels(): DicomItem {
  return { ...grey(1), SegmentationType: "BINARY", SegmentsOverlap: "NO" };
}

function labelmapPixels(bits: number): DicomItem {
  return { ...grey(bits), SegmentationType: "LABELMAP", SegmentsOverlap: "NO", PixelPaddingValue: 0 };
}

function grey(bits: number): DicomItem {
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    LossyImageCompression: "00",
  };
}
