// Names that a disk may hold. Results lie in the output folder under a name of their own, whatever the input is called.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ResultsDocument } from "../../src/report/results.ts";
import { filesBelow } from "../support/folder-content.ts";
import { phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const LONG = "n".repeat(251);
/** The image, as it is named in the folder of the scans, and the name of its results. */
const NAMES: Readonly<Record<string, RegExp>> = {
  "./-o dash.png": /^-o dash$/,
  "./one/Größe 1.png": /^one\/Größe 1$/,
  "./two/Größe 1.jpg": /^two\/Größe 1\.jpg$/,
  "./two/Größe 1.png": /^two\/Größe 1\.png$/,
  "./two/<img src=x onerror=alert(1)>\u001b[2J.png": /^two\/<img src=x onerror=alert\(1\)>.\[2J$/,
  [`./two/${LONG}.png`]: /^two\/n{50}-[0-9a-f]{16}$/,
};

const isWindows = process.platform === "win32";

describe.skipIf(isWindows)("segment of files with odd names (skipped on Windows, which forbids them)", () => {
  const folder = scratchFolder("file-names");
  const scans = join(folder, "scans");
  const results = join(scans, "results");
  let run: Run;
  let doc: ResultsDocument;
  let args: string[];

  beforeAll(async () => {
    const { bank, dataset } = await phantomFixture();
    for (const name of Object.keys(NAMES)) {
      mkdirSync(dirname(join(scans, name)), { recursive: true });
      // What ends in .jpg is a PNG as well; it comes with a warning that names it.
      copyFileSync(join(dataset, "test", "good", "000.png"), join(scans, name));
    }
    args = ["segment", "./-o dash.png", "./one", "./two", "--bank", bank, "-o", "results", "--json"];
    run = await runMias(args, { cwd: scans });
    doc = documentOf(run);
  }, 300_000);

  test("processes them all", () => {
    expect(run.code).toBe(0);
    expect(doc.images.map(({ file }) => `./${file.replace("./", "")}`).sort()).toEqual(
      Object.keys(NAMES).sort(),
    );
  });

  test("gives each a name of its own below the output folder", () => {
    const stems = doc.images.map(({ mask }) => mask?.replace(/^masks\/(.*)\.png$/, "$1"));
    for (const [i, { file }] of doc.images.entries()) {
      expect(stems[i]).toMatch(NAMES[`./${file.replace("./", "")}`]);
    }
    const expected = stems.flatMap((stem) =>
      ["maps", "masks", "overlays"].map((kind) => `${kind}/${stem}.png`),
    );
    expect(filesBelow(results)).toEqual([...expected, "report.html", "results.csv", "results.json"].sort());
    expect(filesBelow(folder).filter((name) => !name.startsWith("scans/results/"))).toHaveLength(
      Object.keys(NAMES).length,
    );
  });

  test("writes no name into the report that a browser would take for markup", () => {
    const report = readFileSync(join(results, "report.html"), "utf8");
    expect(report).not.toContain("<img src=x");
    expect(report).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  test("prints no control character, and names the file that a warning is about", () => {
    expect(run.stderr).not.toContain("\u001b");
    expect(run.stderr).toContain("warning: two/Größe 1.jpg: the ending of a file must name its format");
  });

  test("takes no result of an earlier run for a scan", async () => {
    const again = await runMias(["segment", "results", "--bank", args[5], "-o", "results"], { cwd: scans });
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 2, stdout: "" });
    expect(again.stderr).toMatch(
      /^error: inputs must hold an image that is no result of mias-sam, got none but such as results\/.+; name the images themselves\n$/,
    );
  });
});
