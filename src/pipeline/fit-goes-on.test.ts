import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { normalSources } from "../../test/support/made-images.ts";
import {
  fileOf,
  images,
  memoryStore,
  model,
  names,
  options,
  withBroken,
} from "../../test/support/small-fit.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { readSafetensorsHeader } from "../bank/safetensors.ts";
import { MiasError } from "../errors.ts";
import type { FitOptions } from "../types.ts";
import { memorySource } from "../util/byte-source.ts";
import { fitBank } from "./fit.ts";

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
    expect([...tensors.keys()].filter((name) => name.startsWith("kept."))).toHaveLength((2 + 1) * 10);
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
