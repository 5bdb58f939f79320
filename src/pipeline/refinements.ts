// The second pass: the decoder is asked once more about the masks that were chosen, and the choice is made anew. The
// answers go before the masks they are made of, so that the rule `first` takes them.

import { issue } from "../issues.ts";
import { agreements } from "../mask/agreement.ts";
import { type Choice, type Chooser, positive } from "../mask/choose.ts";
import { choosePerLesion } from "../mask/choose-per-lesion.ts";
import type { ModelManifest } from "../model/manifest.ts";
import { boxAndMask, largerBox, shakenBoxes } from "../prompt/second-pass.ts";
import type { Candidate, Issue, PromptSet, RefinementName, ScalarMap, SegmentOptions } from "../types.ts";

/** The masks of an image, and which of them are its own. */
export interface Drawn {
  readonly candidates: readonly Candidate[];
  readonly choice: Choice;
}

export interface RefinementTools {
  readonly manifest: ModelManifest;
  /** Anomaly map in the model frame. */
  readonly map: ScalarMap;
  readonly chooser: Chooser;
  /** The masks of each prompt set. */
  decode(promptSets: readonly PromptSet[]): Promise<Candidate[][]>;
}

/** Rivals for a lesion whose boxes are shaken: each costs four prompts. */
const RIVALS = 3;

type Refinement = (drawn: Drawn, tools: RefinementTools) => Promise<Drawn>;

/** The refinements by name. */
export const refinements: Readonly<Record<RefinementName, Refinement>> = {
  none: async (drawn) => drawn,
  "larger-box": (drawn, tools) => secondPass(drawn, tools, largerBox),
  "box-and-mask": (drawn, tools) => secondPass(drawn, tools, boxAndMask),
  "shaken-boxes": byShakenBoxes,
};

export interface RefinementPlan {
  readonly refinement: RefinementName;
  readonly issues: readonly Issue[];
}

/** The refinement that is run: a model that takes no masks cannot be shown its own, and the result says so. */
export function planRefinement(
  { refine }: SegmentOptions,
  manifest: ModelManifest,
  subject: string,
): RefinementPlan {
  if (refine !== "box-and-mask" || manifest.prompts.includes("mask"))
    return { refinement: refine, issues: [] };
  const leftOut = issue(
    "refinement-left-out",
    subject,
    `model ${manifest.id} takes no mask prompts, so the chosen masks are not shown to it again`,
  );
  return { refinement: "none", issues: [leftOut] };
}

/** Chooses among the candidates of an image. */
export function choose(candidates: readonly Candidate[], { chooser, map }: RefinementTools): Drawn {
  return { candidates, choice: choosePerLesion(chooser, candidates, map) };
}

/** Asks about each chosen mask once more, and chooses among all masks. */
async function secondPass(
  drawn: Drawn,
  tools: RefinementTools,
  promptSetsOf: (candidate: Candidate, size: number) => PromptSet[],
): Promise<Drawn> {
  const { candidates, choice } = drawn;
  const promptSets = choice.chosen.flatMap((i) => promptSetsOf(candidates[i], tools.manifest.input.size));
  if (promptSets.length === 0) return drawn;
  const second = (await tools.decode(promptSets)).flat();
  return choose([...second, ...candidates], tools);
}

/**
 * Shakes the boxes of the best masks of each lesion. A mask is right more often where boxes that are a little off give
 * the same answer, so its quality is multiplied by how far they do. The answers themselves are no candidates, and a
 * lesion of which several masks are chosen keeps them.
 */
async function byShakenBoxes(drawn: Drawn, { manifest, decode }: RefinementTools): Promise<Drawn> {
  const { candidates, choice } = drawn;
  const contests = choice.chosen.map((i) => rivalsOf(drawn, i));
  const rivals = contests.flat();
  const asked = rivals.map((i) => shakenBoxes(candidates[i], manifest.input.size));
  const answers = (await decode(asked.flat())).flat();
  const qualities = [...choice.qualities];
  for (const [k, i] of rivals.entries()) {
    const own = answers.splice(0, asked[k].length);
    if (own.length > 0) qualities[i] *= steadiness(own);
  }
  const chosen = contests.map((contest) =>
    contest.reduce((best, i) => (qualities[i] > qualities[best] ? i : best)),
  );
  return { candidates, choice: { qualities, chosen } };
}

/** The chosen candidate, and the next best ones of its lesion if it alone is chosen there; all stand out. */
function rivalsOf({ candidates, choice }: Drawn, chosen: number): number[] {
  const lesionOf = (i: number) => candidates[i].promptSet.lesion ?? 0;
  const isRival = (i: number) => lesionOf(i) === lesionOf(chosen);
  if (choice.chosen.filter(isRival).length > 1) return [chosen];
  const { qualities } = choice;
  const others = [...candidates.keys()].filter((i) => i !== chosen && isRival(i) && qualities[i] > 0);
  return [chosen, ...others.sort((a, b) => qualities[b] - qualities[a]).slice(0, RIVALS - 1)];
}

/** Mean DICE of one or more masks with each other, in [0, 1]. */
function steadiness(masks: readonly Candidate[]): number {
  const each = agreements(
    masks.map(({ logits }) => positive(logits)),
    masks.map(() => 1),
  );
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}
