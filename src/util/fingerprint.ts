/** 32 bits that stand for the bytes of all parts (FNV-1a): they tell data apart that are not made to look the same. */
export function fingerprint(parts: Iterable<Uint8Array>): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part[i], 0x01000193);
  }
  return hash >>> 0;
}
