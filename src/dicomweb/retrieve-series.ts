// WADO-RS of a series (PS3.18, 10.4). It comes in one answer, file after file; what that lacks, for the answer broke or
// the server could not give a file, is asked for one by one. What has arrived is not asked for again.

import { issue } from "../issues.ts";
import type { Issue, OnProgress } from "../types.ts";
import { ask, requestName } from "./ask.ts";
import type { Answer, Connection, Question } from "./connection.ts";
import { Fault, ServerError } from "./fault.ts";
import { sopInstanceUidOf } from "./file-meta.ts";
import { findInstances, type SeriesPath } from "./find.ts";
import { filesOf, filesQuestion, retrieveInstance } from "./retrieve-instance.ts";
import { shortUid } from "./uid.ts";

/** A file that has arrived. */
export interface RetrievedInstance {
  /** Short, and free of personal data: its place among the instances of the series, `instance 0012`. */
  readonly name: string;
  /** Its SOP Instance UID. */
  readonly uid: string;
  /** A DICOM file (PS3.10), in the transfer syntax in which the server keeps it. */
  readonly bytes: Uint8Array;
}

export interface RetrieveOptions {
  /** Bytes that an instance may have. */
  readonly largest: number;
  readonly onProgress: OnProgress | undefined;
}

/** What is told where files of a series do not arrive. */
export type OnIssue = (issue: Issue) => void;

/** A series on its way. */
interface Transfer {
  readonly connection: Connection;
  readonly path: SeriesPath;
  readonly question: Question;
  /** UIDs of all instances that the server lists, with the names that messages use. */
  readonly names: ReadonlyMap<string, string>;
  readonly arrived: Set<string>;
  readonly failed: Map<string, ServerError>;
  readonly options: RetrieveOptions;
}

/** After so many instances in a row that failed for good, each one gets a single attempt until one arrives. */
const PATIENCE = 2;

/**
 * The instances of a series, each as soon as it is there, in the server's order; one is in memory at a time. Those that
 * do not arrive after all attempts are issues, with all others given.
 * @throws ServerError where nothing arrives.
 */
export async function* retrieveSeries(
  connection: Connection,
  path: SeriesPath,
  onIssue: OnIssue,
  options: RetrieveOptions,
): AsyncGenerator<RetrievedInstance, void> {
  const plan = await findInstances(connection, path);
  const transfer: Transfer = {
    connection,
    path,
    question: filesQuestion(`/studies/${path.study}/series/${path.series}`),
    names: new Map(plan.map(({ uid }, index) => [uid, `instance ${String(index + 1).padStart(4, "0")}`])),
    arrived: new Set(),
    failed: new Map(),
    options,
  };
  yield* inOneAnswer(transfer);
  yield* oneByOne(transfer);
  report(transfer, onIssue);
}

/** What arrives until the answer ends or breaks; nothing where the server cannot give the series as a whole. */
async function* inOneAnswer(transfer: Transfer): AsyncGenerator<RetrievedInstance, void> {
  const { connection, question, arrived, options } = transfer;
  let answer: Answer | undefined;
  try {
    answer = await ask(connection, question, { read: async (whole) => whole });
    for await (const bytes of filesOf(answer, options.largest)) {
      const uid = sopInstanceUidOf(bytes);
      if (uid !== undefined && !arrived.has(uid)) yield arrive(transfer, uid, bytes);
    }
  } catch (error) {
    const isRefusal = error instanceof ServerError && error.ofServer && error.code === "server-refused";
    if (isRefusal || !(error instanceof Fault || error instanceof ServerError)) throw error;
  } finally {
    answer?.close();
  }
}

/** What is listed and has not arrived, until the server itself fails. */
async function* oneByOne(transfer: Transfer): AsyncGenerator<RetrievedInstance, void> {
  const { connection, path, options, failed } = transfer;
  let inARow = 0;
  for (const instance of missing(transfer)) {
    const asking = inARow < PATIENCE ? connection : { ...connection, attempts: 1 };
    try {
      const bytes = await retrieveInstance(asking, { ...path, instance }, options.largest);
      inARow = 0;
      yield arrive(transfer, instance, bytes);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      failed.set(instance, error);
      inARow++;
      if (error.ofServer) return;
    }
  }
}

function arrive({ arrived, names, options }: Transfer, uid: string, bytes: Uint8Array): RetrievedInstance {
  arrived.add(uid);
  const total = Math.max(arrived.size, names.size);
  options.onProgress?.({ stage: "retrieving", done: arrived.size, total });
  return { name: names.get(uid) ?? "an unlisted instance", uid, bytes };
}

function missing({ names, arrived, failed }: Transfer): readonly string[] {
  return [...names.keys()].filter((uid) => !arrived.has(uid) && !failed.has(uid));
}

function report(transfer: Transfer, onIssue: OnIssue): void {
  const { connection, path, question, names, arrived, failed } = transfer;
  const last = [...failed.values()].at(-1);
  if (last !== undefined && arrived.size === 0) throw last;
  for (const [uid, { message }] of failed) {
    onIssue(issue("instance-failed", names.get(uid) ?? shortUid(uid), message));
  }
  const unasked = missing(transfer).length;
  if (unasked === 0) return;
  const rule = `${requestName(connection, question)} must give ${names.size} instances`;
  const got = `got ${arrived.size}, and ${unasked} were not asked for after the server failed`;
  const subject = `series ${shortUid(path.series)}`;
  onIssue(issue("instances-missing", subject, `${rule}, ${got}; retrieve the series again`));
}
