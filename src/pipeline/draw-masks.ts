import { choosers } from "../mask/choose.ts";
import { decode } from "../model/decoder.ts";
import type { FurtherPeaks } from "../prompt/lesion-ladders.ts";
import type { Issue, PromptSet } from "../types.ts";
import { secondsSince } from "../util/seconds-since.ts";
import { planPrompts, promptStrategies } from "./prompt-strategies.ts";
import { choose, type Drawn, planRefinement, refinements } from "./refinements.ts";
import type { Ready, Seen } from "./see-image.ts";

export interface DrawCall {
  /** Which peaks of the map the decoder is asked for beside the highest; or prompts that come from elsewhere. */
  readonly ask: FurtherPeaks | readonly PromptSet[];
  readonly signal?: AbortSignal;
}

export interface Drawing extends Drawn {
  readonly issues: readonly Issue[];
  readonly decodeSeconds: number;
}

/** anomaly map -> prompts -> masks -> choice, and what a second look makes of it. */
export async function drawMasks(
  { model, options }: Pick<Ready, "model" | "options">,
  { embedding, map }: Pick<Seen, "embedding" | "map">,
  name: string,
  { ask, signal }: DrawCall,
): Promise<Drawing> {
  const { manifest } = model;
  const plan = planPrompts(options, manifest, name);
  const { refinement, issues } = planRefinement(options, manifest, name);
  let decodeSeconds = 0;
  const decodeSets = async (sets: readonly PromptSet[]) => {
    signal?.throwIfAborted();
    const started = performance.now();
    const answers = await decode(model.decoder, manifest, embedding, sets);
    decodeSeconds += secondsSince(started);
    return answers;
  };
  const isOfMap = ask === "none" || typeof ask === "function";
  const prompts = isOfMap ? promptStrategies[plan.strategy](map, manifest, ask) : ask;
  const tools = { manifest, map, chooser: choosers[plan.chooser], decode: decodeSets };
  const first = choose((await decodeSets(prompts)).flat(), tools);
  const refined = await refinements[refinement](first, tools);
  return { ...refined, issues: [...plan.issues, ...issues], decodeSeconds };
}
