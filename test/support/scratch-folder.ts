import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/** A folder of this run of the tests, made where it is missing; see global-setup.ts. */
export function scratchFolder(name: string): string {
  const folder = join(inject("scratch"), name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
