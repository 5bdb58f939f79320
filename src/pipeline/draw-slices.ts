// The second pass over a volume: abnormal slices are drawn from the peaks of their own maps, then the box of each mask is offered to
// the slices beside it, and so on outwards until the map says nothing more. What is supported neither by a neighbour nor
// by its own strength is dropped at the end. The rules are in slice-support.ts.

import { boxToModel, boxToOriginal, maskToOriginal } from "../geometry/frame.ts";
import { areSame } from "../mask/choose-per-lesion.ts";
import { type MaskPatch, overlap, patchOf, sharedArea } from "../mask/mask-patch.ts";
import { withoutSpecks } from "../mask/specks.ts";
import type { Box, Candidate, Frame, Issue, PromptSet } from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import { type Drawing, drawMasks } from "./draw-masks.ts";
import { drawnParts, furtherPeaksOf } from "./drawn-parts.ts";
import type { Ready } from "./see-image.ts";
import type { SeenStack, SliceFinding, Step } from "./see-slices.ts";
import type { SliceSupport } from "./slice-support.ts";
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
  /** Absent where slices say nothing of each other, since their distance is unknown. */
  readonly support?: SliceSupport;
  readonly signal?: AbortSignal;
}

export interface DrawnStack {
  /** The masks of each slice. */
  readonly parts: readonly (readonly SlicePart[])[];
  readonly issues: readonly Issue[];
  readonly decodeSeconds: number;
}

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
  const { support } = tools;
  if (support !== undefined) {
    const joined = { ...tools, support };
    for (let index = 1; index < parts.length; index++) await goOn(joined, parts, index - 1, index, note);
    for (let index = parts.length - 2; index >= 0; index--) await goOn(joined, parts, index + 1, index, note);
  }
  // With no abnormal slice, what was asked for all the same stays whatever supports it.
  const isShown = findings.some((finding) => finding?.abnormal);
  const kept = support && isShown ? support.supported(parts) : parts;
  return { parts: kept, issues: [...issues.values()], ...log };
}

/**
 * What the peaks of the slice's own map give, as far as the map in 3-D bears it out. Prompts are not taken from the map in
 * 3-D: where a peak is weak it is lower and flatter there, and its boxes reach for half of the body.
 */
async function ownParts(
  tools: DrawTools,
  index: number,
  { pValue, abnormal }: SliceFinding,
  note: (drawing: Drawing) => void,
): Promise<SlicePart[]> {
  const { ready, name, frame, seen, maps, signal } = tools;
  const { alpha } = ready.options;
  const canvas = { embedding: await seen.embedding(index), map: maps.aloneInModel(index) };
  const maximum = mapMaximum(canvas.map).value;
  const evidence = { pValue, maximum, alpha, normalMaxima: ready.bank.calibration.mapMaxima };
  const call = { ask: furtherPeaksOf(evidence), ...(signal ? { signal } : {}) };
  const drawing = await drawMasks(ready, canvas, name, call);
  note(drawing);
  const { candidates, choice } = drawing;
  const drawn = drawnParts(choice.chosen, candidates, frame, maps.solid(index), evidence);
  return drawn.flatMap(({ index: i, mask }) => {
    const patch = patchOf(mask);
    const stays = patch && (!abnormal || (tools.support?.isBorneOut(index, patch) ?? true));
    return stays ? [{ patch, boxes: boxesOf(candidates[i], frame) }] : [];
  });
}

function boxesOf({ promptSet }: Candidate, frame: Frame): Box[] {
  return promptSet.prompts.flatMap((prompt) =>
    prompt.kind === "box" ? [boxToOriginal(frame, prompt.box)] : [],
  );
}

/** Offers each mask of slice `from` to slice `to` beside it, where no mask meets it yet and the model takes boxes. */
async function goOn(
  tools: DrawTools & { readonly support: SliceSupport },
  parts: SlicePart[][],
  from: number,
  to: number,
  note: (drawing: Drawing) => void,
): Promise<void> {
  if (tools.seen.findings[to] === undefined) return;
  const open = parts[from].filter(({ patch }) => !parts[to].some((part) => overlap(part.patch, patch)));
  if (open.length === 0 || !tools.ready.model.manifest.prompts.includes("box")) return;
  const { ready, name, frame, seen, maps, support, signal } = tools;
  const canvas = { embedding: await seen.embedding(to), map: maps.aloneInModel(to) };
  const sets = open.flatMap(({ patch }, lesion) => offered(frame, patch, lesion));
  const drawing = await drawMasks(ready, canvas, name, { ask: sets, ...(signal ? { signal } : {}) });
  note(drawing);
  for (const i of drawing.choice.chosen) {
    const candidate = drawing.candidates[i];
    const source = open[candidate.promptSet.lesion ?? 0].patch;
    const patch = patchOf(withoutSpecks(maskToOriginal(frame, candidate.logits)));
    if (patch === undefined || !areSame(patch.area, source.area, sharedArea(patch, source))) continue;
    if (support.goesOn(to, patch)) parts[to].push({ patch, boxes: boxesOf(candidate, frame) });
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
