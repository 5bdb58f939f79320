// Records of an evaluation that the metrics make and the report shows. Types only.

/** Lesions of the truth against components of the final masks; sums over images. */
export interface LesionCounts {
  /** Components of the truth, and those of them that were found. */
  readonly truths: number;
  readonly found: number;
  /** Components of the final masks, and those of them that match a lesion of the truth. */
  readonly predicted: number;
  readonly matched: number;
}

/** By what a lesion counts as found: either of the two rules, or each of them alone. */
export interface LesionRules<T> {
  readonly either: T;
  /** Intersection over union of a component and the lesion above 0.1. */
  readonly overlap: T;
  /** The centre of a component lies in the lesion. */
  readonly centre: T;
}

export interface LesionScore extends LesionCounts {
  /** found / truths; null without lesions in the truth. */
  readonly recall: number | null;
  /** matched / predicted; null without components. */
  readonly precision: number | null;
  /** Harmonic mean of both, 0 where both are 0; null where one of them is. */
  readonly f1: number | null;
}

/** What became of one lesion of the truth. */
export interface LesionFate {
  /** Pixels. */
  readonly area: number;
  /** By either rule. */
  readonly found: boolean;
  /** Greatest intersection over union with a component of the final mask; 0 for none. */
  readonly overlap: number;
  /** Whether it lies around a hole. */
  readonly isRing: boolean;
}

/** Lesions of the truth that have something in common. */
export interface LesionClass {
  readonly truths: number;
  readonly found: number;
  /** found / truths, and the mean of the lesions' overlaps, lost ones with 0; null without lesions. */
  readonly recall: number | null;
  readonly overlap: number | null;
}

/** Lesions of `from` to less than `to` pixels; without a limit where `to` is null. */
export interface LesionSizeClass extends LesionClass {
  readonly from: number;
  readonly to: number | null;
}

/** The lesions of the truth by size and shape. */
export interface LesionClasses {
  /** Each lesion is in one of them. */
  readonly sizes: readonly LesionSizeClass[];
  /** Those of 60 pixels and more. */
  readonly large: LesionSizeClass;
  /** Those around a hole, whatever their size. */
  readonly rings: LesionClass;
}

export interface LesionSummary {
  readonly anomalous: LesionRules<LesionScore>;
  /** Good images too: their components match nothing. */
  readonly all: LesionRules<LesionScore>;
  /** Of anomalous images. */
  readonly classes: LesionClasses;
}

/** Distances between the borders of final mask and truth. */
export interface SurfaceDistance {
  /** 95th percentile of all distances from either border to the other. */
  readonly hd95: number;
  /** Their mean: the average symmetric surface distance. */
  readonly assd: number;
}

/** Means over the anomalous images in which both masks hold something. */
export interface SurfaceSummary {
  readonly unit: "px" | "mm";
  readonly hd95: number | null;
  readonly assd: number | null;
  readonly images: number;
  /** Anomalous images that are left out because the final mask or the truth is empty. */
  readonly excluded: number;
}

/** Means over the anomalous images whose truth is not empty. */
export interface AreaSummary {
  readonly unit: "px" | "mm2";
  /** |mask - truth|, in `unit`. */
  readonly absoluteDifference: number | null;
  /** (mask - truth) / truth, negative where the mask is too small. */
  readonly relativeDifference: number | null;
  readonly images: number;
}

/** How the verdict `abnormal` divides the images. */
export interface DecisionSummary {
  /** Share of the anomalous images that are called abnormal. */
  readonly sensitivity: number | null;
  /** Share of the good images that are not. */
  readonly specificity: number | null;
  /** Images called abnormal. */
  readonly abnormal: { readonly good: number; readonly anomalous: number };
}

/** What the masks are worth where none is left empty, to set beside the final ones. */
export interface AlwaysDrawn {
  readonly dice: Pick<EvaluationFigures["dice"], "anomalousMean" | "dataset">;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Percentile intervals of resampled patients. */
export interface BootstrapSummary {
  readonly level: 0.95;
  readonly resamples: number;
  readonly seed: number;
  /** What is drawn, as a whole and with replacement, and how many of it there are. */
  readonly by: "patient" | "image";
  readonly groups: number;
  /** By the metric's path; null where the data do not give one. */
  readonly intervals: Readonly<Record<BootstrappedMetric, Interval | null>>;
}

export type BootstrappedMetric =
  | "image.auroc"
  | "pixel.auroc"
  | "dice.anomalousMean"
  | "lesions.anomalous.either.recall";

/** What a map without any learning reaches on the same images, with the measures of the same names. */
export interface BaselineMetrics {
  readonly image: Pick<EvaluationFigures["image"], "auroc">;
  readonly pixel: Omit<EvaluationFigures["pixel"], "roc" | "pro">;
  readonly dice: Pick<EvaluationFigures["dice"], "bestThreshold" | "threshold">;
}

/** A polyline; both columns have the same length. Plain arrays, for JSON and charts. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What an evaluation finds: made by the metrics, printed and shown as it is. */
export interface EvaluationFigures {
  readonly images: { readonly good: number; readonly anomalous: number };
  readonly image: {
    readonly auroc: number | null;
    readonly averagePrecision: number | null;
    /** Share of anomalous images found where at most 5 % (10 %) of the good ones raise an alarm. */
    readonly sensitivityAt5: number | null;
    readonly sensitivityAt10: number | null;
    readonly roc: Curve | null;
  };
  /** Over the pixels of all test images whose truth is known. */
  readonly pixel: {
    readonly auroc: number | null;
    /** Over the pixels inside the body alone, since empty background makes `auroc` larger; null without bodies. */
    readonly aurocBody: number | null;
    readonly averagePrecision: number | null;
    /** Up to a false positive rate of 0.3, divided by it. */
    readonly aupro: number | null;
    /** Mean recall in an anomalous image over false positive rates in good images from 1e-5 to 1e-4. */
    readonly aupimo: number | null;
    readonly roc: Curve | null;
    readonly pro: Curve | null;
  };
  readonly dice: {
    /** Mean over the anomalous images of the DICE of their final masks. */
    readonly anomalousMean: number | null;
    /** Of the final masks of all test images, good ones too, taken as one picture. */
    readonly dataset: number | null;
    /** Of the maps cut at the one threshold that is best for the whole set: chosen with the truth known. */
    readonly bestThreshold: number | null;
    readonly threshold: number | null;
  };
  /** Over the images with a drawn mask; null where none has one. */
  readonly always: AlwaysDrawn | null;
  readonly lesions: LesionSummary;
  readonly surface: SurfaceSummary;
  readonly area: AreaSummary;
  /** Of the images with a verdict. */
  readonly decision: DecisionSummary;
  /** Good images with a mask that is not empty. */
  readonly falseAlarms: number;
  /** Null where no image has one. */
  readonly baseline: BaselineMetrics | null;
  /** Null where none was asked for. */
  readonly bootstrap: BootstrapSummary | null;
  /** Why a metric is null, by its path, e.g. `image.auroc`. */
  readonly undefinedMetrics: Readonly<Record<string, string>>;
}

/** The final mask of a volume against its truth, in 3-D. */
export interface VolumeMeasures {
  /** Null where the truth is empty. */
  readonly dice: number | null;
  readonly maskVoxels: number;
  readonly truthVoxels: number;
  /** Null where the spacing is not known in mm; the difference is mask minus truth. */
  readonly maskMl: number | null;
  readonly truthMl: number | null;
  readonly volumeDifferenceMl: number | null;
  /** 26-connected components. */
  readonly lesions: LesionCounts;
}

/** What the masks of volumes are worth in 3-D. */
export interface VolumeSummary {
  /** Volumes that were segmented; those of them whose truth is known; those with a lesion in it. */
  readonly count: number;
  readonly judged: number;
  readonly anomalous: number;
  /** Means over the volumes with a lesion in the truth: of DICE, and of |mask - truth|. */
  readonly dice: number | null;
  readonly volumeDifferenceMl: number | null;
  /** Lesions of the truth that were found, of all volumes together. */
  readonly lesionRecall: number | null;
  /** Components of the masks that match no lesion, of all judged volumes, good ones too, by their number. */
  readonly falseLesionsPerVolume: number | null;
}
