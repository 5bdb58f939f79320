// Pseudonyms for what is written of a source, after the Basic Application Level Confidentiality Profile (PS3.15 annex E):
// only attributes that the objects need are left; the patient's name and id, and every UID, become keyed hashes, the same
// for the same secret; dates, times and all other texts go. Without the secret nobody can get back, nor try out ids.
//
// Left out: the options of the profile. Pixels are no concern of it: labels and maps show no text of the image.

import { PROGRAM } from "../version.ts";
import type { DicomAttributes, SourceFrame, SourceSeries } from "../volume-types.ts";
import { COPIED } from "./object-attributes.ts";
import { CODES, codeSequence } from "./object-codes.ts";
import { textOf } from "./object-text.ts";
import { uidOfDigest } from "./object-uid.ts";
import { requireSecret } from "./pseudonym-secret.ts";

/** UIDs of the standard itself, such as well-known frames of reference, tell nothing of a patient. */
const OF_THE_STANDARD = "1.2.840.10008.";
/** Neither about the patient nor of free text. */
const KEPT = ["Modality", "SliceThickness"];

/**
 * `source` with its patient, study and UIDs replaced, those of the references included: what is made of it refers to
 * instances whose UIDs were replaced with the same secret. Nothing is left of attributes that objects do not need.
 * @throws MiasError `usage` where the secret has less than 16 bytes
 */
export async function pseudonymise(source: SourceSeries, secret: string): Promise<SourceSeries> {
  const hash = await keyedHash(secret);
  const newUid = async (uid: string): Promise<string> =>
    uid === "" || uid.startsWith(OF_THE_STANDARD) ? uid : uidOfDigest(await hash(`uid\n${uid}`));
  return {
    frames: await pseudonymousFrames(source.frames, newUid),
    attributes: await pseudonymousAttributes(source.attributes, hash, newUid),
  };
}

type Replace = (text: string) => Promise<string>;

async function pseudonymousAttributes(
  attributes: DicomAttributes,
  hash: Replace,
  newUid: Replace,
): Promise<DicomAttributes> {
  const patient = `MIAS-${(await hash(patientKey(attributes))).slice(0, 16)}`;
  const replaced: Record<string, unknown> = {
    SeriesInstanceUID: await newUid(textOf(attributes, "SeriesInstanceUID")),
    FrameOfReferenceUID: await newUid(textOf(attributes, "FrameOfReferenceUID")),
    PatientIdentityRemoved: "YES",
    DeidentificationMethod: `${PROGRAM}: keyed hashes`,
    DeidentificationMethodCodeSequence: codeSequence(CODES.basicProfile),
    LongitudinalTemporalInformationModified: "REMOVED",
  };
  for (const { keyword, pseudonym } of COPIED) {
    if (pseudonym === "uid") replaced[keyword] = await newUid(textOf(attributes, keyword));
    if (pseudonym === "patient") replaced[keyword] = patient;
    if (pseudonym === "empty") replaced[keyword] = "";
  }
  for (const keyword of KEPT) replaced[keyword] = textOf(attributes, keyword);
  return replaced;
}

/** What makes a patient the same in several studies; a study of nobody is a patient of its own. */
function patientKey(attributes: DicomAttributes): string {
  const texts = (...keywords: readonly string[]) => keywords.map((keyword) => textOf(attributes, keyword));
  const [id, issuer] = texts("PatientID", "IssuerOfPatientID");
  if (id !== "") return `patient\n${id}\n${issuer}`;
  const [name, birth] = texts("PatientName", "PatientBirthDate");
  if (name !== "") return `name\n${name}\n${birth}`;
  return `study\n${textOf(attributes, "StudyInstanceUID")}`;
}

async function pseudonymousFrames(
  frames: readonly SourceFrame[],
  newUid: Replace,
): Promise<readonly SourceFrame[]> {
  return Promise.all(
    frames.map(async (frame) => ({ ...frame, sopInstanceUid: await newUid(frame.sopInstanceUid) })),
  );
}

/** HMAC-SHA-256 in hexadecimal. */
async function keyedHash(secret: string): Promise<Replace> {
  requireSecret(secret);
  const bytes = new TextEncoder().encode(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  return async (text) => {
    const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
    return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
}
