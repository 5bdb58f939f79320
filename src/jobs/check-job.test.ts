// What the jobs say of a wrong call by a program in JavaScript, which no type checker has seen. Nothing is read.

import { describe, expect, test } from "vitest";
import { isMiasError } from "../errors.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import { segment } from "./segment.ts";
import { segmentToFolder } from "./segment-folder.ts";

type Job = (inputs: unknown, job?: unknown) => Promise<unknown>;

/** The jobs as a program calls them that has no types. */
const jobs: Record<"fit" | "segment" | "segmentToFolder" | "evaluate", Job> = {
  fit: fit as Job,
  segment: async (inputs, job) => {
    for await (const outcome of (segment as (...all: unknown[]) => AsyncIterable<unknown>)(inputs, job)) {
      return outcome;
    }
    return undefined;
  },
  segmentToFolder: segmentToFolder as Job,
  evaluate: evaluate as Job,
};

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isMiasError(error, "usage")) throw new Error(`must be refused as wrong use, got ${error}`);
  return error.message;
}

describe("a job with", () => {
  test.each<[keyof typeof jobs, object, string, string]>([
    ["fit", { output: "z.bank", preset: "foo", rows: -3 }, "preset", "an option of a fit beside options"],
    ["segmentToFolder", { bank: "a.bank", output: "out", alpha: -1 }, "alpha", "one of a segmentation"],
    ["segment", { bank: "a.bank", prompt: "box-ladder" }, "prompt", "one of a segmentation"],
    ["evaluate", { bank: "a.bank", refine: "none" }, "refine", "one of a segmentation"],
  ])("%s %j is told where %s belongs: %s", async (name, job, key) => {
    expect(await refusalOf(jobs[name](["n3"], job))).toBe(
      `option ${key} is unknown here; give it in options: ${name}(..., { options: { ${key} } })`,
    );
  });

  test("a key that there is not is told those that there are", async () => {
    expect(await refusalOf(jobs.fit(["n3"], { output: "z.bank", ouput: "y.bank" }))).toMatch(
      /^option ouput is unknown; use one of model, .*output, bankFrom, options/,
    );
  });

  test.each<[keyof typeof jobs, string]>([
    ["fit", "output"],
    ["segment", "bank"],
    ["segmentToFolder", "bank and output"],
    ["evaluate", "bank"],
  ])("nothing at all: %s needs %s", async (name, needed) => {
    expect(await refusalOf(jobs[name](["n3"]))).toBe(
      `the job of ${name} must be given, got nothing; give a record with ${needed}`,
    );
  });

  test("a key that is missing, or of another type", async () => {
    expect(await refusalOf(jobs.fit(["n3"], {}))).toBe(
      "option output must be given, got nothing; give it to fit",
    );
    expect(await refusalOf(jobs.fit(["n3"], { output: 3 }))).toBe(
      "option output must be a text, got 3; give it to fit",
    );
  });

  test("a name instead of a list of inputs", async () => {
    expect(await refusalOf(jobs.fit("n3", { output: "z.bank" }))).toMatch(
      /^inputs must be a list, got "n3"; give a list of names$/,
    );
  });
});
