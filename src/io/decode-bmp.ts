// Pixels of a BMP: palettes of 1, 4 and 8 bits, run lengths, 16, 24 and 32 bits. Source: as bmp-header.ts.

import { type BmpHeader, readBmpHeader } from "./bmp-header.ts";
import { damagedImage } from "./image-errors.ts";
import type { Raster } from "./raster.ts";

/**
 * Decodes a BMP to 8-bit samples, three channels or four where the file has alpha.
 * Throws MiasError `image-unreadable` (damaged) or `image-unsupported`.
 */
export function decodeBmp(bytes: Uint8Array, name: string): Raster {
  const header = readBmpHeader(bytes, name);
  if (header.compression !== "none") {
    return colourIndices(header, decodeRunLengths(header, bytes, name), name);
  }
  const stride = Math.ceil((header.width * header.bits) / 32) * 4;
  const lastRow = Math.ceil((header.width * header.bits) / 8);
  const needed = header.pixelOffset + stride * (header.height - 1) + lastRow;
  if (bytes.length < needed) {
    throw damagedImage(name, "BMP", `it needs ${needed} bytes, has ${bytes.length}`);
  }
  const rowStart = (row: number) =>
    header.pixelOffset + stride * (header.topDown ? row : header.height - 1 - row);
  if (header.bits <= 8) return colourIndices(header, unpackIndices(header, bytes, rowStart), name);
  return header.bits === 24 ? unpackBytes(header, bytes, rowStart) : unpackMasks(header, bytes, rowStart);
}

/** Palette indices of 1, 4 or 8 bits, the leftmost pixel in the highest bits. */
function unpackIndices(header: BmpHeader, bytes: Uint8Array, rowStart: (row: number) => number): Uint8Array {
  const { width, height, bits } = header;
  const indices = new Uint8Array(width * height);
  const perByte = 8 / bits;
  for (let row = 0; row < height; row++) {
    const start = rowStart(row);
    for (let column = 0; column < width; column++) {
      const shift = 8 - bits * ((column % perByte) + 1);
      const byte = bytes[start + Math.floor(column / perByte)];
      indices[row * width + column] = (byte >> shift) & (2 ** bits - 1);
    }
  }
  return indices;
}

/** Run lengths of 8 or 4 bit indices; pixels that are jumped over keep index 0. */
function decodeRunLengths(header: BmpHeader, bytes: Uint8Array, name: string): Uint8Array {
  const { width, height } = header;
  const narrow = header.compression === "rle4";
  const indices = new Uint8Array(width * height);
  let at = header.pixelOffset;
  let column = 0;
  let row = 0;
  const next = (): number => {
    if (at >= bytes.length) throw damagedImage(name, "BMP", "its run lengths end too early");
    return bytes[at++];
  };
  const put = (index: number) => {
    if (column < width && row < height) indices[(height - 1 - row) * width + column] = index;
    column++;
  };
  const nibble = (byte: number, index: number) => (index % 2 === 0 ? byte >> 4 : byte & 15);
  for (;;) {
    const count = next();
    const value = next();
    if (count > 0) {
      for (let index = 0; index < count; index++) put(narrow ? nibble(value, index) : value);
    } else if (value === 0) {
      column = 0;
      row++;
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      column += next();
      row += next();
    } else {
      const start = at;
      let byte = 0;
      for (let index = 0; index < value; index++) {
        if (!narrow || index % 2 === 0) byte = next();
        put(narrow ? nibble(byte, index) : byte);
      }
      if ((at - start) % 2 === 1) next();
    }
  }
}

function colourIndices(header: BmpHeader, indices: Uint8Array, name: string): Raster {
  const { width, height, palette } = header;
  const data = new Uint8Array(3 * indices.length);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const colour = palette[indices[pixel]];
    if (colour === undefined) {
      const rule = `colour numbers must be below ${palette.length}, got ${indices[pixel]}`;
      throw damagedImage(name, "BMP", rule);
    }
    data.set(colour, 3 * pixel);
  }
  return { width, height, channels: 3, data };
}

/** 24 bits: blue, green, red. */
function unpackBytes(header: BmpHeader, bytes: Uint8Array, rowStart: (row: number) => number): Raster {
  const { width, height } = header;
  const data = new Uint8Array(3 * width * height);
  for (let row = 0, to = 0; row < height; row++) {
    for (let from = rowStart(row), end = from + 3 * width; from < end; from += 3, to += 3) {
      data[to] = bytes[from + 2];
      data[to + 1] = bytes[from + 1];
      data[to + 2] = bytes[from];
    }
  }
  return { width, height, channels: 3, data };
}

/** 16 or 32 bits: each channel is where its mask is, spread over 0..255. */
function unpackMasks(header: BmpHeader, bytes: Uint8Array, rowStart: (row: number) => number): Raster {
  const { width, height, bits } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = header.masks.slice(0, header.masks[3] === 0 ? 3 : 4).map(bitField);
  const data = new Uint8Array(fields.length * width * height);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = rowStart(row) + (column * bits) / 8;
      const pixel = bits === 16 ? view.getUint16(from, true) : view.getUint32(from, true);
      for (const { mask, shift, top } of fields) {
        data[to++] = Math.round((((pixel & mask) >>> shift) * 255) / top);
      }
    }
  }
  return { width, height, channels: fields.length, data };
}

function bitField(mask: number): { mask: number; shift: number; top: number } {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  return { mask, shift, top: Math.max(mask >>> shift, 1) };
}
