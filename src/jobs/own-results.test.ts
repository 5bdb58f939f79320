import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withoutResults } from "./own-results.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-own-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, text = "") {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

const OURS = JSON.stringify({ program: { name: "mias-sam" } });

/** What is left of files below the root, and how many results the note tells of. */
async function left(files: readonly string[], output?: string) {
  const paths = files.map((name) => join(root, name));
  const found = await withoutResults(paths, output === undefined ? undefined : join(root, output));
  return { files: found.files.map((path) => relative(root, path)), issues: found.issues };
}

describe("pictures of an earlier run", () => {
  const results = ["masks/a.png", "maps/b/a.tiff", "overlays/a.png", "hierarchy/a/00.png", "cases/a.png"];

  test.each(["results.json", "evaluation.json"])(
    "are left out with a note, where there is a %s",
    async (document) => {
      write(`r1/${document}`, OURS);
      const pictures = results.map((name) => `r1/${name}`);
      for (const name of ["a.png", "r1/a.png", ...pictures]) write(name);
      const { files, issues } = await left(["a.png", "r1/a.png", ...pictures]);
      expect(files).toEqual(["a.png", "r1/a.png"]);
      expect(issues).toMatchObject([{ code: "results-left-out", severity: "note" }]);
      expect(issues[0].message).toBe(
        `inputs must not be results of mias-sam, got 5 of earlier runs, such as ${join(root, "r1/masks/a.png")}, which were left out`,
      );
    },
  );

  test("are left out behind a link too", async () => {
    write("r1/results.json", OURS);
    for (const name of ["in/a.png", "r1/masks/a.png"]) write(name);
    symlinkSync("../r1", join(root, "in/link"));
    symlinkSync("../r1/masks/a.png", join(root, "in/b.png"));
    expect((await left(["in/a.png", "in/b.png", "in/link/masks/a.png"])).files).toEqual(["in/a.png"]);
  });
});

test("pictures in the output of this run are left out without a document, and without a note", async () => {
  for (const name of ["in/a.png", "in/out/masks/a.png"]) write(name);
  symlinkSync("in/out", join(root, "link"));
  for (const output of ["in/out", "link"]) {
    expect(await left(["in/a.png", "in/out/masks/a.png"], output)).toEqual({
      files: ["in/a.png"],
      issues: [],
    });
  }
  expect((await left(["in/a.png"], "not/yet/there")).files).toEqual(["in/a.png"]);
});

test("a data set with folders of such names stays, whatever other documents it has", async () => {
  for (const document of ['{"program": {"name": "other"}}', "null", "no JSON"]) {
    write("set/results.json", document);
    expect((await left(["set/masks/a.png"])).files).toEqual(["set/masks/a.png"]);
  }
});

test("results alone are no images", async () => {
  write("r1/results.json", OURS);
  write("r1/masks/a.png");
  await expect(left(["r1/masks/a.png"])).rejects.toMatchObject({
    code: "no-images",
    message: `inputs must hold an image that is no result of mias-sam, got none but such as ${join(root, "r1/masks/a.png")}; name the images themselves`,
  });
});
