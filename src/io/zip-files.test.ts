import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
  const { members, refused } = await zipFiles(path);
  expect(members.map(({ file }) => file.name)).toEqual([`${path}/a/1.dcm`, `${path}/2.dcm`]);
  expect(new TextDecoder().decode(await members[0].file.read())).toBe("one");
  expect(new TextDecoder().decode(await members[1].file.read())).toBe("two");
  expect(refused).toEqual([]);
});

test("tells what they are, by their first bytes where names tell nothing", async () => {
  const bare = new Uint8Array(200);
  bare.set(strToU8("DICM"), 128);
  const { members } = await zipFiles(
    archive({ IM_0001: bare, "notes.txt": strToU8("no"), "0002": strToU8("no"), "in.zip": strToU8("PK") }),
  );
  expect(members.map(({ kind }) => kind)).toEqual(["dicom", "zip"]);
});

describe("a file that is refused", () => {
  const refusal = async (content: Zippable) => {
    const { members, refused } = await zipFiles(archive({ ...content, "good.dcm": strToU8("x") }));
    return { members: members.length, messages: refused.map(({ message }) => message.replace(root, "")) };
  };

  test.each(["../evil.dcm", "/evil.dcm", "c:/evil.dcm", "a/../../evil.dcm"])(
    "for its name %s leaves the others as they are",
    async (name) => {
      const rule = "must have a name that stays within its archive; unpack it yourself, or leave it out";
      expect(await refusal({ [name]: strToU8("x") })).toEqual({
        members: 1,
        messages: [`/study.zip/${name} ${rule}`],
      });
    },
  );

  test("as a bomb by what it claims, before it is unpacked, leaves them, too", async () => {
    const { members, messages } = await refusal({ "zeros.dcm": new Uint8Array(65 * 2 ** 20) });
    expect(members).toBe(1);
    expect(messages).toMatchObject([
      expect.stringMatching(
        /zeros\.dcm must unpack to at most 300 times its size, got \d+ bytes that claim to be 68157440/,
      ),
    ]);
  });

  test("is not told of where it is no input", async () => {
    expect(await refusal({ "../evil.txt": strToU8("x") })).toEqual({ members: 1, messages: [] });
  });
});

test("tens of thousands of empty files are passed over at once", async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => [`${i}`, new Uint8Array()]);
  const path = archive({ ...Object.fromEntries(names), "a.dcm": strToU8("x") });
  const told: number[] = [];
  const { members } = await zipFiles(path, { onProgress: ({ done }) => told.push(done) });
  expect(members).toHaveLength(1);
  expect(told).toHaveLength(20_001);
}, 30_000);

test("an entry that unpacks to more than it claims is refused", async () => {
  const bytes = zipSync({ "a.dcm": new Uint8Array(1000) });
  const view = new DataView(bytes.buffer);
  // The uncompressed size stands at byte 24 of the central header, which starts with PK 01 02.
  const central = bytes.findIndex((_, i) => view.getUint32(i, true) === 0x02014b50);
  view.setUint32(central + 24, 10, true);
  const [{ file }] = (await zipFiles(archive(bytes))).members;
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
  const [{ file }] = (await zipFiles(archive({ "a.dcm": strToU8("x") }))).members;
  await expect(file.read(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
