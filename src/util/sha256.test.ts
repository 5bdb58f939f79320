import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { blockwiseSha256Hex, sha256Hex } from "./sha256.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

test("sha256Hex gives the published values (FIPS 180-2, appendix B)", async () => {
  expect(await sha256Hex(new Uint8Array(0))).toBe(EMPTY);
  expect(await sha256Hex(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

describe("blockwiseSha256Hex", () => {
  const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

  test("of nothing is the hash of no hashes", async () => {
    expect(await blockwiseSha256Hex(new Uint8Array(0))).toBe(EMPTY);
  });

  test("of up to 16 MiB is the hash of the hash", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await blockwiseSha256Hex(bytes)).toBe(sha256(sha256(bytes)).toString("hex"));
  });

  test("of more is the hash of the blocks' hashes, in order", async () => {
    const block = 2 ** 24;
    const bytes = new Uint8Array(5 * block + 7).map((_, i) => i >> 16);
    const hashes = Array.from({ length: 6 }, (_, i) => sha256(bytes.subarray(i * block, (i + 1) * block)));
    expect(await blockwiseSha256Hex(bytes)).toBe(sha256(...hashes).toString("hex"));
  });
});
