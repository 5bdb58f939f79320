// What the command line says of itself, and of being called wrongly. Nothing is inferred here.

import { describe, expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { documentOf, type FailureDocument, runMias } from "../support/run-mias.ts";

const COMMANDS = ["fit", "segment", "evaluate", "synth", "demo", "inspect"] as const;

describe.concurrent("help", () => {
  test("names every command and what the program is not", async () => {
    const { code, stdout, stderr } = await runMias(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(stdout).toContain("not\na medical device");
  });

  test.each(COMMANDS)("of %s shows how it is called", async (command) => {
    const { code, stdout, stderr } = await runMias([command, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`Examples:\n  mias ${command}\\b`));
    expect(stdout).toContain("--json");
  });

  test("of the version is one line", async () => {
    expect(await runMias(["--version"])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  test("is printed as an error where no command is given", async () => {
    const { code, stdout, stderr } = await runMias([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: mias [options] [command]");
  });
});

describe.concurrent("wrong use ends with code 2 and says what is wrong:", () => {
  const fit = ["fit", "normals", "-o", "x.bank"];
  const segment = ["segment", "scans", "--bank", "x.bank", "-o", "results"];
  const evaluate = ["evaluate", "set", "--bank", "x.bank"];

  test.each<[string, string[], RegExp]>([
    ["a command", ["segmnt"], /unknown command 'segmnt'/],
    ["an option", [...fit, "--thread", "2"], /unknown option '--thread'.*--threads/s],
    ["an option without its value", ["fit", "normals", "-o"], /'-o, --output <bank>' argument missing/],
    ["fit without -o", ["fit", "normals"], /required option '-o, --output <bank>' not specified/],
    ["fit without input", ["fit", "-o", "x.bank"], /missing required argument 'input'/],
    ["segment without a bank", ["segment", "scans", "-o", "results"], /required option '--bank <bank>'/],
    [
      "segment without -o",
      ["segment", "scans", "--bank", "x.bank"],
      /required option '-o, --output <folder>'/,
    ],
    ["inspect of two files", ["inspect", "a", "b"], /too many arguments.*Expected 1 argument but got 2/],
    ["rows", [...fit, "--rows", "0"], /--rows.*'0'.*at least 1, or "all"/],
    ["rows", [...fit, "--rows", "many"], /--rows.*'many'/],
    ["a share", [...fit, "--hold-out", "0.95"], /--hold-out.*'0\.95'.*from 0 to 0\.9/],
    ["a share", [...fit, "--hold-out", ""], /--hold-out.*number from 0 to 0\.9/],
    ["a seed", [...fit, "--seed", "-1"], /--seed.*'-1'.*whole number from 0/],
    ["a seed", ["demo", "--seed", "4294967296"], /--seed.*'4294967296'.*to 4294967295/],
    ["threads", [...segment, "--threads", "1.5"], /--threads.*'1\.5'.*whole number from 1/],
    ["a preset", [...fit, "--preset", "best"], /--preset.*'best'.*Allowed choices are default, paper/],
    ["a device", [...segment, "--device", "tpu"], /--device.*'tpu'.*Allowed choices are auto, cpu/],
    ["a p-value", [...segment, "--alpha", "5"], /--alpha.*'5'.*from 0 to 1/],
    ["a prompt", [...segment, "--prompt", "text"], /--prompt.*'text'.*box-ladder/],
    ["a map format", [...segment, "--map-format", "jpeg"], /--map-format.*'jpeg'.*png16, tiff32/],
    ["a mask rule", [...evaluate, "--mask-rule", ">5"], /--mask-rule.*>0, >=128, =255, got ">5"/],
    ["resamples", [...evaluate, "--bootstrap", "1e9"], /--bootstrap.*from 0 to 100000/],
    ["a split", [...evaluate, "--split", "train"], /--split.*'train'.*test, validation/],
  ])("%s: %j", async (_, args, sentence) => {
    const { code, stdout, stderr } = await runMias(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain("(add --help for the options and examples)");
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("and with --json it is a document too", async () => {
    const run = await runMias([...fit, "--rows", "0", "--json"]);
    expect(run.code).toBe(2);
    const { error } = documentOf<FailureDocument>(run);
    expect(error.code).toBe("usage");
    expect(error.message).toMatch(/^option '--rows <n\|all>' argument '0' is invalid/);
  });
});

describe.concurrent("inputs that do not exist", () => {
  test.each<[string[], RegExp]>([
    [["fit", "no-such-folder", "-o", "x.bank"], /^error: no-such-folder does not exist, check the path\n$/],
    [["fit", "no-*.png", "-o", "x.bank"], /^error: no-\*\.png must hold at least one image \(PNG, JPEG/],
    [["fit", "@no-list.txt", "-o", "x.bank"], /^error: list no-list\.txt cannot be read \(ENOENT\), check/],
    [["inspect", "no-such-file"], /^error: no-such-file does not exist; check the path\n$/],
    [
      ["evaluate", "no-such-set", "--bank", "x.bank"],
      /^error: no-such-set does not exist, check the path\n$/,
    ],
  ])("%j", async (args, sentence) => {
    const { code, stdout, stderr } = await runMias(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
});
