// The presets, and the closed sets of options that shape a bank and a segmentation. An unknown key is an error.

import * as v from "valibot";
import { MiasError } from "./errors.ts";
import type { FitOptions, PresetName, SegmentOptions, WindowPreset } from "./types.ts";
import { brokenRule } from "./util/broken-rule.ts";

/** The feature maps that need no model, by their names among the taps: brightness, and what stands out by it. */
export const INTENSITY = "intensity";
export const LOCAL_INTENSITY = "local-intensity";
export const IMAGE_FEATURES = [INTENSITY, LOCAL_INTENSITY] as const;
export type ImageFeatureName = (typeof IMAGE_FEATURES)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));

export const fitOptionsSchema = v.strictObject({
  preset: v.picklist(["default", "paper"]),
  taps: v.pipe(
    v.array(v.string()),
    v.minLength(1),
    v.check((taps) => new Set(taps).size === taps.length, "must name each feature map once"),
  ),
  descriptor: v.picklist(["mean-3x3", "mean-3x3-dense", "unfold-5x5"]),
  rows: v.union([count, v.literal("all")]),
  distance: v.picklist(["l2", "squared-l2"]),
  axes: v.union([count, v.literal("each-map")]),
  brightness: v.picklist(["body", "range"]),
  placement: v.picklist(["patch-centres", "tiles"]),
  sigma: v.pipe(v.number(), v.minValue(0), v.maxValue(64)),
  symmetry: v.picklist(["auto", "left-right", "none"]),
  expected: v.picklist(["nearest-normals", "none"]),
  score: v.picklist(["map-prominence", "map-maximum", "patch-maximum"]),
  holdOut: share,
  seed,
});

export const segmentOptionsSchema = v.strictObject({
  prompt: v.picklist([
    "lesion-ladders",
    "box-ladder",
    "centre-of-gravity",
    "contour-boxes",
    "signed-points",
    "map-points",
  ]),
  chooser: v.picklist(["contrast-stability", "contrast-agreement", "contrast", "first", "union"]),
  refine: v.picklist(["none", "larger-box", "box-and-mask", "shaken-boxes"]),
  alpha: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  empty: v.picklist(["when-normal", "never"]),
});

/** Names of windows for CT; volume/window.ts has their values. */
export const WINDOW_PRESETS = [
  "brain",
  "subdural",
  "stroke",
  "temporal-bone",
  "lung",
  "mediastinum",
  "soft-tissue",
  "liver",
  "bone",
] as const satisfies readonly WindowPreset[];

/** Windows that are chosen by name. */
export const WINDOW_NAMES = ["file", "percentiles", ...WINDOW_PRESETS] as const;

export const slicingSchema = v.strictObject({
  axis: v.picklist(["axial", "sagittal", "coronal", "acquisition"]),
  window: v.nullable(
    v.union([v.picklist(WINDOW_NAMES), v.strictObject({ low: v.number(), high: v.number() })]),
  ),
});

interface Preset {
  readonly fit: Omit<FitOptions, "taps"> & { readonly taps: "embedding" | "before-neck" };
  readonly segment: SegmentOptions;
}

/**
 * `default`: features from before the neck, ladders of boxes around the peaks, of each lesion the mask of greatest
 * contrast and agreement; a normal image gets an empty one.
 * `paper`: MIAS-SAM as published (arXiv 2505.22762).
 */
const presets: Record<PresetName, Preset> = {
  default: {
    fit: {
      preset: "default",
      taps: "before-neck",
      descriptor: "mean-3x3",
      rows: 32_768,
      distance: "squared-l2",
      axes: 160,
      brightness: "body",
      placement: "patch-centres",
      sigma: 4,
      symmetry: "auto",
      expected: "nearest-normals",
      score: "map-prominence",
      holdOut: 0.5,
      seed: 0,
    },
    segment: {
      prompt: "lesion-ladders",
      chooser: "contrast-stability",
      refine: "none",
      alpha: 0.05,
      empty: "when-normal",
    },
  },
  paper: {
    fit: {
      preset: "paper",
      taps: "embedding",
      descriptor: "unfold-5x5",
      rows: "all",
      distance: "squared-l2",
      axes: "each-map",
      brightness: "range",
      placement: "tiles",
      sigma: 4,
      symmetry: "none",
      expected: "none",
      score: "patch-maximum",
      holdOut: 0.5,
      seed: 0,
    },
    segment: { prompt: "centre-of-gravity", chooser: "first", refine: "none", alpha: 0.05, empty: "never" },
  },
};

/** The feature maps a model offers: its embedding and the taps before the neck. */
export interface FeatureNames {
  readonly embedding: string;
  readonly taps: readonly string[];
}

/**
 * The options of a fit: the preset's, with `changes` laid over.
 * @throws MiasError `usage` for an unknown key or a value out of range
 */
export function fitOptions(features: FeatureNames, changes: Partial<FitOptions> = {}): FitOptions {
  const preset = presets[checkedPreset(changes.preset ?? "default")].fit;
  const learned = preset.taps === "embedding" ? [features.embedding] : beforeNeck(features);
  return check(fitOptionsSchema, { ...preset, taps: learned, ...changes });
}

/** The maps before the neck, of a model that offers none its embedding, and those that need none. */
function beforeNeck({ embedding, taps }: FeatureNames): string[] {
  return [...(taps.length > 0 ? taps : [embedding]), ...IMAGE_FEATURES];
}

/**
 * The options of a segmentation: those of the bank's preset, with `changes` laid over.
 * @throws MiasError `usage` for an unknown key or a value out of range
 */
export function segmentOptions(preset: PresetName, changes: Partial<SegmentOptions> = {}): SegmentOptions {
  return check(segmentOptionsSchema, { ...presets[checkedPreset(preset)].segment, ...changes });
}

function checkedPreset(name: string): PresetName {
  if (Object.hasOwn(presets, name)) return name as PresetName;
  throw new MiasError(
    "usage",
    "preset",
    `preset must be one of ${Object.keys(presets).join(", ")}, got ${name}; choose one of these`,
  );
}

function check<Entries extends v.ObjectEntries>(
  schema: v.StrictObjectSchema<Entries, undefined>,
  value: unknown,
): v.InferOutput<v.StrictObjectSchema<Entries, undefined>> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [first] = parsed.issues;
  const key = v.getDotPath(first) ?? "options";
  const advice = Object.hasOwn(schema.entries, key.split(".")[0])
    ? "choose another value"
    : `use one of ${Object.keys(schema.entries).join(", ")}`;
  throw new MiasError("usage", key, `option ${brokenRule(first, "record")}; ${advice}`);
}
