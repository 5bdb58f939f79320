// QIDO-RS (PS3.18, 10.6): which series a study has, and which instances a series. Servers cut lists off, some without
// saying so (default limits of 12 and 100 are in use), and some ignore `offset`; so pages are asked for until one brings
// nothing new.

import { ask, requestName } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { codeOf, type DataSet, DICOM_JSON, numberOf, readDataSets, uidOf } from "./dicom-json.ts";
import { Fault, ServerError } from "./fault.ts";

/** A series of a study, without anything personal. */
export interface SeriesEntry {
  readonly uid: string;
  /** DICOM's code: `CT`, `MR`, `SEG` ... */
  readonly modality?: string;
  readonly number?: number;
  /** How many instances the server counts. */
  readonly instances?: number;
}

/** An instance of a series. */
export interface InstanceEntry {
  readonly uid: string;
  readonly sopClass?: string;
  readonly number?: number;
}

/** The UIDs that name a series. */
export interface SeriesPath {
  readonly study: string;
  readonly series: string;
}

const PAGE = 1000;
const SERIES = { uid: "0020000E", modality: "00080060", number: "00200011", instances: "00201209" };
const INSTANCE = { uid: "00080018", sopClass: "00080016", number: "00200013" };

/** The series of a study, by their numbers and then UIDs. @throws ServerError where the server has none, too. */
export async function findSeries(
  connection: Connection,
  { study }: { readonly study: string },
): Promise<readonly SeriesEntry[]> {
  const found = await findAll(connection, `/studies/${study}/series`, SERIES.uid, [SERIES.instances]);
  return inOrder(
    found.map(([uid, data]) => ({
      uid,
      ...present("modality", codeOf(data, SERIES.modality)),
      ...present("number", numberOf(data, SERIES.number)),
      ...present("instances", numberOf(data, SERIES.instances)),
    })),
  );
}

/** The instances of a series, by their numbers and then UIDs. @throws ServerError where the server has none, too. */
export async function findInstances(
  connection: Connection,
  { study, series }: SeriesPath,
): Promise<readonly InstanceEntry[]> {
  const found = await findAll(connection, `/studies/${study}/series/${series}/instances`, INSTANCE.uid, []);
  return inOrder(
    found.map(([uid, data]) => ({
      uid,
      ...present("sopClass", uidOf(data, INSTANCE.sopClass)),
      ...present("number", numberOf(data, INSTANCE.number)),
    })),
  );
}

async function findAll(
  connection: Connection,
  path: string,
  key: string,
  fields: readonly string[],
): Promise<readonly (readonly [uid: string, data: DataSet])[]> {
  const found = new Map<string, DataSet>();
  let unnamed = 0;
  for (let offset = 0, isMore = true; isMore; ) {
    const query = {
      limit: `${PAGE}`,
      offset: `${offset}`,
      ...(fields.length ? { includefield: fields.join() } : {}),
    };
    const question = { method: "GET", path, query, headers: { Accept: DICOM_JSON } } as const;
    const page = await ask(connection, question, { read: readDataSets });
    const before = found.size;
    for (const data of page) {
      const uid = uidOf(data, key);
      if (uid === undefined) unnamed++;
      else found.set(uid, data);
    }
    offset += page.length;
    isMore = found.size > before;
  }
  if (found.size === 0) {
    const fault = unnamed > 0 ? invalidUid() : nothing();
    throw new ServerError(requestName(connection, { method: "GET", path }), fault, 1);
  }
  return [...found];
}

function inOrder<T extends { readonly uid: string; readonly number?: number }>(
  entries: readonly T[],
): readonly T[] {
  const last = Number.POSITIVE_INFINITY;
  const rank = ({ number = last }: T) => number;
  return [...entries].sort((a, b) => (rank(a) === rank(b) ? (a.uid < b.uid ? -1 : 1) : rank(a) - rank(b)));
}

function nothing(): Fault {
  return new Fault({}, ["name what the server has", "an empty list", "check the address and its UIDs"]);
}

function invalidUid(): Fault {
  return new Fault({}, ["be answered with UIDs", "an invalid UID", "look at the server's log"]);
}

function present<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: T });
}
