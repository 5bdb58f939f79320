// DICOM in Chromium, in a page without a bundler: the built code decodes the made images as it does in Node. The codecs
// are handed in as scripts and WebAssembly. Skipped unless Chromium is there and `npm run build` was run.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, serveRepository } from "../browser/serve.ts";
import { chromiumArguments, chromiumPath, hasChromium } from "../support/chromium.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GOLDEN = `${ROOT}test/golden/dicom/`;
const CODECS = "/node_modules/@cornerstonejs";

const isBuilt = existsSync(`${ROOT}dist/dicom/decode-frame.js`);
const isReady = hasChromium && isBuilt;
const reason = isReady
  ? ""
  : ` (SKIPPED: ${hasChromium ? "no dist, see npm run build" : `no ${chromiumPath}`})`;
if (reason) console.warn(`test/dicom/browser.test.ts${reason}`);

const PAGE = `<!doctype html><link rel="icon" href="data:," />
<script type="importmap">{"imports": {
  "dcmjs": "/node_modules/dcmjs/build/dcmjs.es.js",
  "fflate": "/node_modules/fflate/esm/browser.js"
}}</script>
<script src="${CODECS}/codec-charls/dist/charlswasm_decode.js"></script>
<script src="${CODECS}/codec-openjpeg/dist/openjpegwasm_decode.js"></script>
<script src="${CODECS}/codec-libjpeg-turbo-8bit/dist/libjpegturbowasm_decode.js"></script>
<script src="${CODECS}/codec-openjph/dist/openjphjs.js"></script>
<script type="module">
  import { provideCodec } from "/dist/dicom/codecs/wasm-codec.js";
  import { decodeFrame } from "/dist/dicom/decode-frame.js";
  import { parseInstance } from "/dist/dicom/parse-instance.js";
  const bytesOf = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const provide = async (name, factory, path) => provideCodec(name, { factory, wasm: await bytesOf(path) });
  globalThis.decodeAll = async (files) => {
    await provide("charls", CharLSWASM, "${CODECS}/codec-charls/dist/charlswasm_decode.wasm");
    await provide("openjpeg", OpenJPEGWASM, "${CODECS}/codec-openjpeg/dist/openjpegwasm_decode.wasm");
    await provide(
      "libjpeg-turbo",
      libjpegturbowasm_decode,
      "${CODECS}/codec-libjpeg-turbo-8bit/dist/libjpegturbowasm_decode.wasm",
    );
    await provide("openjph", Module, "${CODECS}/codec-openjph/dist/openjphjs.wasm");
    const decoded = {};
    for (const file of files) {
      const instance = parseInstance(file, await bytesOf("/made/" + file));
      decoded[file] = [...(await decodeFrame(instance, 0)).values];
    }
    return decoded;
  };
</script>`;

describe.skipIf(!isReady)(`DICOM in Chromium${reason}`, () => {
  let site: Site;
  let browser: Browser;
  const faults: string[] = [];
  const files = isReady ? readdirSync(GOLDEN).filter((file) => file.endsWith(".dcm")) : [];

  beforeAll(async () => {
    const made = files.map((file) => [`/made/${file}`, readFileSync(GOLDEN + file)] as const);
    site = await serveRepository(ROOT, new Map([["/page.html", Buffer.from(PAGE)], ...made]));
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test("made images have the pixels that pydicom gives, and the console stays empty", async () => {
    const page = await browser.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    await page.goto(`${site.origin}/page.html`);
    const call = `decodeAll(${JSON.stringify(files)})`;
    const decoded = await page.evaluate<Record<string, number[]>>(call);
    const expected: Record<string, number[][]> = JSON.parse(readFileSync(`${GOLDEN}expected.json`, "utf8"));
    for (const file of files) {
      const [theirs] = expected[file];
      const worst = theirs.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - decoded[file][at])),
        0,
      );
      expect(worst, file).toBeLessThanOrEqual(file === "jpeg-extended-12.dcm" ? 1 : 0);
    }
    expect(faults).toEqual([]);
    expect(site.missing).toEqual([]);
  });
});
