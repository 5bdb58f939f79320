import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BankSummary } from "../bank/bank-file.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { type DatasetLayout, readDataset } from "../io/dataset-layout.ts";
import { withFileSource } from "../io/file-source.ts";
import { kindOfFile } from "../io/input-kind.ts";
import { type ModelFolder, modelFolder } from "../io/model-folder.ts";
import { readImage } from "../io/read-image.ts";
import { HEAD_BYTES, sniffForeign, sniffImage } from "../io/sniff-format.ts";
import { type ModelManifest, parseManifest } from "../model/manifest.ts";
import type { MedicalImage } from "../types.ts";
import { sha256Hex } from "../util/sha256.ts";
import { type Contents, inspectContents } from "./inspect-contents.ts";
import { inspectResults, type RunInspection } from "./inspect-results.ts";
import { inspectVolumeFile, type VolumeInspection } from "./inspect-volume.ts";
import { inspectBank } from "./open.ts";

const MANIFEST = "model.json";

/** What a file or folder is. */
export type Inspection =
  | { readonly kind: "bank"; readonly file: string; readonly bytes: number; readonly bank: BankSummary }
  | {
      readonly kind: "model";
      readonly file: string;
      readonly manifest: ModelManifest;
      readonly files: readonly ModelFile[];
    }
  | ({
      /** `dicom`: a DICOM file, or the DICOMDIR of a medium. */
      readonly kind: "folder" | "zip" | "dicom";
      readonly file: string;
      /** Of a folder that is one. */
      readonly dataset?: DatasetSummary;
    } & Contents)
  /** A folder of our own results. */
  | { readonly kind: "results"; readonly file: string; readonly run: RunInspection }
  | { readonly kind: "volume"; readonly file: string; readonly volume: VolumeInspection }
  | { readonly kind: "image"; readonly file: string; readonly image: ImageSummary };

/** A file that a model names, and whether it is the one that is meant. */
export interface ModelFile {
  readonly path: string;
  readonly sha256: "matches" | "differs" | "cannot be read";
}

/** A data set that was recognised, with its numbers of images and volumes. */
export interface DatasetSummary {
  readonly layout: DatasetLayout;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export interface ImageSummary
  extends Pick<MedicalImage, "width" | "height" | "channels" | "geometry" | "issues"> {
  readonly values: "uint8" | "uint16" | "float32";
  readonly least: number;
  readonly largest: number;
}

/**
 * Says what `path` is: a bank, a model folder (or its model.json), an image, a volume, a folder of our own results, or a
 * folder, zip archive, DICOMDIR or DICOM file with what it holds.
 * @throws MiasError when it is none of these, or damaged; `usage` when there is nothing or a folder of something else
 */
export async function inspect(path: string): Promise<Inspection> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new MiasError("usage", path, `${path} does not exist; check the path`, { cause });
  });
  if (status.isDirectory())
    return (await isFile(join(path, MANIFEST))) ? inspectModel(path) : inspectFolder(path);
  if (basename(path) === MANIFEST) return inspectModel(dirname(path));
  const kind = await kindOfFile(path);
  if (kind === "volume") return { kind, file: path, volume: await inspectVolumeFile(path) };
  if (kind !== "picture") return { kind: kind === "zip" ? "zip" : "dicom", ...(await inspectInput(path)) };
  if (await isNoBank(path)) return inspectImage(path);
  try {
    return { kind: "bank", file: path, bytes: status.size, bank: await inspectBank(path) };
  } catch (error) {
    if (!isMiasError(error, "bank-foreign")) throw error;
    return inspectImage(path);
  }
}

/** Whether a file is known by its first bytes. Those of a small BMP or of gzip could be the length of a bank's header. */
async function isNoBank(path: string): Promise<boolean> {
  const head = await withFileSource(path, ({ size, read }) => read(0, Math.min(HEAD_BYTES, size)));
  return sniffImage(head) !== undefined || sniffForeign(head) !== undefined;
}

async function inspectImage(path: string): Promise<Inspection> {
  return { kind: "image", file: path, image: summarise(await readImage(path)) };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

async function inspectModel(folder: string): Promise<Inspection> {
  const source = modelFolder(folder);
  const manifest = parseManifest(source.name, new TextDecoder().decode(await source.read(MANIFEST)));
  const files: ModelFile[] = [];
  for (const { path, sha256 } of Object.values(manifest.files)) {
    files.push({ path, sha256: await compareFile(source, path, sha256) });
  }
  return { kind: "model", file: folder, manifest, files };
}

async function compareFile(source: ModelFolder, path: string, sha256: string): Promise<ModelFile["sha256"]> {
  try {
    return (await sha256Hex(await source.read(path))) === sha256 ? "matches" : "differs";
  } catch (error) {
    if (isMiasError(error)) return "cannot be read";
    throw error;
  }
}

async function inspectInput(path: string): Promise<{ file: string } & Contents> {
  return { file: path, ...(await inspectContents(path)) };
}

async function inspectFolder(folder: string): Promise<Inspection> {
  const run = await inspectResults(folder);
  if (run !== undefined) return { kind: "results", file: folder, run };
  const found = await inspectInput(folder).catch((error: unknown) => {
    // With a cause there is something that cannot be read; else there is no image.
    if (!isMiasError(error, "no-images") || error.cause !== undefined) throw error;
    const message = `${folder} must be a bank, a model folder, an image or a folder of images, got a folder with neither ${MANIFEST} nor an image; check the path`;
    throw new MiasError("usage", folder, message, { cause: error });
  });
  const dataset = await recogniseDataset(folder);
  return { kind: "folder", ...found, ...(dataset ? { dataset } : {}) };
}

async function recogniseDataset(folder: string): Promise<DatasetSummary | undefined> {
  try {
    const { layout, train, validation, test } = await readDataset(folder);
    return { layout, train: train.length, validation: validation.length, test: test.length };
  } catch (error) {
    if (isMiasError(error, "dataset-unrecognised")) return undefined;
    throw error;
  }
}

function summarise({ width, height, channels, geometry, issues, data }: MedicalImage): ImageSummary {
  const values = data instanceof Uint8Array ? "uint8" : data instanceof Uint16Array ? "uint16" : "float32";
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  return { width, height, channels, geometry, values, least, largest, issues };
}
