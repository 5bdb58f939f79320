import type { EvaluationVolumes } from "./evaluate-document.ts";
import { counted } from "./format.ts";
import type { Facts } from "./measure.ts";

/** The measures of volumes in 3-D; none where there is no volume. */
export function volumeMeasures(volumes: EvaluationVolumes | null): Facts[] {
  if (volumes === null) return [];
  const { judged, anomalous, rows } = volumes;
  const total = (key: "truths" | "found" | "predicted" | "matched") =>
    rows.reduce((sum, { measures }) => sum + (measures?.lesions[key] ?? 0), 0);
  const alarms = total("predicted") - total("matched");
  return [
    {
      path: "volumes.dice",
      label: "DICE of volumes",
      value: volumes.dice,
      meaning: `DICE in 3-D, each volume taken as a whole, averaged over the ${anomalous} with a lesion.`,
    },
    {
      path: "volumes.lesionRecall",
      label: "lesion recall, volumes",
      value: volumes.lesionRecall,
      meaning: `${total("found")} of ${total("truths")} lesions are found, counted in 3-D: voxels that touch across slices are one lesion.`,
    },
    {
      path: "volumes.falseLesionsPerVolume",
      label: "false lesions a volume",
      value: volumes.falseLesionsPerVolume,
      meaning: `${alarms} of ${total("predicted")} lesions of the final masks match none, in ${counted(judged, "volume")}, good ones too.`,
    },
    {
      path: "volumes.volumeDifferenceMl",
      label: "volume difference, ml",
      value: volumes.volumeDifferenceMl,
      meaning: "Difference between the volumes of final mask and reference, without its sign, averaged.",
    },
  ];
}
