// What the command line says of itself, and of being called wrongly. Nothing is inferred here.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { documentOf, type FailureDocument, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const STUDY = "dicomweb+https://pacs.example/dicom-web/studies/1.2.3";
const COMMANDS = ["fit", "segment", "evaluate", "synth", "ablate", "demo", "inspect"] as const;

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

  test("of fit tells when there is a checkpoint", async () => {
    const { stdout } = await runMias(["fit", "--help"]);
    expect(stdout).toContain("leaves BANK.checkpoint; the same command goes on from there.");
    expect(stdout).toContain("in its first 30 seconds leaves none");
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
    ["a command", ["segmnt"], /command segmnt is unknown; use segment, or see mias --help/],
    [
      "an option",
      [...fit, "--thread", "2"],
      /option --thread is unknown; use --threads, or see mias fit --help/,
    ],
    [
      "an option that is required, and misspelt",
      ["segment", "scans", "--bnak", "x.bank", "-o", "results"],
      /option --bnak is unknown; use --bank, or see mias segment --help/,
    ],
    [
      "an option without its value",
      ["fit", "normals", "-o"],
      /option -o, --output <bank> must have a value, got none; see mias fit --help/,
    ],
    ["fit without -o", ["fit", "normals"], /option -o, --output <bank> must be given, got none; see/],
    ["fit without input", ["fit", "-o", "x.bank"], /argument <input> must be given, got none; see/],
    [
      "segment without a bank",
      ["segment", "scans", "-o", "results"],
      /option --bank <bank> must be given, got none; see mias segment --help/,
    ],
    [
      "segment without -o",
      ["segment", "scans", "--bank", "x.bank"],
      /option -o, --output <folder> must be given, got none/,
    ],
    [
      "inspect of two files",
      ["inspect", "a", "b"],
      /command inspect must have one argument, got 2; see mias inspect --help/,
    ],
    [
      "axes that are no number",
      [...fit, "--axes", "many"],
      /--axes <n\|each-map> must be a whole number of at least 1, or "each-map", got "many"/,
    ],
    [
      "a symmetry that there is not",
      [...fit, "--symmetry", "top-down"],
      /--symmetry <which> must be one of auto, left-right, none, got "top-down"/,
    ],
    [
      "rows",
      [...fit, "--rows", "0"],
      /option --rows <n\|all> must be a whole number of at least 1, or "all", got "0"; see mias fit --help/,
    ],
    ["rows", [...fit, "--rows", "many"], /--rows .*, got "many"/],
    [
      "a share",
      [...fit, "--hold-out", "1.05"],
      /--hold-out <share> must be a number from 0 to 1, got "1\.05"/,
    ],
    ["a share", [...fit, "--hold-out", " "], /--hold-out <share> must be a number from 0 to 1, got " "/],
    ["a seed", [...fit, "--seed", "-1"], /--seed <n> must be a whole number from 0 to 4294967295, got "-1"/],
    ["a seed", ["demo", "--seed", "4294967296"], /--seed.*to 4294967295, got "4294967296"/],
    [
      "images that no memory holds",
      ["ablate", "set", "--count", "1000000"],
      /--count.*whole number from 1 to 10000, got "1000000"/,
    ],
    ["threads", [...segment, "--threads", "1.5"], /--threads.*whole number from 1 .*got "1\.5"/],
    ["a preset", [...fit, "--preset", "best"], /--preset <name> must be one of default, paper, got "best"/],
    ["a device", [...segment, "--device", "tpu"], /--device <name> must be one of auto, cpu.*, got "tpu"/],
    [
      "a p-value",
      [...segment, "--alpha", "5"],
      /--alpha <share> must be a number above 0, at most 1, got "5"/,
    ],
    [
      "a p-value of 0",
      [...segment, "--alpha", "0"],
      /--alpha <share> must be a number above 0, at most 1, got "0"/,
    ],
    [
      "a prompt",
      [...segment, "--prompt", "text"],
      /--prompt <strategy> must be one of lesion-ladders.*, got "text"/,
    ],
    [
      "a refinement",
      [...segment, "--refine", "twice"],
      /--refine <name> must be one of none, larger-box.*, got "twice"/,
    ],
    ["a map format", [...segment, "--map-format", "jpeg"], /--map-format.*png16, tiff32, got "jpeg"/],
    [
      "a mask rule",
      [...evaluate, "--mask-rule", ">5"],
      /--mask-rule <rule> must be one of >0, >=128, =255, got ">5"/,
    ],
    [
      "resamples",
      [...evaluate, "--bootstrap", "1e9"],
      /--bootstrap <n> must be a whole number from 0 to 100000, got "1e9"/,
    ],
    [
      "a split",
      [...evaluate, "--split", "train"],
      /--split <name> must be one of test, validation, got "train"/,
    ],
  ])("%s: %j", async (_, args, sentence) => {
    const { code, stdout, stderr } = await runMias(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^[^\n]+; [^\n]*see mias (\w+ )?--help\n$/);
  });

  test.each([
    [["segment", "", "--bank", "x.bank", "-o", "results"], "the argument after segment"],
    [["segment", "scans", "--bank", "", "-o", "results"], "the argument after --bank"],
    [["fit", "normals", "-o", ""], "the argument after -o"],
    [[""], "the first argument"],
  ])("an empty argument, which must not become the working folder: %j", async (args, where) => {
    expect(await runMias(args)).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${where} must not be empty, got ""; name something, or leave it out\n`,
    });
  });

  test("and with --json it is a document too", async () => {
    const run = await runMias([...fit, "--rows", "0", "--json"]);
    expect(run.code).toBe(2);
    const { error } = documentOf<FailureDocument>(run);
    expect(error.code).toBe("usage");
    expect(error.message).toMatch(/^option --rows <n\|all> must be a whole number of at least 1/);
  });
});

test.concurrent("a file whose name starts with - is told apart from an option", async () => {
  const cwd = scratchFolder("usage");
  writeFileSync(join(cwd, "-lead.png"), "");
  const { code, stderr } = await runMias(["segment", "-lead.png", "--bank", "x.bank", "-o", "out"], { cwd });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "error: option -lead.png is unknown; if the file of this name is meant, write ./-lead.png\n",
  });
});

describe.concurrent("inputs that do not exist", () => {
  test.each<[string[], RegExp]>([
    [["fit", "no-such-folder", "-o", "x.bank"], /^error: no-such-folder does not exist; check the path\n$/],
    [
      ["fit", "no-*.png", "-o", "x.bank"],
      /^error: no-\*\.png must hold at least one image, DICOM file, volume or zip archive/,
    ],
    [["fit", "@no-list.txt", "-o", "x.bank"], /^error: list no-list\.txt cannot be read \(ENOENT\); check/],
    [["inspect", "no-such-file"], /^error: no-such-file does not exist; check the path\n$/],
    [
      ["evaluate", "no-such-set", "--bank", "x.bank"],
      /^error: no-such-set does not exist; check the path\n$/,
    ],
  ])("%j", async (args, sentence) => {
    const { code, stdout, stderr } = await runMias(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
});

describe.concurrent("wrong use of DICOMweb servers ends with code 2 in one sentence:", () => {
  const segment = ["segment", "scans", "--bank", "x.bank", "-o", "results"];

  test.each<[string, string[], RegExp]>([
    [
      "--store of a file",
      [...segment, "--store"],
      /--store must come with inputs that are studies of a DICOMweb server, got scans; give it as/,
    ],
    [
      "--store of a pseudonymised study",
      ["segment", STUDY, ...segment.slice(2), "--store", "--pseudonymise"],
      /--store and --pseudonymise must not be given together, as .*; leave one of them out/,
    ],
    ["--store-maps alone", [...segment, "--store-maps"], /--store-maps must come with --store; add it/],
    [
      "--user without a server",
      [...segment, "--user", "reader"],
      /--user must come with a study of a DICOMweb server, got none among the inputs; leave it out/,
    ],
    [
      "--user without a password",
      ["fit", STUDY, "-o", "x.bank", "--user", "reader"],
      /--user must come with a password; set MIAS_DICOMWEB_PASSWORD/,
    ],
    [
      "a server without a study",
      ["fit", "dicomweb+https://pacs.example/dicom-web", "-o", "x.bank"],
      /a DICOMweb address must name a study, .*, got a server alone; add it/,
    ],
    [
      "a study where files are wanted",
      ["inspect", STUDY],
      /inspect must be given files, got an address of a DICOMweb server; only fit and segment take these/,
    ],
  ])("%s", async (_, args, sentence) => {
    const { code, stdout, stderr } = await runMias(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  });
});

test.concurrent.each([
  ["fit", "-o", "x.bank"],
  ["segment", "--bank", "x.bank", "-o", "results"],
  ["inspect"],
])("%s does not repeat a password that an address holds", async (command, ...more) => {
  const address = "dicomweb+https://reader:s3cret@pacs.example/dicom-web/studies/1.2.3";
  const { code, stdout, stderr } = await runMias([command, address, ...more, "--json", "--verbose"]);
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain("s3cret");
});
