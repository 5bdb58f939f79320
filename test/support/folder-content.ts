import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder, hidden ones too, as sorted paths relative to it. */
export function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

/** The files that an interrupted write would leave. */
export function temporaryFiles(folder: string): string[] {
  return filesBelow(folder).filter((name) => name.endsWith(".tmp"));
}

/** SHA-256 of a file. */
export function hashOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
