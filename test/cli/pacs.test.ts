// Studies of a real Orthanc through the built command line: learned, segmented, results stored in the same study; and what
// is said and kept where the server fails.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createDicomWeb } from "../../src/dicomweb/dicomweb.ts";
import type { FitReport } from "../../src/jobs/fit.ts";
import type { ResultsDocument } from "../../src/report/results.ts";
import { startFailingProxy } from "../support/failing-proxy.ts";
import { hasOrthanc, ORTHANC_USER, type Orthanc, orthancSkipped, startOrthanc } from "../support/orthanc.ts";
import { phantomSeries, plantedReport } from "../support/phantom-series.ts";
import { findPython } from "../support/python.ts";
import { documentOf, type FailureDocument, type Run, type RunOptions, runMias } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

if (!hasOrthanc) console.warn(`test/cli/pacs.test.ts${orthancSkipped}`);

const NORMALS = "1.2.826.0.1.3680043.8.498.10";
const PATIENT = "1.2.826.0.1.3680043.8.498.20";
const SLICES = 3;
const folder = scratchFolder("pacs");
const temporary = join(folder, "tmp");
const bank = join(folder, "heads.bank");
const inFolder = (name: string) => join(folder, name);
const read = (name: string): ResultsDocument =>
  JSON.parse(readFileSync(join(folder, name, "results.json"), "utf8"));

let orthanc: Orthanc;
const study = (uid: string, root = orthanc.root) => `dicomweb+${root}/studies/${uid}`;
const client = () => createDicomWeb({ root: orthanc.root, authorization: ORTHANC_USER, attempts: 1 });

/** Runs `mias` as the user that Orthanc knows; what it retrieves lies below `temporary`. */
function mias(args: readonly string[], { env, ...options }: RunOptions = {}): Promise<Run> {
  const own = { MIAS_DICOMWEB_PASSWORD: ORTHANC_USER.password, TMPDIR: temporary, ...env };
  return runMias(args, { ...options, env: own });
}

const AS_USER = ["--user", ORTHANC_USER.user] as const;
const segment = (input: string, output: string, ...more: readonly string[]) => [
  ...["segment", input, "--bank", bank, "-o", inFolder(output), ...AS_USER, ...more],
];

function send(name: string, files: readonly Uint8Array[]): void {
  const paths = files.map((bytes, i) => {
    const path = join(folder, `${name}-${i}.dcm`);
    writeFileSync(path, bytes);
    return path;
  });
  orthanc.send(paths);
}

/** A normal study of two series, and a patient's with a lesion and a report. */
function fillOrthanc(): void {
  for (const number of [1, 2]) {
    const series = `${NORMALS}.${number}`;
    send(
      `normal-${number}`,
      phantomSeries({ study: NORMALS, series, seriesNumber: number, seed: number, slices: SLICES }),
    );
  }
  const scan = { study: PATIENT, series: `${PATIENT}.4`, seriesNumber: 4, seed: 9, lesions: 1 };
  send("patient", phantomSeries({ ...scan, slices: SLICES }));
  send("report", [plantedReport(PATIENT, `${PATIENT}.99`)]);
}

describe.skipIf(!hasOrthanc)(`mias with a PACS${orthancSkipped}`, () => {
  beforeAll(async () => {
    mkdirSync(temporary, { recursive: true });
    orthanc = await startOrthanc(inFolder("orthanc"));
    fillOrthanc();
    const fit = await mias(["fit", study(NORMALS), "-o", bank, "--rows", "256", ...AS_USER, "--json"]);
    expect(fit.stderr).toMatch(/retrieving study …8\.498\.10\/series 2: 3 of 3/);
    expect(fit.code, fit.stderr).toBe(0);
    expect(documentOf<FitReport>(fit)).toMatchObject({
      images: 2 * SLICES,
      issues: [{ code: "few-normal-images" }],
    });
  });
  afterAll(() => orthanc?.kill());
  afterEach(() => {
    expect(readdirSync(temporary), "what was retrieved").toEqual([]);
  });

  test("segments a study and stores its results there", async () => {
    const run = await mias(segment(study(PATIENT), "stored", "--store", "--store-maps", "--verbose"));
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain("results of 1 of 1 volumes stored, 0 failed, 0 with nothing to store\n");
    expect(run.stderr).toContain(
      "note: only series of images are retrieved from study …8.498.20; series 99 (SR)",
    );
    const [volume] = read("stored").volumes;
    expect(volume).toMatchObject({
      file: "study …8.498.20/series 4",
      segmentation: "masks/series 4.seg.dcm",
      parametricMap: "maps/series 4.map.dcm",
      stored: true,
    });
    const series = await client().findSeries(PATIENT);
    expect(series.map(({ modality }) => modality).sort()).toEqual(["MR", "MR", "SEG", "SR"]);
    const stored = series.filter(({ uid }) => !uid.startsWith(PATIENT));
    expect(stored.map(({ instances }) => instances)).toEqual([1, 1]);
  });

  const python = findPython("pydicom, highdicom");
  test.skipIf(!python)(
    `the segmentation that comes back is one of the scan, says highdicom${python ? "" : " (SKIPPED without highdicom)"}`,
    async () => {
      const series = (await client().findSeries(PATIENT)).find(({ modality }) => modality === "SEG");
      const [instance] = await client().findInstances(PATIENT, series?.uid ?? "");
      const path = inFolder("back.dcm");
      writeFileSync(path, await client().retrieveInstance(PATIENT, series?.uid ?? "", instance.uid));
      const witness = fileURLToPath(new URL("../support/stored_seg_witness.py", import.meta.url));
      const said = JSON.parse(execFileSync(python ?? "", [witness, path], { encoding: "utf8" }));
      const [volume] = read("stored").volumes;
      expect(said).toEqual({
        study: PATIENT,
        patient: "PLANTED-PID-4711",
        segments: volume.volumeLesions.length,
        voxels: volume.volumeLesions.map(({ voxels }) => voxels),
        sources: expect.arrayContaining([expect.stringMatching(`^${PATIENT}.4.\\d$`.replaceAll(".", "\\."))]),
      });
    },
  );

  test("leaves its own results out when the study is segmented again, and stores nothing twice", async () => {
    const before = await client().findSeries(PATIENT);
    const run = await mias(segment(study(PATIENT), "again", "--store", "--store-maps", "--json"));
    expect(run.code, run.stderr).toBe(0);
    const { volumes, issues } = documentOf<ResultsDocument>(run);
    expect(volumes).toHaveLength(1);
    expect(issues.find(({ code }) => code === "series-left-out")?.message).toMatch(
      /\(SEG\).*\(MR\).* left out$/,
    );
    expect(await client().findSeries(PATIENT)).toEqual(before);
  });

  test("takes a series, an instance, and files beside them", async () => {
    const inputs = [`${study(PATIENT)}/series/${PATIENT}.4`, `${study(NORMALS)}/series/${NORMALS}.1`];
    const one = `${study(NORMALS)}/series/${NORMALS}.2/instances/${NORMALS}.2.2`;
    const run = await mias([...segment(inputs[0], "parts", "--json"), inputs[1], one]);
    expect(run.code, run.stderr).toBe(0);
    const { images, volumes } = documentOf<ResultsDocument>(run);
    expect(volumes.map(({ file }) => file)).toEqual(["study …8.498.10/series 1", "study …8.498.20/series 4"]);
    expect(images.map(({ file }) => file)).toEqual(["study …8.498.10/series 2/instance 0002"]);
  });

  test("refuses a wrong password in one sentence that does not tell it", async () => {
    const env = { MIAS_DICOMWEB_PASSWORD: "not-the-secret" };
    const run = await mias(segment(study(PATIENT), "refused", "--json", "--verbose"), { env });
    expect(run.code).toBe(1);
    const { error } = documentOf<FailureDocument>(run);
    expect(error.code).toBe("server-refused");
    expect(error.message).toMatch(/got status 401; check --user and MIAS_DICOMWEB_PASSWORD/);
    expect(run.stderr).not.toMatch(/not-the-secret|Authorization/);
    expect(existsSync(inFolder("refused"))).toBe(false);
  });

  test("goes on without what a failing server does not give", async () => {
    const proxy = await startFailingProxy(
      new URL(orthanc.root).origin,
      new RegExp(`GET .*/series/${NORMALS}.2$`),
      "break",
    );
    const run = await mias(segment(study(NORMALS, `${proxy.origin}/dicom-web`), "half", "--json"));
    await proxy.stop();
    expect(run.code).toBe(1);
    const { failures, volumes, interrupted } = documentOf<ResultsDocument>(run);
    expect(volumes.map(({ file }) => file)).toEqual(["study …8.498.10/series 1"]);
    expect(failures.map(({ code, subject }) => [code, subject])).toEqual([
      ["retrieval-failed", "study …8.498.10/series 2"],
    ]);
    expect(failures[0].message).toMatch(/got a broken connection in each of 5 attempts/);
    expect(interrupted).toBe(false);
  });

  test("keeps what a dead server does not take, and says how to send it again", async () => {
    const run = await mias(segment(study(PATIENT), "unsent", "--store"), {
      events: [{ at: /segmenting slices: 0 of/, act: () => orthanc.kill() }],
    });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("results of 0 of 1 volumes stored, 1 failed, 0 with nothing to store\n");
    const kept = join(inFolder("unsent"), "masks", "series 4.seg.dcm");
    expect(run.stderr).toContain(`it is kept as ${kept}; send that file, or run the same command again`);
    expect(existsSync(kept)).toBe(true);
    const [volume] = read("unsent").volumes;
    expect(volume.stored).toBe(false);
    expect(volume.issues.map(({ code }) => code)).toContain("instance-not-stored");
    await orthanc.restart();
    const again = await mias(segment(study(PATIENT), "unsent", "--store"));
    expect(again.code, again.stderr).toBe(0);
    expect(read("unsent").volumes[0].stored).toBe(true);
  });

  test("stops on Ctrl-C while a server keeps silent", async () => {
    const at = new RegExp(`GET .*/series/${NORMALS}.2$`);
    const proxy = await startFailingProxy(new URL(orthanc.root).origin, at, "silence");
    const signals = [{ at: /series 1: 3 of 3/, signal: "SIGINT" }] as const;
    const address = study(NORMALS, `${proxy.origin}/dicom-web`);
    const run = await mias(["fit", address, "-o", inFolder("x.bank"), ...AS_USER], { signals });
    await proxy.stop();
    expect(run.code, run.stderr).toBe(130);
    expect(existsSync(inFolder("x.bank"))).toBe(false);
  });

  test("stops at once on a second Ctrl-C", async () => {
    const signals = [
      { at: /segmenting slices: 0 of/, signal: "SIGINT" },
      { at: /press Ctrl-C again/, signal: "SIGINT" },
    ] as const;
    const run = await mias(segment(study(PATIENT), "twice"), { signals });
    expect(run.code, run.stderr).toBe(130);
  });

  test("a study without images, and one that is not there, are refused", async () => {
    const report = await mias(segment(`${study(PATIENT)}/series/${PATIENT}.99`, "nothing"));
    expect(report.code).toBe(2);
    expect(report.stderr).toContain("must hold an image series, got series 99 (SR); check the address\n");
    const nowhere = await mias(segment(study("1.2.3.4"), "nothing"));
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toMatch(/^error: .*must name what the server has/m);
  });
});
