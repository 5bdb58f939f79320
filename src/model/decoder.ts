// Prompts in, masks out. Prompt sets that have the same number of tokens and the same kind of mask prompt are
// answered by one run of the decoder; their results do not depend on who else is in the batch.

import type { NdArray, Session } from "../runtime/runtime.ts";
import type { Candidate, FeatureMap, Prompt, PromptSet } from "../types.ts";
import { assert } from "../util/assert.ts";
import type { ModelManifest } from "./manifest.ts";

/** SAM's point labels. */
const LABEL = { padding: -1, negative: 0, positive: 1, boxTopLeft: 2, boxBottomRight: 3 } as const;

interface Token {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

interface Query {
  readonly index: number;
  readonly promptSet: PromptSet;
  readonly tokens: readonly Token[];
}

/**
 * Draws the masks of each prompt set, in the order of the sets.
 * @param embedding the encoder's embedding of the image
 * @param promptSets in the model frame
 */
export async function decode(
  session: Session,
  manifest: ModelManifest,
  embedding: FeatureMap,
  promptSets: readonly PromptSet[],
): Promise<Candidate[][]> {
  const results: Candidate[][] = promptSets.map(() => []);
  for (const batch of planBatches(manifest, promptSets)) {
    const masks = await decodeBatch(session, manifest, embedding, batch);
    for (const [i, query] of batch.entries()) results[query.index] = masks[i];
  }
  return results;
}

/** Groups queries that can share a run, keeping their order within a group. */
function planBatches(manifest: ModelManifest, promptSets: readonly PromptSet[]): Query[][] {
  const groups = new Map<string, Query[]>();
  for (const [index, promptSet] of promptSets.entries()) {
    const tokens = toTokens(promptSet.prompts, manifest.decoder.padPoint);
    const key = `${tokens.length}/${promptSet.maskInput !== undefined}`;
    const group = groups.get(key) ?? [];
    group.push({ index, promptSet, tokens });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function toTokens(prompts: readonly Prompt[], padPoint: boolean): Token[] {
  const tokens = prompts.flatMap(promptTokens);
  const needsPadding = padPoint && !prompts.some((prompt) => prompt.kind === "box");
  return needsPadding ? [...tokens, { x: 0, y: 0, label: LABEL.padding }] : tokens;
}

function promptTokens(prompt: Prompt): Token[] {
  if (prompt.kind === "point") {
    return [{ ...prompt.point, label: prompt.positive ? LABEL.positive : LABEL.negative }];
  }
  const { x0, y0, x1, y1 } = prompt.box;
  return [
    { x: x0, y: y0, label: LABEL.boxTopLeft },
    { x: x1, y: y1, label: LABEL.boxBottomRight },
  ];
}

async function decodeBatch(
  session: Session,
  manifest: ModelManifest,
  embedding: FeatureMap,
  batch: readonly Query[],
): Promise<Candidate[][]> {
  const { inputs, outputs } = manifest.decoder;
  const tokens = batch.flatMap((query) => query.tokens);
  const shape = [batch.length, batch[0].tokens.length];
  const result = await session.run(
    {
      [inputs.embedding]: {
        data: embedding.data,
        dims: [1, embedding.channels, embedding.height, embedding.width],
      },
      [inputs.points]: { data: Float32Array.from(tokens.flatMap(({ x, y }) => [x, y])), dims: [...shape, 2] },
      [inputs.labels]: { data: Float32Array.from(tokens, (token) => token.label), dims: shape },
      ...maskInputs(manifest, batch),
    },
    [outputs.masks, outputs.iou],
  );
  return batch.map((query, i) =>
    candidates(manifest, query.promptSet, result[outputs.masks], result[outputs.iou], i),
  );
}

/** One shared empty mask prompt where no query has one: the decoder then shares its work on the image too. */
function maskInputs(manifest: ModelManifest, batch: readonly Query[]): Record<string, NdArray> {
  const { inputs, masks } = manifest.decoder;
  const area = masks.size * masks.size;
  const given = batch.flatMap((query) => (query.promptSet.maskInput ? [query.promptSet.maskInput] : []));
  const data = new Float32Array(Math.max(1, given.length) * area);
  for (const [i, map] of given.entries()) {
    assert(map.data.length === area, `mask prompt has ${map.data.length} values`);
    data.set(map.data, i * area);
  }
  const count = data.length / area;
  return {
    [inputs.maskInput]: { data, dims: [count, 1, masks.size, masks.size] },
    [inputs.hasMask]: { data: new Float32Array(count).fill(given.length > 0 ? 1 : 0), dims: [count] },
  };
}

function candidates(
  manifest: ModelManifest,
  promptSet: PromptSet,
  masks: NdArray,
  iou: NdArray,
  row: number,
): Candidate[] {
  const { count, size, single, multiple } = manifest.decoder.masks;
  const area = size * size;
  const wanted = promptSet.output === "single" ? [single] : multiple;
  return wanted.map((mask, maskIndex) => {
    const slot = row * count + mask;
    return {
      promptSet,
      maskIndex,
      logits: { width: size, height: size, data: masks.data.subarray(slot * area, (slot + 1) * area) },
      predictedIou: iou.data[slot],
    };
  });
}
