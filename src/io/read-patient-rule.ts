import { readFile } from "node:fs/promises";
import { MiasError } from "../errors.ts";
import {
  isPatientTable,
  type PatientRule,
  parsePatientExpression,
  parsePatientTable,
} from "../util/patient-rule.ts";
import { systemErrorCode } from "./system-error.ts";

/** Reads what tells patients: a file `*.csv`, or else a regular expression. Throws MiasError `usage`. */
export async function readPatientRule(rule: string): Promise<PatientRule> {
  if (!isPatientTable(rule)) return parsePatientExpression(rule);
  const text = await readFile(rule, "utf8").catch((error: unknown) => {
    const reason = `cannot be read (${systemErrorCode(error)}), check the path`;
    throw new MiasError("usage", rule, `table of patients ${rule} ${reason}`, { cause: error });
  });
  return parsePatientTable(rule, text);
}
