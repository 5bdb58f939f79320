import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Mask } from "../types.ts";
import { labelComponents } from "../util/components.ts";
import { headPhantom } from "./head.ts";
import { LESION_KINDS } from "./lesion-shape.ts";

const digest = (data: Uint8Array | Uint16Array | Float32Array) =>
  createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex")
    .slice(0, 16);

const areaOf = (mask: Mask) => mask.data.reduce((sum, value) => sum + value, 0);

/** Pixels of `mask` value `inside` at which the two images differ. */
function changedPixels(a: ArrayLike<number>, b: ArrayLike<number>, mask: Mask, inside: 0 | 1): number {
  let changed = 0;
  for (let i = 0; i < a.length; i++) if (mask.data[i] === inside && a[i] !== b[i]) changed++;
  return changed;
}

describe("headPhantom", () => {
  test("is a grey square with the head in the middle and dark air around", () => {
    const { image, mask, lesions } = headPhantom({ seed: 1 });
    expect(image).toMatchObject({ name: "phantom-1", width: 256, height: 256, channels: 1, issues: [] });
    expect(image.data).toBeInstanceOf(Uint8Array);
    expect(lesions).toEqual([]);
    expect(areaOf(mask)).toBe(0);
    const mean = (x0: number, y0: number, side: number) => {
      let sum = 0;
      for (let y = y0; y < y0 + side; y++)
        for (let x = x0; x < x0 + side; x++) sum += image.data[y * 256 + x];
      return sum / side ** 2;
    };
    expect(mean(0, 0, 16)).toBeLessThan(15);
    expect(mean(112, 60, 16)).toBeGreaterThan(80);
  });

  test("same seed, same bytes, on every engine; another seed, another head", () => {
    // The digests guard against change; V8 and QuickJS were seen to agree on the bytes.
    const bytes = (seed: number) => digest(headPhantom({ seed, lesions: 3 }).image.data);
    expect(bytes(7)).toBe("302678a2b86da39f");
    expect(bytes(7)).toBe(bytes(7));
    expect(bytes(8)).not.toBe(bytes(7));
    expect(digest(headPhantom({ seed: 7, size: 64, bits: 16, lesions: 1 }).image.data)).toBe(
      "3db75c4aa1c3f827",
    );
  });

  test("16 bits hold 0 .. 4095, finer than 8 bits", () => {
    const { image } = headPhantom({ seed: 3, bits: 16 });
    const coarse = headPhantom({ seed: 3 }).image;
    expect(image.data).toBeInstanceOf(Uint16Array);
    const largest = Math.max(...image.data);
    expect(largest).toBeGreaterThan(2500);
    expect(largest).toBeLessThanOrEqual(4095);
    const far = Array.from(image.data).filter(
      (value, i) => value < 4000 && Math.abs(value / 16 - coarse.data[i]) > 0.54,
    );
    expect(far.length).toBe(0);
  });

  test("people differ in place, size and brightness", () => {
    const heads = Array.from({ length: 12 }, (_, seed) => headPhantom({ seed, size: 96 }).image.data);
    const brightArea = heads.map((data) => Array.from(data).filter((value) => value > 20).length);
    expect(Math.max(...brightArea) / Math.min(...brightArea)).toBeGreaterThan(1.08);
    expect(new Set(heads.map(digest)).size).toBe(12);
  });

  test("options out of range are refused", () => {
    expect(() => headPhantom({ seed: 1, size: 32 })).toThrow(
      "size must be a whole number from 64 to 1024, got 32",
    );
    expect(() => headPhantom({ seed: 1, lesions: 6 })).toThrow("there must be 0 to 5 lesions, got 6");
    expect(() => headPhantom({ seed: 1, lesions: [{ area: 9000 }] })).toThrow("20 to 5000 pixels, got 9000");
    expect(() => headPhantom({ seed: 0.5 })).toThrow("seed must be a whole number");
  });
});

describe("lesions", () => {
  const cases = Array.from({ length: 20 }, (_, seed) => ({
    healthy: headPhantom({ seed }),
    ill: headPhantom({ seed, lesions: 1 + (seed % 5) }),
  }));

  test("change the pixels of the mask and no other", () => {
    for (const { healthy, ill } of cases) {
      const area = areaOf(ill.mask);
      expect(changedPixels(healthy.image.data, ill.image.data, ill.mask, 0)).toBe(0);
      expect(changedPixels(healthy.image.data, ill.image.data, ill.mask, 1)).toBe(area);
    }
  });

  test("have 20 to 5,000 pixels, and the first of an image is not a small one", () => {
    for (const { ill } of cases) {
      for (const { area } of ill.lesions) {
        expect(area).toBeGreaterThanOrEqual(20);
        expect(area).toBeLessThanOrEqual(5000);
      }
      expect(ill.lesions[0].area).toBeGreaterThan(150);
    }
    const areas = cases.flatMap(({ ill }) => ill.lesions.map(({ area }) => area));
    expect(Math.min(...areas)).toBeLessThan(60);
    expect(Math.max(...areas)).toBeGreaterThan(2500);
  });

  test("are all made, each one component with its area and box", () => {
    cases.forEach(({ ill }, seed) => {
      expect(ill.lesions.length).toBe(1 + (seed % 5));
      expect(ill.lesions.reduce((sum, { area }) => sum + area, 0)).toBe(areaOf(ill.mask));
      expect(labelComponents(ill.mask).count).toBe(ill.lesions.length);
      for (const { box, area } of ill.lesions) {
        let inside = 0;
        for (let y = box.y0; y <= box.y1; y++) {
          for (let x = box.x0; x <= box.x1; x++) inside += ill.mask.data[y * 256 + x];
        }
        expect(inside).toBe(area);
      }
    });
  });

  test("are visible but not absurd: a few standard deviations of the noise", () => {
    for (const kind of LESION_KINDS) {
      const change = { sum: 0, squares: 0, n: 0 };
      for (let seed = 0; seed < 5; seed++) {
        const healthy = headPhantom({ seed }).image.data;
        const { image, mask } = headPhantom({ seed, lesions: [{ kind, area: 600 }] });
        mask.data.forEach((inside, i) => {
          if (inside === 0) return;
          change.sum += image.data[i] - healthy[i];
          change.squares += (image.data[i] - healthy[i]) ** 2;
          change.n++;
        });
      }
      const size = Math.sqrt(change.squares / change.n);
      expect(size).toBeGreaterThan(8);
      expect(size).toBeLessThan(36);
      const mean = change.sum / change.n;
      if (kind === "bright" || kind === "ring") expect(mean).toBeGreaterThan(6);
      if (kind === "dark") expect(mean).toBeLessThan(-6);
      if (kind === "textured") expect(Math.abs(mean)).toBeLessThan(4);
    }
  });

  test("that are clear lie where the faint ones do, and change more", () => {
    for (const kind of LESION_KINDS) {
      const asked = { seed: 4, lesions: [{ kind, area: 600 }] };
      const healthy = headPhantom({ seed: 4 }).image.data;
      const [faint, clear] = [headPhantom(asked), headPhantom({ ...asked, contrast: "clear" })];
      expect(clear.mask).toEqual(faint.mask);
      const largest = (image: typeof faint.image) =>
        Math.max(...image.data.map((value, i) => Math.abs(value - healthy[i])));
      expect(largest(clear.image), kind).toBeGreaterThan(1.3 * largest(faint.image));
    }
  });

  test("a ring is a rim around a hole of healthy tissue, which is not in the mask", () => {
    for (let seed = 0; seed < 6; seed++) {
      const { mask, lesions } = headPhantom({ seed, lesions: [{ kind: "ring", area: 400 }] });
      expect(lesions[0].kind).toBe("ring");
      const outside = { ...mask, data: mask.data.map((value) => 1 - value) };
      // The rest of the picture and the hole.
      expect(labelComponents(outside, 4).count).toBe(2);
    }
  });

  test("sizes follow requests and scale with the picture", () => {
    const area = (size: number) =>
      headPhantom({ seed: 2, size, lesions: [{ kind: "bright", area: 800 }] }).lesions[0].area;
    expect(area(256)).toBeGreaterThan(550);
    expect(area(256)).toBeLessThan(1100);
    expect(area(128) / area(256)).toBeCloseTo(0.25, 1);
  });
});
