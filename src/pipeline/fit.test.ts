import { describe, expect, test } from "vitest";
import { bytesOf } from "../../test/support/bytes.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { normalSources } from "../../test/support/made-images.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { encodeBank } from "../bank/bank-file.ts";
import { readSafetensorsHeader } from "../bank/safetensors.ts";
import { MiasError } from "../errors.ts";
import { fitOptions } from "../options.ts";
import type { Bank, FitOptions, ImageSource } from "../types.ts";
import { memorySource } from "../util/byte-source.ts";
import { decodeHalf } from "../util/float16.ts";
import { type FitContext, fitBank } from "./fit.ts";
import type { CheckpointStore } from "./fit-checkpoint.ts";
import { chooseHeldOut, foldsOf } from "./folds.ts";

const model = tinyModel();
/** 16 patches an image, 30 images: 480 patches, of which 100 are kept. */
const each = { taps: ["low", "high"], axes: "each-map" } as const;
const options = fitOptions(model.features, { rows: 100, ...each });
const images = normalSources(0, 30);
const names = images.map(({ name }) => name);
const folds = foldsOf(names, options.seed);

async function fileOf(bank: Bank): Promise<Uint8Array> {
  return bytesOf(await encodeBank(bank));
}

/** A store in memory that keeps the last checkpoint and counts. */
function memoryStore(kept?: Uint8Array): CheckpointStore & { kept: Uint8Array | undefined; saved: number } {
  const store = {
    kept,
    saved: 0,
    load: async () => (store.kept ? memorySource("checkpoint", store.kept) : undefined),
    save: async (chunks: Iterable<Uint8Array>) => {
      store.kept = bytesOf(chunks);
      store.saved++;
    },
  };
  return store;
}

/** The sources, of which those at `broken` cannot be read. */
function withBroken(sources: readonly ImageSource[], broken: readonly number[]): ImageSource[] {
  return sources.map((source, i) => ({
    name: source.name,
    read: (signal) => {
      const message = `${source.name} must be whole, it ends early; copy it again`;
      if (broken.includes(i)) throw new MiasError("image-unreadable", source.name, message);
      return source.read(signal);
    },
  }));
}

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
    expect(joint.taps).toEqual(["low", "high", "intensity"]);
    const { bank } = await fitBank(model, images, joint);
    expect(bank.layers.map(({ tap, dims }) => [tap, dims])).toEqual([
      ["low", 3],
      ["high", 2],
      ["intensity", 2],
    ]);
    expect([bank.projection?.mean.length, bank.projection?.axes.length, bank.projection?.dims]).toEqual([
      7, 28, 4,
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

describe("an image that fails", () => {
  const broken = [3, 11];

  test("is an issue, and the rest goes on", async () => {
    const { bank, issues } = await fitBank(model, withBroken(images, broken), options);
    const failed = issues.filter(({ code }) => code === "image-failed");
    expect(failed.map(({ subject, severity }) => [subject, severity])).toEqual([
      [names[broken[0]], "error"],
      [names[broken[1]], "error"],
    ]);
    expect(failed[0].message).toContain("must be whole");
    expect(bank.provenance).toMatchObject({
      ...{ offered: 30, images: 28, heldOut: 28, patches: 28 * 16 },
    });
    expect([...bank.image].some((image) => broken.includes(image))).toBe(false);
  });

  test("for a reason of ours ends the fit", async () => {
    const faulty = images.with(4, {
      name: names[4],
      read: () => Promise.reject(new TypeError("a bug")),
    });
    await expect(fitBank(model, faulty, options)).rejects.toThrow("a bug");
  });
});

describe("images that cannot be read", () => {
  const left = (broken: readonly number[]) => images.map((_, i) => i).filter((i) => !broken.includes(i));

  test("have no say in the folds of the others", async () => {
    const broken = [0, 5, 6, 7, 20];
    const { bank } = await fitBank(model, withBroken(images, broken), { ...options, rows: "all" });
    const read = left(broken);
    const expected = foldsOf(
      read.map((i) => names[i]),
      options.seed,
    );
    expect([...bank.image].map((image) => expected[read.indexOf(image)])).toEqual([...bank.fold]);
  });

  const many = normalSources(0, 50);
  const chosen = chooseHeldOut(
    many.map(({ name }) => name),
    0,
    options.seed,
  );

  test("if they are all that was to be held out, others are", async () => {
    expect(chosen).toHaveLength(40);
    const { bank, issues } = await fitBank(model, withBroken(many, chosen), { ...options, holdOut: 0 });
    expect(issues.filter(({ code }) => code === "image-failed")).toHaveLength(40);
    expect(bank.provenance).toMatchObject({ offered: 50, images: 10, heldOut: 10, patches: 160 });
  });

  test("two good images of five are enough", async () => {
    const { bank } = await fitBank(model, withBroken(normalSources(0, 5), [0, 2, 4]), options);
    expect(bank.provenance).toMatchObject({ offered: 5, images: 2, heldOut: 2 });
  });

  test("a fit that is interrupted in the second round comes to the same bytes", async () => {
    const sources = withBroken(many, chosen);
    const fitted = { ...options, holdOut: 0 };
    const store = memoryStore();
    const controller = new AbortController();
    let read = 0;
    const stopping = sources.map(
      (source): ImageSource => ({
        ...source,
        read: async (signal) => {
          if (++read > many.length + 4) controller.abort();
          return source.read(signal);
        },
      }),
    );
    const context = { checkpoints: store, signal: controller.signal };
    await expect(fitBank(model, stopping, fitted, context)).rejects.toThrow();
    expect(store.saved).toBe(1);
    const { bank } = await fitBank(model, sources, fitted, { checkpoints: store });
    expect(await fileOf(bank)).toEqual(await fileOf((await fitBank(model, sources, fitted)).bank));
  });
});

describe("an image that is given twice", () => {
  const again = (source: ImageSource, name: string): ImageSource => ({ ...source, name });
  const twice = [...images, ...images.slice(0, 20).map((source, i) => again(source, `copy/other_${i}.png`))];

  test("is not compared with its twin, nor with what lies beside that, and told of", async () => {
    const { bank, issues } = await fitBank(model, twice, options);
    expect(bank.provenance).toMatchObject({ offered: 50, images: 50, heldOut: 40 });
    expect(issues.map(({ code }) => code)).toEqual(new Array(20).fill("duplicate-image"));
    expect(issues[0].message).toContain("has the same pixels as normal_000.png");
    expect(bank.heldOut.data.every((distance) => distance > 0)).toBe(true);
  });

  test("is known again after an interruption", async () => {
    const store = memoryStore();
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 35) controller.abort(new Error("stop"));
    };
    const context = { checkpoints: store, signal: controller.signal, onProgress };
    await expect(fitBank(model, twice, options, context)).rejects.toThrow("stop");
    const { bank } = await fitBank(model, twice, options, { checkpoints: store });
    expect(await fileOf(bank)).toEqual(await fileOf((await fitBank(model, twice, options)).bank));
  });

  test("and no other, is compared with itself, since there is nothing else", async () => {
    const { bank } = await fitBank(model, [images[0], again(images[0], "twin.png")], options);
    expect(bank.calibration.imageScores).toEqual([0, 0]);
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

describe("an interrupted fit", () => {
  /** The bytes of a fit that nothing interrupts. */
  async function uninterrupted(sources = images): Promise<Uint8Array> {
    return fileOf((await fitBank(model, sources, options)).bank);
  }

  test.each([
    { when: "while learning", after: 10 },
    { when: "before the last image", after: 29 },
  ])("$when saves a checkpoint, and goes on from it to the same bytes", async ({ after }) => {
    const store = memoryStore();
    const controller = new AbortController();
    const dealtWith: string[] = [];
    const sources = normalSources(0, 30, (name) => {
      dealtWith.push(name);
      if (dealtWith.length === after) controller.abort(new Error("stop"));
    });
    const context = { checkpoints: store, signal: controller.signal };
    await expect(fitBank(model, sources, options, context)).rejects.toThrow("stop");
    expect(store.saved).toBe(1);
    expect(dealtWith).toHaveLength(after);

    const readAgain: string[] = [];
    const rest = normalSources(0, 30, (name) => {
      readAgain.push(name);
    });
    const { bank, resumed } = await fitBank(model, rest, options, { checkpoints: store });
    expect(resumed).toBe(after);
    expect(readAgain).toHaveLength(30 - after);
    expect(await fileOf(bank)).toEqual(await uninterrupted());
  });

  test.each([5, 27])("in the middle of reading image %d loses that image alone", async (at) => {
    const store = memoryStore();
    const controller = new AbortController();
    let reads = 0;
    const sources = normalSources(0, 30, (_, signal) => {
      if (++reads === at) controller.abort(new Error("stop"));
      signal?.throwIfAborted();
    });
    const context = { checkpoints: store, signal: controller.signal };
    await expect(fitBank(model, sources, options, context)).rejects.toThrow("stop");
    const { bank, resumed } = await fitBank(model, images, options, { checkpoints: store });
    expect(resumed).toBe(at - 1);
    expect(await fileOf(bank)).toEqual(await uninterrupted());
  });

  test("while calibrating saves a checkpoint, and reads no image again", async () => {
    const store = memoryStore();
    const controller = new AbortController();
    const onProgress = ({ stage, done }: { stage: string; done: number }) => {
      if (stage === "calibrating" && done === 3) controller.abort(new Error("stop"));
    };
    const context = { checkpoints: store, signal: controller.signal, onProgress };
    await expect(fitBank(model, images, options, context)).rejects.toThrow("stop");
    expect(store.saved).toBe(1);
    const unread = images.map(({ name }) => ({ name, read: () => Promise.reject(new Error("read again")) }));
    const { bank, resumed } = await fitBank(model, unread, options, { checkpoints: store });
    expect(resumed).toBe(30);
    expect(await fileOf(bank)).toEqual(await uninterrupted());
  });

  test("does not take an image for broken whose reading was stopped", async () => {
    const store = memoryStore();
    const controller = new AbortController();
    const sources = images.with(4, {
      name: names[4],
      read: async () => {
        controller.abort(new Error("stop"));
        throw new MiasError("image-unreadable", "image", "it could not be read to its end");
      },
    });
    const context = { checkpoints: store, signal: controller.signal };
    await expect(fitBank(model, sources, options, context)).rejects.toThrow("stop");
    const { bank, issues } = await fitBank(model, images, options, { checkpoints: store });
    expect(issues).toEqual([]);
    expect(await fileOf(bank)).toEqual(await uninterrupted());
  });

  test("remembers what was odd before it stopped", async () => {
    const broken = withBroken(images, [3]);
    const store = memoryStore();
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 10) controller.abort(new Error("stop"));
    };
    const context = { checkpoints: store, signal: controller.signal, onProgress };
    await expect(fitBank(model, broken, options, context)).rejects.toThrow("stop");
    const resumed = await fitBank(model, broken, options, { checkpoints: store });
    const whole = await fitBank(model, broken, options);
    expect(resumed.issues).toEqual(whole.issues);
    expect(await fileOf(resumed.bank)).toEqual(await fileOf(whole.bank));
  });

  test("aborted before it starts gives the reason", async () => {
    const fitting = fitBank(model, images, options, { signal: AbortSignal.abort(new Error("too late")) });
    await expect(fitting).rejects.toThrow("too late");
  });

  /** A checkpoint after ten images. */
  async function checkpointOf(fitted: FitOptions, sources = images): Promise<Uint8Array> {
    const store = memoryStore();
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 10) controller.abort(new Error("stop"));
    };
    const context = { checkpoints: store, signal: controller.signal, onProgress };
    await expect(fitBank(model, sources, fitted, context)).rejects.toThrow("stop");
    return store.kept as Uint8Array;
  }

  test.each([
    { what: "of other options", checkpoint: () => checkpointOf({ ...options, seed: 1 }) },
    { what: "of other images", checkpoint: () => checkpointOf(options, normalSources(1, 31)) },
    { what: "cut short", checkpoint: async () => (await checkpointOf(options)).slice(0, -1) },
    { what: "that is none", checkpoint: async () => new TextEncoder().encode("something else") },
  ])("starts anew from a checkpoint $what", async ({ checkpoint }) => {
    const { bank, resumed } = await fitBank(model, images, options, {
      checkpoints: memoryStore(await checkpoint()),
    });
    expect(resumed).toBe(0);
    expect(await fileOf(bank)).toEqual(await uninterrupted());
  });

  test("starts anew from a checkpoint of which a bit has flipped", async () => {
    const checkpoint = await checkpointOf(options);
    checkpoint[checkpoint.length - 5] ^= 4;
    const { bank, resumed } = await fitBank(model, images, options, { checkpoints: memoryStore(checkpoint) });
    expect(resumed).toBe(0);
    expect(await fileOf(bank)).toEqual(await uninterrupted());
  });

  test("holds no more rows than the bank will", async () => {
    const file = await checkpointOf({ ...options, rows: 20 });
    const { tensors } = await readSafetensorsHeader(memorySource("checkpoint", file));
    expect(tensors.get("rows.0")?.shape).toEqual([20, 3]);
    expect([...tensors.keys()].filter((name) => name.startsWith("kept."))).toHaveLength(2 * 10);
  });
});

describe("a bank that goes on learning", () => {
  test("knows the old images and the new ones, within the same number of rows", async () => {
    const { bank: base } = await fitBank(model, images, options);
    const { bank } = await fitBank(model, normalSources(30, 60), options, { base });
    expect(bank.rows).toBe(100);
    expect(bank.provenance).toMatchObject({
      ...{ offered: 60, images: 60, heldOut: 60, patches: 960 },
    });
    const old = [...bank.image].filter((image) => image < 30).length;
    expect(old).toBeGreaterThan(25);
    expect(old).toBeLessThan(75);
    expect(Math.max(...bank.image)).toBeLessThan(60);
    expect(bank.heldOut.images).toBe(60);
    expect(bank.heldOut.fold.subarray(0, 30)).toEqual(base.heldOut.fold);
    const baseFolds = new Map([...base.image].map((image, row) => [image, base.fold[row]]));
    for (const [row, image] of bank.image.entries()) {
      if (image < 30) expect(bank.fold[row]).toBe(baseFolds.get(image));
    }
    expect(bank.heldOut.data.subarray(0, base.heldOut.data.length)).toEqual(base.heldOut.data);
    expect(bank.calibration.imageScores).toHaveLength(bank.heldOut.images);
  });

  test("holds the rows of lowest priority of all that were learned", async () => {
    const everything = { ...options, rows: "all" } as const;
    const whole = await fitBank(model, images, everything);
    const extended = await fitBank(model, normalSources(30, 60), everything, { base: whole.bank });
    const lowest = [...extended.bank.priority].sort((a, b) => a - b);
    const { bank: base } = await fitBank(model, images, options);
    const { bank } = await fitBank(model, normalSources(30, 60), options, { base });
    const kept = [...bank.priority].sort((a, b) => a - b);
    expect(kept).toEqual(lowest.slice(0, bank.rows));
  });

  test("goes on from a checkpoint too", async () => {
    const { bank: base } = await fitBank(model, images, options);
    const store = memoryStore();
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 10) controller.abort(new Error("stop"));
    };
    const more = normalSources(30, 60);
    const context = { base, checkpoints: store, signal: controller.signal, onProgress };
    await expect(fitBank(model, more, options, context)).rejects.toThrow("stop");
    const resumed = await fitBank(model, more, options, { base, checkpoints: store });
    expect(resumed.resumed).toBe(10);
    expect(await fileOf(resumed.bank)).toEqual(
      await fileOf((await fitBank(model, more, options, { base })).bank),
    );
  });

  test("must have the same options", async () => {
    const { bank: base } = await fitBank(model, images, options);
    const fitting = fitBank(model, images, { ...options, sigma: 2 }, { base });
    await expectMiasError(fitting, "usage", "option sigma must be as in the bank to extend, 4, got 2");
  });

  test("must be of the same model", async () => {
    const { bank: base } = await fitBank(model, images, options);
    const other = tinyModel({ sha256: "c".repeat(64) });
    await expectMiasError(
      fitBank(other, images, options, { base }),
      "bank-model-mismatch",
      "use the same model",
    );
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
    "taps must be of neck, low, high, intensity for model tiny, got middle",
  );
});
