// What the package offers by name. A name that comes or goes is a change of the public interface: it belongs into
// CHANGELOG.md.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as clinical from "../src/clinical.ts";
import * as core from "../src/index.ts";
import * as node from "../src/node.ts";
import { PROGRAM, VERSION } from "../src/version.ts";

const CORE = [
  "BANK_FORMAT_VERSION",
  "DISCLAIMER",
  "MiasError",
  "SYNTHETIC_KINDS",
  "VERSION",
  "createEvaluation",
  "createFrame",
  "createRuntime",
  "createSegmenter",
  "drawOverlay",
  "drawPanel",
  "encodeBank",
  "fitBank",
  "fitOptions",
  "headPhantom",
  "intensityBaseline",
  "isMiasError",
  "issue",
  "loadModel",
  "mapToOriginal",
  "maskToOriginal",
  "memorySource",
  "phantomDataset",
  "readBank",
  "readBankSummary",
  "segmentOptions",
  "syntheticCase",
  "syntheticCases",
  "toModel",
  "toOriginal",
];
const NODE = [
  "DEVICES",
  "EMBEDDED_MODEL",
  "ablate",
  "createNodeRuntime",
  "demo",
  "evaluate",
  "fit",
  "inspect",
  "listImages",
  "modelFolder",
  "openBank",
  "openModel",
  "readImage",
  "segment",
  "segmentToFolder",
  "synthesise",
];

const CLINICAL = [
  "WINDOW_PRESETS",
  "createDicomWeb",
  "credentialsFrom",
  "encodeNifti",
  "encodeParametricMap",
  "encodeSegmentation",
  "headVolume",
  "niftiHeaderOf",
  "openStack",
  "parseDicomWebUrl",
  "parseInstance",
  "parseWindow",
  "planSeries",
  "provideCodec",
  "pseudonymise",
  "putSlice",
  "readDicomdir",
  "readPicture",
  "readSeriesVolume",
  "readVolume",
  "slicedAlike",
  "takeSlice",
  "windowOf",
];

test("the core's values", () => {
  expect(Object.keys(core).sort()).toEqual(CORE);
});

test("the entry for Node offers the core and these values", () => {
  expect(Object.keys(node).sort()).toEqual([...CORE, ...NODE].sort());
});

test("the entry for clinical data offers these values", () => {
  expect(Object.keys(clinical).sort()).toEqual(CLINICAL);
});

test("the version is that of package.json", () => {
  const { name, version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(VERSION).toBe(version);
  expect(PROGRAM).toBe(`${name} ${version}`);
});
