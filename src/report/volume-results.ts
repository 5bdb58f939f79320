// What results.json says of one volume, and lesions.csv, a row a lesion.

import type { Issue, SliceAxis } from "../types.ts";
import type { SliceSummary, VolumeLesion, VolumeSegmentation, VolumeSize } from "../volume-types.ts";
import { csvText } from "./csv-text.ts";
import { counted, shortNumber } from "./format.ts";

export interface VolumeResult {
  readonly file: string;
  /** Columns, rows, slices of the file. */
  readonly size: VolumeSize;
  readonly axis: SliceAxis;
  /** Slices along that axis. */
  readonly count: number;
  /** Of columns, rows, and between the slices of that axis. */
  readonly spacing: readonly [number, number, number];
  readonly unit: "mm" | "px";
  readonly score: number;
  readonly pValue: number;
  readonly abnormal: boolean;
  readonly finding: string;
  readonly volumeLesions: readonly VolumeLesion[];
  /** One for each slice that shows something. */
  readonly slices: readonly SliceSummary[];
  /** Files beside the document, "/" between folders; null where none was written. */
  readonly mask: string | null;
  readonly segmentation: string | null;
  readonly map: string | null;
  /** The DICOM parametric map, where one was written. */
  readonly parametricMap?: string;
  /** Whether all that was to be stored in the study of the input is there; absent where nothing was asked for. */
  readonly stored?: boolean;
  readonly preview: string | null;
  /** Overlays of the slices, in order of the axis; null where a slice shows nothing. */
  readonly pictures: readonly (string | null)[];
  readonly issues: readonly Issue[];
}

/** The result of a volume before its files are written. */
export function volumeResult(
  result: VolumeSegmentation,
  alpha: number,
): Omit<VolumeResult, "mask" | "segmentation" | "map" | "parametricMap" | "stored" | "preview" | "pictures"> {
  const { name, size, plan, score, pValue, abnormal, lesions, slices, issues } = result;
  return {
    file: name,
    size,
    axis: plan.axis,
    count: plan.count,
    spacing: plan.spacing,
    unit: plan.unit,
    score,
    pValue,
    abnormal,
    finding: volumeFinding(result, alpha),
    volumeLesions: lesions,
    slices,
    issues,
  };
}

/** What was found in a volume, in a few words. */
export function volumeFinding(
  { lesions, slices }: Pick<VolumeSegmentation, "lesions" | "slices">,
  alpha: number,
): string {
  const abnormal = slices.filter((slice) => slice.abnormal).length;
  const share = `${abnormal} of ${counted(slices.length, "slice")} abnormal at alpha ${shortNumber(alpha)}`;
  return lesions.length > 0 ? `${counted(lesions.length, "lesion")}, ${share}` : `nothing found, ${share}`;
}

/** The text of lesions.csv: a header and each lesion of each volume. */
export function lesionsToCsv(volumes: readonly VolumeResult[]): string {
  const header = [
    ...["file", "label", "voxels", "volume_ml", "largest_diameter", "unit", "first_slice", "last_slice"],
    ...["centre_x", "centre_y", "centre_z", "centre_l", "centre_p", "centre_s", "score", "p_value"],
  ];
  const rows = volumes.flatMap(({ file, unit, volumeLesions }) =>
    volumeLesions.map((lesion) => [
      ...[file, lesion.label, lesion.voxels, lesion.volumeMl, lesion.largestDiameter, unit],
      ...lesion.slices,
      ...lesion.centre,
      ...(lesion.centreLps ?? [undefined, undefined, undefined]),
      ...[lesion.score, lesion.pValue],
    ]),
  );
  return csvText([header, ...rows]);
}
