import { expect, test } from "vitest";
import { withoutEscapes } from "./object-escapes.ts";

test("a text without escape sequences is given back", () => {
  expect(withoutEscapes("Müller^Jürgen")).toBe("Müller^Jürgen");
});

// The examples of PS3.5 annexes H, I and K, as bytes.
test("Japanese of two bytes, with ways back to ASCII or without", () => {
  const name = "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B";
  expect(withoutEscapes(name)).toBe("Yamada^Tarou=山田^太郎=やまだ^たろう");
  expect(withoutEscapes(name.replaceAll("\x1b(B", ""))).toBe("Yamada^Tarou=山田^太郎=やまだ^たろう");
});

test("Korean and Chinese of the upper half", () => {
  expect(withoutEscapes("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7")).toBe("Hong^Gildong=洪^吉洞");
  expect(withoutEscapes("Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab")).toBe(
    "Zhang^XiaoDong=张^小东",
  );
});

test("an unknown sequence is taken away", () => {
  expect(withoutEscapes("A\x1b-LB")).toBe("AB");
});
