// Files that are no bank, or not one for this program and model; and banks that go on learning.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { BANK_FORMAT_VERSION } from "../../src/bank/bank-file.ts";
import { EMBEDDED_MODEL } from "../../src/io/model-folder.ts";
import type { Inspection } from "../../src/jobs/inspect.ts";
import { withMetadata } from "../support/bank-bytes.ts";
import { withHeader } from "../support/bytes.ts";
import { hashOf } from "../support/folder-content.ts";
import { NORMALS, type PhantomFixture, phantomFixture } from "../support/phantom-fixture.ts";
import { documentOf, type FailureDocument, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const folder = scratchFolder("banks");
let fixture: PhantomFixture;

beforeAll(async () => {
  fixture = await phantomFixture();
  const { bank, dataset } = fixture;
  const bytes = readFileSync(bank);
  mkdirSync(join(folder, "folder"));
  const files = {
    "empty.bank": "",
    "text.bank": "this is no bank\n",
    "picture.bank": readFileSync(join(dataset, "test", "good", "000.png")),
    "half.bank": bytes.subarray(0, bytes.length / 2),
    "header.bank": bytes.subarray(0, 300),
    "flipped.bank": bytes.with(bytes.length - 5000, bytes[bytes.length - 5000] ^ 1),
    "foreign.bank": withHeader({ weights: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 8),
    "newer.bank": withMetadata(bank, () => ({ formatVersion: String(BANK_FORMAT_VERSION + 1) })),
    "options.bank": withMetadata(bank, () => ({ options: "{" })),
    "model.bank": withMetadata(bank, ({ provenance }) => ({
      provenance: JSON.stringify({
        ...JSON.parse(provenance),
        modelId: "other",
        modelSha256: "0".repeat(64),
      }),
    })),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}, 120_000);

describe.concurrent("segment with a bank that cannot be used", () => {
  test.each<[string, number, RegExp]>([
    ["absent.bank", 2, /absent\.bank does not exist; check the path/],
    ["folder", 2, /folder must be a file, got a folder; check the path/],
    ["empty.bank", 2, /empty\.bank is not a memory bank: .*; make one with `mias fit`/],
    ["text.bank", 2, /text\.bank is not a memory bank: .*; make one with `mias fit`/],
    ["picture.bank", 2, /picture\.bank is not a memory bank: .*; make one with `mias fit`/],
    ["foreign.bank", 2, /foreign\.bank is a safetensors file but not a memory bank .*; make one/],
    ["half.bank", 1, /half\.bank: truncated: need \d+ bytes, have \d+; the file is damaged; make it again/],
    [
      "header.bank",
      1,
      /header\.bank: truncated: need \d+ bytes, have 300; the file is damaged; make it again/,
    ],
    ["options.bank", 1, /options\.bank: metadata options must be JSON; .* make it again/],
    [
      "flipped.bank",
      1,
      /flipped\.bank: the sha256 of tensor \S+ is not the one .*; make it again with `mias fit`/,
    ],
    ["newer.bank", 2, /newer\.bank has bank format 7, this version reads 6; update mias-sam/],
    [
      "model.bank",
      2,
      /bank was made with model other \(000000000000\), .* is litemedsam \(.*; use that model/,
    ],
  ])("%s ends with code %i and makes no output", async (name, code, sentence) => {
    const output = join(folder, `results of ${name}`);
    const run = await runMias([
      "segment",
      fixture.dataset,
      "--bank",
      join(folder, name),
      "-o",
      output,
      "--json",
    ]);
    expect(run.code).toBe(code);
    const { message } = documentOf<FailureDocument>(run).error;
    expect(message).toMatch(sentence);
    expect(run.stderr).toBe(`error: ${message}\n`);
    expect(existsSync(output)).toBe(false);
  });

  test("evaluate and fit --bank-from say the same", async () => {
    const bank = join(folder, "half.bank");
    const output = join(folder, "extended.bank");
    const runs = await Promise.all([
      runMias(["evaluate", fixture.dataset, "--bank", bank]),
      runMias(["fit", fixture.normals, "--bank-from", bank, "-o", output]),
    ]);
    for (const { code, stderr } of runs) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: .*half\.bank: truncated: .*\n$/);
    }
    expect(existsSync(output)).toBe(false);
  });
});

describe("fit --bank-from", () => {
  test("adds images to a bank under its own options, and --quiet says nothing", async () => {
    const before = hashOf(fixture.bank);
    const output = join(folder, "more.bank");
    const more = ["good", "dark"].map((kind) => join(fixture.dataset, "test", kind, "000.png"));
    const run = await runMias(["fit", ...more, "--bank-from", fixture.bank, "-o", output, "--quiet"]);
    expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(hashOf(fixture.bank)).toBe(before);
    const [old, extended] = await Promise.all([fixture.bank, output].map(bankOf));
    expect(extended.options).toEqual(old.options);
    expect(extended.rows).toBe(old.rows);
    expect(extended.provenance.images).toBe(NORMALS + 2);
    expect(extended.provenance.heldOut).toBe(old.provenance.heldOut + 2);
  });

  test.each([
    ["--preset", "paper", /option preset must be as in the bank to extend, "default", got "paper"/],
    ["--rows", "100", /option rows must be as in the bank to extend, 512, got 100/],
    ["--seed", "1", /option seed must be as in the bank to extend, 0, got 1/],
  ])("refuses %s %s", async (option, value, sentence) => {
    const output = join(folder, "refused.bank");
    const args = ["fit", fixture.normals, "--bank-from", fixture.bank, "-o", output, option, value];
    const { code, stdout, stderr } = await runMias(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(existsSync(output)).toBe(false);
  });
});

describe.concurrent("inspect", () => {
  test("tells a bank, its model and its options", async () => {
    const { code, stdout } = await runMias(["inspect", fixture.bank]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/normal\.bank: memory bank, format 6, [\d.]+ MB\n/);
    expect(stdout).toMatch(
      new RegExp(`^images {7}${NORMALS}, \\d of them held out in turn; least p-value 0\\.\\d+$`, "m"),
    );
    expect(stdout).toMatch(/^halves {7}(not )?compared \(symmetry auto\)$/m);
    expect(stdout).toContain("model        litemedsam, sha256 ");
  });

  test("tells an image, though its first bytes could be the length of a bank's header", async () => {
    const file = join(folder, "small.bmp");
    writeFileSync(file, smallBmp());
    const inspection = documentOf<Inspection>(await runMias(["inspect", file, "--json"]));
    expect(inspection).toMatchObject({ kind: "image", image: { width: 2, height: 2, least: 9, largest: 9 } });
  });

  test("tells a model, and that its files are those that are meant", async () => {
    const { code, stdout } = await runMias(["inspect", EMBEDDED_MODEL]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^file {9}encoder\.onnx, sha256 matches\nfile {9}decoder\.onnx, sha256 matches\n$/m,
    );
  });

  test("tells a model with another decoder and no encoder, and ends with code 1", async () => {
    const model = join(folder, "model");
    mkdirSync(model);
    copyFileSync(join(EMBEDDED_MODEL, "model.json"), join(model, "model.json"));
    writeFileSync(join(model, "decoder.onnx"), "another");
    const { code, stdout } = await runMias(["inspect", join(model, "model.json")]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^file {9}encoder\.onnx, cannot be read\nfile {9}decoder\.onnx, sha256 differs\n$/m,
    );
  });

  test("tells a folder of images, and a data set by its layout", async () => {
    const images = await runMias(["inspect", fixture.normals]);
    expect(images).toMatchObject({ code: 0, stdout: `${fixture.normals}: folder of ${NORMALS} images\n` });
    const set = await runMias(["inspect", fixture.dataset]);
    expect(set.stdout).toMatch(
      /set: folder of \d+ images, a data set in the layout mvtec\nimages {7}5 to learn from, 0 for validation, 3 for testing/,
    );
  });

  test("refuses a folder of something else, without a word on --model", async () => {
    const { code, stderr } = await runMias(["inspect", join(folder, "folder")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: \S+folder must be a bank, a model folder, an image or a folder of images, got a folder with neither model\.json nor an image; check the path\n$/,
    );
  });

  test("refuses what is neither", async () => {
    const { code, stderr } = await runMias(["inspect", join(folder, "text.bank")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*text\.bank is not an image that is known here; this version reads PNG/);
  });
});

async function bankOf(file: string): Promise<Extract<Inspection, { kind: "bank" }>["bank"]> {
  const inspection = documentOf<Inspection>(await runMias(["inspect", file, "--json"]));
  if (inspection.kind !== "bank") throw new Error(`${file} is no bank`);
  return inspection.bank;
}

/** 2 x 2 pixels of 24 bits, all of value 9: 54 bytes of header and two rows of 8 bytes. */
function smallBmp(): Buffer {
  const bytes = Buffer.alloc(54 + 16, 9);
  bytes.fill(0, 0, 54);
  bytes.write("BM");
  bytes.writeUInt32LE(70, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(2, 18);
  bytes.writeInt32LE(2, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}
