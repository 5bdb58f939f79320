import { createRandom } from "../../src/util/prng.ts";

/** Lengths that claims are made of: nothing, one, most of 16 and 32 bits, undefined. */
const CLAIMS = [0, 1, 2, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff];

/** A damaged copy of a file: bytes turned, lengths claimed, an end cut off, a part put elsewhere. Seeded. */
export function mutantOf(file: Uint8Array, seed: number): Uint8Array {
  const random = createRandom(seed);
  const below = (count: number) => random.integer(Math.max(1, count));
  // Headers are small and in front: half of the damage is done there.
  const place = (size: number) => (random.uniform() < 0.5 ? below(Math.min(size, 2048)) : below(size));
  let bytes = Uint8Array.from(file);
  const rounds = 1 + below(4);
  for (let round = 0; round < rounds && bytes.length > 8; round++) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kind = below(6);
    if (kind === 0)
      for (let count = 1 + below(8); count > 0; count--) bytes[place(bytes.length)] ^= 1 << below(8);
    if (kind === 1) bytes[place(bytes.length)] = below(256);
    if (kind === 2) view.setUint16(place(bytes.length - 2), CLAIMS[below(CLAIMS.length)] & 0xffff, true);
    if (kind === 3) view.setUint32(place(bytes.length - 4), CLAIMS[below(CLAIMS.length)], true);
    if (kind === 4) bytes = bytes.slice(0, place(bytes.length));
    if (kind === 5) bytes.copyWithin(place(bytes.length), place(bytes.length), place(bytes.length));
  }
  return bytes;
}
