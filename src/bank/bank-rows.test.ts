import { expect, test } from "vitest";
import { smallBank } from "../../test/support/small-bank.ts";
import { bankLayers, bankRows } from "./bank-rows.ts";

test("a bank taken apart into rows and joined again is the same", () => {
  const bank = smallBank();
  const parts = [bankRows(bank, 0, 2), bankRows(bank, 2, 2), bankRows(bank, 2, 3)];
  expect(parts.map(({ rows }) => rows)).toEqual([2, 0, 1]);
  expect(bankLayers(bank.options, [2, 1], parts)).toEqual(bank.layers);
});
