// A DICOMweb client: finds, retrieves and stores. It works on fetch alone, in Node and browsers.

import { MiasError } from "../errors.ts";
import type { OnProgress } from "../types.ts";
import { type Authorization, authorizationHeader } from "./authorization.ts";
import type { Connection } from "./connection.ts";
import { findInstances, findSeries, type InstanceEntry, type SeriesEntry } from "./find.ts";
import { retrieveInstance } from "./retrieve-instance.ts";
import { type OnIssue, type RetrievedInstance, retrieveSeries } from "./retrieve-series.ts";
import { type FileToStore, type StoreReport, storeInstances } from "./store.ts";
import { isUid } from "./uid.ts";

const LONGEST_TIMEOUT = 86_400;
const MOST_ATTEMPTS = 20;

export interface DicomWebOptions {
  /** Of the service, with http or https: `https://host:8042/dicom-web`; see `parseDicomWebUrl`. */
  readonly root: string;
  readonly authorization?: Authorization | undefined;
  /** Longest silence of the server, above 0, at most a day; an answer in JSON may take five times as long. @default 60 */
  readonly timeoutSeconds?: number;
  /** How often a request is made that meets a passing failure, 1 to 20; waits of 0.3 s, 0.6 s ... between. @default 5 */
  readonly attempts?: number;
  /** Bytes that an instance may have. @default 2 ** 31 */
  readonly largestInstance?: number;
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * A server, with all that is needed to ask it. Every function throws MiasError `server-refused` or
 * `server-failed` (also where a study or series is not there), `usage` for what is no UID, and the signal's reason.
 */
export interface DicomWeb {
  /** The series of a study, by number. */
  findSeries(study: string): Promise<readonly SeriesEntry[]>;
  /** The instances of a series, by number. */
  findInstances(study: string, series: string): Promise<readonly InstanceEntry[]>;
  /** One DICOM file, as the server keeps it. */
  retrieveInstance(study: string, series: string, instance: string): Promise<Uint8Array>;
  /**
   * The DICOM files of a series, one at a time. What does not arrive after all attempts is told to `onIssue` (codes
   * `instance-failed`, `instances-missing`), with all others given; it throws where nothing arrives.
   */
  retrieveSeries(study: string, series: string, onIssue: OnIssue): AsyncGenerator<RetrievedInstance, void>;
  /** Sends DICOM files into a study; what the server does not confirm is in the report. */
  storeInstances(study: string, files: readonly FileToStore[]): Promise<StoreReport>;
}

/** @throws MiasError `usage` where an option is out of its range. */
export function createDicomWeb(options: DicomWebOptions): DicomWeb {
  const connection = connectionOf(options);
  const { largestInstance: largest = 2 ** 31, onProgress } = options;
  requireWhole("largestInstance", largest, 1, Number.MAX_SAFE_INTEGER);
  return {
    findSeries: async (study) => findSeries(connection, checked({ study })),
    findInstances: async (study, series) => findInstances(connection, checked({ study, series })),
    retrieveInstance: async (study, series, instance) =>
      retrieveInstance(connection, checked({ study, series, instance }), largest),
    retrieveSeries: (study, series, onIssue) =>
      retrieveSeries(connection, checked({ study, series }), onIssue, { largest, onProgress }),
    storeInstances: async (study, files) => storeInstances(connection, checked({ study }), files),
  };
}

function connectionOf(options: DicomWebOptions): Connection {
  const { root, authorization, timeoutSeconds: seconds = 60, attempts = 5, signal } = options;
  if (!(seconds > 0 && seconds <= LONGEST_TIMEOUT)) {
    const rule = `timeoutSeconds must be above 0 and at most ${LONGEST_TIMEOUT}, got ${seconds}`;
    throw new MiasError("usage", "timeoutSeconds", rule);
  }
  requireWhole("attempts", attempts, 1, MOST_ATTEMPTS);
  return {
    root: rootOf(root),
    headers: authorization === undefined ? {} : { Authorization: authorizationHeader(authorization) },
    seconds,
    attempts,
    // Browsers want their fetch called on the window.
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    signal,
  };
}

function rootOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return url.origin + url.pathname.replace(/\/+$/, "");
  throw new MiasError(
    "usage",
    "root",
    "root must be an http or https address without user, query or fragment; check it",
  );
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new MiasError("usage", name, `${name} must be a whole number from ${least} to ${most}, got ${value}`);
}

function checked<T extends Readonly<Record<string, string>>>(uids: T): T {
  for (const [what, uid] of Object.entries(uids)) {
    if (!isUid(uid))
      throw new MiasError("usage", what, `${what} must be a UID, numbers with dots between; check it`);
  }
  return uids;
}
