import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { tinyManifestDocument } from "../../test/support/tiny-manifest.ts";
import { parseManifest } from "./manifest.ts";

type Document = ReturnType<typeof tinyManifestDocument>;

/** The tiny model's document with a change, as text. */
function changed(change: (document: Document & Record<string, unknown>) => void): string {
  const document = tinyManifestDocument();
  change(document);
  return JSON.stringify(document);
}

describe("parseManifest", () => {
  test("gives the document back", () => {
    expect(
      parseManifest(
        "tiny",
        changed(() => undefined),
      ),
    ).toEqual(tinyManifestDocument());
  });

  test("reads the manifest of the model in this package", () => {
    const text = readFileSync(new URL("../../models/litemedsam/model.json", import.meta.url), "utf8");
    expect(parseManifest("litemedsam", text)).toMatchObject({ id: "litemedsam", input: { size: 256 } });
  });

  test("takes SAM's own normalisation", () => {
    const normalisation = {
      kind: "mean-std",
      mean: [123.7, 116.3, 103.5],
      std: [58.4, 57.1, 57.4],
      scale: 255,
    };
    const text = changed((document) => {
      document.input.normalisation = normalisation;
    });
    expect(parseManifest("sam", text).input.normalisation).toEqual(normalisation);
  });
});

describe("is refused, with the place and the rule", () => {
  const cases: {
    what: string;
    change: (document: Document & Record<string, unknown>) => void;
    why: string;
  }[] = [
    {
      what: "an unknown key",
      change: (d) => (d.colour = "blue"),
      why: "my-model: colour is unknown; mend it as docs/models.md says",
    },
    {
      what: "an unknown key further in",
      change: (d) => Object.assign(d.input, { side: 3 }),
      why: "input.side",
    },
    {
      what: "a missing key",
      change: (d) => Object.assign(d, { prompts: undefined }),
      why: "prompts must be given, got nothing",
    },
    { what: "another schema", change: (d) => (d.schema = "mias-model/2"), why: "schema" },
    {
      what: "another kind of normalisation",
      change: (d) => (d.input.normalisation = { kind: "z" }),
      why: "input.normalisation.kind",
    },
    {
      what: "a normalisation without its numbers",
      change: (d) => (d.input.normalisation = { kind: "mean-std" }),
      why: "input.normalisation.mean",
    },
    {
      what: "another decoder convention",
      change: (d) => (d.decoder.convention = "sam"),
      why: "decoder.convention",
    },
    { what: "a prompt kind it does not know", change: (d) => d.prompts.push("text"), why: "prompts.1" },
    { what: "a size of 0", change: (d) => (d.input.size = 0), why: "input.size" },
    { what: "a broken size", change: (d) => (d.decoder.masks.size = 1.5), why: "decoder.masks.size" },
    {
      what: "a mask that there is not",
      change: (d) => (d.decoder.masks.multiple = [1, 4]),
      why: "must have single and multiple below count",
    },
    {
      what: "a sum that is none",
      change: (d) => (d.files.encoder.sha256 = "ABC"),
      why: "files.encoder.sha256",
    },
    {
      what: "a file elsewhere",
      change: (d) => (d.files.encoder.path = "../encoder.onnx"),
      why: 'files.encoder.path must be a plain file name, got "../encoder.onnx"',
    },
  ];
  test.each(cases)("$what", async ({ change, why }) => {
    await expectMiasError(() => parseManifest("my-model", changed(change)), "model-unreadable", why);
  });

  test.each(["", "{", "<html>"])("text that is not JSON: %j", async (text) => {
    await expectMiasError(
      () => parseManifest("my-model", text),
      "model-unreadable",
      "my-model: model.json must be JSON; mend it",
    );
  });

  test.each(["null", "[]", '"text"'])("JSON that is no object: %s", async (text) => {
    await expectMiasError(() => parseManifest("my-model", text), "model-unreadable", "my-model: ");
  });
});
