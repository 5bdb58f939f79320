// DICOM files that a user named or that were found for one: their headers are read first, then it is planned which of
// them are slices of a volume and which are pictures; pixels are read when their turn comes.

import { dirname } from "node:path";
import type { InstanceHeader } from "../dicom/instance.ts";
import { isLocaliser } from "../dicom/localisers.ts";
import { parseInstance } from "../dicom/parse-instance.ts";
import { planSeries } from "../dicom/plan-series.ts";
import { pictureName, readPicture } from "../dicom/read-picture.ts";
import { readSeriesVolume } from "../dicom/read-series.ts";
import type { PicturesPlan, SeriesPlan, VolumePlan } from "../dicom/series-plan.ts";
import { isMiasError } from "../errors.ts";
import type { InputFile } from "../io/input-file.ts";
import { issue } from "../issues.ts";
import type { CallContext, ImageSource, Issue } from "../types.ts";
import { grouped } from "../util/grouped.ts";
import { commonFolder } from "./output-names.ts";
import type { VolumeInput } from "./volume-input.ts";

/** What DICOM files are read as. */
export interface DicomInputs {
  readonly images: readonly ImageSource[];
  readonly volumes: readonly VolumeInput[];
  readonly issues: readonly Issue[];
  /** Files that cannot be read. */
  readonly failures: readonly Issue[];
}

/** What DICOM files are to be read as. */
export interface PlannedFiles {
  /** Of each folder, in order. */
  readonly plans: readonly SeriesPlan[];
  /** Series that are left out. */
  readonly issues: readonly Issue[];
  /** Files that cannot be read. */
  readonly failures: readonly Issue[];
}

/**
 * Reads the headers of `files`, in memory a header each, and plans their series.
 * @throws the signal's reason when aborted
 */
export async function planFiles(files: readonly InputFile[], context: CallContext): Promise<PlannedFiles> {
  const headers: InstanceHeader[] = [];
  const failures: Issue[] = [];
  for (const [done, file] of files.entries()) {
    context.onProgress?.({ stage: "reading headers", done, total: files.length });
    context.signal?.throwIfAborted();
    try {
      headers.push(parseInstance(file.name, await file.read(context.signal)).header);
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!isMiasError(error)) throw error;
      failures.push(issue("image-failed", file.name, error.message));
    }
  }
  return { ...planFolders(headers), failures };
}

/**
 * The images and volumes of `files`, each read when its turn comes.
 * @throws the signal's reason when aborted
 */
export async function dicomInputs(files: readonly InputFile[], context: CallContext): Promise<DicomInputs> {
  const { plans, issues, failures } = await planFiles(files, context);
  const byName = new Map(files.map((file) => [file.name, file]));
  return {
    images: plans.flatMap((plan) => (plan.kind === "pictures" ? picturesOf(plan, byName) : [])),
    volumes: plans.flatMap((plan) => (plan.kind === "volume" ? [volumeOf(plan, byName)] : [])),
    issues: [...issues, ...plans.flatMap((plan) => (plan.kind === "pictures" ? plan.issues : []))],
    failures,
  };
}

/**
 * Plans the series of each folder; a series that lies in several is that of the folder they share. A series of nothing but
 * localisers is left out beside others.
 */
function planFolders(headers: readonly InstanceHeader[]): Omit<PlannedFiles, "failures"> {
  const all = [...grouped(headers, ({ seriesInstanceUid }) => seriesInstanceUid).values()];
  const isRead = (members: readonly InstanceHeader[]) => !members.every(isLocaliser);
  const series = all.some(isRead) ? all.filter(isRead) : all;
  const left = all.filter((members) => !series.includes(members));
  const places = grouped(series, placeOf);
  return {
    plans: [...places].flatMap(([place, members]) => planSeries(place, members.flat())),
    issues: left.map(leftOut),
  };
}

function leftOut(members: readonly InstanceHeader[]): Issue {
  const place = placeOf(members);
  const what = members.length === 1 ? "it is one" : `a series of ${members.length} is of them`;
  const rule = `images of ${place} must be no localisers, but ${what} (ImageType)`;
  return issue("localiser", place, `${rule}; it is left out, name it alone to read it`);
}

/** The file itself where there is one, else the folder that all files share. */
function placeOf(members: readonly InstanceHeader[]): string {
  const names = members.map(({ name }) => name);
  return names.length === 1 ? names[0] : names.map((name) => dirname(name)).reduce(commonFolder);
}

/** A picture is stamped by its own file. */
function picturesOf(plan: PicturesPlan, files: ReadonlyMap<string, InputFile>): ImageSource[] {
  return plan.frames.map((frame, i) => {
    const stamp = files.get(frame.instance.name)?.stamp;
    return {
      name: pictureName(frame),
      ...(stamp === undefined ? {} : { stamp }),
      read: (signal) => readPicture(plan, i, readerOf(files), signal),
    };
  });
}

function volumeOf(plan: VolumePlan, files: ReadonlyMap<string, InputFile>): VolumeInput {
  const names = new Set(plan.frames.map(({ instance }) => instance.name));
  const stamps = [...names].map((name) => files.get(name)?.stamp ?? "");
  const origin = files.get(plan.frames[0].instance.name)?.origin;
  return {
    name: plan.name,
    stamp: stamps.join(" "),
    ...(origin === undefined ? {} : { origin }),
    read: async (signal) => readSeriesVolume(plan, readerOf(files), signal),
  };
}

function readerOf(files: ReadonlyMap<string, InputFile>) {
  return async (name: string, signal?: AbortSignal): Promise<Uint8Array> => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`no file ${name} was given`);
    return file.read(signal);
  };
}
