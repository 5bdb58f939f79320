// Damaged volumes: whatever the bytes are, a volume or a MiasError comes out, soon and in little memory. MIAS_FUZZ_RUNS
// sets how many are tried of each file; real files are skipped where ../shared/data is not there.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { isMiasError } from "../src/errors.ts";
import { createRandom } from "../src/util/prng.ts";
import { readVolume } from "../src/volume/read-volume.ts";
import { mutated, mutatedText } from "./support/mutate-bytes.ts";

const RUNS = Number(process.env.MIAS_FUZZ_RUNS ?? 6);
const MOST_SECONDS = 5;
const MOST_BYTES = 2 ** 30;
/** Of larger files no more than the beginning is damaged and read: the fuzz is of headers and streams, not of time. */
const LARGE = 2 ** 19;
const REAL = fileURLToPath(new URL("../../shared/data/formats/nifti/", import.meta.url));
const MADE = fileURLToPath(new URL("golden/volumes/", import.meta.url));

function filesOf(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((file) => join(folder, file))
    : [];
}

const made = filesOf(MADE).filter((path) => /\.(nii|nii\.gz|hdr|nrrd|nhdr|mha|mhd)$/.test(path));
const real = filesOf(REAL);
if (real.length === 0)
  console.warn("test/fuzz-volumes.test.ts: real files SKIPPED, ../shared/data is not there");

interface Sound {
  readonly path: string;
  readonly whole: Uint8Array;
  /** Of a .gz file. */
  readonly unpacked?: Uint8Array;
}

function load(path: string): Sound {
  const bytes = new Uint8Array(readFileSync(path));
  const whole = bytes.subarray(0, LARGE);
  return path.endsWith(".gz")
    ? { path, whole, unpacked: gunzipSync(bytes).subarray(0, LARGE) }
    : { path, whole };
}

/** Damaged forms of one file: its bytes, what they decompress to, its header's words. */
function damaged({ path, whole, unpacked }: Sound, run: number): Uint8Array {
  const random = createRandom(run);
  if (unpacked && run % 2 === 0) return new Uint8Array(gzipSync(mutated(unpacked, random), { level: 1 }));
  if (!/\.(nrrd|nhdr|mha|mhd)$/.test(path) || run % 2 === 0) return mutated(whole, random);
  const text = new TextDecoder("latin1").decode(whole);
  const end = text.startsWith("NRRD") ? text.search(/\r?\n\r?\n/) : text.indexOf("ElementDataFile");
  return mutatedText(whole, end < 0 ? whole.length : text.indexOf("\n", end + 2) + 1, random);
}

/** What went wrong, or undefined. */
async function faultOf(path: string, bytes: Uint8Array): Promise<string | undefined> {
  const started = performance.now();
  let fault: string | undefined;
  try {
    const { data, size } = await readVolume(path, bytes, {
      volumeIndex: 0,
      sibling: async (name) => new Uint8Array(readFileSync(join(MADE, name))),
    });
    if (data.length !== size[0] * size[1] * size[2]) fault = "data and size disagree";
  } catch (error) {
    if (!isMiasError(error)) fault = `threw ${error}`;
  }
  const seconds = (performance.now() - started) / 1000;
  if (seconds > MOST_SECONDS) fault = `took ${seconds.toFixed(1)} s`;
  if (process.memoryUsage().rss > MOST_BYTES) fault = `took ${process.memoryUsage().rss >> 20} MiB`;
  return fault;
}

test.each([...made, ...real].map((path) => [basename(path), path]))(
  "damaged forms of %s",
  async (_, path) => {
    const sound = load(path);
    const faults: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      const fault = await faultOf(path, damaged(sound, run));
      if (fault) faults.push(`run ${run}: ${fault}`);
    }
    expect(faults).toEqual([]);
  },
);
