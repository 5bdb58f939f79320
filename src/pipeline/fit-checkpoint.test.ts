import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { smallBank } from "../../test/support/small-bank.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { bankRows } from "../bank/bank-rows.ts";
import type { Checkpoint } from "../bank/checkpoint.ts";
import { fitOptions } from "../options.ts";
import { type CheckpointStore, createSaver, fitFingerprint, loadCheckpoint } from "./fit-checkpoint.ts";

const bank = smallBank();
const checkpoint: Checkpoint = {
  ...{
    fingerprint: "fit",
    done: 1,
    issues: [],
    pixels: [],
    dims: [2, 1],
    grid: { rows: 2, columns: 1 },
  },
  ...{ rows: bankRows(bank), kept: [] },
};

describe("createSaver", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A store that takes `cost` seconds to save, and counts. */
  function slowStore(cost: number): CheckpointStore & { saved: number } {
    const store = {
      saved: 0,
      load: async () => undefined,
      save: async () => {
        vi.advanceTimersByTime(1000 * cost);
        store.saved++;
      },
    };
    return store;
  }

  test("saves once in 30 seconds", async () => {
    const store = slowStore(0.1);
    const saver = createSaver(store, () => checkpoint);
    for (let second = 0; second < 100; second++) {
      vi.advanceTimersByTime(1000);
      await saver.saveWhenDue();
    }
    expect(store.saved).toBe(3);
  });

  test("more rarely where saving is slow: at most a twentieth of the time", async () => {
    const store = slowStore(10);
    const saver = createSaver(store, () => checkpoint);
    for (let second = 0; second < 500; second++) {
      vi.advanceTimersByTime(1000);
      await saver.saveWhenDue();
    }
    expect(store.saved).toBe(3);
  });

  test("at once where it must, and takes no snapshot without a store", async () => {
    const store = slowStore(0);
    await createSaver(store, () => checkpoint).save();
    expect(store.saved).toBe(1);
    let snapshots = 0;
    const saver = createSaver(undefined, () => {
      snapshots++;
      return checkpoint;
    });
    await saver.save();
    vi.advanceTimersByTime(100_000);
    await saver.saveWhenDue();
    expect(snapshots).toBe(0);
  });
});

test("a fingerprint is that of the model, the options, the images and the base bank", async () => {
  const model = tinyModel();
  const options = fitOptions(model.features);
  const images = (...names: string[]) => names.map((name) => ({ name, read: unread }));
  const fingerprints = await Promise.all([
    fitFingerprint(model, options, images("a", "b"), undefined),
    fitFingerprint(tinyModel({ sha256: "c".repeat(64) }), options, images("a", "b"), undefined),
    fitFingerprint(model, { ...options, seed: 1 }, images("a", "b"), undefined),
    fitFingerprint(model, options, images("a", "c"), undefined),
    fitFingerprint(model, options, images("ab"), undefined),
    fitFingerprint(
      model,
      options,
      [{ name: "a", read: unread, stamp: "12 bytes" }, ...images("b")],
      undefined,
    ),
    fitFingerprint(model, options, images("a", "b"), undefined, ["a"]),
    fitFingerprint(model, options, images("a", "b"), bank),
    fitFingerprint(model, options, images("a", "b"), {
      ...bank,
      calibration: { ...bank.calibration, mapMean: 1.25 },
    }),
  ]);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  expect(await fitFingerprint(model, options, images("a", "b"), undefined)).toBe(fingerprints[0]);
});

async function unread(): Promise<never> {
  throw new Error("a fingerprint reads no image");
}

test("a store that cannot be read is not taken for an empty one", async () => {
  const store: CheckpointStore = {
    load: () => Promise.reject(new Error("disk on fire")),
    save: async () => undefined,
  };
  await expect(loadCheckpoint(store, "fit", undefined)).rejects.toThrow("disk on fire");
  expect(await loadCheckpoint(undefined, "fit", undefined)).toBeUndefined();
});
