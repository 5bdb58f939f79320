// What is told of each frame (DICOM PS3.3 C.7.6.2 for single frames, C.7.6.16 for enhanced multi-frame images, whose
// functional groups are shared or per frame). A group that is in neither is looked for in the data set itself.

import type { DicomAttributes } from "../volume-types.ts";
import { itemOf, itemsOf, numberOf, numbersOf, textOf, textsOf, vectorOf } from "./attribute-values.ts";
import { unreadableDicom } from "./dicom-errors.ts";
import type { FrameHeader, Orientation, Rescale, SliceKeys, Vector } from "./instance.ts";
import { readVoiWindow, type WindowReading } from "./voi-window.ts";

/** The attributes that hold for one frame: those of a functional group, or of the data set. */
type GroupReader = (sequence: string) => DicomAttributes;

/** Least length, and most tilt against each other, of the two direction cosines; files round them. */
const COSINE_TOLERANCE = 0.05;

export interface FrameReading {
  readonly frames: readonly FrameHeader[];
  /** Why windows are not used, each reason once. */
  readonly oddWindows: readonly string[];
}

/**
 * One header for each of `count` frames.
 * @throws MiasError `image-unreadable` where spacing is not positive, orientation is singular or rescale is not finite
 */
export function readFrameHeaders(name: string, attributes: DicomAttributes, count: number): FrameReading {
  const shared = itemOf(attributes, "SharedFunctionalGroupsSequence");
  const perFrame = itemsOf(attributes, "PerFrameFunctionalGroupsSequence");
  if (perFrame.length > 0 && perFrame.length !== count) {
    const rule = `must have functional groups for each of its ${count} frames, got ${perFrame.length}`;
    throw unreadableDicom(name, `${rule}; export it again`);
  }
  const oddWindows = new Set<string>();
  const frames = Array.from({ length: count }, (_, index) => {
    const own = perFrame[index] ?? {};
    const group: GroupReader = (sequence) =>
      itemsOf(own, sequence)[0] ?? itemsOf(shared, sequence)[0] ?? attributes;
    const { window, odd } = readFrameWindow(group);
    if (odd !== undefined) oddWindows.add(odd);
    return { ...readFrameHeader(name, attributes, group, index), ...(window && { window }) };
  });
  return { frames, oddWindows: [...oddWindows] };
}

function readFrameHeader(
  name: string,
  attributes: DicomAttributes,
  group: GroupReader,
  index: number,
): FrameHeader {
  const position = vectorOf(group("PlanePositionSequence"), "ImagePositionPatient", 3);
  const orientation = readOrientation(name, group("PlaneOrientationSequence"));
  const pixelSpacing = readPixelSpacing(name, attributes, group("PixelMeasuresSequence"));
  return {
    index,
    ...(position && { position: toVector(position) }),
    ...(orientation && { orientation }),
    ...(pixelSpacing && { pixelSpacing }),
    rescale: readRescale(name, group("PixelValueTransformationSequence")),
    keys: readKeys(attributes, group),
  };
}

function readFrameWindow(group: GroupReader): WindowReading {
  return readVoiWindow(group("FrameVOILUTSequence"));
}

function toVector(values: readonly number[]): Vector {
  return [values[0], values[1], values[2]];
}

function readOrientation(name: string, attributes: DicomAttributes): Orientation | undefined {
  if (attributes.ImageOrientationPatient === undefined || attributes.ImageOrientationPatient === null)
    return undefined;
  const cosines = vectorOf(attributes, "ImageOrientationPatient", 6) ?? [];
  const row = toVector(cosines);
  const column = toVector(cosines.slice(3));
  const isUnit = (vector: Vector) => Math.abs(Math.hypot(...vector) - 1) <= COSINE_TOLERANCE;
  const tilt = Math.abs(row[0] * column[0] + row[1] * column[1] + row[2] * column[2]);
  if (cosines.length === 6 && isUnit(row) && isUnit(column) && tilt <= COSINE_TOLERANCE) return [row, column];
  const rule = "must have an ImageOrientationPatient of two perpendicular unit vectors";
  throw unreadableDicom(name, `${rule}, got [${cosines.join(", ")}]; export it again`);
}

/** Rows apart, columns apart, in mm; from the patient, the detector or the ultrasound region, in this order. */
function readPixelSpacing(
  name: string,
  attributes: DicomAttributes,
  measures: DicomAttributes,
): readonly [number, number] | undefined {
  for (const [source, keyword] of [
    [measures, "PixelSpacing"],
    [attributes, "ImagerPixelSpacing"],
    [attributes, "NominalScannedPixelSpacing"],
  ] as const) {
    const spacing = source[keyword];
    if (spacing !== undefined && spacing !== null && spacing !== "")
      return requirePositive(name, source, keyword);
  }
  return ultrasoundSpacing(attributes);
}

function requirePositive(
  name: string,
  attributes: DicomAttributes,
  keyword: string,
): readonly [number, number] {
  const spacing = vectorOf(attributes, keyword, 2);
  if (spacing && spacing[0] > 0 && spacing[1] > 0) return [spacing[0], spacing[1]];
  const got = numbersOf(attributes, keyword).join(", ");
  throw unreadableDicom(
    name,
    `must have a ${keyword} of two positive numbers, got [${got}]; export it again`,
  );
}

/** Of the 2-D regions whose axes are in cm (PS3.3 C.8.5.5), where they agree. */
function ultrasoundSpacing(attributes: DicomAttributes): readonly [number, number] | undefined {
  const CENTIMETRES = 3;
  const TWO_DIMENSIONS = 1;
  const spacings = itemsOf(attributes, "SequenceOfUltrasoundRegions")
    .filter((region) => numberOf(region, "RegionSpatialFormat") === TWO_DIMENSIONS)
    .filter((region) => numberOf(region, "PhysicalUnitsXDirection") === CENTIMETRES)
    .filter((region) => numberOf(region, "PhysicalUnitsYDirection") === CENTIMETRES)
    .map((region) => [numberOf(region, "PhysicalDeltaY"), numberOf(region, "PhysicalDeltaX")])
    .map(([rows = 0, columns = 0]) => [10 * Math.abs(rows), 10 * Math.abs(columns)] as const);
  const [first] = spacings;
  if (!first || first[0] === 0 || first[1] === 0) return undefined;
  return spacings.every(([rows, columns]) => rows === first[0] && columns === first[1]) ? first : undefined;
}

function readRescale(name: string, attributes: DicomAttributes): Rescale {
  const slope = readFactor(name, attributes, "RescaleSlope", 1);
  if (slope === 0)
    throw unreadableDicom(name, "must have a RescaleSlope other than 0, got 0; export it again");
  return { slope, intercept: readFactor(name, attributes, "RescaleIntercept", 0) };
}

function readFactor(name: string, attributes: DicomAttributes, keyword: string, missing: number): number {
  const value = attributes[keyword];
  if (value === undefined || value === null || value === "") return missing;
  const number = numberOf(attributes, keyword);
  if (number !== undefined) return number;
  throw unreadableDicom(name, `must have a finite ${keyword}, got another value; export it again`);
}

function readKeys(attributes: DicomAttributes, group: GroupReader): SliceKeys {
  const content = group("FrameContentSequence");
  const classic = content === attributes;
  const stack = textOf(content, "StackID");
  const echo = numberOf(group("MREchoSequence"), "EffectiveEchoTime") ?? numberOf(attributes, "EchoTime");
  const temporal = numberOf(content, classic ? "TemporalPositionIdentifier" : "TemporalPositionIndex");
  const bValue = numberOf(group("MRDiffusionSequence"), "DiffusionBValue");
  const acquisition = numberOf(content, classic ? "AcquisitionNumber" : "FrameAcquisitionNumber");
  const imageType = classic
    ? textsOf(attributes, "ImageType")
    : [
        ...textsOf(group("MRImageFrameTypeSequence"), "FrameType"),
        ...textsOf(group("CTImageFrameTypeSequence"), "FrameType"),
      ];
  return {
    ...(stack !== undefined && { stack }),
    ...(echo !== undefined && { echo }),
    ...(temporal !== undefined && { temporalPosition: temporal }),
    ...(bValue !== undefined && { bValue }),
    ...(acquisition !== undefined && { acquisition }),
    ...(imageType.length > 0 && { imageType: imageType.join("/") }),
  };
}
