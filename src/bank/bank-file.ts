// The bank as a file: safetensors whose metadata carries everything that shaped it. See docs/file-format.md.

import * as v from "valibot";
import { MiasError } from "../errors.ts";
import { fitOptionsSchema, slicingSchema } from "../options.ts";
import type { Bank, BankLayer, Calibration, FitOptions, Provenance, Slicing } from "../types.ts";
import { brokenRule } from "../util/broken-rule.ts";
import type { ByteSource } from "../util/byte-source.ts";
import {
  heldOutTensors,
  MIRROR,
  projectionTensors,
  readColumn,
  readFolds,
  readHeldOut,
  readProjection,
  unreadable,
} from "./bank-tensors.ts";
import {
  encodeSafetensors,
  readSafetensorsHeader,
  type SafetensorsHeader,
  type Tensor,
} from "./safetensors.ts";
import { isMetadataIntact, sealed, sealedReader } from "./seal.ts";

/** Raised when a reader of the previous version would misread the file, or this one a file of the previous. */
export const BANK_FORMAT_VERSION = 6;

const FORMAT = "mias-bank";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.gtValue(0));

const ascending = v.pipe(
  v.array(v.number()),
  v.check((values) => values.every((value, i) => i === 0 || values[i - 1] <= value), "must be ascending"),
);

const calibrationSchema = v.strictObject({
  imageScores: ascending,
  mapMaxima: ascending,
  layerScales: v.array(positive),
  mirrorScale: v.nullable(positive),
  patchStd: positive,
  mapMean: v.number(),
  mapStd: positive,
});

const provenanceSchema = v.strictObject({
  program: v.string(),
  modelId: v.string(),
  modelSha256: v.string(),
  offered: v.number(),
  images: v.number(),
  heldOut: v.number(),
  patches: v.number(),
});

/** What a bank file says of itself, without its tensors. */
export interface BankSummary
  extends Pick<Bank, "calibration" | "options" | "provenance" | "rows" | "slicing"> {
  readonly formatVersion: number;
  readonly layers: readonly Pick<BankLayer, "tap" | "dims">[];
}

/** The bank's file as chunks in order, views of the bank where they can be. The same bank gives the same bytes. */
export async function encodeBank(bank: Bank): Promise<Uint8Array[]> {
  const tensors: Record<string, Tensor> = {};
  for (const { tap, dims, data } of bank.layers)
    tensors[rowsTensor(tap)] = { type: "F16", shape: [bank.rows, dims], data };
  Object.assign(tensors, {
    ...heldOutTensors(bank.heldOut),
    priority: { type: "U32", shape: [bank.rows], data: bank.priority },
    image: { type: "U32", shape: [bank.rows], data: bank.image },
    patch: { type: "U32", shape: [bank.rows], data: bank.patch },
    fold: { type: "U32", shape: [bank.rows], data: bank.fold },
    ...(bank.projection ? projectionTensors(bank.projection) : {}),
  } satisfies Record<string, Tensor>);
  const metadata = {
    format: FORMAT,
    formatVersion: String(BANK_FORMAT_VERSION),
    options: JSON.stringify(bank.options),
    calibration: JSON.stringify(bank.calibration),
    provenance: JSON.stringify(bank.provenance),
    ...(bank.slicing ? { slicing: JSON.stringify(bank.slicing) } : {}),
  };
  return [...encodeSafetensors(tensors, await sealed(tensors, metadata))];
}

const ROWS = "rows.";

function rowsTensor(tap: string): string {
  return ROWS + tap;
}

/**
 * What the bank says of itself; reads the header alone, so that its tensors are not checked.
 * @throws MiasError `bank-foreign`, `bank-older`, `bank-newer`, `bank-unreadable`
 */
export async function readBankSummary(source: ByteSource, signal?: AbortSignal): Promise<BankSummary> {
  return summarise(source, await readSafetensorsHeader(source, signal));
}

/**
 * Reads a whole bank, and checks it against its checksums where it has them.
 * @throws MiasError `bank-foreign`, `bank-older`, `bank-newer`, `bank-unreadable`
 */
export async function readBank(source: ByteSource, signal?: AbortSignal): Promise<Bank> {
  const header = await readSafetensorsHeader(source, signal);
  const { rows, layers, calibration, options, provenance, slicing } = await summarise(source, header);
  const refusal = (name: string) =>
    unreadable(source, `the sha256 of tensor ${name} is not the one that its metadata state`);
  const read = sealedReader(source, header, refusal, signal);
  const filled: BankLayer[] = [];
  for (const { tap, dims } of layers) {
    filled.push({ tap, dims, data: (await read(rowsTensor(tap), "F16")).data as Uint16Array });
  }
  const heldOut = await readHeldOut(source, read, searchesOf(options, layers), header.tensors.has(MIRROR));
  for (const key of ["imageScores", "mapMaxima"] as const) {
    const values = calibration[key].length;
    if (values === heldOut.images) continue;
    throw unreadable(
      source,
      `metadata calibration: ${key} must have ${heldOut.images} values, one a held-out image, has ${values}`,
    );
  }
  const column = (name: string) => readColumn(source, read, name, rows);
  return {
    layers: filled,
    ...(options.axes === "each-map" ? {} : { projection: await readProjection(source, read, layers) }),
    rows,
    priority: await column("priority"),
    image: await column("image"),
    patch: await column("patch"),
    fold: await readFolds(source, read, "fold", rows),
    heldOut,
    calibration,
    options,
    provenance,
    ...(slicing ? { slicing } : {}),
  };
}

/** How many searches the layers take: one in joint axes, else one each. */
function searchesOf({ axes }: FitOptions, layers: readonly unknown[]): number {
  return axes === "each-map" ? layers.length : 1;
}

async function summarise(source: ByteSource, header: SafetensorsHeader): Promise<BankSummary> {
  const { metadata } = header;
  if (metadata.format !== FORMAT) {
    throw new MiasError(
      "bank-foreign",
      source.name,
      `${source.name} is a safetensors file but not a memory bank (its format is ${metadata.format ?? "not stated"}); make one with \`mias fit\``,
    );
  }
  const formatVersion = parseMetadata(source, metadata, "formatVersion", count);
  if (formatVersion > BANK_FORMAT_VERSION) {
    throw new MiasError(
      "bank-newer",
      source.name,
      `${source.name} has bank format ${formatVersion}, this version reads ${BANK_FORMAT_VERSION}; update mias-sam`,
    );
  }
  if (formatVersion < BANK_FORMAT_VERSION) {
    throw new MiasError(
      "bank-older",
      source.name,
      `${source.name} has bank format ${formatVersion}, this version reads ${BANK_FORMAT_VERSION}; make it again with \`mias fit\``,
    );
  }
  const options = parseMetadata(source, metadata, "options", fitOptionsSchema);
  const layers = layersOf(source, header, options.taps);
  const rows = layers[0].rows;
  const calibration = parseMetadata(source, metadata, "calibration", calibrationSchema) satisfies Calibration;
  const searches = searchesOf(options, layers);
  if (calibration.layerScales.length !== searches) {
    throw unreadable(source, `its ${searches} searches have ${calibration.layerScales.length} scales`);
  }
  const summary = {
    formatVersion,
    rows,
    layers: layers.map(({ tap, dims }) => ({ tap, dims })),
    options,
    calibration,
    provenance: parseMetadata(source, metadata, "provenance", provenanceSchema) satisfies Provenance,
    ...("slicing" in metadata
      ? { slicing: parseMetadata(source, metadata, "slicing", slicingSchema) satisfies Slicing }
      : {}),
  };
  if (await isMetadataIntact(metadata)) return summary;
  throw unreadable(source, "the sha256 of its metadata is not the one that they state");
}

/** The layers by the tensors that hold them, which must be those of the options. */
function layersOf(
  source: ByteSource,
  { tensors }: SafetensorsHeader,
  taps: readonly string[],
): { tap: string; rows: number; dims: number }[] {
  const found = [...tensors.keys()]
    .filter((name) => name.startsWith(ROWS))
    .map((name) => name.slice(ROWS.length));
  if (found.length !== taps.length || !taps.every((tap) => found.includes(tap))) {
    const names = found.length === 0 ? "none" : found.join(", ");
    throw unreadable(
      source,
      `metadata options: taps must be those of its tensors, ${names}, got ${taps.join(", ")}`,
    );
  }
  const shapes = taps.map((tap) => tensors.get(rowsTensor(tap))?.shape ?? []);
  if (shapes.some((shape) => shape.length !== 2 || shape[0] !== shapes[0][0] || shape[1] === 0)) {
    throw unreadable(source, "its layers must have equally many rows");
  }
  return taps.map((tap, i) => ({ tap, rows: shapes[i][0], dims: shapes[i][1] }));
}

function parseMetadata<Schema extends v.GenericSchema>(
  source: ByteSource,
  metadata: Readonly<Record<string, string>>,
  key: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, parseJson(source, key, metadata[key]));
  if (parsed.success) return parsed.output;
  const [first] = parsed.issues;
  const place = v.getDotPath(first) === null ? "" : `${key}: `;
  throw unreadable(source, `metadata ${place}${brokenRule(first, key)}`);
}

function parseJson(source: ByteSource, key: string, text: string | undefined): unknown {
  if (text === undefined) throw unreadable(source, `metadata ${key} must be given, got nothing`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(source, `metadata ${key} must be JSON`, cause);
  }
}
