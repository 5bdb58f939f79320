// STOW-RS (PS3.18, 10.5): DICOM files into a study. Each file is a request of its own, so that one which is refused or
// breaks off is no matter of the others. Storing again is safe: an instance is known by its UID.

import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { ask } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { type DataSet, DICOM_JSON, itemsOf, numberOf, readDataSets, uidOf } from "./dicom-json.ts";
import { failureWords, warningWords } from "./failure-reason.ts";
import { ServerError } from "./fault.ts";
import { sopInstanceUidOf } from "./file-meta.ts";
import { multipartBody } from "./multipart.ts";

/** A DICOM file to store. */
export interface FileToStore {
  /** What messages call it. */
  readonly name: string;
  /** A whole DICOM file (PS3.10). */
  readonly bytes: Uint8Array;
}

/** What became of the files, in their order. */
export interface StoreReport {
  /** Names of those that the server confirmed. */
  readonly stored: readonly string[];
  /** Those that it did not, with one sentence each. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
  /** The failures again, and warnings: the server may change what it stores. */
  readonly issues: readonly Issue[];
}

const REFERENCED_SOP_SEQUENCE = "00081199";
const FAILED_SOP_SEQUENCE = "00081198";
const REFERENCED_SOP_INSTANCE_UID = "00081155";
const FAILURE_REASON = "00081197";
const WARNING_REASON = "00081196";
/** All instances failed; the body tells why. */
const CONFLICT = 409;

/**
 * Stores files, one after the other. A server that cannot be reached, or refuses the user, is not asked for the rest.
 * @throws MiasError `usage` where a file is no DICOM file; nothing is sent then.
 */
export async function storeInstances(
  connection: Connection,
  { study }: { readonly study: string },
  files: readonly FileToStore[],
): Promise<StoreReport> {
  const uids = files.map(uidOfFile);
  const outcomes: Outcome[] = [];
  let barrier: string | undefined;
  for (const [i, file] of files.entries()) {
    const outcome: Outcome =
      barrier === undefined ? await storeOne(connection, study, file, uids[i]) : { failure: barrier };
    outcomes.push(outcome);
    barrier ??= outcome.barrier;
  }
  return reportOf(files, outcomes);
}

/** Neither field: stored. */
interface Outcome {
  readonly failure?: string;
  readonly warning?: string;
  /** The failure is one that other files would meet too. */
  readonly barrier?: string;
}

async function storeOne(
  connection: Connection,
  study: string,
  file: FileToStore,
  uid: string,
): Promise<Outcome> {
  const { body, contentType } = multipartBody(file.bytes);
  const headers = { Accept: DICOM_JSON, "Content-Type": contentType };
  const question = { method: "POST", path: `/studies/${study}`, headers, body } as const;
  try {
    const [answer] = await ask(connection, question, { alsoOf: [CONFLICT], read: readDataSets });
    return outcomeOf(answer ?? {}, uid);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { failure: error.message, ...(error.ofServer ? { barrier: error.message } : {}) };
  }
}

/** What an answer says of the one instance that was sent. Success is what names it: a bare status 200 has stored nothing before. */
function outcomeOf(answer: DataSet, uid: string): Outcome {
  const named = (item: DataSet) => uidOf(item, REFERENCED_SOP_INSTANCE_UID) === uid;
  const stored = itemsOf(answer, REFERENCED_SOP_SEQUENCE).find(named);
  if (stored) {
    const warning = numberOf(stored, WARNING_REASON);
    return warning === undefined ? {} : { warning: warningWords(warning) };
  }
  const failed = itemsOf(answer, FAILED_SOP_SEQUENCE);
  const reason = failed.find(named) ?? failed[0];
  if (reason) return { failure: failureWords(numberOf(reason, FAILURE_REASON)) };
  return { failure: "the server did not confirm it" };
}

function reportOf(files: readonly FileToStore[], outcomes: readonly Outcome[]): StoreReport {
  const stored: string[] = [];
  const failed: { name: string; reason: string }[] = [];
  const issues: Issue[] = [];
  for (const [i, { name }] of files.entries()) {
    const { failure, warning } = outcomes[i];
    if (failure === undefined) stored.push(name);
    else failed.push({ name, reason: failure });
    if (failure !== undefined) {
      issues.push(
        issue(
          "instance-not-stored",
          name,
          `${name} must be stored by the server, but ${failure}; send it again`,
        ),
      );
    }
    if (warning !== undefined) {
      issues.push(
        issue("instance-coerced", name, `${name} was stored, but ${warning}; compare it with what was sent`),
      );
    }
  }
  return { stored, failed, issues };
}

function uidOfFile({ name, bytes }: FileToStore): string {
  const uid = sopInstanceUidOf(bytes);
  if (uid !== undefined) return uid;
  throw new MiasError(
    "usage",
    name,
    `${name} must be a DICOM file with a SOP Instance UID to be stored; check what made it`,
  );
}
