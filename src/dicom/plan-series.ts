// What the DICOM images of a folder are to be read as: volumes where slices are parallel and have their places, pictures
// otherwise. Pure: it sees headers alone. Order and names depend on what is in the files, not on what they are called.

import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { grouped } from "../util/grouped.ts";
import { byPlace, groupAlike, splitRepeated } from "./group-slices.ts";
import type { InstanceHeader } from "./instance.ts";
import { withoutLocalisers } from "./localisers.ts";
import { withoutCopies } from "./series-copies.ts";
import type { PicturesPlan, SeriesFrame, SeriesPlan, VolumePlan } from "./series-plan.ts";
import { gapIssues, gapsOf } from "./slice-gaps.ts";
import { type PlacedFrame, placed, sliceIssues, volumeGeometry } from "./slice-geometry.ts";
import { splitIssues } from "./split-reasons.ts";

/**
 * Plans what a folder or file, `name` as the user knows it, is read as: the series in order of their numbers, within
 * each its volumes before its pictures. Localisers are left out beside slices. What is odd about a series (gaps, copies,
 * what sets its parts apart) is told once, of its first part.
 */
export function planSeries(name: string, headers: readonly InstanceHeader[]): SeriesPlan[] {
  const sorted = [...headers].sort(compareInstances);
  const series = [...grouped(sorted, ({ seriesInstanceUid }) => seriesInstanceUid).values()].sort(
    compareSeries,
  );
  const several = series.length > 1;
  const read = series.map((instances) => planOneSeries(seriesName(name, instances[0], several), instances));
  const plans = read.flatMap((one) => one.plans);
  const issues = new Map(read.map((one) => [one.plans[0], one.issues]));
  return withOwnNames(plans).map((plan, i) => ({
    ...plan,
    issues: [...(issues.get(plans[i]) ?? []), ...plan.issues],
  }));
}

/** By number, then by UID, so that the order is the same on every machine. */
function compareInstances(a: InstanceHeader, b: InstanceHeader): number {
  const byNumber = (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0);
  return byNumber || compareText(a.sopInstanceUid, b.sopInstanceUid) || compareText(a.name, b.name);
}

function compareSeries([a]: readonly InstanceHeader[], [b]: readonly InstanceHeader[]): number {
  return (
    (a.seriesNumber ?? 0) - (b.seriesNumber ?? 0) || compareText(a.seriesInstanceUid, b.seriesInstanceUid)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function seriesName(name: string, { seriesNumber }: InstanceHeader, several: boolean): string {
  if (!several) return name;
  return `${name} (series ${seriesNumber ?? "without number"})`;
}

/** Plans of one name are counted. */
function withOwnNames(plans: readonly SeriesPlan[]): SeriesPlan[] {
  const groups = grouped(plans, ({ name }) => name);
  return plans.map((plan) => {
    const group = groups.get(plan.name) ?? [];
    if (group.length === 1) return plan;
    const name = `${plan.name} (part ${group.indexOf(plan) + 1})`;
    return {
      ...plan,
      name,
      issues: plan.issues.map((one) => (one.subject === plan.name ? { ...one, subject: name } : one)),
    };
  });
}

interface PlannedSeries {
  readonly plans: readonly SeriesPlan[];
  /** Of the series as a whole. */
  readonly issues: readonly Issue[];
}

function planOneSeries(name: string, instances: readonly InstanceHeader[]): PlannedSeries {
  const distinct = withoutCopies(name, instances);
  const all = distinct.kept.flatMap((instance) => instance.frames.map((frame) => ({ instance, frame })));
  const { kept: frames, issues: localisers } = withoutLocalisers(name, all);
  const grey = frames.filter(isGrey);
  const slices = grey.map(placed).filter((slice) => slice !== undefined);
  const alike = groupAlike(slices);
  const stacks = alike.flatMap(splitRepeated);
  const volumes = stacks
    .flatMap(splitAtGaps)
    .filter((group) => byPlace(group).length >= 2)
    .map((group) => planVolume(name, group));
  const used = new Set(volumes.flatMap((volume) => volume.taken));
  const rest = frames.filter(({ frame }) => !used.has(frame));
  const pictures: PicturesPlan[] =
    rest.length > 0 ? [{ kind: "pictures", name, frames: rest, issues: issuesOf(rest) }] : [];
  const plans: SeriesPlan[] = [...volumes.map(({ plan }) => plan), ...pictures];
  const counts = {
    inColour: frames.length - grey.length,
    withoutPlace: grey.length - slices.length,
    volumes: volumes.length,
    pictures: rest.length,
  };
  const gaps = stacks.flatMap((stack) => gapIssues(name, firstOfPlaces(stack), slices));
  const split = plans.length > 1 ? splitIssues(name, { alike, ...counts }) : [];
  return { plans, issues: [...distinct.issues, ...localisers, ...gaps, ...split] };
}

/** What lies between gaps. */
function splitAtGaps(stack: readonly PlacedFrame[]): PlacedFrame[][] {
  const places = byPlace(stack);
  const ends = [...gapsOf(firstOfPlaces(stack)).map((at) => at + 1), places.length];
  return ends.map((end, i) => places.slice(ends[i - 1] ?? 0, end).flat());
}

function firstOfPlaces(stack: readonly PlacedFrame[]): PlacedFrame[] {
  return byPlace(stack).map(([first]) => first);
}

function isGrey({ instance }: SeriesFrame): boolean {
  return instance.layout.photometric.startsWith("MONOCHROME");
}

/** The volume of alike slices, and the frames that it takes or leaves out as duplicates. */
function planVolume(
  name: string,
  group: readonly PlacedFrame[],
): { plan: VolumePlan; taken: SeriesFrame["frame"][] } {
  const slices = byPlace(group).map(([first]) => first);
  const [{ instance, frame }] = slices;
  const { rows, columns, photometric } = instance.layout;
  const issues = [...issuesOf(slices), ...sliceIssues(name, slices)];
  const doubled = group.length - slices.length;
  if (doubled > 0) {
    const rule = `slices must be at different places, got ${doubled} of ${group.length} at a place that is taken`;
    issues.push(issue("slices-duplicate", name, `${rule}; the first by instance number is kept`));
  }
  const plan: VolumePlan = {
    kind: "volume",
    name,
    frames: slices.map((slice) => ({ instance: slice.instance, frame: slice.frame })),
    size: [columns, rows, slices.length],
    geometry: volumeGeometry(slices),
    ...(instance.modality !== undefined && { modality: instance.modality }),
    ...(frame.window && { window: frame.window }),
    inverted: photometric === "MONOCHROME1",
    issues,
  };
  return { plan, taken: group.map((slice) => slice.frame) };
}

/** What is odd about the files of these frames; what is said alike of many is said once. */
function issuesOf(frames: readonly SeriesFrame[]): Issue[] {
  const instances = [...new Set(frames.map(({ instance }) => instance))];
  const all = instances.flatMap(({ issues }) => issues);
  return [...new Map(all.map((one) => [one.message, one])).values()];
}
