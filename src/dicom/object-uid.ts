import { sha256Hex } from "../util/sha256.ts";

/** As long as every UID that is made here. */
export const PLACEHOLDER_UID = `2.25.${2n ** 127n}`;

/**
 * A UID that is the same for the same text: the UUID of version 8 (RFC 9562) of the text's SHA-256 under `2.25`
 * (PS3.5 annex B.2). The first bit is set, so that each has 44 characters.
 */
export async function uidOf(text: string): Promise<string> {
  return uidOfDigest(await sha256Hex(new TextEncoder().encode(text)));
}

/** The same of a digest in hexadecimal, of at least 128 bits. */
export function uidOfDigest(hex: string): string {
  const bits = BigInt(`0x${hex.slice(0, 32)}`);
  const version = (bits & ~(0xfn << 76n)) | (0x8n << 76n);
  const variant = (version & ~(0x3n << 62n)) | (0x2n << 62n);
  return `2.25.${variant | (1n << 127n)}`;
}
