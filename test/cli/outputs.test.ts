// Results that cannot be written: a file in the way, a full disk, a reader that leaves.

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { filesBelow, hashOf } from "../support/folder-content.ts";
import { type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type FailureDocument, MIAS, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("outputs");
let fixture: PhantomFixture;
let scan: string;

beforeAll(async () => {
  fixture = await phantomFixture();
  scan = join(fixture.dataset, "test", "bright", "000.png");
}, 120_000);

describe("an output that something stands in the way of, or a model that is not there", () => {
  const file = join(folder, "a-file");
  const taken = join(folder, "taken");

  beforeAll(() => {
    writeFileSync(file, "mine");
    mkdirSync(taken);
    writeFileSync(join(taken, "masks"), "mine");
    mkdirSync(join(folder, "document", "evaluation.json"), { recursive: true });
  });

  test.each<[string, () => string[], RegExp]>([
    [
      "fit below a file",
      () => ["fit", fixture.normals, "-o", join(file, "x.bank")],
      /a-file cannot be written: /,
    ],
    [
      "fit onto a folder",
      () => ["fit", fixture.normals, "-o", folder],
      /outputs must be a file, got a folder/,
    ],
    [
      "segment onto a file",
      () => ["segment", scan, "--bank", fixture.bank, "-o", file],
      /a-file cannot be written: /,
    ],
    [
      "evaluate below a file",
      () => ["evaluate", fixture.dataset, "--bank", fixture.bank, "-o", join(file, "below")],
      /a-file\/below cannot be written: a part of its path is a file and not a folder; choose another place/,
    ],
    [
      "segment into a folder with a file in the place of its masks",
      () => ["segment", scan, "--bank", fixture.bank, "-o", taken],
      /taken\/masks must be a folder, got a file; choose another name/,
    ],
    [
      "evaluate into a folder with a file in the place of its masks",
      () => ["evaluate", fixture.dataset, "--bank", fixture.bank, "-o", taken],
      /taken\/masks must be a folder, got a file; choose another name/,
    ],
    [
      "evaluate into a folder with a folder in the place of its document",
      () => ["evaluate", fixture.dataset, "--bank", fixture.bank, "-o", join(folder, "document")],
      /document\/evaluation\.json must be a file, got a folder; choose another name/,
    ],
    [
      "segment with a model that is not there",
      () => ["segment", scan, "--bank", fixture.bank, "-o", join(folder, "new"), "--model", "no-such-model"],
      /no-such-model must be a model folder with model\.json .* cannot be read \(ENOENT\); check the path/,
    ],
  ])("%s: ends with code 2 before anything is learned or segmented", async (_, args, sentence) => {
    const { code, stdout, stderr } = await runMias(args());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(sentence);
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(filesBelow(folder)).toEqual(["a-file", "taken/masks"]);
  });
});

describe("a folder in the place of one picture", () => {
  const blocked = scratchFolder("outputs-blocked");

  test.each([
    ["masks", "segment", "results.json", "images"],
    ["maps", "segment", "results.json", "images"],
    ["overlays", "evaluate", "evaluation.json", "rows"],
  ])(
    "of %s: %s leaves out that image, of which no file is left, and goes on",
    async (...[kind, command, document, list]) => {
      const output = join(blocked, kind);
      mkdirSync(join(output, kind, "bright", "000.png"), { recursive: true });
      const test = join(fixture.dataset, "test");
      const input = command === "segment" ? [join(test, "bright"), join(test, "dark")] : [fixture.dataset];
      const run = await runMias([command, ...input, "--bank", fixture.bank, "-o", output, "--json"]);
      const refusal = `${join(output, kind, "bright", "000.png")} must be a file, got a folder; choose another name`;
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(`error: ${join(test, "bright", "000.png")}: ${refusal}\n`);
      const written = JSON.parse(readFileSync(join(output, document), "utf8"));
      for (const doc of [documentOf<typeof written>(run), written]) {
        expect(doc.failures).toMatchObject([{ code: "image-failed", message: refusal }]);
        expect(doc[list].map(({ file }: { file: string }) => file)).toContain(join(test, "dark", "000.png"));
      }
      const files = filesBelow(output);
      expect(files.filter((name) => name.includes("bright"))).toEqual([]);
      expect(files).toEqual(
        expect.arrayContaining(["maps/dark/000.png", "masks/dark/000.png", "report.html"]),
      );
    },
  );
});

/** Mounts a file system of some kilobytes on a folder; false where this user may not. */
function mountSmallDisk(path: string, kilobytes: number): boolean {
  const options = ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path];
  return spawnSync("mount", options).status === 0;
}

function unmount(path: string): void {
  execFileSync("umount", [path]);
}

const bankDisk = scratchFolder("outputs-bank-disk");
const resultDisk = scratchFolder("outputs-result-disk");
const mayMount = mountSmallDisk(bankDisk, 64);
if (mayMount) unmount(bankDisk);

describe.skipIf(!mayMount)("a full disk (skipped unless a small one can be mounted)", () => {
  beforeAll(() => {
    expect([mountSmallDisk(bankDisk, 1536), mountSmallDisk(resultDisk, 176)]).toEqual([true, true]);
  });
  afterAll(() => [bankDisk, resultDisk].forEach(unmount));
  beforeEach(() => {
    for (const name of readdirSync(resultDisk)) rmSync(join(resultDisk, name), { recursive: true });
  });

  const FULL = /cannot be written: the disk is full; free some space or choose another place/;

  test("lets fit fail and leaves the bank that was there", async () => {
    const bank = join(bankDisk, "x.bank");
    copyFileSync(fixture.bank, bank);
    const normals = ["000.png", "001.png"].map((name) => join(fixture.normals, name));
    const run = await runMias(["fit", ...normals, "-o", bank, "--rows", "all", "--json"]);
    expect(run.code).toBe(1);
    expect(documentOf<FailureDocument>(run).error).toMatchObject({ code: "output-unwritable" });
    expect(run.stderr).toMatch(FULL);
    expect(hashOf(bank)).toBe(hashOf(fixture.bank));
    expect(filesBelow(bankDisk)).toEqual(["x.bank"]);
  });

  test.each<[string, string, () => string]>([
    ["segment", "results.json", () => join(fixture.dataset, "test")],
    ["evaluate", "evaluation.json", () => fixture.dataset],
  ])("ends %s; %s tells of what was done", async (command, document, input) => {
    writeFileSync(join(resultDisk, document), "old");
    const args = [
      command,
      input(),
      "--bank",
      fixture.bank,
      "-o",
      resultDisk,
      "--map-format",
      "tiff32",
      "--json",
    ];
    const run = await runMias(args);
    expect(run.code).toBe(1);
    expect(documentOf<FailureDocument>(run).error).toMatchObject({ code: "output-unwritable" });
    expect(run.stderr).toMatch(FULL);
    const doc = JSON.parse(readFileSync(join(resultDisk, document), "utf8"));
    expect(doc).toMatchObject({ interrupted: true, done: 2, total: 3, failures: [{ code: "image-failed" }] });
    const pictures = filesBelow(resultDisk).filter((name) => /^(masks|maps|overlays)/.test(name));
    expect(pictures).toEqual(["maps/bright/000.tiff", "masks/bright/000.png", "overlays/bright/000.png"]);
    expect(filesBelow(resultDisk).filter((name) => !/\.(png|tiff|json|csv)$/.test(name))).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("standard output (skipped on Windows)", () => {
  /** Runs `mias inspect` in a shell; `$0` is Node, `$1` the command line, `$2` the bank. */
  function shell(command: string) {
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["-c", command, process.execPath, MIAS, fixture.bank],
      {
        encoding: "utf8",
      },
    );
    return { status, stdout, stderr };
  }

  test("may be left early by its reader", () => {
    const early = shell('"$0" "$1" inspect "$2" --json | head -1; exit $' + "{PIPESTATUS[0]}");
    expect(early).toEqual({ status: 0, stdout: "{\n", stderr: "" });
    const closed = shell('"$0" "$1" inspect "$2" --json | true; exit $' + "{PIPESTATUS[0]}");
    expect(closed).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test.skipIf(process.platform !== "linux")("on a full disk is an error (skipped without /dev/full)", () => {
    expect(shell('"$0" "$1" inspect "$2" > /dev/full')).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: standard output cannot be written (ENOSPC); check where it leads\n",
    });
  });
});
