import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { BankSummary } from "../bank/bank-file.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { withFileSource } from "../io/file-source.ts";
import { modelFolder } from "../io/model-folder.ts";
import { readImage } from "../io/read-image.ts";
import { HEAD_BYTES, sniffForeign, sniffImage } from "../io/sniff-format.ts";
import { type ModelManifest, parseManifest } from "../model/manifest.ts";
import type { MedicalImage } from "../types.ts";
import { inspectBank } from "./open.ts";

/** What a file or folder is. */
export type Inspection =
  | { readonly kind: "bank"; readonly file: string; readonly bytes: number; readonly bank: BankSummary }
  | { readonly kind: "model"; readonly file: string; readonly manifest: ModelManifest }
  | { readonly kind: "image"; readonly file: string; readonly image: ImageSummary };

export interface ImageSummary
  extends Pick<MedicalImage, "width" | "height" | "channels" | "geometry" | "issues"> {
  readonly values: "uint8" | "uint16" | "float32";
  readonly least: number;
  readonly largest: number;
}

/**
 * Says what `path` is: a bank, a model folder (or its model.json), or an image.
 * @throws MiasError when it is none of these, or damaged
 */
export async function inspect(path: string): Promise<Inspection> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new MiasError("usage", path, `${path} does not exist; check the path`, { cause });
  });
  if (status.isDirectory()) return inspectModel(path);
  if (basename(path) === "model.json") return inspectModel(path.slice(0, -"model.json".length) || ".");
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

async function inspectModel(folder: string): Promise<Inspection> {
  const files = modelFolder(folder);
  const manifest = parseManifest(files.name, new TextDecoder().decode(await files.read("model.json")));
  return { kind: "model", file: folder, manifest };
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
