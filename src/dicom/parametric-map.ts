// DICOM Parametric Map (PS3.3 A.75) with float pixels: how far each voxel deviates from what is normal at its place, in
// standard deviations of normal variation. Every slice of the source has a frame.

import { MiasError } from "../errors.ts";
import type { Geometry } from "../types.ts";
import { assert } from "../util/assert.ts";
import { DISCLAIMER } from "../version.ts";
import type { SourceSeries, VolumeSize } from "../volume-types.ts";
import { CODES, codeSequence } from "./object-codes.ts";
import type { DicomItem } from "./object-elements.ts";
import { encodeObject, type UidOfRole } from "./object-file.ts";
import { dimensionAttributes, frameGroups, isPlaced, planeGroups } from "./object-groups.ts";
import { commonModules, type ObjectOptions, type ObjectSource, objectSource } from "./object-modules.ts";
import { textOf } from "./object-text.ts";

/** A map on the voxels of the source. */
export interface VolumeMap {
  /** What the user calls the volume. */
  readonly name: string;
  readonly size: VolumeSize;
  /** Of slice z: finite values, x fastest, then y; asked for once each, in order. */
  mapOf(z: number): Float32Array;
}

const IMAGE_TYPE = ["DERIVED", "PRIMARY", "VOLUME", "QUANTITY"];
const PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30";
/** Standard deviations that are shown black and white; the same for all, so that maps can be compared by eye. */
const SHOWN = { low: 0, high: 10 };
/** The largest finite number of 32 bits. */
const GREATEST = 3.4028234663852886e38;

/**
 * The map as a DICOM file, Explicit VR Little Endian. Same input and options, same version: the same bytes.
 * @throws MiasError `image-unsupported` where the source has no UID to refer to, or no place in the patient, without
 * which the standard knows no parametric map; `output-unwritable` over 4 GiB
 */
export async function encodeParametricMap(
  series: SourceSeries,
  map: VolumeMap,
  geometry: Geometry,
  options: ObjectOptions = {},
): Promise<Uint8Array> {
  const [width, height, depth] = map.size;
  assert(series.frames.length === depth, "there is a source frame for each slice");
  if (!isPlaced(geometry)) throw unplaced(map.name);
  const source = await objectSource(map.name, series, geometry);
  return encodeObject(map.name, {
    describe: (uid) => ({ ...mapAttributes(source, uid, options), Rows: height, Columns: width }),
    pixels: {
      keyword: "FloatPixelData",
      vr: "OF",
      byteLength: width * height * depth * 4,
      draw: (bytes) => drawMap(map, bytes),
    },
  });
}

function unplaced(name: string): MiasError {
  const text = `${name} must have Image Position (Patient) and Pixel Spacing for a parametric map, got none; write NIfTI`;
  return new MiasError("image-unsupported", name, text);
}

function drawMap({ size, mapOf }: VolumeMap, bytes: Uint8Array): void {
  const [width, height, depth] = size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let z = 0, at = 0; z < depth; z++) {
    const slice = mapOf(z);
    assert(slice.length === width * height, "a slice of the map has a value for each pixel");
    for (let i = 0; i < slice.length; i++, at += 4) {
      assert(Number.isFinite(slice[i]), "the map is finite");
      view.setFloat32(at, slice[i], true);
    }
  }
}

function mapAttributes(source: ObjectSource, uid: UidOfRole, options: ObjectOptions): DicomItem {
  const { series, geometry } = source;
  const description = "MIAS-SAM anomaly map (research, not for diagnosis)";
  return {
    ...commonModules(source, uid, { options, firstSeriesNumber: 2000, description }),
    ...dimensionAttributes(uid("dimensions"), geometry, false),
    SOPClassUID: PARAMETRIC_MAP,
    Modality: textOf(series.attributes, "Modality") || "OT",
    ImageType: IMAGE_TYPE,
    ContentLabel: "ANOMALY_MAP",
    ContentDescription: description,
    ContentQualification: "RESEARCH",
    ImageComments: DISCLAIMER,
    BurnedInAnnotation: "NO",
    RecognizableVisualFeatures: "NO",
    PresentationLUTShape: "IDENTITY",
    AcquisitionContextSequence: [],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 32,
    LossyImageCompression: "00",
    NumberOfFrames: series.frames.length,
    SharedFunctionalGroupsSequence: [{ ...planeGroups(series, geometry), ...valueGroups() }],
    PerFrameFunctionalGroupsSequence: series.frames.map((frame, z) =>
      frameGroups(frame, geometry, CODES.comparison, { plane: z + 1 }),
    ),
  };
}

/** What the values are, and how they are shown. */
function valueGroups(): DicomItem {
  return {
    // Optional, but dcmqi 1.5.7 ends by a segmentation fault without it.
    FrameAnatomySequence: [{ FrameLaterality: "U", AnatomicRegionSequence: codeSequence(CODES.body) }],
    ParametricMapFrameTypeSequence: [{ FrameType: IMAGE_TYPE }],
    PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: "US" }],
    FrameVOILUTSequence: [
      { WindowCenter: (SHOWN.low + SHOWN.high) / 2, WindowWidth: SHOWN.high - SHOWN.low },
    ],
    RealWorldValueMappingSequence: [
      {
        LUTExplanation: CODES.anomaly.meaning,
        LUTLabel: "ANOMALY",
        DoubleFloatRealWorldValueFirstValueMapped: -GREATEST,
        DoubleFloatRealWorldValueLastValueMapped: GREATEST,
        RealWorldValueIntercept: 0,
        RealWorldValueSlope: 1,
        MeasurementUnitsCodeSequence: codeSequence(CODES.standardDeviations),
        QuantityDefinitionSequence: [
          {
            ValueType: "CODE",
            ConceptNameCodeSequence: codeSequence(CODES.quantity),
            ConceptCodeSequence: codeSequence(CODES.anomaly),
          },
        ],
      },
    ],
  };
}
