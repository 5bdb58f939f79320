// What readers say of damaged files that name a patient: thousands of them, their errors with all causes, and issues.

import { expect, test } from "vitest";
import { decodeFrame } from "../src/dicom/decode-frame.ts";
import type { InstanceHeader } from "../src/dicom/instance.ts";
import { parseInstance } from "../src/dicom/parse-instance.ts";
import { planSeries } from "../src/dicom/plan-series.ts";
import { createRandom, type Random } from "../src/util/prng.ts";
import { readVolume } from "../src/volume/read-volume.ts";
import { plantedIn } from "./support/find-planted.ts";
import { metaImageLines, niftiFile, nrrdLines, textFile } from "./support/made-volumes.ts";
import { mutated, mutatedText } from "./support/mutate-bytes.ts";
import { PLANTED, phantomSeries } from "./support/phantom-series.ts";

const TEXT = `${PLANTED.name} ${PLANTED.id} ${PLANTED.birthDate}`;
const VOXELS = Uint8Array.from({ length: 8 }, (_, i) => 20 * i);

/** An error as --verbose would print it, with all causes. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error)} ${error.cause === undefined ? "" : wordsOf(error.cause)}`;
}

async function saidBy(work: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work());
  } catch (error) {
    return wordsOf(error);
  }
}

/** What is said of `count` damaged copies; how many were refused, and what of the planted values was told. */
async function tell(
  count: number,
  damage: (random: Random) => Uint8Array,
  read: (bytes: Uint8Array) => Promise<unknown>,
) {
  const random = createRandom(7);
  const told = new Set<string>();
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const words = await saidBy(() => read(damage(random)));
    if (!words.startsWith("[")) refused++;
    for (const needle of plantedIn(words)) told.add(`${needle}: ${words.slice(0, 300)}`);
  }
  return { refused, told: [...told] };
}

/** The issues of the header, its plan and its pixels. */
async function readSlice(bytes: Uint8Array): Promise<readonly unknown[]> {
  const instance = parseInstance("a.dcm", bytes);
  await decodeFrame(instance, 0);
  const other: InstanceHeader = { ...instance.header, name: "b.dcm", sopInstanceUid: "1.2" };
  const plans = planSeries("folder", [instance.header, other]);
  return [...instance.header.issues, ...plans.map(({ name, issues }) => [name, issues])];
}

const readIssues = async (name: string, bytes: Uint8Array) => (await readVolume(name, bytes, {})).issues;

test("of 3000 damaged DICOM files nothing of the patient is told", async () => {
  const [slice] = phantomSeries({ study: "1.2.3", series: "1.2.3.4", seed: 1, slices: 1 });
  const { refused, told } = await tell(3000, (random) => mutated(slice, random), readSlice);
  expect(refused).toBeGreaterThan(500);
  expect(told).toEqual([]);
});

/** Elements whose values readers look at. */
const READ = [
  ...[0x00080008, 0x00080016, 0x00080018, 0x00080060, 0x00180050, 0x0020000e, 0x00200011, 0x00200013],
  ...[0x00200032, 0x00200037, 0x00200052, 0x00280004, 0x00280008, 0x00280030, 0x00281050, 0x00281051],
  ...[0x00281052, 0x00281053],
];

test.each(READ)("of a name in the place of element %i", async (tag) => {
  const scan = { study: "1.2.3", series: "1.2.3.4", seed: 1, slices: 1 };
  const [slice] = phantomSeries({ ...scan, more: [[tag, "LO", PLANTED.name]] });
  expect(plantedIn(await saidBy(() => readSlice(slice)))).toEqual([]);
});

test("of 1000 damaged NIfTI files of free text", async () => {
  const bytes = niftiFile(VOXELS);
  bytes.set(new TextEncoder().encode(TEXT.slice(0, 79)), 148);
  const { refused, told } = await tell(
    1000,
    (random) => mutated(bytes, random),
    (copy) => readIssues("a.nii", copy),
  );
  expect(refused).toBeGreaterThan(100);
  expect(told).toEqual([]);
});

test.each([
  [
    "a.nrrd",
    ["NRRD0004", `# ${TEXT}`, `PatientName:=${PLANTED.name}`, ...nrrdLines({ content: TEXT }).slice(1)],
  ],
  ["a.mha", [`Comment = ${TEXT}`, `PatientName = ${PLANTED.name}`, ...metaImageLines()]],
])("of 2000 damaged headers of %s", async (name, lines) => {
  const bytes = textFile(lines, VOXELS);
  const header = bytes.length - VOXELS.length;
  const damage = (random: Random) =>
    random.integer(2) ? mutated(bytes, random) : mutatedText(bytes, header, random);
  const { refused, told } = await tell(2000, damage, (copy) => readIssues(name, copy));
  expect(refused).toBeGreaterThan(500);
  expect(told).toEqual([]);
});
