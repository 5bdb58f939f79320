import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MiasError } from "../errors.ts";
import { systemErrorCode } from "./system-error.ts";

/** The folder of the model that comes with the package. */
export const EMBEDDED_MODEL = fileURLToPath(new URL("../../models/litemedsam", import.meta.url));

/** The files of a model folder on disk. */
export interface ModelFolder {
  readonly name: string;
  read(file: string, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A model folder: `model.json` and the files it names. */
export function modelFolder(path: string): ModelFolder {
  const name = basename(resolve(path));
  return {
    name,
    read: async (file, signal) => {
      try {
        return await readFile(join(path, file), { signal });
      } catch (cause) {
        signal?.throwIfAborted();
        const system = systemErrorCode(cause);
        const message = `${path} must be a model folder with model.json and the files it names, but ${file} cannot be read (${system ?? cause})`;
        // A folder without model.json is none of a model; a model that lacks another file is damaged.
        const isNone = file === "model.json" && (system === "ENOENT" || system === "ENOTDIR");
        throw new MiasError(
          isNone ? "usage" : "model-unreadable",
          name,
          `${message}; check the path given to --model`,
          { cause },
        );
      }
    },
  };
}
