/** Random access to bytes, wherever they lie; parsers take this and never a path. */
export interface ByteSource {
  /** What the user calls it. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`; the caller keeps within `size`. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Bytes that are in memory already. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
  };
}
