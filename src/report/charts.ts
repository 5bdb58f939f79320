// What the page's script draws with uPlot, as plain data: step histograms and curves, with dashed guides. Numbers
// are rounded to what a screen can show.

import type { Curve } from "../types.ts";
import { type Markup, markup } from "./markup.ts";

/** Which of the page's colours a series has; see page-style.ts. */
export type Tone = "first" | "second";

export interface ChartSeries {
  readonly label: string;
  readonly tone: Tone;
  /** One value for each of the chart's `x`. */
  readonly y: readonly (number | null)[];
}

/** A dashed line between two points, in units of the axes. */
export interface ChartGuide {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly label?: string;
}

export interface Chart {
  readonly id: string;
  /** Names the chart to those who cannot see it. */
  readonly description: string;
  readonly kind: "steps" | "line";
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** Ascending; the left edges of the bins and the last right edge, for steps. */
  readonly x: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly guides: readonly ChartGuide[];
}

/** Values of one group of images. */
export interface ChartGroup {
  readonly label: string;
  readonly values: readonly number[];
}

export interface HistogramSpec {
  readonly id: string;
  readonly description: string;
  readonly xLabel: string;
  /** One or two. */
  readonly groups: readonly ChartGroup[];
  /** Drawn upright at `x`, where it is finite. */
  readonly limit?: { readonly x: number; readonly label: string };
  /** Smallest and largest edge of the bins. @default the range of the values and the limit */
  readonly range?: readonly [number, number];
  /** @default 30 */
  readonly bins?: number;
}

const tones: readonly Tone[] = ["first", "second"];

/** Histogram of the share of each group's images, in percent, over common bins. */
export function histogramChart(spec: HistogramSpec): Chart {
  const bins = spec.bins ?? 30;
  const limit = spec.limit && Number.isFinite(spec.limit.x) ? spec.limit : undefined;
  const all = spec.groups.flatMap((group) => group.values).filter(Number.isFinite);
  const xRange = spec.range ?? valueRange(limit ? [...all, limit.x] : all);
  const shares = spec.groups.map((group) => percentages(group.values, xRange, bins));
  const top = 1.08 * Math.max(1, ...shares.flat());
  const edge = (i: number) => rounded(xRange[0] + ((xRange[1] - xRange[0]) * i) / bins);
  return {
    id: spec.id,
    description: spec.description,
    kind: "steps",
    xLabel: spec.xLabel,
    yLabel: "share of images, %",
    xRange,
    yRange: [0, rounded(top)],
    x: Array.from({ length: bins + 1 }, (_, i) => edge(i)),
    series: spec.groups.map((group, i) => ({
      label: `${group.label} (${group.values.length})`,
      tone: tones[i],
      y: [...shares[i], shares[i][bins - 1]].map(rounded),
    })),
    guides: limit ? [{ from: [limit.x, 0], to: [limit.x, rounded(top)], label: limit.label }] : [],
  };
}

export interface CurveSpec {
  readonly id: string;
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly label: string;
  /** Ascending in x, and in y where x stays; both in [0, 1]. */
  readonly curve: Curve;
  /** @default [0, 1] */
  readonly xRange?: readonly [number, number];
  readonly guides: readonly ChartGuide[];
}

/** A curve in the unit square, or a part of it. */
export function curveChart(spec: CurveSpec): Chart {
  return {
    id: spec.id,
    description: spec.description,
    kind: "line",
    xLabel: spec.xLabel,
    yLabel: spec.yLabel,
    xRange: spec.xRange ?? [0, 1],
    yRange: [0, 1],
    x: spec.curve.x.map(rounded),
    series: [{ label: spec.label, tone: "first", y: spec.curve.y.map(rounded) }],
    guides: spec.guides,
  };
}

/** Where the page's script puts the chart, with a caption below it. */
export function chartFigure(chart: Chart, caption: string): Markup {
  return markup`<figure class="chart">
<div class="plot" data-chart="${chart.id}" role="img" aria-label="${chart.description}"></div>
<figcaption>${caption}</figcaption>
</figure>`;
}

function valueRange(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return [0, 1];
  const scale = Math.max(Math.abs(low), Math.abs(high));
  const margin = high - low > 1e-4 * scale ? 0 : Math.max(0.5, scale / 10);
  return [rounded(low - margin), rounded(high + margin)];
}

function percentages(
  values: readonly number[],
  [low, high]: readonly [number, number],
  bins: number,
): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    if (Number.isFinite(bin)) counts[Math.max(0, Math.min(bins - 1, bin))] += 100 / values.length;
  }
  return counts;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
