// Damaged copies of the real files of ../shared/data/formats/dicom: reading one gives pixels or a MiasError, soon and in
// little memory. `MIAS_FUZZ=10000 npx vitest run test/dicom/fuzz.test.ts` tries as many; by default a few hundred are.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeFrame } from "../../src/dicom/decode-frame.ts";
import { parseInstance } from "../../src/dicom/parse-instance.ts";
import { planSeries } from "../../src/dicom/plan-series.ts";
import { readSeriesVolume } from "../../src/dicom/read-series.ts";
import { isMiasError } from "../../src/errors.ts";
import { mutantOf } from "./mutants.ts";

const ROOT = fileURLToPath(new URL("../../../shared/data/formats/dicom/", import.meta.url));
const MUTANTS = Number(process.env.MIAS_FUZZ ?? 300);
const MOST_SECONDS = 5;
const MOST_BYTES = 2 ** 30;

const present = existsSync(ROOT);
const reason = present ? "" : " (SKIPPED: ../shared/data/formats/dicom is not there)";
if (reason) console.warn(`test/dicom/fuzz.test.ts${reason}`);

async function readWhole(bytes: Uint8Array): Promise<void> {
  const instance = parseInstance("mutant.dcm", bytes);
  for (const plan of planSeries("mutant.dcm", [instance.header])) {
    if (plan.kind === "volume") await readSeriesVolume(plan, async () => bytes);
    else for (const { frame } of plan.frames.slice(0, 3)) await decodeFrame(instance, frame.index);
  }
}

/** A sound file whose first compressed frame is damaged, so that the decoders meet it. */
async function readDamagedFrame(bytes: Uint8Array, seed: number): Promise<void> {
  const instance = parseInstance("mutant.dcm", bytes);
  if (instance.pixels.codec === "native") return readWhole(mutantOf(bytes, seed));
  const frame = mutantOf(instance.pixels.frames[0][0], seed);
  await decodeFrame({ ...instance, pixels: { ...instance.pixels, frames: [[frame]] } }, 0);
}

describe.skipIf(!present)(`damaged DICOM files${reason}`, () => {
  test(`${MUTANTS} of them`, { timeout: 3_600_000 }, async () => {
    const paths = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).sort();
    const files = paths.filter((path) => statSync(join(ROOT, path)).isFile());
    const outcomes = { read: 0, refused: 0 };
    const faults: string[] = [];
    for (let seed = 0; seed < MUTANTS; seed++) {
      const path = files[seed % files.length];
      const file = readFileSync(join(ROOT, path));
      const start = performance.now();
      try {
        if (seed % 3 === 0) await readDamagedFrame(file, seed);
        else await readWhole(mutantOf(file, seed));
        outcomes.read++;
      } catch (error) {
        if (isMiasError(error)) outcomes.refused++;
        else faults.push(`${path} seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
      }
      const seconds = (performance.now() - start) / 1000;
      if (seconds > MOST_SECONDS) faults.push(`${path} seed ${seed}: ${seconds.toFixed(1)} s`);
      const rss = process.memoryUsage.rss();
      if (rss > MOST_BYTES) faults.push(`${path} seed ${seed}: ${rss} bytes in use`);
    }
    expect(faults.slice(0, 5)).toEqual([]);
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(MUTANTS / 20);
    console.info(`damaged DICOM files: ${outcomes.read} read, ${outcomes.refused} refused`);
  });
});
