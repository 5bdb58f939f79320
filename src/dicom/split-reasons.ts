// Why the slices of a series are not one volume, in words. Values are told where they are numbers; text of the file may
// name a patient.

import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { byPlace, hasSameOrientation, hasSameSpacing, KEYS, splitRepeated } from "./group-slices.ts";
import type { SliceKeys } from "./instance.ts";
import type { PlacedFrame } from "./slice-geometry.ts";

/** The frames of a series by what is known of them. */
export interface SplitSeries {
  /** Grey slices with their places, by size, spacing and orientation. */
  readonly alike: readonly (readonly PlacedFrame[])[];
  readonly inColour: number;
  readonly withoutPlace: number;
  /** What the series is read as. */
  readonly volumes: number;
  readonly pictures: number;
}

/** More than this many reasons or values are counted. */
const MOST_TOLD = 3;

const KEY_NAMES = {
  stack: "StackID",
  echo: "EchoTime",
  temporalPosition: "TemporalPositionIdentifier",
  bValue: "DiffusionBValue",
  imageType: "ImageType",
  acquisition: "AcquisitionNumber",
} as const satisfies Record<keyof SliceKeys, string>;

/** Tells why a series is read in parts; nothing of gaps, which are told for themselves. */
export function splitIssues(name: string, series: SplitSeries): Issue[] {
  const reasons = [
    ...oddSlices(series.alike),
    ...new Set(series.alike.flatMap(repeatedPlaces)),
    ...(series.inColour > 0 ? [`${counted(series.inColour, "image is", "images are")} in colour`] : []),
    ...(series.withoutPlace > 0
      ? [`${counted(series.withoutPlace, "image tells", "images tell")} no place in the patient`]
      : []),
  ];
  if (reasons.length === 0) return [];
  const parts = [
    ...(series.volumes > 0 ? [counted(series.volumes, "volume", "volumes")] : []),
    ...(series.pictures > 0 ? [counted(series.pictures, "single image", "single images")] : []),
  ];
  const told = listed(reasons, ", and ");
  const outcome = `it is read as ${parts.join(" and ")}, export it again where that is wrong`;
  return [issue("series-split", name, `${name} must be one volume, but ${told}; ${outcome}`)];
}

/** What sets groups of slices apart from the largest one. */
function oddSlices(alike: readonly (readonly PlacedFrame[])[]): string[] {
  const all = alike.flat();
  const most = alike.reduce<readonly PlacedFrame[]>(
    (best, group) => (group.length > best.length ? group : best),
    [],
  );
  const others = alike.length > 2 ? "most" : "the others";
  return alike
    .filter((group) => group !== most)
    .map((group) => `${subjectOf(group, all)} ${differences(group[0], most[0], others).join(", and ")}`);
}

/** `slice 5 has`, counted by place among slices that lie alike, or `2 of 8 slices have`. */
function subjectOf(group: readonly PlacedFrame[], all: readonly PlacedFrame[]): string {
  const parallel = all.filter((slice) => hasSameOrientation(slice, group[0]));
  if (group.length > 1 || parallel.length === 1) {
    return `${group.length} of ${all.length} slices ${group.length === 1 ? "has" : "have"}`;
  }
  return `slice ${byPlace(parallel).findIndex((place) => place.includes(group[0])) + 1} has`;
}

/** @param others what the usual slices are called */
function differences(odd: PlacedFrame, usual: PlacedFrame, others: string): string[] {
  const [a, b] = [odd.instance, usual.instance];
  const values = [
    ["Rows", a.layout.rows, b.layout.rows],
    ["Columns", a.layout.columns, b.layout.columns],
    ["PhotometricInterpretation", a.layout.photometric, b.layout.photometric],
  ] as const;
  const spacing = ({ pixelSpacing }: PlacedFrame) => pixelSpacing.map(rounded).join(" x ");
  return [
    ...values
      .filter(([, one, other]) => one !== other)
      .map(([what, one, other]) => `${what} ${one}, ${others} ${other}`),
    ...(hasSameSpacing(odd, usual) ? [] : [`PixelSpacing ${spacing(odd)}, ${others} ${spacing(usual)}`]),
    ...(hasSameOrientation(odd, usual) ? [] : [`another orientation than ${others}`]),
    ...(a.frameOfReferenceUid === b.frameOfReferenceUid
      ? []
      : [`another FrameOfReferenceUID than ${others}`]),
  ];
}

/** What tells slices of one place apart, where alike slices are several volumes. */
function repeatedPlaces(group: readonly PlacedFrame[]): string[] {
  const parts = splitRepeated(group);
  if (parts.length === 1) return [];
  const causes = KEYS.flatMap((key) => keyCause(key, parts));
  if (causes.length === 0) return [`every place is taken ${parts.length} times`];
  return [`slices at the same place differ in ${causes.join(" and ")}`];
}

/** A key and its values, where each part has one and they are not the same. */
function keyCause(key: keyof SliceKeys, parts: readonly (readonly PlacedFrame[])[]): string[] {
  const ofParts = parts.map((part) => new Set(part.map(({ frame }) => frame.keys[key])));
  const values = new Set(ofParts.flatMap((own) => [...own]));
  if (values.size === 1 || ofParts.some(({ size }) => size > 1)) return [];
  const numbers = [...values].filter((value) => typeof value === "number").sort((a, b) => a - b);
  return [numbers.length > 0 ? `${KEY_NAMES[key]} (${listed(numbers.map(String), ", ")})` : KEY_NAMES[key]];
}

function listed(texts: readonly string[], separator: string): string {
  const told = texts.slice(0, MOST_TOLD).join(separator);
  return texts.length > MOST_TOLD ? `${told} and ${texts.length - MOST_TOLD} more` : told;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
