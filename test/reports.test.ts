// Both reports, as text and in a browser. The browser tests skip where Debian's Chromium is not installed.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readReportAssets } from "../src/io/report-assets.ts";
import type { EvaluateDocument, EvaluationRow } from "../src/report/evaluate-document.ts";
import { measuresOf } from "../src/report/evaluate-measures.ts";
import { evaluateReportHtml } from "../src/report/evaluate-report.ts";
import { type ImageResult, type ResultsDocument, runIssues } from "../src/report/results.ts";
import { segmentReportHtml } from "../src/report/segment-report.ts";
import type { VolumeResult } from "../src/report/volume-results.ts";
import { chromiumArguments, chromiumPath, hasChromium } from "./support/chromium.ts";

const assets = await readReportAssets();
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
const hostile = `<img src=x onerror="document.title='taken'">'</script><script>document.title='taken'</script>.png`;

function image(file: string, score: number, areas: readonly number[]): ImageResult {
  const box = { x0: 0, y0: 0, x1: 1, y1: 1 };
  const lesions = areas.map((area) => ({ area, box, centre: { x: 0, y: 0 }, score, pValue: 0.02 }));
  return {
    ...{
      file,
      width: 8,
      height: 8,
      score,
      pValue: 0.05,
      abnormal: score > 19,
      finding: lesions.length > 0 ? "lesions, p = 0.05" : "nothing found at alpha 0.05, p = 0.05",
      lesions,
      prompts: [],
    },
    ...{ centreOfGravity: { x: 0, y: 0 }, mask: null, map: null, overlay: `overlays/${file}`, issues: [] },
  };
}

const shared = {
  program: { name: "mias-sam", version: "0.1.0" },
  disclaimer: "Research software, not a medical device.",
  bank: {
    file: "brain.mias",
    preset: "default",
    model: "lite-medsam",
    options: {
      ...{
        preset: "default",
        taps: ["stage2", "stage3"],
        descriptor: "mean-3x3",
        rows: 30_000,
        distance: "l2",
        axes: "each-map",
      },
      ...{
        sigma: 4,
        brightness: "range",
        placement: "tiles",
        symmetry: "none",
        expected: "none",
        score: "map-maximum",
        holdOut: 0.2,
        seed: 0,
      },
    },
  },
  options: { prompt: "box-ladder", chooser: "contrast", refine: "none", alpha: 0.05, empty: "when-normal" },
  calibration: { images: 19, smallestPValue: 0.05, scores: Array.from({ length: 19 }, (_, i) => i + 1) },
  failures: [],
} as const satisfies Partial<ResultsDocument>;

const results: ResultsDocument = {
  ...shared,
  ...{ interrupted: false, done: 4, total: 4 },
  mapScale: { unit: 0.001, offset: -8, meaning: "standard deviations of normal variation" },
  issues: [],
  images: [image("low.png", 9.5, []), image("high #1.png", 100, [10, 250]), image(hostile, 25, [30])],
  volumes: [],
  failures: [{ code: "image-failed", severity: "error", subject: hostile, message: "it must be whole" }],
};

const slice = { boxes: [], lesions: [] };
const volume: VolumeResult = {
  ...{ file: "head.nii.gz", size: [8, 8, 3], axis: "axial", count: 3, spacing: [1, 1, 2.5], unit: "mm" },
  ...{ score: 25, pValue: 0.05, abnormal: true, finding: "1 lesion, 1 of 2 slices abnormal at alpha 0.05" },
  volumeLesions: [
    {
      ...{
        label: 1,
        voxels: 12,
        volumeMl: 0.03,
        largestDiameter: 4.5,
        slices: [1, 1],
        score: 25,
        pValue: 0.05,
      },
      box: [
        [1, 1, 1],
        [4, 3, 1],
      ],
      centre: [2, 2, 1],
    },
  ],
  slices: [
    { index: 0, score: 3, pValue: 0.5, abnormal: false, area: 0, ...slice },
    { index: 1, score: 25, pValue: 0.05, abnormal: true, area: 12, ...slice },
  ],
  ...{ mask: "masks/head.nii.gz", segmentation: null, map: "maps/head.nii.gz", preview: pixel },
  pictures: [pixel, pixel, null],
  issues: [],
};

function row(file: string, score: number, dice: number | null): EvaluationRow {
  const sizes = {
    ...{ maskArea: 30, truthArea: dice === null ? 0 : 40, overlay: null },
    ...{ hd95: 2.5, assd: 1, areaDifference: -10, relativeAreaDifference: -0.25 },
  };
  return {
    file,
    anomalous: dice !== null,
    score,
    pValue: 0.05,
    abnormal: score > 19,
    dice,
    ...sizes,
    issues: [],
  };
}

const lesionScore = {
  ...{ truths: 4, found: 3, predicted: 6, matched: 3, recall: 0.75, precision: 0.5, f1: 0.6 },
};
const byRule = { either: lesionScore, overlap: { ...lesionScore, recall: 0.125 }, centre: lesionScore };

const evaluation: EvaluateDocument = {
  ...shared,
  ...{ interrupted: false, done: 3, total: 3 },
  dataset: { name: "brain", layout: "MVTec" },
  images: { good: 1, anomalous: 2 },
  image: {
    ...{ auroc: 0.875, averagePrecision: 0.75, sensitivityAt5: 0.5, sensitivityAt10: 0.5 },
    roc: { x: [0, 0, 1], y: [0, 1, 1] },
  },
  pixel: {
    ...{ auroc: 0.9375, aurocBody: 0.8125, averagePrecision: 0.375, aupro: null, aupimo: 0.0625 },
    ...{ roc: { x: [0, 0.5, 1], y: [0, 0.75, 1] }, pro: null },
  },
  dice: { anomalousMean: 0.625, dataset: 0.5, bestThreshold: 0.25, threshold: 3.5 },
  always: { dice: { anomalousMean: 0.6875, dataset: 0.375 } },
  lesions: {
    ...{ anomalous: byRule, all: byRule },
    classes: {
      sizes: [
        { from: 0, to: 60, truths: 1, found: 0, recall: 0, overlap: 0 },
        { from: 60, to: null, truths: 3, found: 3, recall: 1, overlap: 0.5 },
      ],
      large: { from: 60, to: null, truths: 3, found: 3, recall: 1, overlap: 0.5 },
      rings: { truths: 1, found: 1, recall: 1, overlap: 0.6875 },
    },
  },
  surface: { unit: "mm", hd95: 4.5, assd: 1.5, images: 1, excluded: 1 },
  area: { unit: "mm2", absoluteDifference: 12.5, relativeDifference: -0.25, images: 2 },
  decision: { sensitivity: 0.5, specificity: 1, abnormal: { good: 0, anomalous: 1 } },
  baseline: {
    image: { auroc: 0.4375 },
    pixel: { auroc: 0.8, aurocBody: 0.7, averagePrecision: 0.2, aupro: 0.1, aupimo: null },
    dice: { bestThreshold: 0.15, threshold: 2 },
  },
  bootstrap: {
    ...{ level: 0.95, resamples: 1000, seed: 0, by: "patient", groups: 12 },
    intervals: {
      "image.auroc": { low: 0.75, high: 0.96875 },
      "pixel.auroc": null,
      "dice.anomalousMean": null,
      "lesions.anomalous.either.recall": null,
    },
  },
  undefinedMetrics: { "pixel.aupro": "no reference region" },
  maskRule: "the mask with the greatest contrast",
  falseAlarms: 1,
  rows: [row("good.png", 3, null), row("fair.png", 21, 0.4), row(hostile, 30, 0.85)],
  volumes: null,
  issues: [],
  versions: { "mias-sam": "0.1.0" },
};

const { volumeLesions: _lesions, slices: _slices, pictures: _pictures, ...volumeFacts } = volume;
const withVolumes: EvaluateDocument = {
  ...evaluation,
  volumes: {
    ...{ count: 2, judged: 1, anomalous: 1, dice: 0.5, volumeDifferenceMl: 0.25 },
    ...{ lesionRecall: 0.5, falseLesionsPerVolume: 3 },
    rows: [
      {
        ...{ ...volumeFacts, file: hostile, anomalous: true, panel: pixel },
        measures: {
          ...{ dice: 0.5, maskVoxels: 8, truthVoxels: 24, maskMl: 0.125, truthMl: 0.375 },
          ...{ volumeDifferenceMl: -0.25, lesions: { truths: 2, found: 1, predicted: 4, matched: 1 } },
        },
      },
      { ...volumeFacts, file: "unjudged.nii.gz", anomalous: true, measures: null, panel: null },
    ],
  },
};

const segmentPage = segmentReportHtml(results, { assets });
const evaluatePage = evaluateReportHtml(evaluation, { assets, panels: new Map([[hostile, pixel]]) });

describe.each([
  ["segment", segmentPage],
  ["evaluate", evaluatePage],
  ["evaluate with volumes", evaluateReportHtml(withVolumes, { assets })],
])("the page of %s", (_, page) => {
  test("names no address outside itself and forbids every request", () => {
    expect(page).not.toMatch(/https?:/);
    expect(page).toContain("default-src &#39;none&#39;; img-src &#39;self&#39; file: data:;");
  });

  test("shows hostile file names as the text they are", () => {
    expect(page).not.toContain("<img src=x");
    expect(page).not.toContain("<script>document.title");
    expect(page).toContain("&lt;img src=x onerror=&quot;document.title=&#39;taken&#39;&quot;&gt;");
  });

  test("says what it is not, and who wrote it", () => {
    expect(page).toContain('<p class="disclaimer">Research software, not a medical device.</p>');
    expect(page).toContain("mias-sam 0.1.0");
  });
});

describe("segmentReportHtml", () => {
  test("puts the highest score first and links the picture by its encoded name", () => {
    expect(segmentPage.indexOf("high #1.png</td>")).toBeLessThan(segmentPage.indexOf("low.png</td>"));
    expect(segmentPage).toContain(
      '<a href="./overlays/high%20%231.png"><img class="thumbnail" src="./overlays/high%20%231.png"',
    );
    expect(segmentPage).toContain('loading="lazy"');
  });

  test("uses the thumbnail that is given", () => {
    const page = segmentReportHtml(results, { assets, thumbnails: new Map([["overlays/low.png", pixel]]) });
    expect(page).toContain(`<a href="./overlays/low.png"><img class="thumbnail" src="${pixel}"`);
  });

  test("tells from which score an image is abnormal, or that none can be", () => {
    expect(segmentPage).toContain("An image that scores above 19 is called abnormal.");
    const strict = { ...results, options: { ...results.options, alpha: 0.01 } };
    expect(segmentReportHtml(strict, { assets })).toContain(
      "19 held-out images cannot show a p-value of 0.01, so it is not decided which images are abnormal.",
    );
  });

  test("calls no image normal where none can be called abnormal", () => {
    expect(segmentPage).toContain('<td class="text">normal</td>');
    const options = { ...results.options, alpha: 0.01 };
    const issues = runIssues("brain.mias", results.calibration, options);
    const page = segmentReportHtml({ ...results, options, issues }, { assets });
    expect(page).toContain('<td class="text">not decided</td>');
    expect(page).not.toContain('<td class="text">normal</td>');
    expect(page).toContain("<dt>Abnormal (p ≤ 0.01)</dt><dd>not decided</dd>");
    expect(page).toContain(
      "brain.mias must have enough held-out normal images for a p-value of 0.01, got 19",
    );
  });

  test("says at the top that the run was interrupted, and only then", () => {
    expect(segmentPage).not.toContain("Interrupted");
    const page = segmentReportHtml({ ...results, interrupted: true, total: 9 }, { assets });
    const head = page.slice(0, page.indexOf("</header>"));
    expect(head).toContain(
      '<p class="banner" role="alert">Interrupted after 4 of 9 images: the other 5 are missing',
    );
  });

  test("says so of an evaluation, too", () => {
    expect(evaluatePage).not.toContain("Interrupted");
    const page = evaluateReportHtml({ ...evaluation, interrupted: true, total: 4 }, { assets });
    expect(page).toContain(
      "Interrupted after 3 of 4 images: the other one is missing here. Run mias evaluate again",
    );
  });

  test("says in its head which images have an empty mask, or that none has", () => {
    const headOf = (page: string) => page.slice(0, page.indexOf("</header>"));
    expect(headOf(segmentPage)).toContain(
      "An image whose p-value is above 0.05 has an empty mask: nothing was found in it.",
    );
    const every = "A mask is drawn on every image, on normal ones too; the p-value and the verdict tell";
    expect(headOf(segmentPage)).not.toContain(every);
    for (const change of [{ empty: "never" as const }, { alpha: 0.01 }]) {
      const options = { ...results.options, ...change };
      expect(headOf(segmentReportHtml({ ...results, options }, { assets }))).toContain(every);
    }
  });

  test("says of an image without a lesion at what alpha nothing was found", () => {
    expect(segmentPage).toContain("<small>nothing found at alpha 0.05, p = 0.05</small>");
  });

  test("says nothing of failures when there are none", () => {
    expect(segmentPage).toContain("Could not be processed");
    expect(segmentReportHtml({ ...results, failures: [] }, { assets })).not.toContain(
      "Could not be processed",
    );
  });

  test("shows a volume with its lesions in millilitres, and counts it", () => {
    const page = segmentReportHtml({ ...results, volumes: [volume] }, { assets });
    expect(page).toContain("3 images and 1 volume against");
    expect(page).toContain("<dt>Volumes</dt><dd>1</dd>");
    expect(page).toContain('<td class="number">0.03</td>');
    expect(page).toContain("8 × 8 × 3 voxels, 3 axial slices, 1 × 1 × 2.5 mm");
    expect(page).toContain(
      '<a href="./masks/head.nii.gz">mask</a>, <a href="./maps/head.nii.gz">anomaly map</a>',
    );
    const alone = segmentReportHtml({ ...results, images: [], volumes: [volume] }, { assets });
    expect(alone).toContain("1 volume against");
    expect(alone).not.toContain('id="images"');
  });

  test("tells where lesions of a volume are: in the patient, or among the voxels where that is not known", () => {
    const pageOf = (one: VolumeResult) => segmentReportHtml({ ...results, volumes: [one] }, { assets });
    const [lesion] = volume.volumeLesions;
    const placed = { ...volume, volumeLesions: [{ ...lesion, centreLps: [-12.345, 0, 67.89] as const }] };
    expect(pageOf(placed)).toContain(">Centre (L, P, S), mm</th>");
    expect(pageOf(placed)).toContain('<td class="number">-12.3, 0.0, 67.9</td>');
    expect(pageOf(volume)).toContain(">Centre (x, y, z), voxels</th>");
    expect(pageOf(volume)).toContain('<td class="number">2.0, 2.0, 1.0</td>');
  });

  test("is the same text for the same document", () => {
    expect(segmentReportHtml(structuredClone(results), { assets })).toBe(segmentPage);
  });
});

describe("evaluateReportHtml of volumes", () => {
  const page = evaluateReportHtml(withVolumes, { assets });

  test("says what is found in 3-D, and shows slices of each volume", () => {
    expect(page).toContain('<td>volumes.dice</td><td class="number">0.5</td>');
    expect(page).toContain("1 of 2 lesions are found, counted in 3-D");
    expect(page).toContain("3 of 4 lesions of the final masks match none, in 1 volume, good");
    expect(page).toContain("slices of 1 volume among them");
    const cells = [0.05, 0.5, 0.125, 0.375, -0.25, "1 of 2", 3].map(
      (text) => `<td class="number">${text}</td>`,
    );
    expect(page).toContain(cells.join(""));
    expect(page.split(`<img src="${pixel}"`).length).toBe(2);
  });

  test("tells nothing of volumes where there are none", () => {
    expect(evaluatePage).not.toContain("Volumes");
    expect(measuresOf(evaluation).filter(({ path }) => path.startsWith("volumes"))).toEqual([]);
  });
});

describe("evaluateReportHtml", () => {
  test("prints each metric under its name, and a dash for what cannot be measured", () => {
    expect(evaluatePage).toContain('<td>image.auroc</td><td class="number">0.875</td>');
    expect(evaluatePage).toContain(
      '<td class="number">0.750 to 0.969</td><td class="number">0.4375</td><td>Chance that an anomalous image',
    );
    expect(evaluatePage).toContain('<td>surface.hd95</td><td class="number">4.5</td>');
    expect(evaluatePage).toContain("3 of 4 lesions are found");
    expect(evaluatePage).toContain("0 of 1 from 0 to 59, 3 of 3 from 60");
    expect(evaluatePage).toContain("lesions.classes.rings.overlap");
    expect(evaluatePage).toContain("(alone: 0.125)");
    expect(evaluatePage).toContain("1000 resamples of 12 patients");
    expect(evaluatePage).toContain('<td>pixel.aupro</td><td class="number">–</td>');
    expect(evaluatePage).toContain(" Not defined here: no reference region</td>");
    expect(evaluatePage).toContain('<td>dice.anomalousMean</td><td class="number">0.625</td>');
    expect(evaluatePage).toContain("Mask rule: the mask with the greatest contrast");
  });

  test("sets masks that are always drawn beside those that are empty when normal", () => {
    const dice = "DICE, empty when normal (alpha 0.05)";
    expect(measuresOf(evaluation).map(({ label }) => label)).toContain(dice);
    expect(evaluatePage).toContain('<td>always.dice.anomalousMean</td><td class="number">0.6875</td>');
    const never = { ...evaluation, options: { ...evaluation.options, empty: "never" as const } };
    const labels = measuresOf(never).map(({ label }) => label);
    expect(labels).toContain("DICE, mean");
    expect(labels.filter((label) => /always|empty/.test(label))).toEqual([]);
  });

  test("leaves out a curve without points", () => {
    expect(evaluatePage).toContain('data-chart="image-roc"');
    expect(evaluatePage).not.toContain('data-chart="pro"');
  });

  test("shows the panel of a case where there is one", () => {
    expect(evaluatePage.split(`<img src="${pixel}"`).length).toBe(2);
    expect(evaluatePage).toContain("<figcaption>fair.png: DICE 0.4, p 0.05</figcaption>");
  });
});

describe.skipIf(!hasChromium)(`in Chromium (skipped unless ${chromiumPath} is there)`, () => {
  const folder = mkdtempSync(join(tmpdir(), "mias-report-"));
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page from disk; `faults` gathers errors, console messages and requests that leave the disk. */
  async function open(html: string): Promise<{ page: Page; faults: string[] }> {
    const file = join(folder, "report.html");
    writeFileSync(file, html);
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) faults.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return { page, faults };
  }

  /** File names of the rows that show, shortened. */
  function shownFiles(page: Page): Promise<string[]> {
    return page.$$eval("#images tbody tr:not([hidden]) .file", (cells) =>
      cells.map((cell) => (cell.textContent ?? "").slice(0, 4)),
    );
  }

  const thumbnails = new Map(results.images.map(({ overlay }) => [overlay ?? "", pixel]));

  test("the slices of a volume are scrolled, starting where a lesion is", async () => {
    const { page, faults } = await open(
      segmentReportHtml({ ...results, volumes: [volume] }, { assets, thumbnails }),
    );
    const output = page.locator(".scroller output");
    expect(await output.textContent()).toBe("2 of 3");
    expect(await page.locator(".scroller .slice").getAttribute("src")).toBe(pixel);
    await page.locator(".scroller input").press("ArrowRight");
    expect(await output.textContent()).toBe("3 of 3 (shows nothing)");
    await page.locator(".scroller .slice").dispatchEvent("wheel", { deltaY: -1 });
    expect(await output.textContent()).toBe("2 of 3");
    expect(faults).toEqual([]);
    await page.close();
  });

  test("the segment report draws its chart, and no hostile name runs", async () => {
    const { page, faults } = await open(segmentReportHtml(results, { assets, thumbnails }));
    expect(await page.locator(".plot canvas").count()).toBe(1);
    expect(await page.title()).toBe("Anomaly segmentation report");
    expect(faults).toEqual([]);
  });

  test("the table sorts by keyboard and narrows down", async () => {
    const { page, faults } = await open(segmentReportHtml(results, { assets, thumbnails }));
    expect(await shownFiles(page)).toEqual(["high", "<img", "low."]);
    await page.focus("th:has-text('Score')");
    await page.keyboard.press("Enter");
    await expect.poll(() => shownFiles(page)).toEqual(["low.", "<img", "high"]);
    await page.check("#only-abnormal");
    expect(await shownFiles(page)).toEqual(["<img", "high"]);
    await page.fill("#search", "HIGH");
    expect(await shownFiles(page)).toEqual(["high"]);
    expect(await page.textContent("#shown")).toBe("1 of 3 shown");
    expect(faults).toEqual([]);
  });

  test("the evaluation report draws its charts and fits a narrow screen", async () => {
    const { page, faults } = await open(evaluatePage);
    await page.setViewportSize({ width: 360, height: 640 });
    expect(await page.locator(".plot canvas").count()).toBe(4);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(faults).toEqual([]);
  });

  test.each([1024, 1200, 1280])("the tables are no wider than a window of %d pixels", async (width) => {
    const issues = [
      { code: "extension-mismatch", severity: "warning", subject: "a", message: "rename it" },
    ] as const;
    const file = "mias-demo/phantoms/test/bright_round/000.png";
    const images = results.images.map((found) => ({
      ...found,
      file,
      finding: "nothing found at alpha 0.05, p = 0.2",
      issues,
    }));
    const rows = evaluation.rows.map((row) => ({ ...row, file, overlay: pixel, issues }));
    for (const html of [
      segmentReportHtml({ ...results, images }, { assets, thumbnails }),
      evaluateReportHtml({ ...evaluation, rows }, { assets }),
    ]) {
      const { page } = await open(html);
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });
});
