import { describe, expect, test } from "vitest";
import { phantomDataset } from "./dataset.ts";

const small = { seed: 5, trainGood: 2, testGood: 1, testAnomalous: 7, size: 64 };

describe("phantomDataset", () => {
  const items = [...phantomDataset(small)];

  test("lays images and masks out as MVTec AD does", () => {
    expect(items.map(({ path }) => path)).toEqual([
      "train/good/000.png",
      "train/good/001.png",
      "test/good/000.png",
      "test/bright/000.png",
      "test/dark/000.png",
      "test/textured/000.png",
      "test/ring/000.png",
      "test/irregular/000.png",
      "test/mixed/000.png",
      "test/bright/001.png",
    ]);
    expect(items[9].maskPath).toBe("ground_truth/bright/001_mask.png");
    expect(items[9].image.name).toBe("test/bright/001.png");
    expect(items[9]).toMatchObject({ split: "test", kind: "bright", name: "001" });
  });

  test("good images have no mask, anomalous ones a mask that is not empty, of their kind", () => {
    for (const { kind, mask, maskPath, lesions } of items) {
      expect(mask !== undefined).toBe(kind !== "good");
      expect(maskPath !== undefined).toBe(kind !== "good");
      expect(mask?.data.includes(1) ?? false).toBe(kind !== "good");
      if (kind !== "good" && kind !== "mixed")
        expect(new Set(lesions.map((lesion) => lesion.kind))).toEqual(new Set([kind]));
    }
  });

  test("no two images are of one person", () => {
    expect(new Set(items.map(({ image }) => image.data.join())).size).toBe(items.length);
  });

  test("is the same each time, and a longer set begins like a shorter one", () => {
    expect([...phantomDataset(small)]).toEqual(items);
    const longer = [...phantomDataset({ ...small, trainGood: 3, testAnomalous: 8 })];
    expect(longer.filter(({ path }) => items.some((item) => item.path === path))).toEqual(items);
  });

  test("makes an image only when it is asked for", () => {
    const first = phantomDataset({ ...small, trainGood: 100_000 }).next();
    expect(first.value).toMatchObject({ path: "train/good/000.png" });
  });

  test("a number out of range is refused", () => {
    expect(() => phantomDataset({ ...small, testGood: -1 })).toThrow(
      "testGood must be a whole number from 0 to 100000, got -1",
    );
    expect(() => phantomDataset({ ...small, seed: 0.5 })).toThrow("seed must be a whole number");
  });
});
