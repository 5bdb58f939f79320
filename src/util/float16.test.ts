import { describe, expect, test } from "vitest";
import { decodeHalf, encodeHalf, toHalf } from "./float16.ts";

const LARGEST = 0x7bff;
const INFINITY = 0x7c00;

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The next float32 away from zero (by 1) or towards it (by -1). */
function neighbour(value: number, by: 1 | -1): number {
  scratch[0] = value;
  scratchBits[0] += by;
  return scratch[0];
}

function hex(bits: number): string {
  return `0x${bits.toString(16).padStart(4, "0")}`;
}

describe("decodeHalf", () => {
  test("gives the values of IEEE 754", () => {
    const bits = Uint16Array.of(
      0x0000,
      0x3c00,
      0xc000,
      0x3555,
      0x7bff,
      0x0400,
      0x03ff,
      0x0001,
      0x7c00,
      0xfc00,
    );
    const values = [
      0,
      1,
      -2,
      0.333251953125,
      65504,
      2 ** -14,
      1023 * 2 ** -24,
      2 ** -24,
      Infinity,
      -Infinity,
    ];
    expect([...decodeHalf(bits)]).toEqual(values);
    expect([...decodeHalf(Uint16Array.of(0x7e00, 0xfc01))]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("toHalf", () => {
  test("all 65,536 bit patterns come back, infinity as the largest number and NaN as one NaN", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const wrong = [...decodeHalf(all)].flatMap((value, bits) => {
      const sign = bits & 0x8000;
      const magnitude = bits & 0x7fff;
      if (magnitude > INFINITY) return (toHalf(value) & 0x7fff) === 0x7e00 ? [] : [hex(bits)];
      const expected = magnitude === INFINITY ? LARGEST : magnitude;
      return toHalf(value) === (sign | expected) ? [] : [hex(bits)];
    });
    expect(wrong).toEqual([]);
  });

  test("the middle between two neighbours goes to the even one, anything else to the nearer: all pairs", () => {
    const values = decodeHalf(Uint16Array.from({ length: LARGEST + 1 }, (_, bits) => bits));
    const wrong: string[] = [];
    for (let low = 0; low < LARGEST; low++) {
      const middle = (values[low] + values[low + 1]) / 2;
      const even = low % 2 === 0 ? low : low + 1;
      const right =
        toHalf(middle) === even &&
        toHalf(-middle) === (even | 0x8000) &&
        toHalf(neighbour(middle, -1)) === low &&
        toHalf(neighbour(middle, 1)) === low + 1;
      if (!right) wrong.push(hex(low));
    }
    expect(wrong).toEqual([]);
  });

  test.each([65519.99, 65520, 1e9, 3.4e38, Infinity])("%d saturates at 65504, with its sign", (value) => {
    expect(hex(toHalf(value))).toBe("0x7bff");
    expect(hex(toHalf(-value))).toBe("0xfbff");
  });

  test.each([1e-8, 1e-40, 0])("%d is too small and becomes zero, with its sign", (value) => {
    expect(hex(toHalf(value))).toBe("0x0000");
    expect(hex(toHalf(-value))).toBe("0x8000");
  });
});

test("encodeHalf writes from an offset on and touches nothing else", () => {
  const target = new Uint16Array(4).fill(9);
  encodeHalf(Float32Array.of(1, -2), target, 1);
  expect([...target]).toEqual([9, 0x3c00, 0xc000, 9]);
});
