import { describe, expect, test } from "vitest";
import { bytesOf } from "../../test/support/bytes.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { smallBank } from "../../test/support/small-bank.ts";
import { isMiasError } from "../errors.ts";
import { memorySource } from "../util/byte-source.ts";
import { encodeBank } from "./bank-file.ts";
import { bankRows } from "./bank-rows.ts";
import { type Checkpoint, encodeCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { encodeSafetensors } from "./safetensors.ts";

const bank = smallBank();

const checkpoint: Checkpoint = {
  fingerprint: "this fit",
  done: 3,
  issues: [{ code: "image-failed", severity: "error", subject: "b.png", message: "it cannot be read" }],
  pixels: [
    [0, "ab"],
    [2, "ab"],
  ],
  rows: bankRows(bank),
  dims: [2, 1],
  grid: { rows: 2, columns: 1 },
  kept: [
    {
      ...{ image: 0, axis: 15.5, regions: Uint8Array.of(0, 1) },
      layers: [Uint16Array.of(1, 2, 3, 4), Uint16Array.of(5, 6)],
    },
    {
      ...{ image: 2, axis: 14, regions: Uint8Array.of(1, 1) },
      layers: [Uint16Array.of(7, 8, 9, 10), Uint16Array.of(11, 12)],
    },
  ],
};

function read(bytes: Uint8Array, fingerprint = "this fit") {
  return readCheckpoint(memorySource("bank.checkpoint", bytes), fingerprint);
}

describe("a checkpoint", () => {
  test("comes back as it was", async () => {
    expect(await read(bytesOf(await encodeCheckpoint(checkpoint)))).toEqual(checkpoint);
  });

  test("before the first held-out image comes back too", async () => {
    const early = { ...checkpoint, kept: [] };
    expect(await read(bytesOf(await encodeCheckpoint(early)))).toEqual(early);
  });

  test("of another fit is none", async () => {
    expect(await read(bytesOf(await encodeCheckpoint(checkpoint)), "another fit")).toBeUndefined();
  });
});

describe("what is no checkpoint", () => {
  test("a bank is none", async () => {
    expect(await read(bytesOf(await encodeBank(bank)))).toBeUndefined();
  });

  test("a file cut short anywhere is damaged", async () => {
    const file = bytesOf(await encodeCheckpoint(checkpoint));
    for (let length = 0; length < file.length; length += 3) {
      const outcome = await read(file.slice(0, length)).then(
        () => "accepted",
        (error: unknown) => isMiasError(error, "bank-foreign", "bank-unreadable"),
      );
      expect(outcome, `cut to ${length} of ${file.length} bytes`).toBe(true);
    }
  });

  test("a file of which a byte has changed is damaged", async () => {
    const file = bytesOf(await encodeCheckpoint(checkpoint));
    const first = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
    for (let at = first; at < file.length; at++) {
      const flipped = file.slice();
      flipped[at] ^= 1;
      await expectMiasError(read(flipped), "bank-unreadable", "must be the one that it states");
    }
  });

  test.each([{}, { state: "" }, { state: "{" }])("so is one with metadata $state", async (metadata) => {
    const file = bytesOf(encodeSafetensors({}, { format: "mias-checkpoint", ...metadata }));
    await expectMiasError(read(file), "bank-unreadable", "its state is not JSON");
  });
});
