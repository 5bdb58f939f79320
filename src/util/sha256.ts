/** The SHA-256 of `bytes` in hexadecimal, by the platform's Web Crypto. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return hex(await digest(bytes));
}

/** Web Crypto takes a whole array, in Node of less than 2 GiB; blocks of an array may have any number. */
const BLOCK_BYTES = 2 ** 24;
/** Blocks at a time, which the platform may hash side by side. */
const BLOCKS_AT_ONCE = 4;

/**
 * The SHA-256, in hexadecimal, of the SHA-256s (32 bytes each, in order) of the blocks of 16 MiB of `bytes`; the last
 * block is what is left, and an empty array has none.
 */
export async function blockwiseSha256Hex(bytes: Uint8Array): Promise<string> {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const digests = new Uint8Array(32 * blocks);
  const hash = async (block: number) => {
    const start = block * BLOCK_BYTES;
    digests.set(await digest(bytes.subarray(start, start + BLOCK_BYTES)), 32 * block);
  };
  for (let first = 0; first < blocks; first += BLOCKS_AT_ONCE) {
    const count = Math.min(BLOCKS_AT_ONCE, blocks - first);
    await Promise.all(Array.from({ length: count }, (_, i) => hash(first + i)));
  }
  return sha256Hex(digests);
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
