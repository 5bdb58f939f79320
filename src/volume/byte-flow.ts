// The bytes of a file one after another, decompressed on the way where need be: the whole is never in memory twice.
// Decompression is the platform's own (DecompressionStream), which verifies checksums; it is read no further than
// asked for, so that a small file cannot fill the memory.

export type Compression = "none" | "gzip" | "zlib";

/** Bytes handed on at once. */
const CHUNK = 2 ** 16;
/** What follows the wanted bytes is read this far, for the checksum at its end. */
const TRAILER = 2 ** 20;
/** Deflate makes no more than 1032 bytes of one (zlib's technical details). */
const MOST_GROWTH = 1032;

/** Most bytes that can be made of `bytes`. */
export function mostBytesOf(bytes: Uint8Array, compression: Compression): number {
  return compression === "none" ? bytes.length : bytes.length * MOST_GROWTH;
}

/** Whether bytes are gzip's, by their first three. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Which bytes are wanted, of those that a flow holds. */
export interface Wanted {
  /** Bytes before the first one. */
  readonly skip: number;
  readonly length: number;
}

/**
 * Hands the wanted bytes to `use` in blocks, all but the last as large as `block`, which is written over each time.
 * @returns how many there were: fewer than wanted where the bytes end before
 * @throws the platform's error where compressed bytes are damaged or cut short
 */
export async function readBlocks(
  bytes: Uint8Array,
  compression: Compression,
  { skip, length }: Wanted,
  block: Uint8Array<ArrayBuffer>,
  use: (block: Uint8Array<ArrayBuffer>) => void,
): Promise<number> {
  let [toSkip, used, held, beyond] = [skip, 0, 0, 0];
  for await (const chunk of flowOf(bytes, compression)) {
    let at = Math.min(toSkip, chunk.length);
    toSkip -= at;
    while (at < chunk.length && used + held < length) {
      const taken = Math.min(chunk.length - at, block.length - held, length - used - held);
      block.set(chunk.subarray(at, at + taken), held);
      held += taken;
      at += taken;
      if (held < block.length && used + held < length) continue;
      use(block.subarray(0, held));
      used += held;
      held = 0;
    }
    beyond += chunk.length - at;
    if (beyond > TRAILER) break;
  }
  return used + held;
}

/** The first `length` bytes, or all where there are fewer; damage after them is not seen. */
export async function firstBytes(
  bytes: Uint8Array,
  compression: Compression,
  length: number,
): Promise<Uint8Array> {
  const first = new Uint8Array(length);
  let held = 0;
  try {
    for await (const chunk of flowOf(bytes, compression)) {
      const taken = Math.min(chunk.length, length - held);
      first.set(chunk.subarray(0, taken), held);
      held += taken;
      if (held === length) break;
    }
  } catch {
    // What could be decompressed tells what the file is; its reader finds the damage.
  }
  return first.subarray(0, held);
}

async function* flowOf(bytes: Uint8Array, compression: Compression): AsyncGenerator<Uint8Array> {
  if (compression === "none") {
    yield* chunksOf(bytes);
    return;
  }
  const format = compression === "gzip" ? "gzip" : "deflate";
  const reader = streamOf(bytes).pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    yield bytes.subarray(at, at + CHUNK) as Uint8Array<ArrayBuffer>;
  }
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = chunksOf(bytes);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
