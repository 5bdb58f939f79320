import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("is FNV-1a, as its authors' test vectors tell", () => {
  expect(fingerprint([])).toBe(0x811c9dc5);
  expect(fingerprint([bytesOf("a")])).toBe(0xe40c292c);
  expect(fingerprint([bytesOf("foobar")])).toBe(0xbf9cf968);
});

test("does not depend on how bytes are cut into parts", () => {
  expect(fingerprint([bytesOf("foo"), bytesOf("bar")])).toBe(fingerprint([bytesOf("foobar")]));
});
