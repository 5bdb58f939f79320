import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A temporary folder for all test files of a run, removed at its end. */
    scratch: string;
  }
}

/** The global set-up of vitest; what it returns is called at the end of the run. */
export function setup(project: TestProject): () => void {
  const scratch = mkdtempSync(join(tmpdir(), "mias-test-"));
  project.provide("scratch", scratch);
  return () => rmSync(scratch, { recursive: true, force: true });
}
