// The built core runs unchanged in a browser and answers as in Node. It learns and segments in Chromium, in a page
// without a bundler (browser/page.html), served from loopback. Differences come from the two builds of ONNX Runtime,
// which add in another order. It tests dist/, so `npm run build` comes first.

import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bank } from "../src/types.ts";
import { type Drawing, learn, segment } from "./browser/scenario.js";
import { type Site, serveRepository } from "./browser/serve.ts";
import { chromiumArguments, chromiumPath, hasChromium } from "./support/chromium.ts";

/** Greatest difference of two maps, as a share of the map's greatest absolute value. */
const MAP_TOLERANCE = 1e-3;
const LEAST_DICE = 0.99;
/** Learning and segmenting in both takes about 30 s on two free cores, and three times that on busy ones. */
const TIMEOUT = 400_000;

/** What page.js answers. */
interface PageAnswers {
  readonly ownBank: Uint8Array;
  readonly withOwnBank: Drawing;
  readonly nodeBankSha256: string;
  readonly withNodeBank: Drawing;
  readonly isolated: boolean;
  readonly threads: number;
}

type NodeCore = typeof import("../src/node.ts");

/** The built package, by its own name as a user imports it. */
function importBuilt(): Promise<NodeCore> {
  const path = createRequire(import.meta.url).resolve("mias-sam/node");
  return import(/* @vite-ignore */ pathToFileURL(path).href);
}

function mapDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  let [worst, largest] = [0, 0];
  for (const [i, value] of a.entries()) {
    worst = Math.max(worst, Math.abs(value - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return worst / largest;
}

function dice(a: Uint8Array, b: Uint8Array): number {
  expect(a).toHaveLength(b.length);
  const both = a.reduce((sum, value, i) => sum + value * b[i], 0);
  const each = a.reduce((sum, value, i) => sum + value + b[i], 0);
  return (2 * both) / each;
}

function expectSame(found: Drawing, expected: Drawing): void {
  expect(mapDifference(found.map, expected.map)).toBeLessThanOrEqual(MAP_TOLERANCE);
  expect(dice(found.mask, expected.mask)).toBeGreaterThan(LEAST_DICE);
  expect(Math.abs(found.score / expected.score - 1)).toBeLessThanOrEqual(MAP_TOLERANCE);
  expect(found.pValue).toBe(expected.pValue);
}

describe.skipIf(!hasChromium)(`in Chromium (skipped unless ${chromiumPath} is there)`, () => {
  let core: NodeCore;
  let bank: Bank;
  let bankBytes: Uint8Array;
  let inNode: Drawing;
  let inPage: PageAnswers;
  let site: Site;
  let browser: Browser;
  const origins = new Set<string>();
  const faults: string[] = [];

  beforeAll(async () => {
    core = await importBuilt();
    await runInNode();
    await runInPage();
  }, TIMEOUT);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function runInNode(): Promise<void> {
    const model = await core.loadModel(core.createNodeRuntime(), core.modelFolder(core.EMBEDDED_MODEL));
    bank = await learn(core, model);
    bankBytes = Buffer.concat([...(await core.encodeBank(bank))]);
    inNode = await segment(core, model, bank);
    await model.release();
  }

  async function runInPage(): Promise<void> {
    site = await serveRepository(
      fileURLToPath(new URL("..", import.meta.url)),
      new Map([["/made/bank", bankBytes]]),
    );
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
    const page = await browser.newPage();
    page.context().on("request", (request) => origins.add(new URL(request.url()).origin));
    page.on("requestfailed", (request) => faults.push(request.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    await page.goto(`${site.origin}/test/browser/page.html`);
    inPage = await page.evaluate<PageAnswers>("run()");
  }

  test("the core asks for nothing from elsewhere, and nothing is amiss", () => {
    expect([...origins]).toEqual([site.origin]);
    expect(site.missing).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("threads work in a page that is cross-origin isolated", () => {
    expect(inPage).toMatchObject({ isolated: true, threads: 2 });
  });

  test("made images have the same pixels", () => {
    expect(inPage.withOwnBank.pixels).toEqual(inNode.pixels);
    expect(inPage.withOwnBank.truth).toEqual(inNode.truth);
  });

  test("the lesion is found, so that what agrees is worth something", () => {
    expect(dice(inNode.mask, inNode.truth)).toBeGreaterThan(0.4);
    expect(inNode.pValue).toBeCloseTo(1 / 5); // the least there is with four held-out images
  });

  test("learning chooses the same patches and finds the same spread of normal", async () => {
    const own = await core.readBank(core.memorySource("from the page", inPage.ownBank));
    const choice = ({ rows, priority, image, patch, fold }: Bank) => ({
      rows,
      fold,
      priority,
      image,
      patch,
    });
    expect(choice(own)).toEqual(choice(bank));
    expect(own.provenance).toEqual(bank.provenance);
    expect(mapDifference(own.heldOut.data, bank.heldOut.data)).toBeLessThanOrEqual(MAP_TOLERANCE);
  });

  test("a bank that the page made draws the same", () => expectSame(inPage.withOwnBank, inNode));

  test("a bank from Node arrives byte for byte and draws the same", () => {
    expect(inPage.nodeBankSha256).toBe(createHash("sha256").update(bankBytes).digest("hex"));
    expectSame(inPage.withNodeBank, inNode);
  });
});
