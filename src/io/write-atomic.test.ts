import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  makeFolder,
  makeFolderOfOutput,
  makeOutputFolder,
  writeFileAtomic,
  writeStreamAtomic,
} from "./write-atomic.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-write-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const text = (name: string) => readFileSync(join(root, name), "utf8");

describe("writing", () => {
  test("bytes and text, new or over an older file", async () => {
    await writeFileAtomic(join(root, "a"), Uint8Array.of(104, 105));
    expect(text("a")).toBe("hi");
    await writeFileAtomic(join(root, "a"), "\u00fcber");
    expect(text("a")).toBe("\u00fcber");
    await writeFileAtomic(join(root, "empty"), "");
    expect(text("empty")).toBe("");
    expect(readdirSync(root)).toEqual(["a", "empty"]);
  });

  test("in pieces, in order", async () => {
    await writeStreamAtomic(join(root, "a"), async (sink) => {
      for (const piece of ["one ", "two ", "three"]) await sink.write(Buffer.from(piece));
      expect(readdirSync(root)).not.toContain("a");
    });
    expect(text("a")).toBe("one two three");
  });

  test("through a symbolic link, which stays", async () => {
    writeFileSync(join(root, "a"), "old");
    symlinkSync("a", join(root, "link"));
    await writeFileAtomic(join(root, "link"), "new");
    expect(text("a")).toBe("new");
    expect(lstatSync(join(root, "link")).isSymbolicLink()).toBe(true);
  });

  test("that fails half way leaves the older file and nothing else", async () => {
    writeFileSync(join(root, "a"), "old");
    const failure = new Error("stopped");
    const writing = writeStreamAtomic(join(root, "a"), async (sink) => {
      await sink.write(Buffer.from("new"));
      throw failure;
    });
    await expect(writing).rejects.toBe(failure);
    expect(text("a")).toBe("old");
    expect(readdirSync(root)).toEqual(["a"]);
  });
});

describe("what cannot be written", () => {
  const refusal = async (path: string) => {
    await expect(writeFileAtomic(path, "x")).rejects.toMatchObject({
      code: "output-unwritable",
      subject: path,
    });
    return writeFileAtomic(path, "x").catch((error: Error) => error.message);
  };

  test("has a reason each", async () => {
    writeFileSync(join(root, "file"), "x");
    const cannot = (path: string, why: string) => `${path} cannot be written: ${why}`;
    const under = join(root, "file", "a");
    expect(await refusal(under)).toBe(
      cannot(under, "a part of its path is a file and not a folder; choose another place"),
    );
    const lost = join(root, "lost", "a");
    expect(await refusal(lost)).toBe(cannot(lost, "its folder does not exist; create it first"));
    expect(await refusal(root)).toBe(`${root} must be a file, got a folder; choose another name`);
    const long = join(root, "a".repeat(300));
    expect(await refusal(long)).toBe(
      cannot(long, "the name is longer than the system allows; choose a shorter one"),
    );
  });

  test("a device is refused and not replaced", async () => {
    expect(await refusal("/dev/full")).toBe(
      "/dev/full must be a file, got a device or the like; choose another name",
    );
    expect(lstatSync("/dev/full").isCharacterDevice()).toBe(true);
  });

  test("a full disk leaves the older file and no temporary one", async ({ skip }) => {
    const disk = join(root, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("no disk of 64 KiB could be mounted, which needs root");
    }
    try {
      const path = join(disk, "map");
      await writeFileAtomic(path, "old");
      await expect(writeFileAtomic(path, new Uint8Array(200_000))).rejects.toThrow(
        `${path} cannot be written: the disk is full; free some space or choose another place`,
      );
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(disk)).toEqual(["map"]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

describe("output folders", () => {
  test("are made with those above them, and left empty", async () => {
    await makeOutputFolder(join(root, "a", "b"));
    await makeOutputFolder(join(root, "a", "b"));
    expect(readdirSync(join(root, "a", "b"))).toEqual([]);
  });

  test("cannot be where a file is", async () => {
    writeFileSync(join(root, "file"), "x");
    const there = join(root, "file");
    await expect(makeOutputFolder(there)).rejects.toThrow(
      `${there} cannot be written: there is a file of this name already; choose another place`,
    );
    await expect(makeOutputFolder(join(there, "a"))).rejects.toMatchObject({ code: "usage" });
    await expect(makeFolderOfOutput(join(there, "a"))).rejects.toMatchObject({ code: "usage" });
  });

  test("are refused where something stands in the place of what will be made", async () => {
    mkdirSync(join(root, "report.html"));
    writeFileSync(join(root, "masks"), "x");
    const places = { files: ["results.json", "report.html"], folders: ["maps", "masks"] };
    await expect(makeOutputFolder(root, places)).rejects.toMatchObject({
      code: "usage",
      message: `${join(root, "report.html")} must be a file, got a folder; choose another name`,
    });
    await expect(makeOutputFolder(root, { folders: places.folders })).rejects.toThrow(
      `${join(root, "masks")} must be a folder, got a file; choose another name`,
    );
    expect(readdirSync(root)).toEqual(["masks", "report.html"]);
  });

  test("without a name are wrong use", async () => {
    await expect(makeFolderOfOutput("")).rejects.toMatchObject({ code: "usage" });
    await expect(makeOutputFolder("")).rejects.toMatchObject({
      code: "usage",
      message: 'the output must be a folder, got ""; name a folder',
    });
  });
});

describe("a place where nothing may be made is wrong use:", () => {
  test.skipIf(!existsSync("/proc/self"))("/proc (skipped without it)", async () => {
    const why = "cannot be written: the system lets nothing be made there; choose another place";
    await expect(makeOutputFolder("/proc/x")).rejects.toMatchObject({
      code: "usage",
      message: `/proc/x ${why}`,
    });
    await expect(makeFolderOfOutput("/proc/x.bank")).rejects.toMatchObject({
      code: "usage",
      message: `/proc ${why}`,
    });
  });

  test("a read-only disk", async ({ skip }) => {
    const disk = join(root, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("no read-only disk could be mounted, which needs root");
    }
    try {
      for (const output of [disk, join(disk, "results")]) {
        await expect(makeOutputFolder(output)).rejects.toMatchObject({
          code: "usage",
          message: `${output} cannot be written: the disk is read-only; choose another place`,
        });
      }
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

describe("makeFolder", () => {
  test("makes those above too, and leaves one that is there", async () => {
    await makeFolder(join(root, "a", "b", "c"));
    await makeFolder(join(root, "a", "b", "c"));
    expect(statSync(join(root, "a", "b", "c")).isDirectory()).toBe(true);
  });

  test.skipIf(!existsSync("/proc/self"))(
    "ends where no folder can be made (skipped without /proc)",
    async () => {
      await expect(makeFolder("/proc/none/below")).rejects.toMatchObject({ code: "output-unwritable" });
    },
  );

  test("says why it could not make one", async () => {
    writeFileSync(join(root, "file"), "x");
    await expect(makeFolder(join(root, "file", "a"))).rejects.toMatchObject({
      code: "output-unwritable",
      message: `${join(root, "file", "a")} cannot be written: a part of its path is a file and not a folder; choose another place`,
    });
    await expect(makeFolder(join(root, "n".repeat(300)))).rejects.toThrow(
      "cannot be written: the name is longer than the system allows; choose a shorter one",
    );
  });
});
