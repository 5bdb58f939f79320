// Results on their way back: what was written of a volume is sent into the study that it was retrieved from. What the
// server does not confirm stays in the folder of the results, and the result says so.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDicomWebUrl } from "../dicomweb/dicomweb-url.ts";
import type { FileToStore } from "../dicomweb/store.ts";
import { isMiasError, MiasError } from "../errors.ts";
import type { StudyOrigin } from "../io/input-file.ts";
import { issue } from "../issues.ts";
import type { VolumeResult } from "../report/volume-results.ts";
import type { CallContext, ImageSource, Issue } from "../types.ts";
import { type DicomWebAccess, openDicomWeb } from "./retrieve-studies.ts";
import type { OutputType } from "./write-volume.ts";

export interface StoreOptions {
  /** Whether parametric maps are stored beside segmentations. */
  readonly maps: boolean;
}

interface StoreJob extends CallContext, StoreOptions {
  /** Folder of the results. */
  readonly output: string;
  readonly dicomWeb?: DicomWebAccess;
}

/** @throws MiasError `usage` where results are to be stored, but have no study to go to */
export function requireStorable(
  inputs: readonly string[],
  { store, pseudonymSecret }: { readonly store?: StoreOptions; readonly pseudonymSecret?: string },
): void {
  if (store === undefined) return;
  if (pseudonymSecret !== undefined) {
    throw refusal(
      "--store and --pseudonymise must not be given together, as a pseudonymised result belongs to another study; leave one of them out",
    );
  }
  const file = inputs.find((input) => !isDicomWebUrl(input));
  if (file === undefined) return;
  throw refusal(
    `--store must come with inputs that are studies of a DICOMweb server, got ${file}; give it as dicomweb+https://HOST/dicom-web/studies/UID, or leave --store out`,
  );
}

function refusal(message: string): MiasError {
  return new MiasError("usage", "--store", message);
}

/** The types with DICOM segmentations among them. */
export function withSegmentation(types: readonly OutputType[]): readonly OutputType[] {
  return types.includes("dicom_seg") ? types : [...types, "dicom_seg"];
}

/**
 * Stores the DICOM objects of a volume and tells what became of them. Nothing is thrown: what fails, and what is given
 * up as the signal aborts, is an issue, and the files stay.
 */
export async function storeResult(
  result: VolumeResult,
  { root, study }: StudyOrigin,
  job: StoreJob,
): Promise<VolumeResult> {
  const { segmentation, parametricMap } = result;
  const names = [segmentation, job.maps ? parametricMap : null].filter((name) => typeof name === "string");
  const issues = [...result.issues];
  if (segmentation === null) issues.push(nothingToStore(result));
  if (names.length === 0) return { ...result, issues, stored: false };
  try {
    const report = await openDicomWeb(root, job).storeInstances(study, await filesOf(job.output, names));
    const failed = report.failed.map(({ name, reason }) => notStored(job.output, name, reason));
    const others = report.issues.filter(({ code }) => code !== "instance-not-stored");
    return { ...result, issues: [...issues, ...failed, ...others], stored: failed.length === 0 };
  } catch (error) {
    if (!job.signal?.aborted && !isMiasError(error)) throw error;
    const reason = isMiasError(error) ? error.message : "the run was interrupted";
    const failed = names.map((name) => notStored(job.output, name, reason));
    return { ...result, issues: [...issues, ...failed], stored: false };
  }
}

async function filesOf(folder: string, names: readonly string[]): Promise<FileToStore[]> {
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

/** The same command makes the same bytes, whose UIDs the server knows from then on. */
function notStored(folder: string, name: string, reason: string): Issue {
  const rule = `${name} must be stored by the server, but ${reason}`;
  const advice = `it is kept as ${join(folder, name)}; send that file, or run the same command again, which stores nothing twice`;
  return issue("instance-not-stored", name, `${rule}; ${advice}`);
}

function nothingToStore({ file, segmentation, issues }: VolumeResult): Issue {
  const refused = segmentation === null && issues.some(({ code }) => code === "dicom-object-refused");
  const why = refused ? "no DICOM segmentation could be made of it" : "no lesion was found in it";
  return issue("nothing-to-store", file, `${file} has no segmentation to store, as ${why}`);
}

/** Single images have masks, but no DICOM segmentation. */
export function imagesNotStored(images: readonly ImageSource[]): Issue[] {
  if (images.length === 0) return [];
  const { name } = images[0];
  const message = `only volumes have segmentations to store, got ${images.length} single images, such as ${name}; their masks are in the folder of the results alone`;
  return [issue("images-not-stored", name, message)];
}
