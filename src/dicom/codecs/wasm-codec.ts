// Cornerstone's codecs, compiled to WebAssembly. They write to the console and throw bare numbers: both are caught
// here. After a failure an instance is given up, for its memory may be in any state; the next frame gets a new one.

import { damagedFrame, type EncodedFrame } from "./codec.ts";

export type WasmCodecName = "charls" | "libjpeg-turbo" | "openjpeg" | "openjph";

export interface WasmDecoding {
  /** A copy: little endian, one or two bytes a sample. */
  readonly bytes: Uint8Array;
  readonly bits: number;
  readonly interleaveMode: number;
}

interface LoadedCodec {
  readonly module: CornerstoneCodec;
  /** What it complained of, latest last; emptied before each frame. */
  readonly said: string[];
}

const FACTORIES: Readonly<Record<WasmCodecName, () => Promise<{ readonly default: CornerstoneFactory }>>> = {
  charls: () => import("@cornerstonejs/codec-charls/decodewasmjs"),
  "libjpeg-turbo": () => import("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs"),
  openjpeg: () => import("@cornerstonejs/codec-openjpeg/decodewasmjs"),
  openjph: () => import("@cornerstonejs/codec-openjph/wasmjs"),
};

const DECODER_CLASSES: Readonly<Record<WasmCodecName, string>> = {
  charls: "JpegLSDecoder",
  "libjpeg-turbo": "JPEGDecoder",
  openjpeg: "J2KDecoder",
  openjph: "HTJ2KDecoder",
};

const provided = new Map<WasmCodecName, Uint8Array>();
const loaded = new Map<WasmCodecName, Promise<LoadedCodec>>();

/**
 * Hands in the WebAssembly file of a codec, where the codec cannot find it itself. In Node it does, in its package; a
 * browser needs `charlswasm_decode.wasm`, `libjpegturbowasm_decode.wasm`, `openjpegwasm_decode.wasm` or `openjphjs.wasm`.
 */
export function provideCodecWasm(name: WasmCodecName, wasm: Uint8Array): void {
  provided.set(name, wasm);
  loaded.delete(name);
}

/** OpenJPEG tells of each step it takes. */
function isComplaint(text: string): boolean {
  return text.trim() !== "" && !text.startsWith("[INFO]");
}

async function loadCodec(name: WasmCodecName): Promise<LoadedCodec> {
  const { default: factory } = await FACTORIES[name]();
  const said: string[] = [];
  const listen = (text: string) => void (isComplaint(text) && said.push(text));
  const wasm = provided.get(name);
  const module = await factory({ print: listen, printErr: listen, ...(wasm && { wasmBinary: wasm }) });
  return { module, said };
}

/**
 * Decodes a frame whose size was checked.
 * @throws MiasError `image-unreadable` where the codec fails, complains, or gives another size
 */
export async function decodeByWasm(
  name: WasmCodecName,
  frame: EncodedFrame,
  encoded: Uint8Array,
  format: string,
): Promise<WasmDecoding> {
  const loading = loaded.get(name) ?? loadCodec(name);
  loaded.set(name, loading);
  try {
    return runDecoder(await loading, DECODER_CLASSES[name], frame, encoded);
  } catch (cause) {
    loaded.delete(name);
    const said = (await loading.catch(() => undefined))?.said.at(-1);
    throw damagedFrame(frame, format, said === undefined ? cause : new Error(said, { cause }));
  }
}

function runDecoder(
  { module, said }: LoadedCodec,
  className: string,
  { layout }: EncodedFrame,
  encoded: Uint8Array,
): WasmDecoding {
  said.length = 0;
  const decoder = new module[className]();
  decoder.getEncodedBuffer(encoded.length).set(encoded);
  decoder.decode();
  const info = decoder.getFrameInfo();
  const bytes = decoder.getDecodedBuffer().slice();
  const interleaveMode = decoder.getInterleaveMode?.() ?? 2;
  decoder.delete();
  if (said.length > 0) throw new Error(said[0]);
  const expected = layout.rows * layout.columns * layout.samples * (info.bitsPerSample > 8 ? 2 : 1);
  if (bytes.length !== expected) throw new Error(`${bytes.length} bytes decoded instead of ${expected}`);
  return { bytes, bits: info.bitsPerSample, interleaveMode };
}
