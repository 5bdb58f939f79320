// The bank as a file: safetensors whose metadata carries everything that shaped it. See docs/file-format.md.

import * as v from "valibot";
import { MiasError } from "../errors.ts";
import { fitOptionsSchema } from "../options.ts";
import type { Bank, BankLayer, Calibration, Provenance } from "../types.ts";
import type { ByteSource } from "../util/byte-source.ts";
import {
  encodeSafetensors,
  readSafetensorsHeader,
  readTensor,
  type SafetensorsHeader,
  type Tensor,
} from "./safetensors.ts";

/** Raised when a reader of the previous version would misread the file. */
export const BANK_FORMAT_VERSION = 1;

const FORMAT = "mias-bank";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.gtValue(0));

const calibrationSchema = v.strictObject({
  imageScores: v.array(v.number()),
  mapMaxima: v.array(v.number()),
  layerScales: v.array(positive),
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
  extends Pick<Bank, "calibration" | "options" | "provenance" | "rows" | "learnedRows"> {
  readonly formatVersion: number;
  readonly layers: readonly Pick<BankLayer, "tap" | "dims">[];
}

/** The bank's file as chunks in order. The same bank gives the same bytes. */
export function encodeBank(bank: Bank): Generator<Uint8Array> {
  const tensors: Record<string, Tensor> = {};
  for (const { tap, dims, data } of bank.layers)
    tensors[rowsTensor(tap)] = { type: "F16", shape: [bank.rows, dims], data };
  const { images, layers, rows, columns, data } = bank.heldOut;
  return encodeSafetensors(
    {
      ...tensors,
      heldOutDistances: { type: "F32", shape: [images, layers, rows, columns], data },
      priority: { type: "U32", shape: [bank.rows], data: bank.priority },
      image: { type: "U32", shape: [bank.rows], data: bank.image },
      patch: { type: "U32", shape: [bank.rows], data: bank.patch },
    },
    {
      format: FORMAT,
      formatVersion: String(BANK_FORMAT_VERSION),
      options: JSON.stringify(bank.options),
      learnedRows: String(bank.learnedRows),
      calibration: JSON.stringify(bank.calibration),
      provenance: JSON.stringify(bank.provenance),
    },
  );
}

function rowsTensor(tap: string): string {
  return `rows.${tap}`;
}

/**
 * What the bank says of itself; reads the header alone.
 * @throws MiasError `bank-foreign`, `bank-newer`, `bank-unreadable`
 */
export async function readBankSummary(source: ByteSource, signal?: AbortSignal): Promise<BankSummary> {
  return summarise(source, await readSafetensorsHeader(source, signal));
}

/**
 * Reads a whole bank.
 * @throws MiasError `bank-foreign`, `bank-newer`, `bank-unreadable`
 */
export async function readBank(source: ByteSource, signal?: AbortSignal): Promise<Bank> {
  const header = await readSafetensorsHeader(source, signal);
  const { rows, learnedRows, layers, calibration, options, provenance } = summarise(source, header);
  const read = async (name: string, type: "F16" | "F32" | "U32") =>
    readTensor(source, header, name, type, signal);
  const filled: BankLayer[] = [];
  for (const { tap, dims } of layers) {
    filled.push({ tap, dims, data: (await read(rowsTensor(tap), "F16")).data as Uint16Array });
  }
  const distances = await read("heldOutDistances", "F32");
  const [images, layerCount, gridRows, gridColumns] = distances.shape;
  if (distances.shape.length !== 4 || layerCount !== layers.length) {
    throw unreadable(source, `distances of held-out images have shape [${distances.shape.join(", ")}]`);
  }
  const column = async (name: string) => {
    const { shape, data } = await read(name, "U32");
    if (shape.length === 1 && shape[0] === rows) return data as Uint32Array;
    throw unreadable(source, `tensor ${name} must have ${rows} values, has shape [${shape.join(", ")}]`);
  };
  return {
    layers: filled,
    rows,
    learnedRows,
    priority: await column("priority"),
    image: await column("image"),
    patch: await column("patch"),
    heldOut: {
      images,
      layers: layerCount,
      rows: gridRows,
      columns: gridColumns,
      data: distances.data as Float32Array,
    },
    calibration,
    options,
    provenance,
  };
}

function summarise(source: ByteSource, header: SafetensorsHeader): BankSummary {
  const { metadata, tensors } = header;
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
      `${source.name} has bank format ${formatVersion}, this version reads up to ${BANK_FORMAT_VERSION}; update mias-sam`,
    );
  }
  const options = parseMetadata(source, metadata, "options", fitOptionsSchema);
  const shapes = options.taps.map((tap) => tensors.get(rowsTensor(tap))?.shape ?? []);
  const rows = shapes[0]?.[0] ?? 0;
  if (shapes.some((shape) => shape.length !== 2 || shape[0] !== rows || shape[1] === 0)) {
    throw unreadable(source, "its layers must have equally many rows");
  }
  const calibration = parseMetadata(source, metadata, "calibration", calibrationSchema) satisfies Calibration;
  if (calibration.layerScales.length !== shapes.length) {
    throw unreadable(source, `its ${shapes.length} layers have ${calibration.layerScales.length} scales`);
  }
  return {
    formatVersion,
    rows,
    learnedRows: parseMetadata(source, metadata, "learnedRows", v.pipe(count, v.maxValue(rows))),
    layers: options.taps.map((tap, i) => ({ tap, dims: shapes[i][1] })),
    options,
    calibration,
    provenance: parseMetadata(source, metadata, "provenance", provenanceSchema) satisfies Provenance,
  };
}

function parseMetadata<Schema extends v.GenericSchema>(
  source: ByteSource,
  metadata: Readonly<Record<string, string>>,
  key: string,
  schema: Schema,
): v.InferOutput<Schema> {
  try {
    return v.parse(schema, JSON.parse(metadata[key]));
  } catch (cause) {
    const why = v.isValiError(cause) ? cause.message : "not JSON";
    throw unreadable(source, `metadata ${key} is not valid (${why})`, cause);
  }
}

function unreadable(source: ByteSource, why: string, cause?: unknown): MiasError {
  const message = `${source.name}: ${why}; the file is damaged; make it again with \`mias fit\``;
  return new MiasError("bank-unreadable", source.name, message, { cause });
}
