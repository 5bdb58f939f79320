// Whose image a file is: by its name, by an expression of the user's, or by a table.

import { MiasError } from "../errors.ts";
import { groupsOf, seriesOfName } from "./patients.ts";

/** What tells the patient of a file. */
export type PatientRule =
  | { readonly kind: "name" }
  /** Its first group is the patient; it is looked for in the file's name without folders. */
  | { readonly kind: "expression"; readonly expression: RegExp }
  /** From a file's name, or from the end of its path, to the patient. */
  | { readonly kind: "table"; readonly file: string; readonly patients: ReadonlyMap<string, string> };

/** Fewer groups by name than this are no patients, but numbering such as 000.png, 001.png. */
const FEWEST_PATIENTS = 5;

/** Whether `rule` names a table rather than being an expression. */
export function isPatientTable(rule: string): boolean {
  return /\.csv$/i.test(rule);
}

/** Reads an expression as a user types it. Throws MiasError `usage`. */
export function parsePatientExpression(text: string): PatientRule {
  try {
    const expression = new RegExp(text, "u");
    const groups = (new RegExp(`${text}|`, "u").exec("")?.length ?? 1) - 1;
    if (groups > 0) return { kind: "expression", expression };
  } catch (error) {
    const rule = "patients must be a regular expression or a file *.csv";
    throw new MiasError("usage", text, `${rule}, got "${text}"; mend the expression`, { cause: error });
  }
  const rule = "the first group of an expression for patients is the patient";
  throw new MiasError("usage", text, `${rule}, but "${text}" has none; put the patient into parentheses`);
}

/**
 * Reads a table with a line `file,patient` for each image; a first line of just these words is skipped, and so are
 * empty ones. Fields may stand in double quotes. Throws MiasError `usage`.
 */
export function parsePatientTable(file: string, text: string): PatientRule {
  const patients = new Map<string, string>();
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "" || (i === 0 && /^"?file"?,"?patient"?$/i.test(line.trim()))) continue;
    const [, name, patient] = /^\s*(.+?)\s*,\s*([^,]+?)\s*$/.exec(line) ?? [];
    if (name === undefined) {
      throw new MiasError(
        "usage",
        file,
        `${file} must hold file,patient in each line, but line ${i + 1} does not`,
      );
    }
    const key = slashed(unquoted(name));
    const known = patients.get(key);
    if (known !== undefined && known !== unquoted(patient)) {
      throw new MiasError(
        "usage",
        file,
        `${file} must give each file one patient, but line ${i + 1} gives a second`,
      );
    }
    patients.set(key, unquoted(patient));
  }
  return { kind: "table", file, patients };
}

function unquoted(field: string): string {
  return /^".*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field;
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}

/**
 * The patient of each file. By name, files that differ in their last number alone are one patient's, whatever folder
 * they are in; where that gives fewer than five patients, each file is one of its own.
 * @throws MiasError `usage` where a rule of the user's says nothing of a file
 */
export function patientsOf(files: readonly string[], rule: PatientRule): string[] {
  if (rule.kind !== "name") return files.map((file) => patientBy(rule, file));
  const series = files.map((file) => seriesOfName(baseName(file)));
  return groupsOf(series).length < FEWEST_PATIENTS ? [...files] : series;
}

function patientBy(rule: Exclude<PatientRule, { kind: "name" }>, file: string): string {
  const found =
    rule.kind === "table" ? lookUp(rule.patients, file) : rule.expression.exec(baseName(file))?.[1];
  if (found !== undefined && found !== "") return found;
  const what = rule.kind === "table" ? rule.file : `"${rule.expression.source}"`;
  const message = `${what} must give a patient for every image, but gives none for ${file}; mend it`;
  throw new MiasError("usage", file, message);
}

/** By the longest part of the path that is in the table, so that equal names in two folders can be told apart. */
function lookUp(patients: ReadonlyMap<string, string>, file: string): string | undefined {
  const parts = slashed(file).split("/");
  for (let first = 0; first < parts.length; first++) {
    const found = patients.get(parts.slice(first).join("/"));
    if (found !== undefined) return found;
  }
  return undefined;
}

function baseName(file: string): string {
  return slashed(file).split("/").at(-1) ?? file;
}
