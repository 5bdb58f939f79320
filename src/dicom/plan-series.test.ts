import { describe, expect, test } from "vitest";
import type { FrameHeader, InstanceHeader, Orientation, SliceKeys, Vector } from "./instance.ts";
import { planSeries } from "./plan-series.ts";
import type { VolumePlan } from "./series-plan.ts";

interface Made {
  readonly series?: string;
  readonly seriesNumber?: number;
  readonly instanceNumber?: number;
  readonly uid?: string;
  readonly rows?: number;
  readonly photometric?: "MONOCHROME1" | "MONOCHROME2" | "RGB";
  readonly orientation?: Orientation;
  /** None: a picture without a place. */
  readonly position?: Vector;
  readonly keys?: SliceKeys;
  /** Columns and rows alike. */
  readonly pixelSpacing?: number;
  readonly pixelFingerprint?: number;
}

const AXIAL: Orientation = [
  [1, 0, 0],
  [0, 1, 0],
];
const CORONAL: Orientation = [
  [1, 0, 0],
  [0, 0, -1],
];

let serial = 0;

function instance({ position, orientation = AXIAL, ...made }: Made): InstanceHeader {
  serial++;
  const uid = made.uid ?? `2.25.${serial}`;
  const frame: FrameHeader = {
    index: 0,
    ...(position && {
      ...{ position, orientation },
      pixelSpacing: made.pixelSpacing ? [made.pixelSpacing, made.pixelSpacing] : [0.5, 0.75],
    }),
    rescale: { slope: 1, intercept: 0 },
    keys: made.keys ?? {},
  };
  const photometric = made.photometric ?? "MONOCHROME2";
  return {
    name: `file ${uid}`,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    sopInstanceUid: uid,
    seriesInstanceUid: made.series ?? "2.25.1000",
    ...(made.seriesNumber !== undefined && { seriesNumber: made.seriesNumber }),
    ...(made.instanceNumber !== undefined && { instanceNumber: made.instanceNumber }),
    modality: "CT",
    layout: {
      rows: made.rows ?? 4,
      columns: 3,
      samples: photometric === "RGB" ? 3 : 1,
      photometric,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      signed: false,
      planar: false,
    },
    transferSyntax: "Explicit VR Little Endian",
    pixelBytes: 24,
    pixelFingerprint: made.pixelFingerprint ?? serial,
    frames: [frame],
    issues: [],
  };
}

function slices(places: readonly number[], made: Made = {}): InstanceHeader[] {
  return places.map((z, index) => instance({ instanceNumber: index + 1, ...made, position: [-10, -20, z] }));
}

function onlyVolume(headers: readonly InstanceHeader[]): VolumePlan {
  const [plan, ...others] = planSeries("scan", headers);
  expect(others).toEqual([]);
  if (plan?.kind !== "volume") throw new Error("not a volume");
  return plan;
}

const placesOf = (plan: { readonly frames: VolumePlan["frames"] }) =>
  plan.frames.map(({ frame }) => frame.position?.[2]);
const codesOf = (plan: { readonly issues: readonly { readonly code: string }[] }) =>
  plan.issues.map(({ code }) => code);

describe("a volume", () => {
  test("is sorted by place, whatever the numbers and the order of files say", () => {
    const plan = onlyVolume(slices([5, 0, 2.5]).reverse());
    expect(placesOf(plan)).toEqual([0, 2.5, 5]);
    expect(plan.size).toEqual([3, 4, 3]);
    expect(codesOf(plan)).toEqual([]);
    expect(plan.name).toBe("scan");
  });

  test("has its affine from positions: columns, rows, the step between slices", () => {
    const { geometry } = onlyVolume(slices([0, 2.5, 5]));
    expect(geometry).toEqual({
      spacing: [0.75, 0.5, 2.5],
      unit: "mm",
      affine: [0.75, 0, 0, -10, 0, 0.5, 0, -20, 0, 0, 2.5, 0, 0, 0, 0, 1],
    });
  });

  test("of coronal slices goes along their normal, from the front to the back", () => {
    const at = (y: number) => instance({ orientation: CORONAL, position: [0, y, 0] });
    const plan = onlyVolume([at(3), at(1), at(2)]);
    expect(plan.frames.map(({ frame }) => frame.position?.[1])).toEqual([1, 2, 3]);
    expect(plan.geometry.affine).toEqual([0.75, 0, 0, 0, 0, 0, 1, 1, 0, -0.5, 0, 0, 0, 0, 0, 1]);
  });

  test("with a slice missing is two, each where it lies", () => {
    const plans = planSeries("scan", slices([0, 2, 4, 8, 10]));
    expect(plans.map(({ kind, name }) => [kind, name])).toEqual([
      ["volume", "scan (part 1)"],
      ["volume", "scan (part 2)"],
    ]);
    const places = plans.map((plan) => plan.kind === "volume" && plan.geometry.affine?.[11]);
    expect(places).toEqual([0, 8]);
    expect(plans[0].issues.map(({ code }) => code)).toEqual(["slices-missing"]);
    expect(plans[0].issues[0].message).toContain("1 of 6 are missing, the first after slice 3");
  });

  test("of few slices has its gap found, and what is alone is a picture", () => {
    const plans = planSeries("scan", slices([0, 3, 4.5]));
    expect(plans.map(({ kind, frames }) => [kind, frames.length])).toEqual([
      ["volume", 2],
      ["pictures", 1],
    ]);
  });

  test("of two regions with spacings of their own is two", () => {
    const plans = planSeries("scan", slices([0, 1, 2, 3, 8, 13, 18]));
    const spacings = plans.map((plan) => plan.kind === "volume" && plan.geometry.spacing[2]);
    expect(spacings).toEqual([1, 5]);
    expect(plans[0].issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("is irregular: 5 mm after slice 4, mostly 1 mm;"),
    ]);
  });

  test("with a slice too far away is cut there, but none is said to be missing", () => {
    const plans = planSeries("scan", slices([0, 1.5, 3, 4.5, 7]));
    expect(plans.map(({ frames }) => frames.length)).toEqual([4, 1]);
    expect(codesOf(plans[0])).toEqual(["slices-uneven"]);
    expect(plans[0].issues[0].message).toBe(
      "spacing of scan must be even, but is irregular: 2.5 mm after slice 4, else 1.5 mm; what lies on each side is read by itself, export the series again",
    );
  });

  test("with uneven slices tells so", () => {
    expect(codesOf(onlyVolume(slices([0, 2, 4.6, 6.2])))).toEqual(["slices-uneven"]);
  });

  test("that is tilted holds the tilt in its affine", () => {
    const tilted = [0, 1, 2].map((z) => instance({ position: [0, z / 4, z] }));
    const plan = onlyVolume(tilted);
    expect(codesOf(plan)).toEqual(["slices-tilted"]);
    expect(plan.geometry.affine?.slice(4, 12)).toEqual([0, 0.5, 0.25, 0, 0, 0, 1, 0]);
  });

  test("leaves copies of a file out", () => {
    const [first, second] = slices([0, 1]);
    const plan = onlyVolume([first, second, { ...second, name: "copy" }]);
    expect(placesOf(plan)).toEqual([0, 1]);
    expect(codesOf(plan)).toEqual(["slices-duplicate"]);
  });

  test("reads the first of two images with one UID that differ, and names both", () => {
    const [first, second, third] = slices([0, 1, 2]);
    const other = { ...second, name: "other", pixelFingerprint: second.pixelFingerprint + 1 };
    const moved = { ...third, name: "moved", frames: slices([5])[0].frames };
    const plan = onlyVolume([other, first, second, moved, third]);
    expect(plan.frames.map(({ instance: { name } }) => name)).toEqual(
      [first, second, third].map(({ name }) => name),
    );
    expect(plan.issues).toMatchObject([{ code: "instance-conflict", severity: "warning", subject: "scan" }]);
    expect(plan.issues[0].message).toBe(
      `images of scan must each have a SOPInstanceUID of their own, but ${second.name} and other share one and differ in their pixels (and 1 more pair); ${second.name} is read, export the one that is meant again`,
    );
  });

  test("tells of one image in two transfer syntaxes", () => {
    const [first, second] = slices([0, 1]);
    const packed = { ...second, transferSyntax: "RLE Lossless", pixelFingerprint: 0, name: "packed" };
    const [told] = onlyVolume([first, second, packed]).issues;
    expect(told.message).toContain("share one and are Explicit VR Little Endian and RLE Lossless;");
  });

  test("keeps the first of two slices at one place, by instance number", () => {
    const [again] = slices([1], { instanceNumber: 9, uid: "2.25.0" });
    const plan = onlyVolume([again, ...slices([0, 1, 2])]);
    expect(plan.frames.map(({ instance }) => instance.instanceNumber)).toEqual([1, 2, 3]);
    expect(codesOf(plan)).toEqual(["slices-duplicate"]);
  });

  test("of MONOCHROME1 is inverted", () => {
    expect(onlyVolume(slices([0, 1], { photometric: "MONOCHROME1" })).inverted).toBe(true);
  });
});

describe("a series is split", () => {
  test("by echo, where places repeat", () => {
    const plans = planSeries("scan", [
      ...slices([0, 1], { keys: { echo: 80, acquisition: 1 } }),
      ...slices([0, 1], { keys: { echo: 20, acquisition: 2 } }),
    ]);
    expect(plans.map(({ name, kind }) => [name, kind])).toEqual([
      ["scan (part 1)", "volume"],
      ["scan (part 2)", "volume"],
    ]);
    expect(plans.map(({ frames }) => frames[0].frame.keys.echo).sort()).toEqual([20, 80]);
    expect(plans[0].issues).toMatchObject([{ code: "series-split", severity: "warning", subject: "scan" }]);
    expect(plans[0].issues[0].message).toBe(
      "scan must be one volume, but slices at the same place differ in EchoTime (20, 80) and AcquisitionNumber (1, 2); it is read as 2 volumes, export it again where that is wrong",
    );
    expect(plans[1].issues).toEqual([]);
  });

  test("by order, where every place is taken equally often and nothing tells why", () => {
    const plans = planSeries("scan", slices([0, 1, 0, 1]));
    expect(plans.map((plan) => plan.frames.map(({ instance }) => instance.instanceNumber))).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(plans[0].issues[0].message).toContain("every place is taken 2 times; it is read as 2 volumes");
  });

  test("not by acquisition, where places do not repeat", () => {
    const each = [0, 1, 2].flatMap((z) => slices([z], { keys: { acquisition: z } }));
    expect(placesOf(onlyVolume(each))).toEqual([0, 1, 2]);
  });

  test("by orientation: what lies across is a picture", () => {
    const across = instance({ orientation: CORONAL, position: [0, 0, 0] });
    const plans = planSeries("scan", [across, ...slices([0, 1, 2])]);
    expect(plans.map(({ kind, frames }) => [kind, frames.length])).toEqual([
      ["volume", 3],
      ["pictures", 1],
    ]);
    expect(plans[0].issues[0].message).toContain(
      "1 of 4 slices has another orientation than the others; it is read as 1 volume and 1 single image",
    );
  });

  test("by rows, where slices disagree", () => {
    const plans = planSeries("scan", [...slices([0, 1]), ...slices([2, 3], { rows: 8 })]);
    expect(plans.map((plan) => (plan.kind === "volume" ? plan.size[1] : 0))).toEqual([4, 8]);
    expect(plans[0].issues[0].message).toContain("2 of 4 slices have Rows 8, the others 4;");
  });

  test("by rows of a single slice, which is not missing", () => {
    const [odd] = slices([2], { rows: 8 });
    const plans = planSeries("scan", [...slices([0, 1, 3, 4]), odd]);
    expect(plans.map(({ kind, frames }) => [kind, frames.length])).toEqual([
      ["volume", 2],
      ["volume", 2],
      ["pictures", 1],
    ]);
    expect(codesOf(plans[0])).toEqual(["series-split"]);
    expect(plans[0].issues[0].message).toContain(
      "slice 3 has Rows 8, the others 4; it is read as 2 volumes and 1 single image",
    );
  });

  test("by spacing of a single slice, and told where one beside it is missing", () => {
    const [odd] = slices([2], { pixelSpacing: 1 });
    const [plan] = planSeries("scan", [...slices([0, 1, 4, 5, 6]), odd]);
    expect(plan.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("but 1 of 6 are missing, the first after slice 2"),
      expect.stringContaining("slice 3 has PixelSpacing 1 x 1, the others 0.5 x 0.75"),
    ]);
  });

  test("where an echo lacks a slice that another echo has", () => {
    const [plan] = planSeries("scan", [
      ...slices([0, 1, 2, 3, 4], { keys: { echo: 20 } }),
      ...slices([0, 1, 3, 4], { keys: { echo: 80 } }),
    ]);
    expect(codesOf(plan)).toEqual(["slices-missing", "series-split"]);
  });

  test("by colour and where places are not told", () => {
    const [plan] = planSeries("scan", [
      ...slices([0, 1]),
      ...slices([2], { photometric: "RGB" }),
      instance({}),
      instance({}),
    ]);
    expect(plan.issues[0].message).toContain(
      "1 image is in colour, and 2 images tell no place in the patient; it is read as 1 volume and 3 single images",
    );
  });
});

describe("localisers", () => {
  const localiser = (made: Made) => instance({ ...made, keys: { imageType: "ORIGINAL/PRIMARY/LOCALIZER" } });

  test("are left out beside slices, with a warning of their own", () => {
    const across = localiser({ orientation: CORONAL, position: [0, 0, 0] });
    const plan = onlyVolume([across, ...slices([0, 1, 2])]);
    expect(placesOf(plan)).toEqual([0, 1, 2]);
    expect(plan.issues).toMatchObject([{ code: "localiser", severity: "warning", subject: "scan" }]);
    expect(plan.issues[0].message).toBe(
      "images of scan must be no localisers, but 1 of 4 is one (ImageType); it is left out",
    );
  });

  test("by themselves are read, with a warning", () => {
    const [plan] = planSeries("scan", [localiser({}), localiser({})]);
    expect(plan).toMatchObject({ kind: "pictures", frames: [{}, {}] });
    expect(plan.issues[0].message).toContain("2 of 2 are (ImageType); they are read, choose another");
  });
});

describe("pictures are", () => {
  test("single slices", () => {
    expect(planSeries("scan", slices([0]))).toMatchObject([{ kind: "pictures", name: "scan" }]);
  });

  test("colours, and slices without a place, in order of their numbers", () => {
    const colour = slices([0, 1], { photometric: "RGB" });
    expect(planSeries("scan", colour)[0].kind).toBe("pictures");
    const [plan] = planSeries("scan", [instance({ instanceNumber: 2 }), instance({ instanceNumber: 1 })]);
    expect(plan.frames.map(({ instance: { instanceNumber } }) => instanceNumber)).toEqual([1, 2]);
  });
});

test("several series are told apart by their numbers", () => {
  const plans = planSeries("folder", [
    ...slices([0, 1], { series: "2.25.9", seriesNumber: 3 }),
    ...slices([0, 1], { series: "2.25.8", seriesNumber: 2 }),
    ...slices([0, 1], { series: "2.25.7", seriesNumber: 3 }),
  ]);
  expect(plans.map(({ name }) => name)).toEqual([
    "folder (series 2)",
    "folder (series 3) (part 1)",
    "folder (series 3) (part 2)",
  ]);
});

test("nothing is planned of nothing", () => {
  expect(planSeries("folder", [])).toEqual([]);
});
