// The DICOMweb client in Chromium, in a page without a bundler, and a server of another origin that breaks an answer off.
// It tests dist/, so `npm run build` comes first.

import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, serveRepository } from "./browser/serve.ts";
import { chromiumArguments, chromiumPath, hasChromium } from "./support/chromium.ts";
import { tinyDicom } from "./support/tiny-dicom.ts";

const [study, series] = ["1.2", "1.2.3"];
const file = (number: number) => tinyDicom({ study, series, instance: `1.2.3.${number}` });
const isBuilt = existsSync(fileURLToPath(new URL("../dist/dicomweb/dicomweb.js", import.meta.url)));
const HEAD = "--B\r\nContent-Type: application/dicom\r\n\r\n";
const element = (value: unknown) => ({ vr: "UI", Value: [value] });

/** The series as a whole breaks off in its second file; the browser asks for leave
 * first, for the credentials, and for an Accept that holds quotes. */
function answer({ method, url = "", headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "accept, authorization, content-type");
  const send = (type: string, body: string | Buffer) => response.setHeader("Content-Type", type).end(body);
  if (method === "OPTIONS") return void response.end();
  if (headers.authorization !== "Bearer t0ken") return void response.writeHead(401).end();
  if (url.includes("/instances?")) {
    const uids = url.includes("offset=0") ? ["1.2.3.1", "1.2.3.2"] : [];
    return void send(
      "application/dicom+json",
      JSON.stringify(uids.map((uid) => ({ "00080018": element(uid) }))),
    );
  }
  if (method === "POST") {
    const stored = { "00081199": { vr: "SQ", Value: [{ "00081155": element("1.2.3.1") }] } };
    return void send("application/dicom+json", JSON.stringify(stored));
  }
  const type = 'multipart/related; type="application/dicom"; boundary=B';
  if (url.includes("/instances/")) {
    return void send(
      type,
      Buffer.concat([Buffer.from(HEAD), file(Number(url.at(-1))), Buffer.from("\r\n--B--")]),
    );
  }
  response.setHeader("Content-Type", type);
  const cut = Buffer.concat([Buffer.from(HEAD), file(1), Buffer.from(`\r\n${HEAD}`)]);
  response.write(cut, () => setTimeout(() => response.destroy(), 200));
}

const SCRIPT = `async ({ root, study, series, file }) => {
  const { createDicomWeb } = await import("/dist/dicomweb/dicomweb.js");
  const client = createDicomWeb({ root, authorization: { kind: "bearer", token: "t0ken" }, attempts: 2 });
  const [files, issues] = [[], []];
  for await (const { uid, bytes } of client.retrieveSeries(study, series, (issue) => issues.push(issue))) {
    files.push([uid, [...bytes]]);
  }
  const stored = await client.storeInstances(study, [{ name: "mask.dcm", bytes: Uint8Array.from(file) }]);
  const stranger = createDicomWeb({ root, attempts: 2 });
  const refusal = await stranger.findSeries(study).catch((error) => error.code + ": " + error.message);
  return { files, issues, stored, refusal };
}`;

describe.skipIf(!hasChromium || !isBuilt)(
  `in Chromium (skipped unless ${chromiumPath} is there and dist/ is built)`,
  () => {
    const server = createServer(answer);
    let site: Site;
    let browser: Browser;
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      site = await serveRepository(fileURLToPath(new URL("..", import.meta.url)), new Map());
      browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
      server.close();
      server.closeAllConnections();
    });

    test("retrieves what a broken answer lacks, stores, and tells of refusal", async () => {
      const page = await browser.newPage();
      await page.goto(`${site.origin}/test/browser/dicomweb.html`);
      const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicom-web`;
      const given = JSON.stringify({ root, study, series, file: [...file(1)] });
      const found = await page.evaluate(`(${SCRIPT})(${given})`);
      expect(found).toEqual({
        files: [
          ["1.2.3.1", [...file(1)]],
          ["1.2.3.2", [...file(2)]],
        ],
        issues: [],
        stored: { stored: ["mask.dcm"], failed: [], issues: [] },
        refusal: expect.stringContaining("server-refused: GET http://127.0.0.1"),
      });
      expect(site.missing).toEqual([]);
    });
  },
);
