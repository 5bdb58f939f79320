// What each kind does to a striped disc (stripes of 90 and 130, so a range of about 43).

import { describe, expect, test } from "vitest";
import { madeSite, meanWhere } from "../../test/support/made-normal.ts";
import { createRandom } from "../util/prng.ts";
import { lesionMakers, SYNTHETIC_KINDS, type SyntheticKind } from "./kinds.ts";
import type { Change, Site } from "./site.ts";

/** The lesions of 40 draws that came about. */
function drawn(kind: SyntheticKind, area = 600): { site: Site; change: Change }[] {
  return Array.from({ length: 40 }, (_, seed) => {
    const site = madeSite(area, seed);
    const change = lesionMakers[kind](site, createRandom(1000 + seed));
    return change === undefined ? [] : [{ site, change }];
  }).flat();
}

const differences = ({ site, change }: { site: Site; change: Change }) =>
  change.values.map((value, i) => value - site.before[i]);
const sizeOf = (values: Float32Array) => values.map(Math.abs);
const areaOf = ({ change }: { change: Change }) => change.mask.reduce((sum, inside) => sum + inside, 0);

describe.each(SYNTHETIC_KINDS)("%s", (kind) => {
  const lesions = drawn(kind, 900);

  test("comes about on many places", () => {
    expect(lesions.length).toBeGreaterThan(5);
  });

  test("changes what is in its mask and hardly anything else", () => {
    for (const lesion of lesions) {
      const size = sizeOf(differences(lesion));
      const within = meanWhere(size, lesion.change.mask);
      expect(within).toBeGreaterThan(0.04 * lesion.site.normal.span);
      expect(meanWhere(size, lesion.change.mask, 0)).toBeLessThan(0.5 * within);
    }
  });

  test("is decided by its generator", () => {
    const site = madeSite(600, 3);
    const make = () => lesionMakers[kind](site, createRandom(8));
    expect(make()).toEqual(make());
  });
});

describe("blob", () => {
  test("is brighter or darker by 12 to 60 % of the range, and both occur", () => {
    const changes = drawn("blob").map((lesion) => meanWhere(differences(lesion), lesion.change.mask) / 43);
    for (const change of changes) expect(Math.abs(change)).toBeLessThan(0.75);
    expect(changes.filter((change) => change > 0.06).length).toBeGreaterThan(8);
    expect(changes.filter((change) => change < -0.06).length).toBeGreaterThan(8);
  });
});

describe("texture", () => {
  test("shows the donors' stripes or other places of its own, and no value that is not there", () => {
    for (const { change } of drawn("texture")) {
      for (const value of change.values) expect(value >= 0 && value <= 133).toBe(true);
    }
  });

  test("is refused where the image looks the same everywhere", () => {
    const site = madeSite(300, 1);
    const flat = site.normal.image.data.map((value) => (value > 50 ? 100 : value));
    const normal = { ...site.normal, image: { ...site.normal.image, data: flat } };
    const plain = { ...site, normal, donors: [], before: new Float32Array(site.before.length).fill(100) };
    for (let seed = 0; seed < 10; seed++) {
      expect(lesionMakers.texture(plain, createRandom(seed))).toBeUndefined();
    }
  });
});

describe("poisson and deformation", () => {
  test.each(["poisson", "deformation"] as const)("%s: the mask lies within the outline", (kind) => {
    for (const { site, change } of drawn(kind)) {
      change.mask.forEach((inside, i) => {
        if (inside === 1) expect(site.outline.depth[i]).toBeGreaterThan(-3);
      });
    }
  });

  test("a deformation of what is the same everywhere is refused", () => {
    const site = madeSite(600, 1);
    const plain = { ...site, before: new Float32Array(site.before.length).fill(100) };
    expect(lesionMakers.deformation(plain, createRandom(1))).toBeUndefined();
  });
});

describe("ring", () => {
  test("has a mask with a hole in some, and without in others", () => {
    const rings = drawn("ring");
    const centreOf = ({ site, change }: { site: Site; change: Change }) =>
      change.mask[(site.outline.y - site.outline.y0) * site.outline.width + site.outline.x - site.outline.x0];
    const open = rings.filter((lesion) => centreOf(lesion) === 0);
    expect(open.length).toBeGreaterThan(3);
    expect(rings.length - open.length).toBeGreaterThan(10);
  });

  test("rim and centre change in opposite directions", () => {
    const closed = drawn("ring").filter((lesion) => areaOf(lesion) > 550);
    expect(closed.length).toBeGreaterThan(3);
    for (const lesion of closed) {
      const change = differences(lesion);
      expect(Math.min(...change)).toBeLessThan(-1);
      expect(Math.max(...change)).toBeGreaterThan(1);
    }
  });
});

describe("speckle", () => {
  test("leaves the mean as it is", () => {
    for (const lesion of drawn("speckle", 900)) {
      const change = differences(lesion);
      const size = meanWhere(sizeOf(change), lesion.change.mask);
      expect(Math.abs(meanWhere(change, lesion.change.mask))).toBeLessThan(0.1 * size);
    }
  });
});
