// IEEE 754 half precision, stored as bit patterns since Node 20 has no Float16Array.

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Bits of the half-precision number nearest to `value` (ties to even); beyond 65504 it saturates. */
export function toHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7bff;
  if (magnitude < 0x38800000) return sign | subnormalHalf(magnitude);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function subnormalHalf(magnitude: number): number {
  const exponent = magnitude >>> 23;
  if (exponent < 102) return 0;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - exponent;
  const half = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return half + (rest > middle || (rest === middle && (half & 1) === 1) ? 1 : 0);
}

const decoded = decodeTable();

function decodeTable(): Float32Array {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >>> 10) & 31;
    const mantissa = bits & 1023;
    const value =
      exponent === 0
        ? mantissa * 2 ** -24
        : exponent === 31
          ? mantissa
            ? Number.NaN
            : Infinity
          : (1024 + mantissa) * 2 ** (exponent - 25);
    table[bits] = bits & 0x8000 ? -value : value;
  }
  return table;
}

/** Writes `source` as half precision to `target`, from `offset` on. */
export function encodeHalf(source: Float32Array, target: Uint16Array, offset: number): void {
  for (let i = 0; i < source.length; i++) target[offset + i] = toHalf(source[i]);
}

/** The values of half-precision bit patterns. */
export function decodeHalf(source: Uint16Array): Float32Array {
  return decodeHalfInto(source, new Float32Array(source.length));
}

/** Writes the values of half-precision bit patterns to `target`, which is as long. */
export function decodeHalfInto(source: Uint16Array, target: Float32Array): Float32Array {
  for (let i = 0; i < source.length; i++) target[i] = decoded[source[i]];
  return target;
}

/** The nearest half-precision bit patterns of values. */
export function halves(source: Float32Array): Uint16Array {
  const bits = new Uint16Array(source.length);
  encodeHalf(source, bits, 0);
  return bits;
}
