// Results on their way back: what was written of a volume is sent into the study that it was retrieved from. What the
// server does not confirm stays in the folder of the results, and the result says so.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileToStore } from "../dicomweb/store.ts";
import { isMiasError } from "../errors.ts";
import type { StudyOrigin } from "../io/input-file.ts";
import { issue } from "../issues.ts";
import type { VolumeResult } from "../report/volume-results.ts";
import type { CallContext, Issue } from "../types.ts";
import { type DicomWebAccess, openDicomWeb } from "./retrieve-studies.ts";
import type { StoreOptions } from "./store-options.ts";

interface StoreJob extends CallContext, StoreOptions {
  /** Folder of the results. */
  readonly output: string;
  readonly dicomWeb?: DicomWebAccess;
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
