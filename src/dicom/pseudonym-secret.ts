import { MiasError } from "../errors.ts";

/** Bytes that a secret must have, so that ids cannot be found by trying secrets. */
const SHORTEST_SECRET = 16;

/** @param name what messages call the secret. @throws MiasError `usage` where it has less than 16 bytes */
export function requireSecret(secret: string, name = "the secret for pseudonyms"): void {
  const { length } = new TextEncoder().encode(secret);
  if (length >= SHORTEST_SECRET) return;
  const message = `${name} must have at least ${SHORTEST_SECRET} bytes, got ${length}; take a longer one`;
  throw new MiasError("usage", "pseudonyms", message);
}
