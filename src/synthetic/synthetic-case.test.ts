import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { madeDisc } from "../../test/support/made-normal.ts";
import { headPhantom } from "../phantom/head.ts";
import { labelComponents } from "../util/components.ts";
import { SYNTHETIC_KINDS } from "./kinds.ts";
import { examineNormal } from "./normal-image.ts";
import { planCases, syntheticCases } from "./plan.ts";
import { syntheticCase } from "./synthetic-case.ts";

const heads = [1, 2, 3].map((seed) => {
  const { width, height, data } = headPhantom({ seed, size: 128 }).image;
  return { width, height, data: new Float32Array(data) };
});
const [normal, ...donors] = heads;
const cases = Array.from({ length: 30 }, (_, index) => syntheticCase(normal, donors, { seed: 1, index }));
const areaOf = (mask: Uint8Array) => mask.reduce((sum, inside) => sum + inside, 0);

describe("syntheticCase", () => {
  test("is decided by seed and index", () => {
    expect(syntheticCase(normal, donors, { seed: 1, index: 7 })).toEqual(cases[7]);
    expect(syntheticCase(normal, donors, { seed: 2, index: 7 }).image).not.toEqual(cases[7].image);
    expect(new Set(cases.map(({ image }) => image.data.join())).size).toBe(30);
  });

  test("does not touch the normal image and keeps its range", () => {
    const { min, max } = examineNormal(normal);
    expect(normal.data).toEqual(new Float32Array(headPhantom({ seed: 1, size: 128 }).image.data));
    for (const { image } of cases) {
      for (const value of image.data) expect(value >= min && value <= max).toBe(true);
    }
  });

  test("the mask is where the image changed: half of it by 4 % of the range or more", () => {
    const { span } = examineNormal(normal);
    for (const { image, mask } of cases) {
      const change = image.data.map((value, i) => Math.abs(value - normal.data[i]));
      const inside = change.filter((_, i) => mask.data[i] === 1).sort();
      expect(inside[inside.length >> 1]).toBeGreaterThan(0.035 * span);
      const outside = change.filter((_, i) => mask.data[i] === 0);
      expect(outside.reduce((sum, value) => sum + value, 0) / outside.length).toBeLessThan(0.02 * span);
    }
  });

  test("areas are those of the lesions, which do not overlap and take 35 % of the body at most", () => {
    const { area: body } = examineNormal(normal);
    for (const { mask, areas, kinds } of cases) {
      expect(areas.reduce((sum, area) => sum + area, 0)).toBe(areaOf(mask.data));
      expect(areas.length).toBe(kinds.length);
      expect(labelComponents(mask).count).toBeGreaterThanOrEqual(areas.length);
      expect(areaOf(mask.data)).toBeLessThan(0.45 * body);
      // A quarter of the pixels of 256 x 256, so a quarter of 20 to 5,000.
      for (const area of areas) expect(area >= 5 && area <= 1250).toBe(true);
    }
  });

  test("kinds take turns, and are those asked for", () => {
    expect(new Set(cases.flatMap(({ kinds }) => kinds))).toEqual(new Set(SYNTHETIC_KINDS));
    const rings = syntheticCase(normal, [], { seed: 4, index: 9, kinds: ["ring"] });
    expect(new Set(rings.kinds)).toEqual(new Set(["ring"]));
  });

  test("sizes can be chosen", () => {
    const options = { kinds: ["blob"], sizes: { least: 1000, most: 2000 } } as const;
    const { areas } = syntheticCase(normal, [], { seed: 3, index: 0, ...options });
    for (const area of areas) expect(area >= 250 && area <= 500).toBe(true);
  });

  test("an image without a body, and one in which nothing can be seen, are refused", async () => {
    const dark = { width: 64, height: 64, data: new Float32Array(4096) };
    await expectMiasError(() => syntheticCase(dark, [], { seed: 1, index: 0 }), "image-unsupported", "body");
    const flat = { ...madeDisc(64), data: madeDisc(64).data.map((value) => (value > 50 ? 100 : 0)) };
    await expectMiasError(() => syntheticCase(flat, [], { seed: 1, index: 0 }), "image-unsupported", "vary");
  });

  test("a donor without a body is not used", () => {
    const dark = { width: 64, height: 64, data: new Float32Array(4096) };
    const alone = syntheticCase(normal, [], { seed: 1, index: 1 });
    expect(syntheticCase(normal, [dark], { seed: 1, index: 1 })).toEqual(alone);
  });

  test("options out of range are refused", async () => {
    const wrong = (options: object) => () => syntheticCase(normal, [], { seed: 1, index: 0, ...options });
    await expectMiasError(wrong({ index: -1 }), "usage", "index must be a whole number from 0, got -1");
    await expectMiasError(wrong({ kinds: [] }), "usage", "kinds must name at least one of blob");
    await expectMiasError(wrong({ sizes: { least: 9, most: 3 } }), "usage", "got 9 and 3");
  });
});

describe("many cases", () => {
  test("are those of their plan, one by one", () => {
    const made = [...syntheticCases(heads, { seed: 5, count: 4 })];
    const isSame = (a: number, b: number) => a === b;
    const plan = planCases({ seed: 5, count: 4, normals: 3, donors: 3, isSame });
    plan.forEach((planned, index) => {
      const others = planned.donors.map((donor) => heads[donor]);
      expect(made[index]).toEqual(syntheticCase(heads[planned.normal], others, { seed: 5, index }));
    });
  });

  test("use each normal image once a round, and never it as its own donor", () => {
    const isSame = (a: number, b: number) => a === b;
    const plan = planCases({ seed: 2, count: 12, normals: 4, donors: 4, isSame });
    for (let round = 0; round < 3; round++) {
      const used = plan.slice(4 * round, 4 * round + 4).map((planned) => planned.normal);
      expect(used.sort()).toEqual([0, 1, 2, 3]);
    }
    for (const planned of plan) expect(planned.donors).not.toContain(planned.normal);
    expect(planCases({ seed: 2, count: 2, normals: 1, donors: 0 })[1]).toEqual({ normal: 0, donors: [] });
  });
});
