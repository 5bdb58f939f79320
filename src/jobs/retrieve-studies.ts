// Studies of DICOMweb servers as files: what addresses name is retrieved into a temporary folder, one instance in memory
// at a time, and goes on as DICOM files do. Names are made of the study's UID, shortened, and of series' numbers.

import { createHash } from "node:crypto";
import { nonImageName } from "../dicom/non-images.ts";
import type { Authorization } from "../dicomweb/authorization.ts";
import { createDicomWeb, type DicomWeb } from "../dicomweb/dicomweb.ts";
import { type DicomWebAddress, parseDicomWebUrl } from "../dicomweb/dicomweb-url.ts";
import { ServerError } from "../dicomweb/fault.ts";
import type { InstanceEntry, SeriesEntry } from "../dicomweb/find.ts";
import { shortUid } from "../dicomweb/uid.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { type InputFile, readFrom, type StudyOrigin } from "../io/input-file.ts";
import { type TemporaryFolder, temporaryFolder } from "../io/temporary-folder.ts";
import { issue } from "../issues.ts";
import type { CallContext, Issue, OnProgress } from "../types.ts";
import { type ChosenSeries, holdsNoImage, leftOutIssues, seriesNames } from "./choose-series.ts";

/** How DICOMweb servers are asked. */
export interface DicomWebAccess {
  readonly authorization?: Authorization;
  /** Longest silence of a server. @default 60 */
  readonly timeoutSeconds?: number;
}

export interface RetrieveOptions extends CallContext {
  readonly dicomWeb?: DicomWebAccess;
}

export interface RetrievedStudies {
  readonly files: readonly InputFile[];
  readonly issues: readonly Issue[];
  /** What did not arrive. */
  readonly failures: readonly Issue[];
  /** The error behind the first study that failed as a whole. */
  readonly refusal?: MiasError;
  /** Removes the files. */
  remove(): Promise<void>;
}

/** A client for a server; see DicomWebAccess. */
export function openDicomWeb(
  root: string,
  { dicomWeb, signal }: RetrieveOptions,
  onProgress?: OnProgress,
): DicomWeb {
  return createDicomWeb({ root, ...dicomWeb, signal, onProgress });
}

/** An address that names a study, or a part of one. @throws MiasError `usage` */
function studyAddress(text: string): DicomWebAddress & StudyOrigin {
  const address = parseDicomWebUrl(text);
  const { study } = address;
  if (study !== undefined) return { ...address, study };
  const message =
    "a DICOMweb address must name a study, dicomweb+https://HOST/dicom-web/studies/UID, got a server alone; add it";
  throw new MiasError("usage", "DICOMweb address", message);
}

/** A retrieval under way. */
interface Retrieval {
  readonly options: RetrieveOptions;
  readonly folder: TemporaryFolder;
  /** By name, so that what several addresses name is there once. */
  readonly files: Map<string, InputFile>;
  readonly issues: Issue[];
  readonly failures: Issue[];
  readonly refusals: MiasError[];
}

/**
 * Retrieves the image series that addresses name. What does not arrive, or is not there, is a failure, and the rest goes
 * on; nothing is left on the disk where this throws.
 * @throws MiasError `usage` where an address is wrong, before anything is asked; `output-unwritable`; the signal's reason
 */
export async function retrieveStudies(
  addresses: readonly string[],
  options: RetrieveOptions,
): Promise<RetrievedStudies> {
  const named = addresses.map(studyAddress);
  const labels = studyLabels(named);
  const folder = await temporaryFolder();
  const run: Retrieval = {
    ...{ options, folder, files: new Map(), issues: [], failures: [], refusals: [] },
  };
  try {
    for (const [i, address] of named.entries()) {
      await orFailure(run, labels[i], () => retrieveAddress(run, address, labels[i]));
    }
  } catch (error) {
    await folder.remove();
    throw error;
  }
  const [refusal] = run.refusals;
  return {
    files: [...run.files.values()],
    issues: withoutCopies(run.issues),
    failures: withoutCopies(run.failures),
    ...(refusal ? { refusal } : {}),
    remove: folder.remove,
  };
}

/** `study …8.498.1`, counted where two studies, or one study of two servers, would be called alike. */
function studyLabels(addresses: readonly StudyOrigin[]): string[] {
  const known = new Map<string, string>();
  const taken = new Map<string, number>();
  return addresses.map(({ root, study }) => {
    const key = `${root} ${study}`;
    const label = `study ${shortUid(study)}`;
    const use = (taken.get(label) ?? 0) + 1;
    const name = known.get(key) ?? (use === 1 ? label : `${label} (${use})`);
    if (!known.has(key)) taken.set(label, use);
    known.set(key, name);
    return name;
  });
}

/** What a server refuses or fails to give is a failure of `name`; returns the error. */
async function orFailure(
  run: Retrieval,
  name: string,
  work: () => Promise<void>,
): Promise<MiasError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isMiasError(error, "server-refused", "server-failed", "no-images")) throw error;
    run.failures.push(issue("retrieval-failed", name, error.message));
    run.refusals.push(error);
    return error;
  }
}

async function retrieveAddress(run: Retrieval, address: DicomWebAddress & StudyOrigin, label: string) {
  const { root, study } = address;
  const client = openDicomWeb(root, run.options);
  const all = await client.findSeries(study);
  const names = seriesNames(label, all);
  const asked = all.filter(({ uid }) => address.series === undefined || uid === address.series);
  if (asked.length === 0) throw noSuch(`series ${shortUid(address.series ?? "")}`, label);
  const plans = await planSeries(client, study, asked, names);
  const left = asked.filter(({ uid }) => !plans.some((plan) => plan.uid === uid));
  run.issues.push(...leftOutIssues(label, left, names, plans.length));
  for (const plan of plans) {
    const only = address.instance;
    const work = () =>
      only === undefined
        ? retrieveSeries(run, { root, study }, plan)
        : retrieveOne(run, client, { root, study }, plan, only);
    const error = await orFailure(run, plan.name, work);
    // What lies with the server would meet the other series, too.
    if (error instanceof ServerError && error.ofServer) return;
  }
}

interface SeriesToRetrieve extends ChosenSeries {
  readonly instances: readonly InstanceEntry[];
}

/** The series that hold an image, by modality and by the SOP classes of their instances. */
async function planSeries(
  client: DicomWeb,
  study: string,
  series: readonly SeriesEntry[],
  names: ReadonlyMap<string, string>,
): Promise<SeriesToRetrieve[]> {
  const plans: SeriesToRetrieve[] = [];
  for (const entry of series) {
    if (holdsNoImage(entry)) continue;
    const instances = await client.findInstances(study, entry.uid);
    if (instances.every(({ sopClass = "" }) => nonImageName(sopClass) !== undefined)) continue;
    plans.push({ uid: entry.uid, name: names.get(entry.uid) ?? "series", instances });
  }
  return plans;
}

async function retrieveSeries(run: Retrieval, origin: StudyOrigin, series: SeriesToRetrieve): Promise<void> {
  const { onProgress } = run.options;
  const stage = `retrieving ${series.name}`;
  const client = openDicomWeb(origin.root, run.options, (progress) => onProgress?.({ ...progress, stage }));
  const onIssue = (found: Issue) => {
    const subject = found.code === "instance-failed" ? `${series.name}/${found.subject}` : series.name;
    run.failures.push({ ...found, subject });
  };
  for await (const { name, uid, bytes } of client.retrieveSeries(origin.study, series.uid, onIssue)) {
    const isListed = series.instances.some((instance) => instance.uid === uid);
    await keep(run, origin, series, isListed ? name : `instance ${shortUid(uid)}`, bytes);
  }
}

async function retrieveOne(
  run: Retrieval,
  client: DicomWeb,
  origin: StudyOrigin,
  series: SeriesToRetrieve,
  instance: string,
): Promise<void> {
  const place = series.instances.findIndex(({ uid }) => uid === instance);
  if (place < 0) throw noSuch(`instance ${shortUid(instance)}`, series.name);
  const bytes = await client.retrieveInstance(origin.study, series.uid, instance);
  await keep(run, origin, series, `instance ${String(place + 1).padStart(4, "0")}`, bytes);
}

/** Files on the disk are counted; the only instance of a series is called as the series is. */
async function keep(
  { folder, files }: Retrieval,
  origin: StudyOrigin,
  series: SeriesToRetrieve,
  instance: string,
  bytes: Uint8Array,
): Promise<void> {
  const name = series.instances.length === 1 ? series.name : `${series.name}/${instance}`;
  if (files.has(name)) return;
  const path = await folder.write(`${String(files.size + 1).padStart(6, "0")}.dcm`, bytes);
  const stamp = createHash("sha256").update(bytes).digest("hex");
  files.set(name, { name, stamp, origin, read: (signal) => readFrom(path, name, signal) });
}

function noSuch(what: string, where: string): MiasError {
  const message = `${where} must have ${what}, which the server does not list; check the address`;
  return new MiasError("server-refused", where, message);
}

function withoutCopies(issues: readonly Issue[]): Issue[] {
  return [...new Map(issues.map((one) => [`${one.subject}\n${one.message}`, one])).values()];
}
