// What a user names, told apart: pictures, volumes (files, and DICOM series), and what cannot be read. Readers of
// what is not there are not loaded: with all of them a command starts a third of a second later.

import { dirname, join } from "node:path";
import { isDicomWebUrl } from "../dicomweb/dicomweb-url.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { decodeImage } from "../io/decode-image.ts";
import { diskFile, type InputFile } from "../io/input-file.ts";
import { type InputKind, kindOfFile } from "../io/input-kind.ts";
import { listInputs } from "../io/list-images.ts";
import { compareNaturally } from "../io/natural-order.ts";
import { issue } from "../issues.ts";
import type { CallContext, ImageSource, Issue } from "../types.ts";
import { checkInputs } from "./check-job.ts";
import type { DicomInputs } from "./dicom-inputs.ts";
import { stampedFile } from "./open.ts";
import { withoutResults } from "./own-results.ts";
import type { DicomWebAccess, RetrievedStudies } from "./retrieve-studies.ts";
import type { VolumeInput } from "./volume-input.ts";

export interface InputOptions extends CallContext {
  /** Folder of this run's results, see withoutResults. */
  readonly output?: string;
  /** Which volume of a file with several, from 0. */
  readonly volumeIndex?: number;
  /** Of the servers whose studies are among the inputs. */
  readonly dicomWeb?: DicomWebAccess;
}

/** The images and volumes that a user names, each read when its turn comes, and what is odd about them. */
export interface Inputs {
  readonly images: readonly ImageSource[];
  readonly volumes: readonly VolumeInput[];
  readonly issues: readonly Issue[];
  /** What cannot be read at all. */
  readonly failures: readonly Issue[];
  /** Removes what was retrieved for them; to be called when all is read, and when it is not. */
  release(): Promise<void>;
}

/** Inputs by kind, as they are listed; of DICOM files nothing has been read. */
export interface Gathered {
  readonly images: ImageSource[];
  readonly volumes: VolumeInput[];
  readonly dicom: Map<string, InputFile>;
  readonly issues: Issue[];
  readonly failures: Issue[];
}

/**
 * The images and volumes that `inputs` name, in natural order, without the results of earlier runs. DICOM headers are
 * read, all else is listed only. An input may be the address of a DICOMweb study, which is retrieved.
 * @throws MiasError `no-images` where nothing is left, what a server refused where nothing was asked for but that; the
 *   signal's reason when aborted
 */
export async function openInputs(inputs: readonly string[], options: InputOptions = {}): Promise<Inputs> {
  checkInputs(inputs);
  const address = inputs.find((input) => /^https?:\/\//i.test(input));
  if (address !== undefined) throw plainAddress();
  const addresses = inputs.filter(isDicomWebUrl);
  const paths = inputs.filter((input) => !isDicomWebUrl(input));
  const own = paths.length > 0 || addresses.length === 0 ? await gatherInputs(paths, options) : nothing();
  const retrieved = await retrieve(addresses, options);
  try {
    return await readInputs(inputs[0], own, retrieved, options);
  } catch (error) {
    await retrieved.remove();
    throw error;
  }
}

function plainAddress(): MiasError {
  const message =
    "an address must be that of a DICOMweb server, dicomweb+https://..., got one of http or https; put dicomweb+ before it";
  return new MiasError("usage", "input", message);
}

async function retrieve(addresses: readonly string[], options: InputOptions): Promise<RetrievedStudies> {
  if (addresses.length === 0) return { files: [], issues: [], failures: [], remove: async () => {} };
  const { retrieveStudies } = await import("./retrieve-studies.ts");
  return retrieveStudies(addresses, options);
}

function nothing(): Gathered {
  return { images: [], volumes: [], dicom: new Map(), failures: [], issues: [] };
}

/** @param first input, for messages */
async function readInputs(
  first: string,
  found: Gathered,
  retrieved: RetrievedStudies,
  options: InputOptions,
): Promise<Inputs> {
  for (const file of retrieved.files) found.dicom.set(file.name, file);
  const dicom = await openDicom([...found.dicom.values()], options);
  const failures = [...retrieved.failures, ...found.failures, ...dicom.failures];
  const images = byName([...found.images, ...dicom.images]);
  const volumes = byName([...found.volumes, ...dicom.volumes]);
  const issues = [...found.issues, ...retrieved.issues, ...dicom.issues];
  if (images.length + volumes.length === 0) {
    throw retrieved.refusal ?? nothingReadable(first, [...failures, ...found.issues]);
  }
  return { images, volumes, issues, failures, release: retrieved.remove };
}

async function openDicom(files: readonly InputFile[], options: InputOptions): Promise<DicomInputs> {
  if (files.length === 0) return { images: [], volumes: [], issues: [], failures: [] };
  const { dicomInputs } = await import("./dicom-inputs.ts");
  return dicomInputs(files, options);
}

/**
 * What `inputs` name, told apart by kind.
 * @throws MiasError `no-images` where they name nothing; the signal's reason when aborted
 */
export async function gatherInputs(inputs: readonly string[], options: InputOptions = {}): Promise<Gathered> {
  const listed = await listInputs(inputs);
  const { files, issues } = await withoutResults(listed.files, options.output);
  const found = { ...nothing(), issues: [...listed.issues, ...issues], failures: [...listed.failures] };
  for (const path of files) await gather(found, path, options);
  return found;
}

function byName<T extends { readonly name: string }>(sources: readonly T[]): T[] {
  return [...sources].sort((a, b) => compareNaturally(a.name, b.name));
}

async function gather(found: Gathered, path: string, options: InputOptions): Promise<void> {
  const kind = await kindOfFile(path);
  try {
    if (kind === "zip") await gatherArchive(found, path, options);
    else if (kind === "dicomdir") await gatherMedium(found, path);
    else if (kind === "picture") found.images.push(await stampedFile(path));
    else await gatherFile(found, kind, await diskFile(path), options, dirname(path));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isMiasError(error)) throw error;
    found.failures.push(issue("image-failed", path, error.message));
  }
}

/** The files that a DICOMDIR names; one that is found by itself, too, is there once. */
async function gatherMedium(found: Gathered, path: string): Promise<void> {
  const { readDicomdir } = await import("../dicom/dicomdir.ts");
  const medium = await diskFile(path);
  for (const name of readDicomdir(path, await medium.read())) {
    const file = await diskFile(join(dirname(path), name));
    found.dicom.set(file.name, file);
  }
}

/** The inputs in an archive. Its DICOMDIR is not needed, since every file is looked at. */
async function gatherArchive(found: Gathered, path: string, options: InputOptions): Promise<void> {
  const { zipFiles } = await import("../io/zip-files.ts");
  const { members, refused } = await zipFiles(path, options);
  for (const { subject, message } of refused) found.failures.push(issue("image-failed", subject, message));
  for (const { file, kind } of members) {
    if (kind === "picture") found.images.push(zippedPicture(file));
    else if (kind !== "zip" && kind !== "dicomdir") await gatherFile(found, kind, file, options);
  }
  const archives = members.filter(({ kind }) => kind === "zip").length;
  if (archives > 0) found.issues.push(archivesInside(path, archives));
  else if (members.length + refused.length === 0) found.issues.push(emptyArchive(path));
}

function archivesInside(path: string, count: number): Issue {
  const message = `${path} must hold its images directly, got archives in it (${count}), which are not read; unpack them`;
  return issue("archive-left-out", path, message);
}

function emptyArchive(path: string): Issue {
  const message = `${path} must hold an image, DICOM file or volume, got none; check what is in it, or leave it out`;
  return issue("archive-left-out", path, message);
}

function zippedPicture({ name, stamp, read }: InputFile): ImageSource {
  return {
    name,
    ...(stamp === undefined ? {} : { stamp }),
    read: async (signal) => decodeImage(await read(signal), name),
  };
}

/** @param folder where files beside it lie, on the disk */
async function gatherFile(
  found: Gathered,
  kind: Exclude<InputKind, "zip" | "dicomdir" | "picture">,
  file: InputFile,
  { volumeIndex }: InputOptions,
  folder?: string,
): Promise<void> {
  if (kind === "dicom") {
    found.dicom.set(file.name, file);
    return;
  }
  const sibling = async (name: string) => (await diskFile(join(folder ?? "", name))).read();
  const options = {
    ...(volumeIndex === undefined ? {} : { volumeIndex }),
    ...(folder === undefined ? {} : { sibling }),
  };
  const { volumeFile } = await import("./volume-input.ts");
  found.volumes.push(volumeFile(file, options));
}

/** @param reasons of which the first is told */
function nothingReadable(input: string, reasons: readonly Issue[]): MiasError {
  const why = reasons.length > 0 ? `: ${reasons[0].message}` : "";
  return new MiasError(
    "no-images",
    input,
    `inputs must hold at least one image that can be read, got none${why}`,
  );
}
