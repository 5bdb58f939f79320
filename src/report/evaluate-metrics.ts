import type { BootstrapSummary, Interval } from "../types.ts";
import type { EvaluateDocument } from "./evaluate-document.ts";
import { measuresOf } from "./evaluate-measures.ts";
import { shortNumber } from "./format.ts";
import { type Markup, markup } from "./markup.ts";
import type { Measure } from "./measure.ts";

/** The table of all measures: value, 95 % interval, baseline, and what each means. */
export function metricsSection(doc: EvaluateDocument): Markup {
  const columns = ["Value", "95 % interval", "Baseline"];
  return markup`<section aria-labelledby="metrics">
<h2 id="metrics">Metrics</h2>
<p>Mask rule: ${doc.maskRule}. ${intervalText(doc.bootstrap)} Baseline: how far the smoothed image is from the median
brightness of its body, without any learning.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="metrics"><table class="metrics">
<thead><tr><th scope="col">Metric</th>${columns.map((name) => markup`<th scope="col" class="number">${name}</th>`)}<th scope="col">Meaning</th></tr></thead>
<tbody>
${measuresOf(doc).map((measure) => measureRow(measure, doc.undefinedMetrics[measure.path]))}${falseAlarmsRow(doc)}</tbody>
</table></div>
</section>`;
}

function intervalText(bootstrap: BootstrapSummary | null): string {
  if (bootstrap === null) return "No intervals were asked for.";
  const { resamples, by, groups } = bootstrap;
  return `Intervals: ${resamples} resamples of ${groups} ${by}s.`;
}

function measureRow(measure: Measure, whyUndefined: string | undefined): Markup {
  const { path, value, interval, baseline, meaning } = measure;
  const why = value === null && whyUndefined !== undefined && ` Not defined here: ${whyUndefined}`;
  return markup`<tr><td>${path}</td><td class="number">${shortNumber(value)}</td><td class="number">${rangeText(interval)}</td><td class="number">${baseline === undefined ? "" : shortNumber(baseline)}</td><td>${meaning}${why}</td></tr>
`;
}

function rangeText(interval: Interval | null): string {
  if (interval === null) return "";
  return `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
}

function falseAlarmsRow({ falseAlarms, images }: EvaluateDocument): Markup {
  return markup`<tr><td>falseAlarms</td><td class="number">${falseAlarms}</td><td></td><td></td><td>Good images with a mask that is not empty, of ${images.good}.</td></tr>
`;
}
