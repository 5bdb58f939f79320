// The measures of an evaluation in the order in which people read them, for the report and the terminal.

import type {
  AlwaysDrawn,
  BootstrappedMetric,
  Interval,
  LesionClasses,
  LesionRules,
  LesionScore,
} from "../types.ts";
import type { EvaluateDocument } from "./evaluate-document.ts";
import { shortNumber } from "./format.ts";
import type { Facts, Measure } from "./measure.ts";
import { isDecidable, leavesEmpty } from "./results.ts";
import { volumeMeasures } from "./volume-measures.ts";

/** All measures, each with its interval. */
export function measuresOf(doc: EvaluateDocument): Measure[] {
  const intervals: Readonly<Record<string, Interval | null>> = doc.bootstrap?.intervals ?? {};
  return [
    ...imageMeasures(doc),
    ...pixelMeasures(doc),
    ...diceMeasures(doc),
    ...lesionMeasures(doc),
    ...borderMeasures(doc),
    ...volumeMeasures(doc.volumes),
  ].map((facts) => ({ ...facts, interval: intervals[facts.path] ?? null }));
}

function imageMeasures(doc: EvaluateDocument): Facts[] {
  const { image, images, decision, baseline, options } = doc;
  const called = isDecidable(doc.calibration, options)
    ? ` ${decision.abnormal.anomalous} of ${images.anomalous} anomalous and ${decision.abnormal.good} of ${images.good} good images are called abnormal.`
    : "";
  const sensitivity = (percent: 5 | 10) =>
    `Share of anomalous images above a score that at most ${percent} % of the good images reach; equal scores fall on one side together.`;
  return [
    {
      path: "image.auroc" satisfies BootstrappedMetric,
      label: "image AUROC",
      value: image.auroc,
      meaning: "Chance that an anomalous image scores higher than a good one; 0.5 is guessing.",
      baseline: baseline?.image.auroc,
    },
    {
      path: "image.averagePrecision",
      detail: true,
      label: "image average precision",
      value: image.averagePrecision,
      meaning:
        "Share of anomalous images among those above a score, averaged over the anomalous images; guessing gives their share of the data set.",
    },
    {
      path: "image.sensitivityAt5",
      label: "sensitivity at 5 % false alarms",
      value: image.sensitivityAt5,
      meaning: sensitivity(5),
    },
    {
      path: "image.sensitivityAt10",
      label: "sensitivity at 10 % false alarms",
      value: image.sensitivityAt10,
      meaning: sensitivity(10),
    },
    {
      path: "decision.sensitivity",
      label: "sensitivity of the verdict",
      value: decision.sensitivity,
      meaning: `Share of anomalous images with a p-value of ${options.alpha} or less.${called}`,
    },
    {
      path: "decision.specificity",
      label: "specificity of the verdict",
      value: decision.specificity,
      meaning: "Share of good images with a larger p-value.",
    },
  ];
}

function pixelMeasures({ pixel, baseline }: EvaluateDocument): Facts[] {
  const compared = baseline?.pixel;
  return [
    {
      path: "pixel.auroc" satisfies BootstrappedMetric,
      label: "pixel AUROC",
      value: pixel.auroc,
      meaning:
        "Chance that the map is higher on a pixel of a lesion than on another, over all test images together.",
      baseline: compared?.auroc,
    },
    {
      path: "pixel.aurocBody",
      label: "pixel AUROC, body",
      value: pixel.aurocBody,
      meaning: "The same inside the body alone: empty background is told apart by anything.",
      baseline: compared?.aurocBody,
    },
    {
      path: "pixel.averagePrecision",
      label: "pixel average precision",
      value: pixel.averagePrecision,
      meaning: "As image.averagePrecision, of the pixels of the anomaly map.",
      baseline: compared?.averagePrecision,
    },
    {
      path: "pixel.aupro",
      label: "AUPRO (FPR 0.3)",
      value: pixel.aupro,
      meaning:
        "Mean overlap of the thresholded map with each reference region, so that small lesions count as much as large ones; averaged over false positive rates up to 0.3.",
      baseline: compared?.aupro,
    },
    {
      path: "pixel.aupimo",
      label: "AUPIMO (FPR 1e-5 to 1e-4)",
      value: pixel.aupimo,
      meaning:
        "Share of the lesion that is found in an anomalous image while good images have next to no false positives.",
      baseline: compared?.aupimo,
    },
  ];
}

function diceMeasures(doc: EvaluateDocument): Facts[] {
  const { dice, baseline, always, calibration, options } = doc;
  const isLeftEmpty = leavesEmpty(calibration, options);
  const mask = isLeftEmpty ? `, empty when normal (alpha ${shortNumber(options.alpha)})` : "";
  return [
    {
      path: "dice.anomalousMean" satisfies BootstrappedMetric,
      label: `DICE${mask || ", mean"}`,
      value: dice.anomalousMean,
      meaning: `Overlap of final mask and reference, 2 |A ∩ B| / (|A| + |B|), averaged over the anomalous images${isLeftEmpty ? "; 0 for one that is called normal" : ""}.`,
    },
    {
      path: "dice.dataset",
      label: `DICE, data set${mask}`,
      value: dice.dataset,
      meaning: "The same, with the pixels of all test images counted as one image.",
    },
    ...(isLeftEmpty && always ? alwaysMeasures(always) : []),
    {
      path: "dice.bestThreshold",
      label: "DICE, oracle threshold",
      value: dice.bestThreshold,
      meaning: `What the best single threshold of the map (${shortNumber(dice.threshold)}) would reach if it were chosen on these very images: a bound for thresholding, not a result.`,
      baseline: baseline?.dice.bestThreshold,
    },
  ];
}

function alwaysMeasures({ dice }: AlwaysDrawn): Facts[] {
  return [
    {
      path: "always.dice.anomalousMean",
      label: "DICE, mask always drawn",
      value: dice.anomalousMean,
      meaning:
        "The same two with a mask on every image, whatever the verdict: the mean over anomalous images,",
    },
    {
      path: "always.dice.dataset",
      label: "DICE, data set, mask always drawn",
      value: dice.dataset,
      meaning: "and over the pixels of all images, where masks on good images count against it.",
    },
  ];
}

function lesionMeasures({ lesions: { anomalous, all, classes } }: EvaluateDocument): Facts[] {
  const { truths, found, predicted, matched } = anomalous.either;
  return [
    {
      path: "lesions.anomalous.either.recall" satisfies BootstrappedMetric,
      label: "lesion recall",
      value: anomalous.either.recall,
      meaning: `${found} of ${truths} lesions are found: a component of the final mask overlaps by an IoU above 0.1 (alone: ${apart(anomalous, "overlap", "recall")}) or has its centre inside (alone: ${apart(anomalous, "centre", "recall")}).`,
    },
    ...classMeasures(classes),
    {
      path: "lesions.anomalous.either.precision",
      label: "lesion precision, anomalous images",
      value: anomalous.either.precision,
      meaning: `${matched} of ${predicted} components in anomalous images match a lesion (by overlap ${apart(anomalous, "overlap", "precision")}, by centre ${apart(anomalous, "centre", "precision")}).`,
    },
    {
      path: "lesions.anomalous.either.f1",
      label: "lesion F1, anomalous images",
      value: anomalous.either.f1,
      meaning: "Harmonic mean of both.",
    },
    {
      path: "lesions.all.either.precision",
      label: "lesion precision, all images",
      value: all.either.precision,
      meaning: `The same with the good images' components among them, ${all.either.predicted} in all.`,
    },
    {
      path: "lesions.all.either.f1",
      label: "lesion F1, all images",
      value: all.either.f1,
      meaning: "Harmonic mean of lesion recall and that.",
    },
  ];
}

/** Nothing where the truth has no ring. */
function classMeasures({ large, sizes, rings }: LesionClasses): Facts[] {
  const { from } = large;
  const bySize = sizes
    .filter(({ truths }) => truths > 0)
    .map(({ from, to, found, truths }) => `${found} of ${truths} from ${from}${to ? ` to ${to - 1}` : ""}`);
  const recall = {
    path: "lesions.classes.large.recall",
    label: `lesion recall, ${from} px and more`,
    value: large.recall,
    meaning: `The same of the larger lesions; by size in pixels ${bySize.join(", ") || "none"}.`,
  };
  const overlap = {
    path: "lesions.classes.rings.overlap",
    label: "IoU of rings",
    value: rings.overlap,
    meaning: `Intersection over union of a lesion around a hole and the component that fits it best, averaged over ${rings.truths} lesions, of which ${rings.found} are found; a lost one counts 0.`,
  };
  return rings.truths === 0 ? [recall] : [recall, overlap];
}

function apart(lesions: LesionRules<LesionScore>, rule: "overlap" | "centre", what: "recall" | "precision") {
  return shortNumber(lesions[rule][what]);
}

function borderMeasures({ surface, area }: EvaluateDocument): Facts[] {
  const square = area.unit === "mm2" ? "mm²" : area.unit;
  return [
    {
      path: "surface.hd95",
      label: `HD95, ${surface.unit}`,
      value: surface.hd95,
      meaning: `95th percentile of the distances between the borders of final mask and reference, averaged over ${surface.images} anomalous images; ${surface.excluded} of which one is empty are left out.`,
    },
    {
      path: "surface.assd",
      detail: true,
      label: `ASSD, ${surface.unit}`,
      value: surface.assd,
      meaning: "Mean of these distances.",
    },
    {
      path: "area.absoluteDifference",
      detail: true,
      label: `area difference, ${square}`,
      value: area.absoluteDifference,
      meaning: "Difference between the areas of final mask and reference, without its sign, averaged.",
    },
    {
      path: "area.relativeDifference",
      label: "area difference, relative",
      value: area.relativeDifference,
      meaning: "Final mask minus reference, by the reference; negative where masks are too small.",
    },
  ];
}
