import type { Random } from "../../src/util/prng.ts";

/** Numbers that headers are wrong with. */
const ODD_BYTES = [0, 1, 0x7f, 0x80, 0xff];

/** A copy that is damaged in one of the ways that files are: bytes changed, cut off, repeated, or put in. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const kind = random.integer(6);
  if (kind === 0) return copy.subarray(0, random.integer(copy.length + 1));
  if (kind === 1) {
    const at = random.integer(copy.length);
    const length = random.integer(64) + 1;
    return Uint8Array.from([
      ...copy.subarray(0, at),
      ...copy.subarray(at, at + length),
      ...copy.subarray(at),
    ]);
  }
  // Headers are at the start: most changes go there.
  const reach = kind < 5 ? Math.min(copy.length, 600) : copy.length;
  for (let n = random.integer(8); n >= 0; n--) {
    const value = kind === 2 ? ODD_BYTES[random.integer(ODD_BYTES.length)] : random.integer(256);
    copy[random.integer(reach)] = value;
  }
  return copy;
}

/** A text header whose words are exchanged for odd ones, voxels left as they are. */
export function mutatedText(bytes: Uint8Array, headerBytes: number, random: Random): Uint8Array {
  const words = [
    "0",
    "-1",
    "nan",
    "1e308",
    "99999999999",
    "(",
    "none",
    "",
    "LOCAL",
    "raw",
    "gzip",
    "%d",
    "inf",
    "4",
  ];
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, headerBytes));
  const parts = text.split(/(?<=[ \n:=,])/);
  for (let n = random.integer(3); n >= 0; n--) {
    parts[random.integer(parts.length)] =
      `${words[random.integer(words.length)]}${random.integer(2) ? " " : "\n"}`;
  }
  const header = new TextEncoder().encode(parts.join(""));
  const whole = new Uint8Array(header.length + bytes.length - headerBytes);
  whole.set(header);
  whole.set(bytes.subarray(headerBytes), header.length);
  return whole;
}
