// The modules that a segmentation and a parametric map have in common: patient and study as in the source, a series of
// its own, this program as its equipment (PS3.3 A.51 and A.75).

import { MiasError } from "../errors.ts";
import type { Geometry } from "../types.ts";
import { PROGRAM_NAME, VERSION } from "../version.ts";
import type { DicomAttributes, SourceFrame, SourceSeries } from "../volume-types.ts";
import { copiedAttributes } from "./object-attributes.ts";
import type { DicomItem } from "./object-elements.ts";
import type { UidOfRole } from "./object-file.ts";
import { isPlaced } from "./object-groups.ts";
import { textOf } from "./object-text.ts";
import { uidOf } from "./object-uid.ts";

export interface ObjectOptions {
  /**
   * When it was made, written in the source's time zone, or in UTC where it tells none.
   * @default the date of the source's series or study, so that the same input gives the same bytes
   */
  readonly when?: Date;
  /** @default that of the source and 1000 for a segmentation, 2000 for a map */
  readonly seriesNumber?: number;
}

/** What an object is of, found before it is written. */
export interface ObjectSource {
  readonly series: SourceSeries;
  readonly geometry: Geometry;
  /** Absent where slices have no place in the patient. */
  readonly frameOfReferenceUid?: string;
}

/**
 * Checks the source, and gives it a frame of reference where it has none: the same for all that is made of the series.
 * @throws MiasError `image-unsupported` where the source has no UID to refer to
 */
export async function objectSource(
  name: string,
  series: SourceSeries,
  geometry: Geometry,
): Promise<ObjectSource> {
  for (const keyword of ["StudyInstanceUID", "SeriesInstanceUID"]) {
    if (textOf(series.attributes, keyword) === "") throw withoutUid(name, keyword);
  }
  if (!isPlaced(geometry)) return { series, geometry };
  const own = textOf(series.attributes, "FrameOfReferenceUID");
  const seriesUid = textOf(series.attributes, "SeriesInstanceUID");
  return {
    series,
    geometry,
    frameOfReferenceUid: own || (await uidOf(`frame of reference of ${seriesUid}`)),
  };
}

function withoutUid(name: string, keyword: string): MiasError {
  const text = `${name} must have a valid ${keyword} for a DICOM object to refer to, got none; write NIfTI`;
  return new MiasError("image-unsupported", name, text);
}

/** Patient, study, series, frame of reference, equipment, references and content of an object. */
export function commonModules(
  { series, frameOfReferenceUid }: ObjectSource,
  uid: UidOfRole,
  what: { readonly options: ObjectOptions; readonly firstSeriesNumber: number; readonly description: string },
): DicomItem {
  const { attributes, frames } = series;
  const { date, time } = contentTime(attributes, what.options.when);
  const number = Number(textOf(attributes, "SeriesNumber"));
  return {
    ...copiedAttributes(attributes),
    SOPInstanceUID: uid("instance"),
    SeriesInstanceUID: uid("series"),
    SeriesNumber: what.options.seriesNumber ?? what.firstSeriesNumber + Math.max(0, number),
    SeriesDescription: what.description,
    SeriesDate: date,
    SeriesTime: time,
    ContentDate: date,
    ContentTime: time,
    InstanceNumber: 1,
    FrameOfReferenceUID: frameOfReferenceUid,
    PatientOrientation: frameOfReferenceUid === undefined ? "" : undefined,
    PositionReferenceIndicator: frameOfReferenceUid === undefined ? undefined : "",
    Manufacturer: PROGRAM_NAME,
    ManufacturerModelName: PROGRAM_NAME,
    DeviceSerialNumber: VERSION,
    SoftwareVersions: VERSION,
    ReferencedSeriesSequence: [referencedSeries(textOf(attributes, "SeriesInstanceUID"), frames)],
    ContentCreatorName: "",
  };
}

/** Each instance once, in order of its first frame. */
function referencedSeries(seriesUid: string, frames: readonly SourceFrame[]): DicomItem {
  const classes = new Map(frames.map((frame) => [frame.sopInstanceUid, frame.sopClassUid]));
  return {
    SeriesInstanceUID: seriesUid,
    ReferencedInstanceSequence: [...classes].map(([instance, sopClass]) => ({
      ReferencedSOPClassUID: sopClass,
      ReferencedSOPInstanceUID: instance,
    })),
  };
}

/** Written where neither caller nor source tells a date; content must have one. */
const NO_DATE = { date: "19000101", time: "000000" };

function contentTime(attributes: DicomAttributes, when: Date | undefined): typeof NO_DATE {
  if (when !== undefined) return localTime(when, textOf(attributes, "TimezoneOffsetFromUTC"));
  for (const kind of ["Series", "Study"]) {
    const date = textOf(attributes, `${kind}Date`);
    if (date !== "") return { date, time: textOf(attributes, `${kind}Time`) || NO_DATE.time };
  }
  return NO_DATE;
}

/** `offset`: as `+0200`, or empty. */
function localTime(when: Date, offset: string): typeof NO_DATE {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(offset) ?? ["", "+", "0", "0"];
  const shift = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
  const [date, time] = new Date(when.getTime() + shift).toISOString().split("T");
  return { date: date.replaceAll("-", ""), time: time.slice(0, 8).replaceAll(":", "") };
}
