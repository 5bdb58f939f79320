import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { normalSources } from "../../test/support/made-images.ts";
import { fileOf, images, model, names, options, withBroken } from "../../test/support/small-fit.ts";
import { fitOptions } from "../options.ts";
import { decodeHalf } from "../util/float16.ts";
import { type FitContext, fitBank } from "./fit.ts";
import { foldsOf } from "./folds.ts";

const folds = foldsOf(names, options.seed);

describe("a fit", () => {
  test("twice gives the same bytes", async () => {
    const [first, second] = [await fitBank(model, images, options), await fitBank(model, images, options)];
    expect(await fileOf(second.bank)).toEqual(await fileOf(first.bank));
  });

  test("keeps so many rows and no more, of all images, in their order", async () => {
    const { bank } = await fitBank(model, images, options);
    expect(bank.rows).toBe(100);
    expect(bank.layers.map(({ tap, dims, data }) => [tap, dims, data.length])).toEqual([
      ["low", 3, 300],
      ["high", 2, 200],
    ]);
    expect([...bank.image]).toEqual([...bank.image].sort((a, b) => a - b));
    expect(new Set(bank.image).size).toBeGreaterThan(25);
    expect(bank.patch.every((patch) => patch < 16)).toBe(true);
    expect([...bank.fold]).toEqual([...bank.image].map((image) => folds[image]));
  });

  test("tells where it comes from", async () => {
    const { bank, resumed } = await fitBank(model, images, options);
    expect(resumed).toBe(0);
    expect(bank.options).toEqual(options);
    expect(bank.provenance).toMatchObject({
      ...{ modelId: "tiny", modelSha256: "a".repeat(64) },
      ...{ offered: 30, images: 30, heldOut: 30, patches: 480 },
    });
  });

  test("measures the held-out images against the rows of other folds", async () => {
    const { bank } = await fitBank(model, images, options);
    const measured = bank.heldOut;
    expect([measured.images, measured.layers, measured.rows, measured.columns]).toEqual([30, 2, 4, 4]);
    expect([...measured.fold]).toEqual([...folds]);
    expect(bank.calibration.imageScores).toHaveLength(30);
    // A row is a patch whose distance was measured: find its nearest row of another fold again.
    const values = decodeHalf(bank.layers[0].data);
    for (let row = 0; row < bank.rows; row++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let other = 0; other < bank.rows; other++) {
        if (bank.fold[other] === bank.fold[row]) continue;
        const sum = [0, 1, 2].reduce((s, d) => s + (values[3 * row + d] - values[3 * other + d]) ** 2, 0);
        nearest = Math.min(nearest, sum);
      }
      expect(measured.data[bank.image[row] * 32 + bank.patch[row]]).toBeCloseTo(nearest, 5);
    }
  });

  test("in joint axes there is one distance for all feature maps, brightness among them", async () => {
    const joint = fitOptions(model.features, { rows: 100, axes: 4 });
    expect(joint.taps).toEqual(["low", "high", "intensity", "local-intensity"]);
    const { bank } = await fitBank(model, images, joint);
    expect(bank.layers.map(({ tap, dims }) => [tap, dims])).toEqual([
      ["low", 3],
      ["high", 2],
      ["intensity", 2],
      ["local-intensity", 2],
    ]);
    expect([bank.projection?.mean.length, bank.projection?.axes.length, bank.projection?.dims]).toEqual([
      9, 36, 4,
    ]);
    expect([bank.heldOut.layers, bank.calibration.layerScales.length]).toEqual([1, 1]);
    expect((await fitBank(model, images, joint)).bank).toEqual(bank);
  });

  test("a bank that goes on learning keeps its axes", async () => {
    const joint = fitOptions(model.features, { rows: 100, axes: 4 });
    const base = (await fitBank(model, images.slice(0, 15), joint)).bank;
    const { bank } = await fitBank(model, images.slice(15), joint, { base });
    expect(bank.projection).toEqual(base.projection);
    expect(bank.heldOut.images).toBeGreaterThan(base.heldOut.images);
  });

  test("with all rows keeps every patch", async () => {
    const { bank } = await fitBank(model, images, { ...options, rows: "all" });
    expect(bank.rows).toBe(480);
  });

  test("with one row measures all images but those of its fold", async () => {
    const { bank } = await fitBank(model, images, { ...options, rows: 1 });
    expect(bank.rows).toBe(1);
    const others = folds.filter((fold) => fold !== bank.fold[0]);
    expect([...bank.heldOut.fold]).toEqual([...others]);
    expect(bank.calibration.mapStd).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  test("reads each image once and reports how far it is", async () => {
    const read: string[] = [];
    const reports: string[] = [];
    const context: FitContext = {
      onProgress: ({ stage, done, total }) => reports.push(`${stage} ${done}/${total}`),
    };
    await fitBank(
      model,
      normalSources(0, 5, (name) => {
        read.push(name);
      }),
      options,
      context,
    );
    expect(read).toEqual(names.slice(0, 5));
    expect(reports).toEqual([
      ...["learning 0/5", "learning 1/5", "learning 2/5", "learning 3/5", "learning 4/5", "learning 5/5"],
      ...["calibrating 0/5", "calibrating 1/5", "calibrating 2/5"],
      ...["calibrating 3/5", "calibrating 4/5", "calibrating 5/5"],
    ]);
  });

  test("warns of few held-out images, and not of 19", async () => {
    const few = await fitBank(model, normalSources(0, 15), options);
    expect(few.issues).toMatchObject([{ code: "few-normal-images", severity: "warning" }]);
    expect(few.issues[0].message).toContain(
      "15 normal images are held out for calibration, so no p-value can be below 0.063",
    );
    const enough = await fitBank(model, normalSources(0, 19), options);
    expect(enough.bank.heldOut.images).toBe(19);
    expect(enough.issues).toEqual([]);
  });
});

describe("too few images", () => {
  test.each([0, 1])("%d given", async (count) => {
    const fitting = fitBank(model, normalSources(0, count), options);
    await expectMiasError(fitting, "too-few-images", `got ${count}; give more images`);
  });

  test("none can be read", async () => {
    const fitting = fitBank(model, withBroken(normalSources(0, 3), [0, 1, 2]), options);
    await expectMiasError(fitting, "too-few-images", "got 3, of which 3 could not be read");
  });

  test("two are enough", async () => {
    const { bank } = await fitBank(model, normalSources(0, 2), options);
    expect(bank.provenance).toMatchObject({ images: 2, heldOut: 2 });
  });
});

describe("halves of images", () => {
  test("are measured in joint axes, unless nobody asks", async () => {
    const joint = fitOptions(model.features, { rows: 100, axes: 4 });
    const { bank } = await fitBank(model, images, joint);
    expect(bank.heldOut.mirror).toHaveLength(30 * 16);
    const without = await fitBank(model, images, { ...joint, symmetry: "none" });
    expect(without.bank.heldOut.mirror).toBeUndefined();
    expect((await fitBank(model, images, options)).bank.heldOut.mirror).toBeUndefined();
  });

  test("cannot be compared in each map by itself", async () => {
    const fitting = fitBank(model, images, { ...options, symmetry: "left-right" });
    await expectMiasError(fitting, "usage", "got axes each-map; give a number of axes");
  });
});

test("a tap that the model has not is an error", async () => {
  const fitting = fitBank(model, images, { ...options, taps: ["low", "middle"] });
  await expectMiasError(
    fitting,
    "usage",
    "taps must be of neck, low, high, intensity, local-intensity for model tiny, got middle",
  );
});
