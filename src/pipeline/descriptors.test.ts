import { expect, test } from "vitest";
import { anomalyMap } from "../map/anomaly-map.ts";
import { fitOptions } from "../options.ts";
import type { FeatureMap, FitOptions } from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import { descriptors, mapCentre } from "./descriptors.ts";

const features = { embedding: "neck", taps: ["tap"] };

/** One channel of 64 x 64 that is 0 but at row 20, column 40: pixels 80 to 83 and 160 to 163 of 256. */
const spot: FeatureMap = {
  ...{ name: "tap", channels: 1, height: 64, width: 64 },
  data: Float32Array.from({ length: 64 * 64 }, (_, i) => (i === 20 * 64 + 40 ? 1 : 0)),
};

/** The row and column of the map's peak, were the patches' values their distances. */
function peakOf(options: FitOptions): number[] {
  const { rows, columns, data } = descriptors[options.descriptor].extract(spot);
  const map = anomalyMap(data, { rows, columns, centre: mapCentre(options), size: 256 }, 4);
  const { index } = mapMaximum(map);
  return [Math.floor(index / 256), index % 256];
}

test.each(["mean-3x3", "mean-3x3-dense"] as const)(
  "with %s the map is highest where the feature map is",
  (descriptor) => {
    const [row, column] = peakOf(fitOptions(features, { descriptor }));
    expect(row).toBeGreaterThanOrEqual(81);
    expect(row).toBeLessThanOrEqual(82);
    expect(column).toBeGreaterThanOrEqual(161);
    expect(column).toBeLessThanOrEqual(162);
  },
);

test("placed in tiles, as the paper does it, it is two pixels of 256 further", () => {
  const [row, column] = peakOf(fitOptions(features));
  expect(peakOf(fitOptions(features, { placement: "tiles" }))).toEqual([row + 2, column + 2]);
});
