import { issue } from "../issues.ts";
import type { ModelManifest } from "../model/manifest.ts";
import { boxLadder } from "../prompt/box-ladder.ts";
import { centreOfGravity } from "../prompt/centre-of-gravity.ts";
import { contourBoxes } from "../prompt/contour-boxes.ts";
import { type FurtherPeaks, lesionLadders } from "../prompt/lesion-ladders.ts";
import { mapPoints, signedPoints } from "../prompt/signed-points.ts";
import type {
  ChooserName,
  Issue,
  PromptSet,
  PromptStrategyName,
  ScalarMap,
  SegmentOptions,
} from "../types.ts";

/** @param further which peaks beside the highest are asked for */
type PromptStrategy = (map: ScalarMap, manifest: ModelManifest, further: FurtherPeaks) => PromptSet[];

/** The prompt strategies by name; map and prompts are in the model frame. */
export const promptStrategies: Readonly<Record<PromptStrategyName, PromptStrategy>> = {
  "lesion-ladders": (map, { prompts }, further) => lesionLadders(map, prompts.includes("point"), further),
  "box-ladder": boxLadder,
  "centre-of-gravity": (map) => [
    {
      prompts: [{ kind: "point", point: centreOfGravity(map), positive: true }],
      output: "multi",
      label: "centre of gravity",
    },
  ],
  "contour-boxes": (map, manifest) => contourBoxes(map, manifest.decoder.masks.size),
  "signed-points": (map, _, further) => signedPoints(map, further),
  "map-points": (map, manifest, further) => mapPoints(map, manifest.decoder.masks.size, further),
};

/** What a model has to take for a strategy that is of no use without. */
const NEEDS: Partial<Record<PromptStrategyName, ModelManifest["prompts"]>> = {
  "centre-of-gravity": ["point"],
  "signed-points": ["point"],
  "map-points": ["point", "mask"],
};

export interface PromptPlan {
  readonly strategy: PromptStrategyName;
  readonly chooser: ChooserName;
  readonly issues: readonly Issue[];
}

/** The strategy that is run: a model that lacks what it needs gets the paper's box path, and the result says so. */
export function planPrompts(options: SegmentOptions, manifest: ModelManifest, subject: string): PromptPlan {
  const missing = NEEDS[options.prompt]?.find((kind) => !manifest.prompts.includes(kind));
  if (missing === undefined) return { strategy: options.prompt, chooser: options.chooser, issues: [] };
  const boxPath = issue(
    "box-path-of-paper",
    subject,
    `model ${manifest.id} takes no ${missing} prompts, so the published box path is used: boxes of the map's contours, masks united`,
  );
  return { strategy: "contour-boxes", chooser: "union", issues: [boxPath] };
}
