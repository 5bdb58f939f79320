import { expect, test } from "vitest";
import { tinyManifest } from "../../test/support/tiny-manifest.ts";
import type { NdArray, Session } from "../runtime/runtime.ts";
import { encode } from "./encoder.ts";

const manifest = tinyManifest();
const image = new Float32Array(3 * 16 * 16).fill(0.5);

/** A session that gives every output asked for the shape `dims`, and notes what it was asked. */
function session(asked: unknown[], dims = [1, 2, 8, 8]): Session {
  return {
    run: async (inputs, outputs = []) => {
      asked.push({ inputs, outputs });
      const array: NdArray = { data: new Float32Array(128).fill(outputs.length), dims };
      return Object.fromEntries(outputs.map((name) => [name, array]));
    },
    release: async () => undefined,
  };
}

test("asks for the embedding and the taps wanted, in one run", async () => {
  const asked: unknown[] = [];
  const { embedding, taps } = await encode(session(asked), manifest, image, ["high"]);
  expect(asked).toEqual([
    { inputs: { pixels: { data: image, dims: [1, 3, 16, 16] } }, outputs: ["neck", "high"] },
  ]);
  expect([...taps.keys()]).toEqual(["neck", "high"]);
  expect(taps.get("neck")).toBe(embedding);
  expect(embedding).toEqual({
    ...{ name: "neck", channels: 2, height: 8, width: 8 },
    data: new Float32Array(128).fill(2),
  });
});

test("the embedding as a tap is asked for once", async () => {
  const asked: { outputs: string[] }[] = [];
  const { taps } = await encode(session(asked), manifest, image, ["neck"]);
  expect(asked[0].outputs).toEqual(["neck"]);
  expect([...taps.keys()]).toEqual(["neck"]);
});

test("an input of another size or an output of another shape is a fault of ours", async () => {
  await expect(encode(session([]), manifest, new Float32Array(9), [])).rejects.toThrow(
    "encoder input has 9 values",
  );
  await expect(encode(session([], [128]), manifest, image, [])).rejects.toThrow("neck has shape 128");
});
