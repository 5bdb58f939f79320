import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { tinyManifestDocument } from "../../test/support/tiny-manifest.ts";
import { MiasError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { sha256Hex } from "../util/sha256.ts";
import { loadModel, type ModelFiles } from "./model.ts";

const encoder = new TextEncoder().encode("encoder");
const decoder = new TextEncoder().encode("decoder");

/** A folder with a tiny model's files, some of them changed. */
async function folder(changes: Record<string, Uint8Array | undefined> = {}): Promise<ModelFiles> {
  const document = tinyManifestDocument();
  document.files.encoder.sha256 = await sha256Hex(encoder);
  document.files.decoder.sha256 = await sha256Hex(decoder);
  const manifest = new TextEncoder().encode(JSON.stringify(document));
  const files: Record<string, Uint8Array | undefined> = {
    ...{ "model.json": manifest, "encoder.onnx": encoder, "decoder.onnx": decoder },
    ...changes,
  };
  return {
    name: "tiny",
    read: async (file) => {
      const bytes = files[file];
      if (bytes === undefined) throw new MiasError("model-unreadable", "tiny", `${file} cannot be read`);
      return bytes;
    },
  };
}

/** Opens nothing, and notes what it was to open and what was released. */
function notingRuntime(opened: string[], released: string[] = []): Runtime {
  return {
    createSession: async (name, bytes) => {
      opened.push(`${name}: ${new TextDecoder().decode(bytes)}`);
      return {
        run: async () => ({}),
        release: async () => {
          released.push(name);
        },
      };
    },
  };
}

describe("loadModel", () => {
  test("opens both parts and names the feature maps", async () => {
    const opened: string[] = [];
    const released: string[] = [];
    const model = await loadModel(notingRuntime(opened, released), await folder());
    expect(opened).toEqual(["tiny/encoder.onnx: encoder", "tiny/decoder.onnx: decoder"]);
    expect(model.features).toEqual({ embedding: "neck", taps: ["low", "high"] });
    await model.release();
    expect(released).toEqual(["tiny/encoder.onnx", "tiny/decoder.onnx"]);
  });

  test.each(["encoder.onnx", "decoder.onnx"])("refuses a changed %s", async (file) => {
    const opened: string[] = [];
    const files = await folder({ [file]: new TextEncoder().encode("another") });
    await expectMiasError(
      loadModel(notingRuntime(opened), files),
      "model-unreadable",
      `tiny/${file}: sha256 must be`,
    );
    expect(opened.some((line) => line.startsWith(`tiny/${file}`))).toBe(false);
  });

  test.each(["model.json", "encoder.onnx", "decoder.onnx"])("refuses a folder without %s", async (file) => {
    const loading = loadModel(notingRuntime([]), await folder({ [file]: undefined }));
    await expectMiasError(loading, "model-unreadable", `${file} cannot be read`);
  });

  test("refuses a manifest that is none", async () => {
    const files = await folder({ "model.json": new TextEncoder().encode("{}") });
    await expectMiasError(loadModel(notingRuntime([]), files), "model-unreadable", "tiny: ");
  });
});

test("the hash of a model is that of what embeddings depend on: not of its title, but of how its input is made", async () => {
  const hashWith = async (change: (document: ReturnType<typeof tinyManifestDocument>) => void) => {
    const files = await folder();
    const document = JSON.parse(new TextDecoder().decode(await files.read("model.json")));
    change(document);
    const changed = new TextEncoder().encode(JSON.stringify(document));
    return (await loadModel(notingRuntime([]), await folder({ "model.json": changed }))).sha256;
  };
  const plain = await hashWith(() => {});
  expect(await hashWith((document) => (document.title = "Another title"))).toBe(plain);
  const normalisation = { kind: "mean-std", mean: [0, 0, 0], std: [1, 1, 1], scale: 1 };
  expect(await hashWith((document) => Object.assign(document.input, { normalisation }))).not.toBe(plain);
  expect(await hashWith((document) => (document.encoder.outputs.taps[0].stride *= 2))).not.toBe(plain);
});
