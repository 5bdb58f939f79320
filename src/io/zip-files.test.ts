import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { zipFiles } from "./zip-files.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-zip-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function archive(content: Zippable | Uint8Array): string {
  const path = join(root, "study.zip");
  writeFileSync(path, content instanceof Uint8Array ? content : zipSync(content));
  return path;
}

test("gives the files of an archive, read from where they lie", async () => {
  const path = archive({ "a/1.dcm": strToU8("one"), "a/.hidden": strToU8("no"), "2.dcm": strToU8("two") });
  const files = await zipFiles(path);
  expect(files.map(({ name }) => name)).toEqual([`${path}/a/1.dcm`, `${path}/2.dcm`]);
  expect(new TextDecoder().decode(await files[0].read())).toBe("one");
  expect(new TextDecoder().decode(await files[1].read())).toBe("two");
});

test("a name that leads out of the archive is refused", async () => {
  const path = archive({ "../evil.dcm": strToU8("x") });
  await expect(zipFiles(path)).rejects.toThrow(
    `${path} must be a sound zip archive, got: invalid relative path: ../evil.dcm; copy it again`,
  );
});

test("a bomb is refused by what it claims, before it is unpacked", async () => {
  const path = archive({ "zeros.dcm": new Uint8Array(65 * 2 ** 20) });
  await expect(zipFiles(path)).rejects.toThrow(
    /zeros\.dcm must unpack to at most 300 times its size, got \d+ bytes that claim to be 68157440/,
  );
});

test("an entry that unpacks to more than it claims is refused", async () => {
  const bytes = zipSync({ "a.dcm": new Uint8Array(1000) });
  const view = new DataView(bytes.buffer);
  // The uncompressed size stands at byte 24 of the central header, which starts with PK 01 02.
  const central = bytes.findIndex((_, i) => view.getUint32(i, true) === 0x02014b50);
  view.setUint32(central + 24, 10, true);
  const [file] = await zipFiles(archive(bytes));
  await expect(file.read()).rejects.toThrow("a.dcm must be a sound zip archive, got: too many bytes");
});

test("what is cut short or no archive is refused", async () => {
  const whole = zipSync({ "a.dcm": strToU8("something") });
  await expect(zipFiles(archive(whole.slice(0, 40)))).rejects.toThrow("must be a sound zip archive");
  await expect(zipFiles(archive(strToU8("PK\x03\x04 no more")))).rejects.toThrow(
    "must be a sound zip archive",
  );
});

test("reading stops when it is aborted", async () => {
  const [file] = await zipFiles(archive({ "a.dcm": strToU8("x") }));
  await expect(file.read(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
