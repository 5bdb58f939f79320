import { describe, expect, test } from "vitest";
import { chartFigure, curveChart, histogramChart } from "./charts.ts";

describe("histogramChart", () => {
  const spec = { id: "h", description: "d", xLabel: "score" };

  test("gives the share of each group in common bins", () => {
    const chart = histogramChart({
      ...spec,
      groups: [
        { label: "a", values: [0, 1, 1, 4] },
        { label: "b", values: [3] },
      ],
      bins: 4,
    });
    expect(chart.x).toEqual([0, 1, 2, 3, 4]);
    expect(chart.series.map(({ label, y }) => [label, y])).toEqual([
      ["a (4)", [25, 50, 0, 25, 25]],
      ["b (1)", [0, 0, 0, 100, 100]],
    ]);
    expect(chart.yRange).toEqual([0, 108]);
  });

  test("makes room for a limit outside the values", () => {
    const chart = histogramChart({
      ...spec,
      groups: [{ label: "a", values: [1, 2] }],
      limit: { x: 5, label: "l" },
    });
    expect(chart.xRange).toEqual([1, 5]);
    expect(chart.guides).toEqual([{ from: [5, 0], to: [5, chart.yRange[1]], label: "l" }]);
  });

  test("draws no limit that is not finite", () => {
    const limit = { x: Number.NEGATIVE_INFINITY, label: "l" };
    const chart = histogramChart({ ...spec, groups: [{ label: "a", values: [1, 2] }], limit });
    expect([chart.xRange, chart.guides]).toEqual([[1, 2], []]);
  });

  test("can show one value, none, and values that are no numbers", () => {
    const one = histogramChart({ ...spec, groups: [{ label: "a", values: [3, 3] }], bins: 2 });
    expect(one.xRange).toEqual([2.5, 3.5]);
    expect(one.series[0].y).toEqual([0, 100, 100]);
    const none = histogramChart({ ...spec, groups: [{ label: "a", values: [] }], bins: 2 });
    expect(none.series[0].y).toEqual([0, 0, 0]);
    const odd = histogramChart({ ...spec, groups: [{ label: "a", values: [Number.NaN, 1, 2] }], bins: 1 });
    expect(odd.xRange).toEqual([1, 2]);
  });
});

test("curveChart rounds the points", () => {
  const curve = { x: [0, 0.25, 1], y: [0, 1 / 3, 1] };
  const labels = { id: "c", description: "d", xLabel: "x", yLabel: "y", label: "l" };
  const chart = curveChart({ ...labels, curve, guides: [] });
  expect([chart.x, chart.series[0].y]).toEqual([
    [0, 0.25, 1],
    [0, 0.333333, 1],
  ]);
});

test("chartFigure escapes its texts", () => {
  const chart = histogramChart({ id: "h", description: '"><i>', xLabel: "x", groups: [] });
  expect(chartFigure(chart, "<b>").toString()).toBe(`<figure class="chart">
<div class="plot" data-chart="h" role="img" aria-label="&quot;&gt;&lt;i&gt;"></div>
<figcaption>&lt;b&gt;</figcaption>
</figure>`);
});
