// What a program hands to a job, checked before anything is read: a key that is unknown, or that belongs into `options`,
// would else be left out in silence. Values are checked where they are used.

import * as v from "valibot";
import { MiasError } from "../errors.ts";
import type { SliceOptions } from "../types.ts";
import { brokenRule } from "../util/broken-rule.ts";
import type { JobOptions } from "./open.ts";

/** A rule for each key of a job. */
export type JobEntries<Job> = { readonly [Key in keyof Required<Job>]: v.GenericSchema };

/** A key that may be left out, of whatever value. */
export const anything = v.optional(v.unknown());

export const jobEntries = {
  model: v.optional(v.string()),
  device: anything,
  threads: anything,
  signal: anything,
  onProgress: v.optional(v.function()),
} satisfies JobEntries<JobOptions>;

export const sliceEntries = { axis: anything, window: anything } satisfies JobEntries<SliceOptions>;

/**
 * Checks the keys of a job.
 * @param name of the function that is called
 * @param inOptions keys that belong into `options`
 * @throws MiasError `usage`
 */
export function checkJob(name: string, entries: v.ObjectEntries, inOptions: object, job: unknown): void {
  const parsed = v.safeParse(v.strictObject(entries), job);
  if (parsed.success) return;
  const [first] = parsed.issues;
  const key = v.getDotPath(first);
  if (key === null) {
    const needed = Object.keys(entries).filter((one) => entries[one].type !== "optional");
    throw wrongJob(
      "job",
      `${brokenRule(first, `the job of ${name}`)}; give a record with ${needed.join(" and ")}`,
    );
  }
  if (Object.hasOwn(entries, key)) {
    throw wrongJob(key, `option ${brokenRule(first, "record")}; give it to ${name}`);
  }
  throw wrongJob(
    key,
    Object.hasOwn(inOptions, key)
      ? `option ${key} is unknown here; give it in options: ${name}(..., { options: { ${key} } })`
      : `option ${key} is unknown; use one of ${Object.keys(entries).join(", ")}`,
  );
}

function wrongJob(key: string, message: string): MiasError {
  return new MiasError("usage", key, message);
}

/** @throws MiasError `usage` unless inputs are a list of names */
export function checkInputs(inputs: unknown): void {
  const parsed = v.safeParse(v.array(v.string()), inputs);
  if (parsed.success) return;
  throw wrongJob("inputs", `${brokenRule(parsed.issues[0], "inputs")}; give a list of names`);
}
