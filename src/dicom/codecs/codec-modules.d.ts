// What this project uses of Cornerstone's codecs, which come without types.

/** Memory of a decoder is the codec's own until `delete`. */
interface CornerstoneDecoder {
  /** Room for an encoded frame. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  };
  /** JPEG-LS alone: 0 is plane after plane, 1 line by line, 2 sample by sample. */
  getInterleaveMode?(): number;
  delete(): void;
}

interface CornerstoneCodec {
  readonly [className: string]: new () => CornerstoneDecoder;
}

/** The options become the module: each call needs its own. */
type CornerstoneFactory = (options: {
  print(text: string): void;
  printErr(text: string): void;
  wasmBinary?: Uint8Array;
}) => Promise<CornerstoneCodec>;

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  const factory: CornerstoneFactory;
  export default factory;
}

declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  const factory: CornerstoneFactory;
  export default factory;
}

declare module "@cornerstonejs/codec-openjph/wasmjs" {
  const factory: CornerstoneFactory;
  export default factory;
}

declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  const factory: CornerstoneFactory;
  export default factory;
}
