// What shapes a bank and a segmentation; types only. The presets and the checks are in options.ts.

/** Everything that shapes a bank; it is stored in the bank. See options.ts for the presets. */
export interface FitOptions {
  readonly preset: PresetName;
  /** Feature maps that are learned: names of the model's manifest, and `intensity` and `local-intensity`, which need no model. */
  readonly taps: readonly string[];
  readonly descriptor: DescriptorName;
  /** Most rows kept in the bank; "all" keeps every patch. */
  readonly rows: number | "all";
  readonly distance: DistanceName;
  /** Principal axes in which all feature maps are searched together, or each map by itself, distances added. */
  readonly axes: number | "each-map";
  /** Which values of an image are black and white; those of a volume's slices are the volume's. */
  readonly brightness: BrightnessName;
  /** Where the distance of a patch lies in the map. */
  readonly placement: PlacementName;
  /** Standard deviation of the map's Gaussian, in model pixels. */
  readonly sigma: number;
  /** Whether the halves of an image are compared with each other. */
  readonly symmetry: SymmetryName;
  /** What distances are compared with before they become a map. */
  readonly expected: ExpectedName;
  readonly score: ScoreName;
  /** Share of the normal images that are held out in turn for calibration. */
  readonly holdOut: number;
  readonly seed: number;
}

/** Everything that shapes a segmentation beyond the bank. */
export interface SegmentOptions {
  readonly prompt: PromptStrategyName;
  readonly chooser: ChooserName;
  /** What the decoder is asked about the masks that were chosen. */
  readonly refine: RefinementName;
  /** An image is called abnormal when its p-value is at most this. */
  readonly alpha: number;
  /** Which images get an empty mask. Where no p-value can be as small as `alpha`, none does. */
  readonly empty: EmptyRule;
}

export type PresetName = "default" | "paper";
/** Means at every second place of the feature maps, or at every one; or windows unfolded and pooled, as in the paper. */
export type DescriptorName = "mean-3x3" | "mean-3x3-dense" | "unfold-5x5";
export type DistanceName = "l2" | "squared-l2";
/**
 * `range`: the least and the greatest value. `body`: the least, and twice the median of the body where that is less, so
 * that bright fat, or a bright rim, does not make all else dark.
 */
export type BrightnessName = "body" | "range";
/**
 * `patch-centres`: where the patch was seen. `tiles`: in the middle of its tile, as if patches tiled the image, as in the
 * paper; with patches at every second place that is half a place too far to the right and down.
 */
export type PlacementName = "patch-centres" | "tiles";
/** `auto`: where the mirrored place of normal images is about as near as their nearest row. Needs joint axes. */
export type SymmetryName = "auto" | "left-right" | "none";
/** What the nearest of the held-out images have at each place; or nothing. */
export type ExpectedName = "nearest-normals" | "none";
/**
 * `map-maximum`: largest value of the map, in standard deviations. `map-prominence`: the same, above what a normal image
 * has whose body is as far from the bank; see pipeline/image-score.ts. `patch-maximum`: largest patch distance, in the
 * unit of DistanceName.
 */
export type ScoreName = "map-prominence" | "map-maximum" | "patch-maximum";
export type PromptStrategyName =
  | "lesion-ladders"
  | "box-ladder"
  | "centre-of-gravity"
  | "contour-boxes"
  | "signed-points"
  | "map-points";
export type ChooserName = "contrast-stability" | "contrast-agreement" | "contrast" | "first" | "union";
export type RefinementName = "none" | "larger-box" | "box-and-mask" | "shaken-boxes";
/** Those that are not called abnormal, or none. */
export type EmptyRule = "when-normal" | "never";

/** How volumes become slices, as a caller asks for it. */
export interface SliceOptions {
  /** @default that of the bank, else "axial" */
  readonly axis?: SliceAxis;
  /** Values that are black and white. @default that of the bank, else a CT file's own, else robust percentiles */
  readonly window?: WindowChoice;
}

/** How the volumes that a bank learned became slices. */
export interface Slicing {
  readonly axis: SliceAxis;
  /** Null where none was asked for: a CT file's own, else robust percentiles of the body. */
  readonly window: WindowChoice | null;
}

/** Along what a volume is cut into slices. `acquisition`: as the slices lie in the file. */
export type SliceAxis = "axial" | "sagittal" | "coronal" | "acquisition";
/** Windows for CT, by what they show best. */
export type WindowPreset =
  | "brain"
  | "subdural"
  | "stroke"
  | "temporal-bone"
  | "lung"
  | "mediastinum"
  | "soft-tissue"
  | "liver"
  | "bone";
/** Values that are shown black and white. */
export interface ValueWindow {
  readonly low: number;
  readonly high: number;
}

/** The file's own window, percentiles of the body, a preset for CT, or values in the volume's unit. */
export type WindowChoice = "file" | "percentiles" | WindowPreset | ValueWindow;
