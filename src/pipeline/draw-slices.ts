// The second pass over a volume: abnormal slices are drawn from the map's peaks, then the box of each mask is offered to
// the slices beside it, and so on outwards until the map says nothing more. What neither a neighbour nor its own strength
// supports is dropped at the end (slice-support.ts).

import { boxToModel, boxToOriginal, maskToOriginal } from "../geometry/frame.ts";
import { areSame } from "../mask/choose-per-lesion.ts";
import { contrast } from "../mask/contrast.ts";
import {
  largestInside,
  type MaskPatch,
  maskOfPatches,
  overlap,
  patchOf,
  sharedArea,
} from "../mask/mask-patch.ts";
import { withoutSpecks } from "../mask/specks.ts";
import type { Box, Candidate, Frame, Issue, PromptSet } from "../types.ts";
import { conformalPValue } from "../util/conformal.ts";
import { type Drawing, drawMasks } from "./draw-masks.ts";
import { drawnParts, furtherLevel } from "./drawn-parts.ts";
import type { Ready } from "./see-image.ts";
import type { SeenStack, SliceFinding, Step } from "./see-slices.ts";
import type { VolumeMaps } from "./volume-maps.ts";

/** A mask of one slice. */
export interface SlicePart {
  readonly patch: MaskPatch;
  /** Of the prompts that it answers, in the slice's pixels. */
  readonly boxes: readonly Box[];
}

/** All that slices are drawn with. */
export interface DrawTools {
  readonly ready: Ready;
  readonly name: string;
  readonly frame: Frame;
  readonly seen: SeenStack;
  readonly maps: VolumeMaps;
  /** Whether a slice says anything of the next: not where their distance is unknown. */
  readonly joined: boolean;
  readonly signal?: AbortSignal;
}

export interface DrawnStack {
  /** The masks of each slice. */
  readonly parts: readonly (readonly SlicePart[])[];
  readonly issues: readonly Issue[];
  readonly decodeSeconds: number;
}

/**
 * A mask that came from the slice beside it stays where at least half of normal slices hold nothing as deviant anywhere.
 * It is no threshold to be tuned: at 0.5 what is inside is more abnormal than the most deviant place of a typical normal
 * slice, and since the lesion has been shown next to it, no more is asked than that it goes on.
 */
const SUPPORTED = 0.5;

/** Draws the slices at `seeds`, and what goes on from them. */
export async function drawSlices(
  tools: DrawTools,
  seeds: ReadonlySet<number>,
  step: Step,
): Promise<DrawnStack> {
  const { findings } = tools.seen;
  const parts: SlicePart[][] = findings.map(() => []);
  const issues = new Map<string, Issue>();
  const log = { decodeSeconds: 0 };
  const note = (drawing: Drawing) => {
    log.decodeSeconds += drawing.decodeSeconds;
    for (const odd of drawing.issues) issues.set(odd.code, odd);
  };
  for (const [index, finding] of findings.entries()) {
    step();
    if (finding && seeds.has(index)) parts[index].push(...(await ownParts(tools, index, finding, note)));
  }
  if (tools.joined) {
    for (let index = 1; index < parts.length; index++) await goOn(tools, parts, index - 1, index, note);
    for (let index = parts.length - 2; index >= 0; index--) await goOn(tools, parts, index + 1, index, note);
  }
  return { parts, issues: [...issues.values()], ...log };
}

/** What the peaks of the slice's map give. */
async function ownParts(
  tools: DrawTools,
  index: number,
  { pValue }: SliceFinding,
  note: (drawing: Drawing) => void,
): Promise<SlicePart[]> {
  const { ready, name, frame, seen, maps, signal } = tools;
  const { alpha } = ready.options;
  const level = { pValue, alpha, normalMaxima: ready.bank.calibration.mapMaxima };
  const canvas = { embedding: await seen.embedding(index), map: maps.model(index) };
  const ask = furtherLevel(level) > 0 ? "all" : "first";
  const drawing = await drawMasks(ready, canvas, name, { ask, ...(signal ? { signal } : {}) });
  note(drawing);
  const { candidates, choice } = drawing;
  const drawn = drawnParts(choice.chosen, candidates, frame, maps.original(index), level);
  return drawn.flatMap(({ index: i, mask }) => {
    const patch = patchOf(mask);
    return patch ? [{ patch, boxes: boxesOf(candidates[i], frame) }] : [];
  });
}

function boxesOf({ promptSet }: Candidate, frame: Frame): Box[] {
  return promptSet.prompts.flatMap((prompt) =>
    prompt.kind === "box" ? [boxToOriginal(frame, prompt.box)] : [],
  );
}

/** Offers each mask of slice `from` to slice `to` beside it, where no mask meets it yet. */
async function goOn(
  tools: DrawTools,
  parts: SlicePart[][],
  from: number,
  to: number,
  note: (drawing: Drawing) => void,
): Promise<void> {
  if (tools.seen.findings[to] === undefined) return;
  const open = parts[from].filter(({ patch }) => !parts[to].some((part) => overlap(part.patch, patch)));
  if (open.length === 0) return;
  const { ready, name, frame, seen, maps, signal } = tools;
  const canvas = { embedding: await seen.embedding(to), map: maps.model(to) };
  const sets = open.flatMap(({ patch }, lesion) => offered(frame, patch, lesion));
  const drawing = await drawMasks(ready, canvas, name, { ask: sets, ...(signal ? { signal } : {}) });
  note(drawing);
  const alone = maps.alone(to);
  for (const i of drawing.choice.chosen) {
    const candidate = drawing.candidates[i];
    const source = open[candidate.promptSet.lesion ?? 0].patch;
    const patch = patchOf(withoutSpecks(maskToOriginal(frame, candidate.logits)));
    if (patch === undefined || !areSame(patch.area, source.area, sharedArea(patch, source))) continue;
    const mask = maskOfPatches([patch], frame.width, frame.height);
    const pValue = conformalPValue(largestInside(patch, alone), ready.bank.calibration.mapMaxima);
    if (pValue > SUPPORTED || contrast(mask, alone) <= 0) continue;
    parts[to].push({ patch, boxes: boxesOf(candidate, frame) });
  }
}

function offered(frame: Frame, { box }: MaskPatch, lesion: number): PromptSet[] {
  return [
    {
      prompts: [{ kind: "box", box: boxToModel(frame, box) }],
      output: "single",
      lesion,
      label: "box of the slice beside it",
    },
  ];
}
