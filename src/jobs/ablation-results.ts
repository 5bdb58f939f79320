import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Model } from "../pipeline/model.ts";
import type { AblationResult, AblationSet } from "../report/ablation-document.ts";
import { sha256Hex } from "../util/sha256.ts";
import { PROGRAM } from "../version.ts";
import type { AblationData } from "./ablation-data.ts";
import type { GridRow } from "./ablation-grid.ts";

const share = v.nullable(v.number());
const resultSchema = v.object({
  fingerprint: v.string(),
  measures: v.object({
    images: v.object({ good: v.number(), anomalous: v.number() }),
    pixelAuroc: share,
    imageAuroc: share,
    aupro: share,
    dice: share,
    bestCandidate: share,
    bestThreshold: share,
    secondsPerImage: v.number(),
  }),
  issues: v.array(
    v.object({
      code: v.string(),
      severity: v.picklist(["note", "warning", "error"]),
      subject: v.string(),
      message: v.string(),
    }),
  ),
});
const documentSchema = v.object({
  rows: v.array(v.object({ validation: v.nullable(resultSchema), test: v.nullable(resultSchema) })),
});

/** The results in an ablation.json, by fingerprint; none where there is no such file or it is damaged. */
export async function earlierResults(path: string): Promise<ReadonlyMap<string, AblationResult>> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  const parsed = v.safeParse(documentSchema, parsedJson(text));
  if (!parsed.success) return new Map();
  const results = parsed.output.rows.flatMap(({ validation, test }) => [validation, test]);
  return new Map(results.flatMap((result) => (result === null ? [] : [[result.fingerprint, result]])));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names a result: another version, model, option or image gives another fingerprint. */
export async function resultFingerprint(
  { manifest, sha256 }: Model,
  { options }: GridRow,
  { identity }: AblationData,
  set: AblationSet,
): Promise<string> {
  const { decoder } = manifest.files;
  const text = JSON.stringify([PROGRAM, sha256, decoder.sha256, options, set, identity[set]]);
  return sha256Hex(new TextEncoder().encode(text));
}
