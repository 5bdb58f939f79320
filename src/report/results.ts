// The document of one run of `segment`, as it is written to results.json. It holds no date and no absolute path of
// its own: but for `seconds`, the same images, bank and version give the same bytes.

import { issue } from "../issues.ts";
import type {
  Bank,
  Calibration,
  FitOptions,
  HierarchyMask,
  Issue,
  Lesion,
  Point,
  PresetName,
  Prompt,
  SegmentOptions,
} from "../types.ts";
import { smallestPValue } from "../util/conformal.ts";
import { counted, shortNumber } from "./format.ts";
import { stableJson } from "./stable-json.ts";
import type { VolumeResult } from "./volume-results.ts";

/** Which program and version wrote a document. */
export interface ProgramVersion {
  readonly name: string;
  readonly version: string;
}

/** The bank that images were compared with. */
export interface BankSummary {
  readonly file: string;
  readonly preset: PresetName;
  /** The model's id. */
  readonly model: string;
  readonly options: FitOptions;
}

/** How to read the 16-bit map files: value = grey * unit + offset. */
export interface MapScale {
  readonly unit: number;
  readonly offset: number;
  readonly meaning: string;
}

/** The held-out normal images that p-values come from. */
export interface CalibrationSummary {
  readonly images: number;
  /** 1 / (images + 1): no p-value can be lower. */
  readonly smallestPValue: number;
  /** Their image scores, ascending. */
  readonly scores: readonly number[];
}

/** What `results.json` says of one image. Coordinates are pixels of the original, the centre of the first being 0. */
export interface ImageResult {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Index of the slice, for an image of a volume. */
  readonly slice?: number;
  readonly score: number;
  readonly pValue: number;
  readonly abnormal: boolean;
  /** See `findingText`. */
  readonly finding: string;
  readonly centreOfGravity: Point;
  readonly prompts: readonly Prompt[];
  readonly lesions: readonly Lesion[];
  /** Every mask that was considered, without its pixels; only where asked for. */
  readonly hierarchy?: readonly Omit<HierarchyMask, "mask">[];
  /** Files beside the document, "/" between folders; null where none was written. */
  readonly mask: string | null;
  readonly map: string | null;
  readonly overlay: string | null;
  readonly issues: readonly Issue[];
}

/** Wall-clock times of the run. */
export interface RunSeconds {
  readonly total: number;
  readonly perImage?: number;
  readonly encode?: number;
  readonly search?: number;
  readonly decode?: number;
}

export interface ResultsDocument {
  readonly program: ProgramVersion;
  readonly disclaimer: string;
  /** Whether the run was stopped before its last image; then the document tells of `done` images of `total`. */
  readonly interrupted: boolean;
  readonly done: number;
  readonly total: number;
  readonly bank: BankSummary;
  readonly options: SegmentOptions;
  readonly mapScale: MapScale;
  readonly calibration: CalibrationSummary;
  readonly images: readonly ImageResult[];
  readonly volumes: readonly VolumeResult[];
  /** What is odd about the run as a whole. */
  readonly issues: readonly Issue[];
  /** Images that could not be processed; `subject` is the file. */
  readonly failures: readonly Issue[];
  readonly seconds?: RunSeconds;
}

/** What a document tells of the bank's calibration. */
export function summariseCalibration(calibration: Calibration): CalibrationSummary {
  const scores = calibration.imageScores;
  return { images: scores.length, smallestPValue: smallestPValue(scores.length), scores };
}

/** Whether an image can be called abnormal at all: with few held-out images no p-value is as small as alpha. */
export function isDecidable({ smallestPValue }: CalibrationSummary, { alpha }: SegmentOptions): boolean {
  return smallestPValue <= alpha;
}

/** Whether images that are not abnormal get an empty mask. */
export function leavesEmpty(calibration: CalibrationSummary, options: SegmentOptions): boolean {
  return options.empty === "when-normal" && isDecidable(calibration, options);
}

/** What was found in an image, in a few words. */
export function findingText(
  { lesions, pValue }: Pick<ImageResult, "lesions" | "pValue">,
  alpha: number,
): string {
  const p = `p = ${shortNumber(pValue)}`;
  if (lesions.length > 0) return `${counted(lesions.length, "lesion")}, ${p}`;
  return pValue > alpha
    ? `nothing found at alpha ${shortNumber(alpha)}, ${p}`
    : `no mask could be drawn, ${p}`;
}

/** What is odd about a bank and the options it is used with. */
export function runIssues(bank: string, calibration: CalibrationSummary, options: SegmentOptions): Issue[] {
  if (isDecidable(calibration, options)) return [];
  const { images, smallestPValue } = calibration;
  const least = smallestPValue.toPrecision(2);
  const message = `${bank} must have enough held-out normal images for a p-value of ${options.alpha}, got ${images}, whose least p-value is ${least}, so it is not decided which images are abnormal, and each has a mask; make the bank of more normal images, or raise --alpha`;
  return [issue("few-normal-images", bank, message)];
}

/** All pixels of all lesions, and the lesion with the most of them. */
export function lesionExtent(image: ImageResult): { area: number; largest: Lesion | undefined } {
  const area = image.lesions.reduce((sum, lesion) => sum + lesion.area, 0);
  const largest = image.lesions.reduce<Lesion | undefined>(
    (most, lesion) => (most && most.area >= lesion.area ? most : lesion),
    undefined,
  );
  return { area, largest };
}

/** The text of results.json: keys in the order below, numbers rounded to 9 significant digits. */
export function resultsToJson(doc: ResultsDocument): string {
  return stableJson(doc, keyOrder);
}

/** Where a key stands in whatever record it occurs; the comments name the record that gives the order. */
const keyOrder: readonly string[] = [
  ...["program", "name", "version", "disclaimer", "interrupted", "done", "total", "bank"], // the document, first half
  ...["file", "preset", "model"], // the bank, an image
  ...["taps", "descriptor", "rows", "distance", "sigma"], // what the bank was fitted with
  ...["width", "height", "slice"], // an image
  ...["kind", "point", "positive", "area", "box", "centre", "x", "y", "x0", "y0", "x1", "y1"], // prompts, lesions
  ...["code", "severity", "subject", "message"], // issues
  ...["score", "pValue", "abnormal", "finding", "centreOfGravity", "prompts", "lesions", "hierarchy"], // an image
  ...["size", "axis", "count", "spacing", "volumeLesions", "voxels", "volumeMl", "largestDiameter"], // a volume
  ...[
    "centreLps",
    "slices",
    "index",
    "boxes",
    "segmentation",
    "parametricMap",
    "stored",
    "preview",
    "pictures",
  ],
  ...["label", "quality", "predictedIou", "chosen"], // a mask of the hierarchy
  ...["mask", "map", "overlay", "issues"],
  ...["options", "prompt", "chooser", "alpha", "empty", "mapScale", "unit", "offset", "meaning"], // the document
  ...["calibration", "images", "volumes", "smallestPValue", "scores", "failures"],
  ...["seconds", "perImage", "encode", "search", "decode"],
];

/** What a document tells of the bank in `file`. */
export function summariseBank(file: string, { options, provenance }: Bank): BankSummary {
  return { file, preset: options.preset, model: provenance.modelId, options };
}
