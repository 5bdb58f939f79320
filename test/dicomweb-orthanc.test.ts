// The DICOMweb client and a real Orthanc.

import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDicomWeb, type DicomWebOptions } from "../src/dicomweb/dicomweb.ts";
import type { RetrievedInstance } from "../src/dicomweb/retrieve-series.ts";
import type { Issue } from "../src/types.ts";
import { expectMiasError } from "./support/expect-mias-error.ts";
import { hasOrthanc, ORTHANC_USER, type Orthanc, orthancSkipped, startOrthanc } from "./support/orthanc.ts";
import { scratchFolder } from "./support/scratch-folder.ts";
import { tinyDicom } from "./support/tiny-dicom.ts";
import { hasOpenssl, startTlsProxy, type TlsProxy } from "./support/tls-proxy.ts";

if (!hasOrthanc) console.warn(`test/dicomweb-orthanc.test.ts${orthancSkipped}`);

const folder = scratchFolder("orthanc");
const STUDY = "1.2.826.0.1.3680043.8.498.1";
const SERIES = "1.2.826.0.1.3680043.8.498.1.1";
const COUNT = 12;
const SIDE = 1024;

/** Pixels that differ between instances: the number of the instance, and the place. */
const pixelsOf = (number: number) =>
  Uint16Array.from({ length: SIDE * SIDE }, (_, i) => (i * 7 + number) & 0xffff);
/** Whether a file ends with the bytes of its pixels; far faster than a matcher of vitest. */
const endsWith = (file: Uint8Array, pixels: ArrayBufferView) =>
  Buffer.from(file)
    .subarray(-pixels.byteLength)
    .equals(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength));
const instanceUid = (number: number) => `${SERIES}.${number}`;

let orthanc: Orthanc;
const client = (options: Partial<DicomWebOptions> = {}) =>
  createDicomWeb({
    root: orthanc.root,
    authorization: ORTHANC_USER,
    timeoutSeconds: 20,
    attempts: 2,
    ...options,
  });

async function collected(work: AsyncIterable<RetrievedInstance>): Promise<readonly RetrievedInstance[]> {
  const all: RetrievedInstance[] = [];
  for await (const instance of work) all.push(instance);
  return all;
}

/** Sent in an order that is not that of the instances. */
function sendSeries(): void {
  const files = Array.from({ length: COUNT }, (_, i) => {
    const number = ((i * 5) % COUNT) + 1;
    const path = join(folder, `${number}.dcm`);
    const instance = instanceUid(number);
    const file = { study: STUDY, series: SERIES, instance, number, pixels: pixelsOf(number), columns: SIDE };
    writeFileSync(path, tinyDicom(file));
    return path;
  });
  orthanc.send(files);
}

describe.skipIf(!hasOrthanc)(`Orthanc${orthancSkipped}`, () => {
  beforeAll(async () => {
    orthanc = await startOrthanc(join(folder, "plain"));
    sendSeries();
  });
  afterAll(() => orthanc?.kill());

  test("is searched for series and instances, in order", async () => {
    expect(await client().findSeries(STUDY)).toEqual([{ uid: SERIES, modality: "OT", instances: COUNT }]);
    const instances = await client().findInstances(STUDY, SERIES);
    expect(instances.map(({ uid, number }) => [uid, number])).toEqual(
      Array.from({ length: COUNT }, (_, i) => [instanceUid(i + 1), i + 1]),
    );
    expect(instances[0].sopClass).toBe("1.2.840.10008.5.1.4.1.1.7");
  });

  test("gives one instance with the pixels that were sent", async () => {
    const bytes = await client().retrieveInstance(STUDY, SERIES, instanceUid(3));
    expect(endsWith(bytes, pixelsOf(3))).toBe(true);
    expect(endsWith(bytes, pixelsOf(4))).toBe(false);
  });

  test("gives a series with the pixels that were sent", async () => {
    const issues: Issue[] = [];
    const progress: number[] = [];
    const onProgress = ({ done }: { done: number }) => progress.push(done);
    const all = await collected(
      client({ onProgress }).retrieveSeries(STUDY, SERIES, (issue) => issues.push(issue)),
    );
    expect(issues).toEqual([]);
    expect(progress).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
    for (const { name, uid, bytes } of all) {
      const number = Number(name.replace("instance ", ""));
      expect(uid).toBe(instanceUid(number));
      expect(endsWith(bytes, pixelsOf(number)), name).toBe(true);
    }
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(COUNT);
  });

  test("takes a file into the study, which then has a new series", async () => {
    const series = `${STUDY}.2`;
    const bytes = tinyDicom({ study: STUDY, series, instance: `${series}.1` });
    const report = await client().storeInstances(STUDY, [{ name: "mask.dcm", bytes }]);
    expect(report).toEqual({ stored: ["mask.dcm"], failed: [], issues: [] });
    expect((await client().findSeries(STUDY)).map(({ uid }) => uid)).toContain(series);
    const again = await client().storeInstances(STUDY, [{ name: "mask.dcm", bytes }]);
    expect(again.stored).toEqual(["mask.dcm"]);
    expect(await client().findInstances(STUDY, series)).toHaveLength(1);
  });

  test("refuses a file of another study, and takes the next one", async () => {
    const series = `${STUDY}.3`;
    const foreign = tinyDicom({ study: `${STUDY}9`, series: `${series}9`, instance: `${series}.9` });
    const own = tinyDicom({ study: STUDY, series, instance: `${series}.1` });
    const report = await client().storeInstances(STUDY, [
      { name: "foreign.dcm", bytes: foreign },
      { name: "own.dcm", bytes: own },
    ]);
    expect(report.stored).toEqual(["own.dcm"]);
    expect(report.failed).toEqual([
      { name: "foreign.dcm", reason: "the server failed while processing (0110H)" },
    ]);
    expect(report.issues.map(({ code, subject }) => [code, subject])).toEqual([
      ["instance-not-stored", "foreign.dcm"],
    ]);
  });

  test("refuses a wrong password, which no message tells", async () => {
    const authorization = { ...ORTHANC_USER, password: "not-the-secret" };
    const refused = client({ authorization }).findSeries(STUDY);
    await expectMiasError(
      refused,
      "server-refused",
      "got status 401; check --user and MIAS_DICOMWEB_PASSWORD",
    );
    await refused.catch((error) => expect(`${error} ${error.cause}`).not.toMatch(/not-the-secret|reader/));
  });

  test("has no such study, series or instance", async () => {
    await expectMiasError(client().findSeries("1.2.3"), "server-refused", "must name what the server has");
    await expectMiasError(collected(client().retrieveSeries(STUDY, "1.2.3", () => {})), "server-refused");
    await expectMiasError(
      client().retrieveInstance(STUDY, SERIES, "1.2.3"),
      "server-refused",
      "got status 404",
    );
  });

  test("does not speak TLS, and the message says so", async () => {
    const root = orthanc.root.replace("http:", "https:");
    await expectMiasError(client({ root }).findSeries(STUDY), "server-refused", "use dicomweb+http");
  });

  test("breaks off, comes back, and the rest arrives, each instance once", async () => {
    const issues: Issue[] = [];
    const uids: string[] = [];
    for await (const { uid } of client().retrieveSeries(STUDY, SERIES, (issue) => issues.push(issue))) {
      uids.push(uid);
      if (uids.length === 1) await orthanc.restart();
    }
    expect(issues).toEqual([]);
    expect(uids.toSorted()).toEqual(Array.from({ length: COUNT }, (_, i) => instanceUid(i + 1)).toSorted());
  });

  test("breaks off for good: what arrived is given, and the rest is told", async () => {
    const issues: Issue[] = [];
    const uids: string[] = [];
    for await (const { uid } of client().retrieveSeries(STUDY, SERIES, (issue) => issues.push(issue))) {
      uids.push(uid);
      if (uids.length === 1) await orthanc.kill();
    }
    expect(uids.length).toBeLessThan(COUNT - 1);
    expect(issues.map(({ code }) => code)).toEqual(["instance-failed", "instances-missing"]);
    expect(issues[0].message).toContain("a refused connection in each of 2 attempts");
    expect(issues[1].message).toContain(
      `got ${uids.length}, and ${COUNT - uids.length - 1} were not asked for`,
    );
    await expectMiasError(client().findSeries(STUDY), "server-failed", "a refused connection");
    await orthanc.restart();
  });
});

const DATA = fileURLToPath(new URL("../../shared/data/formats/dicom/mr_series_vs_seg", import.meta.url));
const hasData = existsSync(DATA);

describe.skipIf(!hasOrthanc || !hasData)(
  `Orthanc with a real series (skipped unless ../shared/data is there)${orthancSkipped}`,
  () => {
    beforeAll(async () => {
      orthanc = await startOrthanc(join(folder, "real"));
    });
    afterAll(() => orthanc?.kill());

    test("gives the bytes of its files back", async () => {
      const files = readdirSync(DATA).map((name) => join(DATA, name));
      orthanc.send(files);
      const tag = (path: string, name: string) =>
        /\[(.*)\]/.exec(execFileSync("dcmdump", ["+P", name, path], { encoding: "utf8" }))?.[1] ?? "";
      const study = tag(files[0], "StudyInstanceUID");
      const sent = new Map(files.map((path) => [tag(path, "SOPInstanceUID"), readFileSync(path)]));
      const [{ uid: series, modality }] = await client().findSeries(study);
      expect(modality).toBe("MR");
      const all = await collected(
        client().retrieveSeries(study, series, (issue) => expect(issue).toBeUndefined()),
      );
      expect(all).toHaveLength(files.length);
      for (const { uid, bytes } of all) {
        const pixels = sent.get(uid)?.subarray(-2 * 512 * 512);
        expect(pixels && endsWith(bytes, pixels), uid).toBe(true);
      }
    });
  },
);

const CLIENT = fileURLToPath(new URL("../dist/dicomweb/dicomweb.js", import.meta.url));

describe.skipIf(!hasOrthanc || !hasOpenssl)(
  `Orthanc behind a certificate of its own (skipped without openssl)${orthancSkipped}`,
  () => {
    let proxy: TlsProxy;
    let root: string;
    beforeAll(async () => {
      orthanc = await startOrthanc(join(folder, "tls"));
      sendSeries();
      proxy = await startTlsProxy(new URL(orthanc.root).origin, join(folder, "proxy"));
      root = `${proxy.origin}/dicom-web`;
    });
    afterAll(async () => {
      proxy?.stop();
      await orthanc?.kill();
    });

    test("is not trusted, and the message tells how to trust it", () =>
      expectMiasError(
        client({ root }).findSeries(STUDY),
        "server-refused",
        "got DEPTH_ZERO_SELF_SIGNED_CERT; set NODE_EXTRA_CA_CERTS",
      ));

    test.skipIf(!existsSync(CLIENT))(
      "is trusted with NODE_EXTRA_CA_CERTS (skipped unless dist/ is built)",
      async () => {
        const script = `
          const { createDicomWeb } = await import(${JSON.stringify(pathToFileURL(CLIENT).href)});
          const client = createDicomWeb(${JSON.stringify({ root, authorization: ORTHANC_USER })});
          let count = 0;
          for await (const _ of client.retrieveSeries("${STUDY}", "${SERIES}", console.error)) count++;
          process.stdout.write(String(count));`;
        const run = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
          env: { ...process.env, NODE_EXTRA_CA_CERTS: proxy.certificate },
        });
        expect(run).toEqual({ stdout: `${COUNT}`, stderr: "" });
      },
    );
  },
);
