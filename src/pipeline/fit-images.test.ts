import { describe, expect, test } from "vitest";
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
import type { ImageSource } from "../types.ts";
import { fitBank } from "./fit.ts";
import { chooseHeldOut, foldsOf } from "./folds.ts";

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
