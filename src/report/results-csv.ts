import type { Issue } from "../types.ts";
import { type Cell, csvText } from "./csv-text.ts";
import { type ImageResult, lesionExtent, type ResultsDocument } from "./results.ts";
import type { VolumeResult } from "./volume-results.ts";

const columns: readonly (readonly [
  heading: string,
  cell: (image: ImageResult, doc: ResultsDocument) => Cell,
])[] = [
  ["file", (image) => image.file],
  ["slice", (image) => image.slice],
  ["width", (image) => image.width],
  ["height", (image) => image.height],
  ["score", (image) => image.score],
  ["p_value", (image) => image.pValue],
  ["abnormal", (image) => image.abnormal],
  ["finding", (image) => image.finding],
  ["centre_x", (image) => image.centreOfGravity.x],
  ["centre_y", (image) => image.centreOfGravity.y],
  ["lesions", (image) => image.lesions.length],
  ["area_px", (image) => lesionExtent(image).area],
  ["largest_lesion_px", (image) => lesionExtent(image).largest?.area],
  ["mask", (image) => image.mask],
  ["map", (image) => image.map],
  ["overlay", (image) => image.overlay],
  ["issues", (image, doc) => issueCodes([...doc.issues, ...image.issues])],
];

/** A volume's row: what an image has, too. */
const volumeCells: Readonly<Record<string, (volume: VolumeResult, doc: ResultsDocument) => Cell>> = {
  file: ({ file }) => file,
  width: ({ size }) => size[0],
  height: ({ size }) => size[1],
  score: ({ score }) => score,
  p_value: ({ pValue }) => pValue,
  abnormal: ({ abnormal }) => abnormal,
  finding: ({ finding }) => finding,
  lesions: ({ volumeLesions }) => volumeLesions.length,
  mask: ({ mask, segmentation }) => mask ?? segmentation,
  map: ({ map }) => map,
  overlay: ({ preview }) => preview,
  issues: ({ issues }, doc) => issueCodes([...doc.issues, ...issues]),
};

/** The text of results.csv: a header, the images, the volumes, then the files that failed, with their issue alone. */
export function resultsToCsv(doc: ResultsDocument): string {
  const header = columns.map(([heading]) => heading);
  const done = doc.images.map((image) => columns.map(([, cell]) => cell(image, doc)));
  const volumes = doc.volumes.map((volume) =>
    columns.map(([heading]) => volumeCells[heading]?.(volume, doc) ?? ""),
  );
  const failed = doc.failures.map((failure) =>
    columns.map(([heading]) => {
      if (heading === "file") return failure.subject;
      return heading === "issues" ? issueCodes([failure]) : "";
    }),
  );
  return csvText([header, ...done, ...volumes, ...failed]);
}

function issueCodes(issues: readonly Issue[]): string {
  return issues.map((issue) => issue.code).join(" ");
}
