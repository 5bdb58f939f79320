// Where data of patients lie while a run needs them: a folder that only its user may read, which is gone when the run is
// over, however that ends; only a process that is killed (SIGKILL, power cut) leaves it.

import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MiasError } from "../errors.ts";
import { systemErrorCode } from "./system-error.ts";

/** The start of its name, after which come six characters of chance. */
export const TEMPORARY_PREFIX = "mias-retrieved-";

export interface TemporaryFolder {
  /**
   * Writes a file, which only its user may read, and returns its path.
   * @throws MiasError `output-unwritable`
   */
  write(name: string, bytes: Uint8Array): Promise<string>;
  /** Removes the folder and all that is in it; more than once does no harm. */
  remove(): Promise<void>;
}

/**
 * Makes a folder in the system's place for temporary files (TMPDIR).
 * @throws MiasError `output-unwritable`
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  // mkdtemp gives mode 0700, whatever the umask.
  const folder = await mkdtemp(join(tmpdir(), TEMPORARY_PREFIX)).catch(refused);
  const removeNow = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeNow);
  return {
    write: async (name, bytes) => {
      const path = join(folder, name);
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(path, bytes, { mode: 0o600, flag: "wx" });
      } catch (error) {
        refused(error);
      }
      return path;
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      process.off("exit", removeNow);
    },
  };
}

function refused(cause: unknown): never {
  const code = systemErrorCode(cause);
  if (code === undefined) throw cause;
  const message = `the folder for temporary files must take what is retrieved, got ${code}; make room, or name another folder by TMPDIR`;
  throw new MiasError("output-unwritable", "temporary folder", message, { cause });
}
