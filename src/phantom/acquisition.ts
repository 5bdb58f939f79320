import type { Random } from "../util/prng.ts";
import type { Subject } from "./subject.ts";

/**
 * Scans a picture of brightness 0 .. 255: multiplies the receiver's bias, then takes the magnitude of the signal
 * with normal noise in its real and imaginary part (Rician), as MR does. Each pixel draws the same noise whatever
 * lies in it, so that a lesion changes no pixel but its own.
 */
export function acquire(
  brightness: Float32Array,
  size: number,
  scan: Subject["scan"],
  random: Random,
): Float32Array {
  const [slopeX, slopeY, bowl, twist] = scan.bias;
  const signal = new Float32Array(brightness.length);
  for (let i = 0; i < signal.length; i++) {
    const x = (2 * (i % size)) / size - 1;
    const y = (2 * Math.floor(i / size)) / size - 1;
    const bias = 1 + slopeX * x + slopeY * y + bowl * (x * x + y * y) + twist * x * y;
    const real = brightness[i] * bias + scan.noise * random.normal();
    const imaginary = scan.noise * random.normal();
    signal[i] = Math.sqrt(real * real + imaginary * imaginary);
  }
  return signal;
}

/** Rounds a signal of 0 .. 255 to 8 bits, or to 12 bits in 16 (0 .. 4095), clamping what lies outside. */
export function quantise(signal: Float32Array, bits: 8 | 16): Uint8Array | Uint16Array {
  const out = bits === 8 ? new Uint8Array(signal.length) : new Uint16Array(signal.length);
  const [steps, most] = bits === 8 ? [1, 255] : [16, 4095];
  for (let i = 0; i < signal.length; i++) out[i] = Math.min(most, Math.round(steps * signal[i]));
  return out;
}
