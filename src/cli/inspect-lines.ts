// What `mias inspect` prints of volumes, of our own results and of what a folder holds.

import type { Contents, SeriesInspection } from "../jobs/inspect-contents.ts";
import type { RunInspection } from "../jobs/inspect-results.ts";
import type { VolumeInspection } from "../jobs/inspect-volume.ts";
import { counted, shortNumber } from "../report/format.ts";
import type { Issue, ValueWindow } from "../types.ts";

const FORMATS = { nifti: "NIfTI", nrrd: "NRRD", metaimage: "MetaImage" } as const;
const DIRECTIONS: Readonly<Record<string, string>> = {
  ...{ L: "left", R: "right", P: "back", A: "front", S: "head", I: "feet" },
};
const WINDOWS = {
  file: "the file's own",
  percentiles: "percentiles of the body",
  values: "least and greatest value",
} as const;

/** A volume's file, a fact a line. */
export function volumeLines(file: string, volume: VolumeInspection): string[] {
  const { format, size, geometry, volumes, modality, axes, values, least, largest, window } = volume;
  return [
    `${file}: volume (${FORMATS[format]}), ${size.join(" x ")} voxels`,
    `spacing      ${lengths(geometry.spacing)} ${geometry.unit}`,
    `axes         ${axes === null ? "not known" : `${axes}: ${axesText(axes)}`}`,
    ...(modality === null ? [] : [`modality     ${modality}`]),
    `values       ${values}, ${shortNumber(least)} .. ${shortNumber(largest)}`,
    `window       ${window === null ? "none" : `${windowText(window)} (${WINDOWS[window.from]})`}`,
    ...(volumes === 1 ? [] : [`volumes      ${volumes} in the file`]),
    ...issueLines(volume.issues),
  ];
}

/** The run whose results a folder holds. */
export function runLines(file: string, run: RunInspection): string[] {
  const { command, version, interrupted, done, total, images, volumes, abnormal, failed, bank } = run;
  const parts = [counted(images, "image"), ...(volumes > 0 ? [counted(volumes, "volume")] : [])];
  const end = interrupted ? `interrupted after ${done} of ${total}` : "run to its end";
  return [
    `${file}: results of mias ${command} ${version}, ${end}`,
    `images       ${listed(parts)}, ${abnormal} abnormal, ${failed} failed`,
    `bank         ${bank.file}, preset ${bank.preset}, model ${bank.model}`,
  ];
}

/** What a folder or file holds: how much of what, then its series, a line each. */
export function contentsLines(file: string, kind: "folder" | "zip" | "dicom", contents: Contents): string[] {
  const { images, volumes, series, issues, failures } = contents;
  const parts = [
    ...(images > 0 || volumes + series.length === 0 ? [counted(images, "image")] : []),
    ...(volumes > 0 ? [counted(volumes, "volume")] : []),
    ...(series.length > 0 ? [counted(series.length, "DICOM series", "DICOM series")] : []),
  ];
  const what = { folder: "folder of ", zip: "zip archive of ", dicom: "" }[kind];
  return [
    `${file}: ${what}${listed(parts)}`,
    ...series.flatMap((one) => [seriesLine(one), ...issueLines(one.issues)]),
    ...issueLines([...issues, ...failures]),
  ];
}

function seriesLine(series: SeriesInspection): string {
  const { name, number, modality, as, files, frames, size, spacing, unit, axes, transferSyntaxes } = series;
  const { window, windowFrom } = series;
  const shape =
    as === "volume"
      ? `volume of ${size.join(" x ")} voxels`
      : `${counted(frames, "image")} of ${size.join(" x ")}`;
  const facts = [
    ...[modality ?? "no modality", shape],
    ...(files === frames ? [] : [`${counted(frames, "frame")} in ${counted(files, "file")}`]),
    ...(spacing === null ? ["no spacing"] : [`${lengths(spacing)} ${unit}`]),
    ...(axes === null ? [] : [`axes ${axes}`]),
    `window ${windowFrom === "file" && window ? `${windowText(window)} (${WINDOWS.file})` : WINDOWS[windowFrom]}`,
    transferSyntaxes.join(" and "),
  ];
  return `${`series ${number ?? "-"}`.padEnd(13)}${name}: ${facts.join(", ")}`;
}

function issueLines(issues: readonly Issue[]): string[] {
  return issues.map(({ severity, message }) => `${severity}: ${message}`);
}

function lengths(values: readonly number[]): string {
  return values.map(shortNumber).join(" x ");
}

function windowText({ low, high }: ValueWindow): string {
  return `${shortNumber(low)} .. ${shortNumber(high)}`;
}

function axesText(axes: string): string {
  const [x, y, z] = Array.from(axes, (letter) => DIRECTIONS[letter]);
  return `columns to the ${x}, rows to the ${y}, slices to the ${z}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
