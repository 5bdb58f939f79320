// A small grid on phantoms: what is written, that a row is run once, and that an interrupted run goes on.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { maskToPng } from "../../src/io/write-raster.ts";
import type { AblationDocument } from "../../src/report/ablation-document.ts";
import { filesBelow } from "../support/folder-content.ts";
import { NORMALS, type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type FailureDocument, type Run, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const FILES = ["ablation.csv", "ablation.json", "ablation.md", "ablation.svg", "report.html"];
const output = scratchFolder("ablate/grid");
let fixture: PhantomFixture;
let args: readonly string[];
let run: Run;
let doc: AblationDocument;

beforeAll(async () => {
  fixture = await phantomFixture();
  args = ["ablate", fixture.dataset, "--count", "2", "--seed", "5", "--json"];
  run = await runMias([...args, "-o", output, "--rows", "default,chooser-contrast,intensity-baseline"]);
  doc = documentOf(run);
}, 240_000);

/** The numbers of a document without its times. */
function figures({ rows }: AblationDocument) {
  return rows.map(({ name, validation }) => [name, { ...validation?.measures, secondsPerImage: 0 }]);
}

describe("mias ablate", () => {
  test("ends with code 0, says what disk it takes and encodes each image once", () => {
    expect(run.code).toBe(0);
    // Three learned images, two normal ones for validation and two with anomalies, of 7.3 MB each.
    expect(run.stderr).toMatch(/^encoding, 51\.4 MB of disk: 7 of 7$/m);
    expect(doc.images).toEqual({ learned: 3, validationGood: 2, synthetic: 2, test: null });
    expect(doc.images.learned + doc.images.validationGood).toBe(NORMALS);
    expect(doc.encoder.runs).toBe(7);
  });

  test("measures each row, masks where there are any", () => {
    expect(doc.rows.map(({ name }) => name)).toEqual(["default", "chooser-contrast", "intensity-baseline"]);
    for (const { name, validation, test: onTest } of doc.rows) {
      expect(validation?.measures.images, name).toEqual({ good: 2, anomalous: 2 });
      expect(validation?.measures.pixelAuroc, name).toBeGreaterThan(0.5);
      expect(onTest).toBe(null);
    }
    const [first, contrast, baseline] = doc.rows.map(({ validation }) => validation?.measures);
    // The candidates are the same, whoever chooses among them.
    expect(contrast?.bestCandidate).toBe(first?.bestCandidate);
    // Masks of several lesions together may be better than any one of them.
    expect(first?.bestCandidate).toBeGreaterThan(0.3);
    expect(first?.dice).toBeGreaterThan(0.3);
    expect([baseline?.dice, baseline?.bestCandidate]).toEqual([null, null]);
  });

  test("writes its documents and leaves no encodings", () => {
    expect(filesBelow(output)).toEqual(FILES);
    expect(readFileSync(join(output, "ablation.md"), "utf8")).toMatch(
      /^\| chooser-contrast +\| chooser contrast/m,
    );
  });

  test("runs no row twice: another call adds what is new, here the test images", async () => {
    const again = await runMias([...args, "-o", output, "--rows", "default", "--test"]);
    const both: AblationDocument = documentOf(again);
    expect(again.stderr).toMatch(/^running 1 settings: /m);
    expect(figures(both)).toEqual(JSON.parse(JSON.stringify(figures(doc), rounded)));
    expect(both.images.test).toBe(3);
    expect(both.rows[0].test?.measures.images).toEqual({ good: 1, anomalous: 2 });
    expect(readFileSync(join(output, "ablation.md"), "utf8")).toContain("## Test set (reported once");
    const nothing = await runMias([...args, "-o", output, "--rows", "default", "--test"]);
    expect(nothing.stderr).not.toMatch(/^(running|encoding)/m);
    expect(documentOf<AblationDocument>(nothing).encoder.runs).toBe(0);
  }, 240_000);

  test("goes on where it was interrupted, to the same numbers, from the encodings that it left", async () => {
    const folder = scratchFolder("ablate/interrupted");
    const call = [...args, "-o", folder, "--rows", "default"];
    const broken = await runMias(call, { signals: [{ at: /^encoding.*: 0 of 7/m, signal: "SIGINT" }] });
    expect(broken.code).toBe(130);
    const left: AblationDocument = JSON.parse(readFileSync(join(folder, "ablation.json"), "utf8"));
    expect([left.interrupted, left.pending, left.rows]).toEqual([true, ["default"], []]);
    expect(readFileSync(join(folder, "ablation.md"), "utf8")).toContain("Interrupted before default");
    expect(filesBelow(folder).some((name) => name.endsWith(".f16"))).toBe(true);
    const resumed: AblationDocument = documentOf(await runMias(call));
    expect([resumed.interrupted, resumed.pending]).toEqual([false, []]);
    expect(resumed.encoder.runs).toBeLessThan(7);
    expect(figures(resumed)).toEqual(figures(doc).slice(0, 1));
    expect(filesBelow(folder)).toEqual(FILES);
  }, 240_000);

  test("keeps the results of an earlier call until it has one of its own", async () => {
    const folder = scratchFolder("ablate/other-count");
    cpSync(output, folder, { recursive: true });
    const before = readFileSync(join(folder, "ablation.json"), "utf8");
    const call = [
      "ablate",
      fixture.dataset,
      "--count",
      "3",
      "--seed",
      "5",
      "-o",
      folder,
      "--rows",
      "default",
    ];
    const broken = await runMias(call, { signals: [{ at: /^encoding.*: 0 of 8/m, signal: "SIGINT" }] });
    expect(broken.code).toBe(130);
    expect(readFileSync(join(folder, "ablation.json"), "utf8")).toBe(before);
  }, 240_000);
});

/** Numbers as a file holds them. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(9)) : value;
}

test("an image that shows nothing is named, and the rows are measured without it", async () => {
  const dataset = join(scratchFolder("ablate/black"), "set");
  cpSync(fixture.dataset, dataset, { recursive: true });
  const black = join(dataset, "test", "good", "001.png");
  writeFileSync(black, await maskToPng({ width: 64, height: 64, data: new Uint8Array(64 * 64) }));
  const call = ["ablate", dataset, "--count", "2", "--rows", "default", "--test", "--no-cache", "--json"];
  const found = await runMias([...call, "-o", join(dataset, "..", "out")]);
  expect(found.code).toBe(1);
  const { issues, rows } = documentOf<AblationDocument>(found);
  expect(issues).toMatchObject([
    {
      code: "image-failed",
      message: `${black} must show something, but every pixel has the value 0; leave it out`,
    },
  ]);
  expect(rows[0].test?.measures.images).toEqual({ good: 1, anomalous: 2 });
}, 240_000);

describe("mias ablate refuses", () => {
  test("a row that the grid does not hold, and tells those it does", async () => {
    const failed = await runMias([...args, "-o", output, "--rows", "default,sigma-3"]);
    expect(failed.code).toBe(2);
    expect(documentOf<FailureDocument>(failed).error.message).toMatch(
      /^rows must be of default, paper, tap-tap2, .*, intensity-baseline, got "sigma-3"; choose/,
    );
  });

  test("a folder that is no data set", async () => {
    const failed = await runMias(["ablate", fixture.normals, "-o", output]);
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/must be a data set with images in/);
  });
});
