// Made heads as DICOM series of MR images, whose patient is nobody: everything that a scanner would write of one is a
// value that tests can search for.

import { headVolume } from "../../src/phantom/volume.ts";
import { type MadeElement, madeFile } from "../dicom/made-dicom.ts";

export interface PhantomSeries {
  readonly study: string;
  readonly series: string;
  /** @default 1 */
  readonly seriesNumber?: number;
  readonly seed: number;
  /** Bright lesions. @default 0 */
  readonly lesions?: number;
  /** @default 4 */
  readonly slices?: number;
  /** Further elements, or others in their place. */
  readonly more?: readonly MadeElement[];
}

/** What is planted, by what it stands for; none of it may be found in anything but DICOM results. */
export const PLANTED = {
  name: "Plantedson^Plantina",
  id: "PLANTED-PID-4711",
  birthDate: "19331224",
  accession: "PLANTEDACC815",
  otherIds: "PLANTED-OTHER-ID",
  otherNames: "Plantbirthname^Olga",
  institution: "Plantinghospital",
  address: "Plantingstreet 1",
  physician: "Plantdoctor^Refer",
  performer: "Plantdoctor^Perform",
  operator: "Plantoperator^Op",
  station: "PLANTEDSTATION",
  studyDescription: "plantedstudydescription",
  seriesDescription: "plantedseriesdescription",
  patientComments: "plantedpatientcomments",
  imageComments: "plantedimagecomments",
} as const;

/** What DICOM results must carry of the source: they belong to its patient and study. */
export const CARRIED: readonly string[] = [
  ...[PLANTED.name, PLANTED.id, PLANTED.birthDate, PLANTED.accession],
  ...[PLANTED.physician, PLANTED.studyDescription],
];

const SIDE = 64;
const SPACING = 12;
const MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4";

/** The planted values as elements of a data set. */
export const PLANTED_ELEMENTS: readonly MadeElement[] = [
  [0x00080050, "SH", PLANTED.accession],
  [0x00080080, "LO", PLANTED.institution],
  [0x00080081, "ST", PLANTED.address],
  [0x00080090, "PN", PLANTED.physician],
  [0x00081010, "SH", PLANTED.station],
  [0x00081030, "LO", PLANTED.studyDescription],
  [0x0008103e, "LO", PLANTED.seriesDescription],
  [0x00081050, "PN", PLANTED.performer],
  [0x00081070, "PN", PLANTED.operator],
  [0x00100010, "PN", PLANTED.name],
  [0x00100020, "LO", PLANTED.id],
  [0x00100030, "DA", PLANTED.birthDate],
  [0x00101000, "LO", PLANTED.otherIds],
  [0x00101001, "PN", PLANTED.otherNames],
  [0x00104000, "LT", PLANTED.patientComments],
  [0x00204000, "LT", PLANTED.imageComments],
];

/** The files of a series, one for each slice, from the neck up. */
export function phantomSeries(options: PhantomSeries): Uint8Array[] {
  const { seed, slices = 4, lesions = 0, more = [] } = options;
  const kinds = Array.from({ length: lesions }, () => "bright" as const);
  const { volume } = headVolume({ seed, size: SIDE, slices, spacing: SPACING, lesions: kinds });
  const pixel = volume.geometry.spacing[0];
  return Array.from({ length: slices }, (_, z) => {
    const voxels = Uint16Array.from(volume.data.subarray(z * SIDE * SIDE, (z + 1) * SIDE * SIDE));
    const elements: MadeElement[] = [
      ...PLANTED_ELEMENTS,
      ...headElements(options, z),
      [0x00180050, "DS", `${SPACING}`],
      [0x00200032, "DS", `${-pixel * 31.5}\\${-pixel * 31.5}\\${SPACING * z}`],
      [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
      [0x00200052, "UI", `${options.study}.1000`],
      ...imageElements(pixel),
      [0x7fe00010, "OW", new Uint8Array(voxels.buffer)],
    ];
    const all = new Map([...elements, ...more].map((element) => [element[0], element]));
    return madeFile([...all.values()].sort((a, b) => a[0] - b[0]));
  });
}

function headElements({ study, series, seriesNumber = 1 }: PhantomSeries, z: number): MadeElement[] {
  return [
    [0x00080016, "UI", MR_IMAGE],
    [0x00080018, "UI", `${series}.${z + 1}`],
    [0x00080020, "DA", "20240229"],
    [0x00080030, "TM", "101112"],
    [0x00080060, "CS", "MR"],
    [0x0020000d, "UI", study],
    [0x0020000e, "UI", series],
    [0x00200011, "IS", `${seriesNumber}`],
    [0x00200013, "IS", `${z + 1}`],
  ];
}

function imageElements(pixel: number): MadeElement[] {
  return [
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280010, "US", [SIDE]],
    [0x00280011, "US", [SIDE]],
    [0x00280030, "DS", `${pixel}\\${pixel}`],
    [0x00280100, "US", [16]],
    [0x00280101, "US", [16]],
    [0x00280102, "US", [15]],
    [0x00280103, "US", [0]],
  ];
}

/** A report (Comprehensive SR) of the study: no image. */
export function plantedReport(study: string, series: string): Uint8Array {
  return madeFile([
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.33"],
    [0x00080018, "UI", `${series}.1`],
    [0x00080050, "SH", PLANTED.accession],
    [0x00080060, "CS", "SR"],
    [0x00100010, "PN", PLANTED.name],
    [0x00100020, "LO", PLANTED.id],
    [0x0020000d, "UI", study],
    [0x0020000e, "UI", series],
    [0x00200011, "IS", "99"],
    [0x0040a040, "CS", "TEXT"],
    [0x0040a160, "UT", `Finding in ${PLANTED.name}: none`],
  ]);
}
