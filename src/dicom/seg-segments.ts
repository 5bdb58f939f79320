import { PROGRAM, PROGRAM_NAME, VERSION } from "../version.ts";
import type { VolumeLesion } from "../volume-types.ts";
import { CODES, type CodedConcept, codeSequence } from "./object-codes.ts";
import type { DicomItem } from "./object-elements.ts";
import type { UidOfRole } from "./object-file.ts";

/** One item for each lesion, numbered from 1 (PS3.3 C.8.20.4). */
export function segmentItems(
  lesions: readonly VolumeLesion[],
  uid: UidOfRole,
  anatomicRegion: CodedConcept | undefined,
): readonly DicomItem[] {
  return lesions.map((lesion, index) => ({
    SegmentNumber: index + 1,
    SegmentLabel: `Anomaly ${lesion.label}`,
    SegmentDescription: describeLesion(lesion),
    SegmentAlgorithmType: "AUTOMATIC",
    SegmentAlgorithmName: PROGRAM,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: codeSequence(CODES.artificialIntelligence),
        AlgorithmName: PROGRAM_NAME,
        AlgorithmVersion: VERSION,
      },
    ],
    SegmentedPropertyCategoryCodeSequence: codeSequence(CODES.abnormalStructure),
    SegmentedPropertyTypeCodeSequence: codeSequence(CODES.lesion),
    AnatomicRegionSequence: anatomicRegion && codeSequence(anatomicRegion),
    TrackingID: `Anomaly ${lesion.label}`,
    TrackingUID: uid(`lesion ${lesion.label}`),
    RecommendedDisplayCIELabValue: colour(index),
  }));
}

/** What lies outside all segments of a label map; it is told, as every value of the pixels must be (C.8.20.4). */
export function backgroundItem(): DicomItem {
  return {
    SegmentNumber: 0,
    SegmentLabel: "Background",
    SegmentAlgorithmType: "AUTOMATIC",
    SegmentAlgorithmName: PROGRAM,
    SegmentedPropertyCategoryCodeSequence: codeSequence(CODES.background),
    SegmentedPropertyTypeCodeSequence: codeSequence(CODES.background),
    RecommendedDisplayCIELabValue: cielab(0, 0, 0),
  };
}

function describeLesion({ score, pValue, volumeMl, voxels }: VolumeLesion): string {
  const extent = volumeMl === undefined ? `${voxels} voxels` : `${volumeMl.toPrecision(3)} ml`;
  return `score ${score.toPrecision(3)} SD of normal variation, p-value ${pValue.toPrecision(2)}, ${extent}`;
}

const LIGHTNESS = 65;
const CHROMA = 70;
/** Hues turn by the golden angle, so that neighbours in the list are far apart; the first is red. */
const FIRST_HUE = 40;
const GOLDEN_ANGLE = 137.508;

function colour(index: number): readonly number[] {
  const hue = ((FIRST_HUE + index * GOLDEN_ANGLE) * Math.PI) / 180;
  return cielab(LIGHTNESS, CHROMA * Math.cos(hue), CHROMA * Math.sin(hue));
}

/** L* of 0..100, a* and b* of -128..127, each over 0..65535 (PS3.3 C.10.7.1.1). */
function cielab(l: number, a: number, b: number): readonly number[] {
  return [l / 100, (a + 128) / 255, (b + 128) / 255].map((part) => Math.round(part * 65535));
}
