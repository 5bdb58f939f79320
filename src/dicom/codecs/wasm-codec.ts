// Cornerstone's codecs, compiled to WebAssembly. They write to the console and throw bare numbers: both are caught
// here. After a failure an instance is given up, for its memory may be in any state; the next frame gets a new one.

import { damagedFrame, type EncodedFrame } from "./codec.ts";

export type WasmCodecName = "charls" | "libjpeg-turbo" | "openjpeg" | "openjph";

/** A decoder of Cornerstone's; its memory is the codec's own until `delete`. */
interface CornerstoneDecoder {
  /** Room for an encoded frame. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { readonly bitsPerSample: number };
  /** JPEG-LS alone: 0 is plane after plane, 1 line by line, 2 sample by sample. */
  getInterleaveMode?(): number;
  delete(): void;
}

interface CornerstoneCodec {
  readonly [className: string]: new () => CornerstoneDecoder;
}

/** What a package of Cornerstone's exports. The options become the module: each call needs its own. */
export type CodecFactory = (options: {
  print(text: string): void;
  printErr(text: string): void;
  wasmBinary?: Uint8Array;
}) => Promise<CornerstoneCodec>;

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

const FACTORIES: Readonly<Record<WasmCodecName, () => Promise<{ readonly default: CodecFactory }>>> = {
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

/** What a page hands in, each where the codec cannot be found without. */
export interface ProvidedCodec {
  /** Its script's export, where there is no bundler: the scripts are CommonJS, and define a global in a page. */
  readonly factory?: CodecFactory;
  /** Its WebAssembly file. */
  readonly wasm?: Uint8Array;
}

const provided = new Map<WasmCodecName, ProvidedCodec>();
const loaded = new Map<WasmCodecName, Promise<LoadedCodec>>();

/**
 * Hands in a codec of Cornerstone's. In Node there is no need: each is found in its package. A page hands in the
 * WebAssembly file (`charlswasm_decode.wasm`, `libjpegturbowasm_decode.wasm`, `openjpegwasm_decode.wasm`,
 * `openjphjs.wasm`), and without a bundler the script too.
 */
export function provideCodec(name: WasmCodecName, codec: ProvidedCodec): void {
  provided.set(name, codec);
  loaded.delete(name);
}

/** OpenJPEG tells of each step it takes. */
function isComplaint(text: string): boolean {
  return text.trim() !== "" && !text.startsWith("[INFO]");
}

async function loadCodec(name: WasmCodecName): Promise<LoadedCodec> {
  const { factory = (await FACTORIES[name]()).default, wasm } = provided.get(name) ?? {};
  const said: string[] = [];
  const listen = (text: string) => void (isComplaint(text) && said.push(text));
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
