// The first pass over a volume: every slice that shows something goes through the encoder once. What the second pass
// needs of it goes to a store; in memory stay a grid of patch distances and two numbers a slice.

import { isMiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { FeatureMap, Issue, MedicalImage, ScalarMap } from "../types.ts";
import type { Ready } from "./see-image.ts";
import { seeImage } from "./see-image.ts";
import { fromHalfFeature, type SeenSlice, type SliceStore, toHalfFeature } from "./slice-store.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import type { VolumeStack } from "./volume-stack.ts";

/** What is remembered of a slice. */
export interface SliceFinding extends Omit<Verdict, "empty"> {
  readonly score: number;
  readonly beyond: ScalarMap;
}

export interface SeenStack {
  /** One for each slice of the plan; undefined where it is empty or could not be seen. */
  readonly findings: readonly (SliceFinding | undefined)[];
  readonly issues: readonly Issue[];
  /** Those that the store had not. */
  readonly seconds: { readonly encode: number; readonly search: number };
  /** The embedding of a slice that has a finding; seen anew where the store has forgotten it. */
  embedding(index: number): Promise<FeatureMap>;
}

/** Called before each slice. Throws the signal's reason when aborted. */
export type Step = () => void;

/** Sees the slices of a stack in order. Those that the store holds are not encoded again. */
export async function seeSlices(
  ready: Ready,
  stack: VolumeStack,
  store: SliceStore,
  step: Step,
): Promise<SeenStack> {
  const findings: (SliceFinding | undefined)[] = [];
  const issues = new Map<string, Issue>();
  const seconds = { encode: 0, search: 0 };
  const seeAnew = async (image: MedicalImage) => {
    const seen = await seeImage(ready, image);
    seconds.encode += seen.seconds.encode;
    seconds.search += seen.seconds.search;
    const { score, beyond } = seen;
    return { score, beyond, embedding: toHalfFeature(seen.embedding) };
  };
  for (let index = 0; index < stack.plan.count; index++) {
    step();
    const { image, empty } = stack.slice(index);
    for (const odd of image.issues) issues.set(`${odd.code} ${odd.message}`, odd);
    const see = () => seeAnew(image);
    const seen = empty ? undefined : await seeOne(stack, index, store, see, issues);
    findings.push(seen && findingOf(ready, seen));
  }
  return {
    findings,
    issues: [...issues.values()],
    seconds,
    embedding: async (index) =>
      fromHalfFeature(((await store.load(index)) ?? (await seeAnew(stack.slice(index).image))).embedding),
  };
}

/** A slice from the store, or through the encoder; undefined where it cannot be seen, which becomes an issue. */
async function seeOne(
  { name }: VolumeStack,
  index: number,
  store: SliceStore,
  see: () => Promise<SeenSlice>,
  issues: Map<string, Issue>,
): Promise<SeenSlice | undefined> {
  const stored = await store.load(index);
  if (stored !== undefined) return stored;
  try {
    const seen = await see();
    await store.save(index, seen);
    return seen;
  } catch (error) {
    if (!isMiasError(error, "image-unsupported")) throw error;
    issues.set(
      `failed ${index}`,
      issue("slice-failed", name, `slice ${index} is left out: ${error.message}`),
    );
    return undefined;
  }
}

function findingOf({ bank, options }: Ready, { score, beyond }: SeenSlice): SliceFinding {
  const { pValue, abnormal } = verdictOf(score, bank.calibration.imageScores, options);
  return { score, pValue, abnormal, beyond };
}
