// Tiny images in every transfer syntax and kind of pixel, as pydicom and DCMTK wrote them, against what pydicom reads
// (scripts/golden_dicom.py).

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeFrame } from "./decode-frame.ts";
import { parseInstance } from "./parse-instance.ts";

const FOLDER = fileURLToPath(new URL("../../test/golden/dicom/", import.meta.url));
const expected: Record<string, number[][]> = JSON.parse(readFileSync(`${FOLDER}expected.json`, "utf8"));
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".dcm"));
/** Grey levels that decoders of lossy files may differ by. Of YBR, rounding alone. */
const TOLERANCES: Readonly<Record<string, number>> = { "jpeg-extended-12.dcm": 1 };

describe("pixels of", () => {
  test.each(files)("%s", async (file) => {
    const instance = parseInstance(file, readFileSync(FOLDER + file));
    const frames = await Promise.all(expected[file].map((_, index) => decodeFrame(instance, index)));
    frames.forEach(({ values }, index) => {
      const theirs = expected[file][index];
      expect(values.length).toBe(theirs.length);
      const worst = theirs.reduce((most, value, at) => Math.max(most, Math.abs(value - values[at])), 0);
      expect(worst).toBeLessThanOrEqual(TOLERANCES[file] ?? 0);
    });
    expect(instance.header.frames.length).toBe(expected[file].length);
  });
});
