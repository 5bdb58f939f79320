import { constants, open } from "node:fs/promises";
import { MiasError } from "../errors.ts";
import type { ByteSource } from "../util/byte-source.ts";

/** Node's limit on one read. */
const MOST_BYTES = 2 ** 30;

/** What the system says of a path that leads nowhere. */
const ABSENT: readonly string[] = ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"];

/**
 * Calls `use` with the bytes of a file and closes it afterwards.
 * @throws MiasError `usage` when there is no such file, `bank-unreadable` when it cannot be opened
 */
export async function withFileSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  // Without waiting: opening a pipe would last until somebody writes to it.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (cause: NodeJS.ErrnoException) => {
      const absent = ABSENT.includes(cause.code ?? "");
      const why = absent ? "does not exist" : `cannot be opened (${cause.code})`;
      throw new MiasError(absent ? "usage" : "bank-unreadable", path, `${path} ${why}; check the path`, {
        cause,
      });
    },
  );
  try {
    const found = await file.stat();
    if (!found.isFile()) {
      const what = found.isDirectory() ? "a folder" : "a device or the like";
      throw new MiasError("usage", path, `${path} must be a file, got ${what}; check the path`);
    }
    const { size } = found;
    return await use({
      name: path,
      size,
      read: async (offset, length, signal) => {
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length; ) {
          signal?.throwIfAborted();
          const { bytesRead } = await file.read(
            bytes,
            done,
            Math.min(MOST_BYTES, length - done),
            offset + done,
          );
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes;
      },
    });
  } finally {
    await file.close();
  }
}
