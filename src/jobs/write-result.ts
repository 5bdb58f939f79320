// The files of one segmented image: mask, map, overlay and, if wanted, the whole hierarchy.

import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder, writeFileAtomic, writeStreamAtomic } from "../io/write-atomic.ts";
import { mapToPng16, mapToTiff32, maskToPng, rgbToPng } from "../io/write-raster.ts";
import { issue } from "../issues.ts";
import { type CroppedImage, cropLong } from "../report/crop-long.ts";
import { defaultOverlayStyle, drawOverlay } from "../report/overlay.ts";
import type { RgbPicture } from "../report/picture.ts";
import { findingText, type ImageResult, type MapScale } from "../report/results.ts";
import type { Issue, MedicalImage, Point, Segmentation } from "../types.ts";

export const MAP_FORMATS = ["png16", "tiff32"] as const;
export type MapFormat = (typeof MAP_FORMATS)[number];

/** Scale of the 16-bit maps, the same for every image and bank: from -8 to 56 standard deviations. */
export const mapScale: MapScale = {
  unit: 2 ** -10,
  offset: -8,
  meaning: "standard deviations of the map above its mean over held-out normal images",
};
const MAP_LIMIT = mapScale.offset + 65535 * mapScale.unit;

/** Folders below that of the results, which hold pictures. */
export const RESULT_FOLDERS: readonly string[] = ["masks", "maps", "overlays", "hierarchy"];
/** The same of an evaluation. */
export const EVALUATION_FOLDERS: readonly string[] = [...RESULT_FOLDERS, "cases"];

export interface ResultFiles {
  /** Folder of the results. */
  readonly folder: string;
  readonly mapFormat: MapFormat;
  /** Of the options of the run. */
  readonly alpha: number;
  /** Gets the name of each file that was written, below the folder. */
  readonly written?: Set<string>;
}

/** A picture of an image's results; its name is below the folder of the results. */
interface ResultFile {
  readonly name: string;
  encode(): Promise<Uint8Array>;
}

/**
 * Writes the files of one image below `folder` and returns its row of results.json.
 * @throws MiasError `output-unwritable`; then none of the image's files is left
 */
export async function writeResult(
  image: MedicalImage,
  result: Segmentation,
  name: string,
  { folder, mapFormat, alpha, written }: ResultFiles,
): Promise<ImageResult> {
  const mask = `masks/${name}.png`;
  const map = `maps/${name}.${mapFormat === "png16" ? "png" : "tiff"}`;
  const overlay = `overlays/${name}.png`;
  const crop = cropLong(image, result, shownCentre(result));
  const encodeMap = () =>
    mapFormat === "png16" ? mapToPng16(result.map, mapScale.unit, mapScale.offset) : mapToTiff32(result.map);
  const names = await writeAllOrNone(folder, [
    { name: mask, encode: () => maskToPng(result.mask) },
    { name: map, encode: encodeMap },
    { name: overlay, encode: () => rgbToPng(overlayOf(image, result, crop)) },
    ...(result.hierarchy ?? []).map((level, i) => ({
      name: `hierarchy/${name}/${String(i).padStart(2, "0")}.png`,
      encode: () => maskToPng(level.mask),
    })),
  ]);
  for (const file of names) written?.add(file);
  const issues = [
    ...result.issues,
    ...(mapFormat === "png16" ? clipped(result) : []),
    ...(crop ? [croppedOverlay(image, crop)] : []),
  ];
  return { ...imageResult(result, alpha), mask, map, overlay, issues };
}

/** The largest lesion's, else that of the whole map. */
function shownCentre({ lesions, centreOfGravity }: Segmentation): Point {
  const [largest] = [...lesions].sort((a, b) => b.area - a.area);
  return largest?.centre ?? centreOfGravity;
}

function overlayOf(image: MedicalImage, result: Segmentation, crop: CroppedImage | undefined): RgbPicture {
  if (crop === undefined) return drawOverlay(image, result);
  return drawOverlay(crop.image, crop.result, { leastSide: defaultOverlayStyle.mostSide });
}

function croppedOverlay({ name, width, height }: MedicalImage, { part }: CroppedImage): Issue {
  const lines = width > height ? `columns ${part.x0} to ${part.x1}` : `rows ${part.y0} to ${part.y1}`;
  const message = `an image must not be much longer than wide to be shown whole, got ${width} x ${height}, so its overlay shows ${lines} alone; see the mask for the rest`;
  return issue("overlay-cropped", name, message);
}

/** Writes files one after another and returns their names; where one fails, those before it are removed. */
async function writeAllOrNone(folder: string, files: readonly ResultFile[]): Promise<string[]> {
  const written: string[] = [];
  try {
    for (const { name, encode } of files) {
      await writeBelow(folder, name, await encode());
      written.push(name);
    }
    return written;
  } catch (error) {
    for (const name of written) await rm(join(folder, name), { force: true });
    throw error;
  }
}

/** The row of results.json without files. */
function imageResult(result: Segmentation, alpha: number): ImageResult {
  const { name, frame, score, pValue, abnormal, centreOfGravity, prompts, lesions, issues } = result;
  return {
    file: name,
    width: frame.width,
    height: frame.height,
    score,
    pValue,
    abnormal,
    finding: findingText(result, alpha),
    centreOfGravity,
    prompts,
    lesions,
    ...(result.hierarchy ? { hierarchy: result.hierarchy.map(({ mask: _, ...level }) => level) } : {}),
    mask: null,
    map: null,
    overlay: null,
    issues,
  };
}

function clipped({ name, map }: Segmentation): Issue[] {
  const above = map.data.filter((value) => value > MAP_LIMIT).length;
  if (above === 0) return [];
  const rule = `16-bit maps end at ${MAP_LIMIT.toFixed(1)} standard deviations and ${above} pixels of ${name} are above`;
  return [issue("map-clipped", name, `${rule}; use --map-format tiff32 for their exact values`)];
}

/** A file's content, whole or in pieces that are made as they are written. */
export type Content = Uint8Array | Generator<Uint8Array, void, undefined>;

/** Writes a file below `folder`, with the folders of its name. */
export async function writeBelow(folder: string, name: string, content: Content): Promise<void> {
  const path = join(folder, name);
  await makeFolder(dirname(path));
  if (content instanceof Uint8Array) return writeFileAtomic(path, content);
  await writeStreamAtomic(path, async (sink) => {
    for (const chunk of content) await sink.write(chunk);
  });
}
