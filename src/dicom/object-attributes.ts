import type { DicomAttributes } from "../volume-types.ts";
import type { DicomItem } from "./object-elements.ts";
import { textOf } from "./object-text.ts";

/** What a pseudonymised object has in its place; the actions of PS3.15 table E.1-1: U, D, Z and X. */
export type Pseudonym = "uid" | "patient" | "empty" | "left-out";

interface CopiedAttribute {
  readonly keyword: string;
  /** Whether the attribute must be there, if without a value (type 2). */
  readonly required: boolean;
  readonly pseudonym: Pseudonym;
}

/**
 * All that is ever copied of a source: its patient, study and frame of reference. Nothing else is, private attributes
 * least of all.
 */
export const COPIED: readonly CopiedAttribute[] = [
  { keyword: "PatientName", required: true, pseudonym: "patient" },
  { keyword: "PatientID", required: true, pseudonym: "patient" },
  { keyword: "IssuerOfPatientID", required: false, pseudonym: "left-out" },
  { keyword: "PatientBirthDate", required: true, pseudonym: "empty" },
  { keyword: "PatientSex", required: true, pseudonym: "empty" },
  { keyword: "PatientAge", required: false, pseudonym: "left-out" },
  { keyword: "PatientSize", required: false, pseudonym: "left-out" },
  { keyword: "PatientWeight", required: false, pseudonym: "left-out" },
  { keyword: "StudyInstanceUID", required: true, pseudonym: "uid" },
  { keyword: "StudyDate", required: true, pseudonym: "empty" },
  { keyword: "StudyTime", required: true, pseudonym: "empty" },
  { keyword: "StudyID", required: true, pseudonym: "empty" },
  { keyword: "AccessionNumber", required: true, pseudonym: "empty" },
  { keyword: "ReferringPhysicianName", required: true, pseudonym: "empty" },
  { keyword: "StudyDescription", required: false, pseudonym: "left-out" },
  { keyword: "TimezoneOffsetFromUTC", required: false, pseudonym: "left-out" },
];

/** Patient and study of the source, and what it says of its own pseudonyms. */
export function copiedAttributes(source: DicomAttributes): DicomItem {
  const copied: Record<string, string | undefined> = {};
  for (const { keyword, required } of COPIED) {
    copied[keyword] = textOf(source, keyword) || (required ? "" : undefined);
  }
  return { ...copied, ...deidentification(source) };
}

function deidentification(source: DicomAttributes): DicomItem {
  if (textOf(source, "PatientIdentityRemoved") !== "YES") return {};
  const method = textOf(source, "DeidentificationMethod");
  const codes = codeItems(source.DeidentificationMethodCodeSequence);
  return {
    PatientIdentityRemoved: "YES",
    DeidentificationMethod:
      method === "" && codes.length === 0 ? "not told by the source" : method || undefined,
    DeidentificationMethodCodeSequence: codes.length === 0 ? undefined : codes,
    LongitudinalTemporalInformationModified:
      textOf(source, "LongitudinalTemporalInformationModified") || undefined,
  };
}

/** Only what makes up a code (PS3.3 table 8.8-1) is copied. */
function codeItems(sequence: unknown): readonly DicomItem[] {
  const items = (Array.isArray(sequence) ? sequence : [sequence]).filter(isItem);
  return items.map((item) => ({
    CodeValue: textOf(item, "CodeValue"),
    CodingSchemeDesignator: textOf(item, "CodingSchemeDesignator"),
    CodingSchemeVersion: textOf(item, "CodingSchemeVersion") || undefined,
    CodeMeaning: textOf(item, "CodeMeaning"),
  }));
}

function isItem(value: unknown): value is DicomAttributes {
  return typeof value === "object" && value !== null;
}
