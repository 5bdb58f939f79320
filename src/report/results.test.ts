import { describe, expect, test } from "vitest";
import {
  findingText,
  type ImageResult,
  leavesEmpty,
  lesionExtent,
  type ResultsDocument,
  resultsToJson,
  runIssues,
  summariseCalibration,
} from "./results.ts";
import { resultsToCsv } from "./results-csv.ts";

const image: ImageResult = {
  file: "a.png",
  width: 8,
  height: 4,
  score: 10 / 3,
  pValue: 0.25,
  abnormal: false,
  finding: "2 lesions, p = 0.25",
  centreOfGravity: { x: 1.5, y: 2 },
  prompts: [{ kind: "point", point: { x: 1, y: 2 }, positive: true }],
  lesions: [
    { area: 2, box: { x0: 0, y0: 1, x1: 2, y1: 3 }, centre: { x: 1, y: 2 }, score: 5, pValue: 0.5 },
    { area: 7, box: { x0: 4, y0: 0, x1: 7, y1: 3 }, centre: { x: 5, y: 2 }, score: 4, pValue: 0.75 },
  ],
  mask: "masks/a.png",
  map: "maps/a.png",
  overlay: null,
  issues: [],
};

const doc: ResultsDocument = {
  program: { name: "mias-sam", version: "0.1.0" },
  disclaimer: "Research software, not a medical device.",
  interrupted: false,
  done: 2,
  total: 2,
  bank: {
    file: "b.mias",
    preset: "paper",
    model: "m",
    options: {
      ...{ preset: "paper", taps: ["neck"], descriptor: "unfold-5x5", rows: "all", distance: "squared-l2" },
      ...{
        axes: "each-map",
        sigma: 4,
        brightness: "range",
        placement: "tiles",
        symmetry: "none",
        expected: "none",
        score: "patch-maximum",
        holdOut: 0.2,
        seed: 0,
      },
    },
  },
  options: { prompt: "centre-of-gravity", chooser: "first", refine: "none", alpha: 0.05, empty: "never" },
  mapScale: { unit: 0.5, offset: -1, meaning: "standard deviations" },
  calibration: { images: 3, smallestPValue: 0.25, scores: [1, 2, 3] },
  issues: [],
  volumes: [],
  images: [image],
  failures: [{ code: "image-failed", severity: "error", subject: "c.png", message: "it must be whole" }],
  seconds: { total: 1.5 },
};

/** The same value with the keys of every record the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reversed(item)]);
  return Object.fromEntries(entries.reverse());
}

describe("resultsToJson", () => {
  test("gives each record its keys in the documented order", () => {
    const lines = resultsToJson(doc).split("\n");
    expect(lines.filter((line) => /^ {2}"/.test(line)).map((line) => line.split('"')[1])).toEqual([
      ...[
        "program",
        "disclaimer",
        "interrupted",
        "done",
        "total",
        "bank",
        "issues",
        "options",
        "mapScale",
        "calibration",
        "images",
        "volumes",
        "failures",
        "seconds",
      ],
    ]);
    expect(lines).toContain('      "centreOfGravity": { "x": 1.5, "y": 2 },');
    expect(lines).toContain('          "box": { "x0": 0, "y0": 1, "x1": 2, "y1": 3 },');
    expect(lines).toContain(
      '    { "code": "image-failed", "severity": "error", "subject": "c.png", "message": "it must be whole" }',
    );
  });

  test("is the same text whatever the order of the keys", () => {
    expect(resultsToJson(reversed(doc) as ResultsDocument)).toBe(resultsToJson(doc));
  });

  test("rounds to nine digits and keeps everything else", () => {
    const parsed: unknown = JSON.parse(resultsToJson(doc));
    expect(parsed).toEqual({ ...doc, images: [{ ...image, score: 3.33333333 }] });
  });
});

describe("resultsToCsv", () => {
  const header =
    "file,slice,width,height,score,p_value,abnormal,finding,centre_x,centre_y,lesions,area_px,largest_lesion_px,mask,map,overlay,issues";

  test("has a row for each image and for each failure", () => {
    expect(resultsToCsv(doc)).toBe(
      [
        header,
        'a.png,,8,4,3.33333333,0.25,false,"2 lesions, p = 0.25",1.5,2,2,9,7,masks/a.png,maps/a.png,,',
        "c.png,,,,,,,,,,,,,,,,image-failed",
        "",
      ].join("\r\n"),
    );
  });

  test("quotes commas, quotes and line breaks", () => {
    const odd = { ...image, file: 'a "b", c\nd.png' };
    const text = resultsToCsv({ ...doc, images: [odd], failures: [] });
    expect(text.startsWith(`${header}\r\n"a ""b"", c\nd.png",,8,`)).toBe(true);
  });

  test("takes the power from texts that look like formulas, and leaves numbers alone", () => {
    for (const name of ["=1+1.png", "+a.png", "-a.png", "@a.png", "\ta.png"]) {
      const text = resultsToCsv({ ...doc, images: [{ ...image, file: name, score: -2 }], failures: [] });
      expect(text).toContain(`\r\n'${name},,8,4,-2,`);
    }
    const quoted = resultsToCsv({ ...doc, images: [{ ...image, file: '=f("x")' }], failures: [] });
    expect(quoted).toContain(`\r\n"'=f(""x"")",`);
  });
});

test("lesionExtent adds the areas and finds the largest lesion", () => {
  expect(lesionExtent(image)).toEqual({ area: 9, largest: image.lesions[1] });
  expect(lesionExtent({ ...image, lesions: [] })).toEqual({ area: 0, largest: undefined });
});

describe("findingText", () => {
  test("counts lesions, or says at what alpha nothing was found", () => {
    expect(findingText(image, 0.05)).toBe("2 lesions, p = 0.25");
    expect(findingText({ lesions: [], pValue: 0.43 }, 0.05)).toBe("nothing found at alpha 0.05, p = 0.43");
  });

  test("does not say so of an abnormal image in which the decoder drew nothing", () => {
    expect(findingText({ lesions: [], pValue: 0.05 }, 0.05)).toBe("no mask could be drawn, p = 0.05");
  });
});

describe("runIssues", () => {
  const options = { ...doc.options, alpha: 0.25 };

  test("is silent where the least p-value reaches alpha", () => {
    expect(runIssues("b.mias", doc.calibration, options)).toEqual([]);
  });

  test("warns where it does not, and results.csv says so in every row", () => {
    const issues = runIssues("b.mias", doc.calibration, { ...options, alpha: 0.24 });
    expect(issues).toMatchObject([{ code: "few-normal-images", severity: "warning", subject: "b.mias" }]);
    expect(issues[0].message).toContain("got 3, whose least p-value is 0.25, so it is not decided");
    expect(issues[0].message).toContain("and each has a mask");
    expect(resultsToCsv({ ...doc, issues })).toContain(",maps/a.png,,few-normal-images\r\n");
  });
});

test("summariseCalibration gives the smallest p-value that its images allow", () => {
  const calibration = {
    imageScores: [1, 2, 4],
    mapMaxima: [3, 5, 6],
    layerScales: [1],
    mirrorScale: null,
    patchStd: 1,
    mapMean: 0,
    mapStd: 1,
  };
  expect(summariseCalibration(calibration)).toEqual({ images: 3, smallestPValue: 0.25, scores: [1, 2, 4] });
});

test("masks are left empty where that is asked for and can be decided", () => {
  const options = { ...doc.options, alpha: 0.25 };
  expect(leavesEmpty(doc.calibration, { ...options, empty: "when-normal" })).toBe(true);
  expect(leavesEmpty(doc.calibration, { ...options, empty: "never" })).toBe(false);
  expect(leavesEmpty(doc.calibration, { ...options, empty: "when-normal", alpha: 0.24 })).toBe(false);
});
