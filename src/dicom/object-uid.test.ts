import { expect, test } from "vitest";
import { PLACEHOLDER_UID, uidOf, uidOfDigest } from "./object-uid.ts";

test("the UUID of version 8 of a digest, with its first bit set", () => {
  // 00112233-4455-8677-8899-aabbccddeeff has version 8 and its variant; then the first bit is set.
  const value = BigInt("0x80112233445586778899aabbccddeeff");
  expect(uidOfDigest("00112233445566778899aabbccddeeff")).toBe(`2.25.${value}`);
});

test("the same text has the same UID, of the placeholder's length", async () => {
  const uids = await Promise.all(["a", "b", "a"].map(uidOf));
  expect(uids[2]).toBe(uids[0]);
  expect(uids[1]).not.toBe(uids[0]);
  expect(uids.map((uid) => uid.length)).toEqual([44, 44, 44]);
  expect(PLACEHOLDER_UID.length).toBe(44);
});
