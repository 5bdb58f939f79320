// Cornerstone's codecs, which come without types.

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  const factory: import("./wasm-codec.ts").CodecFactory;
  export default factory;
}

declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  const factory: import("./wasm-codec.ts").CodecFactory;
  export default factory;
}

declare module "@cornerstonejs/codec-openjph/wasmjs" {
  const factory: import("./wasm-codec.ts").CodecFactory;
  export default factory;
}

declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  const factory: import("./wasm-codec.ts").CodecFactory;
  export default factory;
}
