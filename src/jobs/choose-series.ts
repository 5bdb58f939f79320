// Which series of a study are images, and what they are called: by their numbers, never by what is written in them.

import type { SeriesEntry } from "../dicomweb/find.ts";
import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";

/** A series to be retrieved. */
export interface ChosenSeries {
  readonly uid: string;
  /** `study …8.498.1/series 3`: results and messages call it so. */
  readonly name: string;
}

/** Modalities (PS3.3, C.7.3.1.1.1) whose instances are no images. OT may be one; its SOP classes tell. */
const NO_IMAGES: ReadonlySet<string> = new Set([
  ...["SR", "SEG", "PR", "KO", "DOC", "PLAN", "REG", "FID", "RWV", "ANN", "ASMT", "M3D", "TEXTUREMAP"],
  ...["RTSTRUCT", "RTPLAN", "RTDOSE", "RTRECORD", "AU", "ECG", "EEG", "EMG", "EPS", "HD", "RESP", "STAIN"],
]);

/** Whether the modality alone tells that a series holds no image. */
export function holdsNoImage({ modality }: SeriesEntry): boolean {
  return modality !== undefined && NO_IMAGES.has(modality);
}

/** The names of a study's series by UID: series of one number are counted in the order given. */
export function seriesNames(study: string, series: readonly SeriesEntry[]): ReadonlyMap<string, string> {
  const uses = new Map<string, number>();
  return new Map(
    series.map(({ uid, number }) => {
      const name = `${study}/series ${number ?? "without number"}`;
      const use = (uses.get(name) ?? 0) + 1;
      uses.set(name, use);
      return [uid, use === 1 ? name : `${name} (${use})`];
    }),
  );
}

/**
 * A note of what was left out.
 * @throws MiasError `no-images` where nothing is left
 */
export function leftOutIssues(
  study: string,
  left: readonly SeriesEntry[],
  names: ReadonlyMap<string, string>,
  kept: number,
): Issue[] {
  if (left.length === 0) return [];
  const listed = left.map(
    ({ uid, modality }) => `${lastPart(names.get(uid))} (${modality ?? "no modality"})`,
  );
  if (kept === 0) {
    const message = `${study} must hold an image series, got ${listed.join(", ")}; check the address`;
    throw new MiasError("no-images", study, message);
  }
  const message = `only series of images are retrieved from ${study}; ${listed.join(", ")} left out`;
  return [issue("series-left-out", study, message)];
}

function lastPart(name = ""): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
