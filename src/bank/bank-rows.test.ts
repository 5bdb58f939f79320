import { expect, test } from "vitest";
import { smallBank } from "../../test/support/small-bank.ts";
import { bankLayers, bankRows, reorderLayers } from "./bank-rows.ts";

test("the rows of a bank make its layers again", () => {
  const bank = smallBank();
  expect(bankLayers(bank.options, [2, 1], bankRows(bank))).toEqual(bank.layers);
});

test("rows put in another order stay whole in every layer", () => {
  const layers = [
    { tap: "a", dims: 2, data: Uint16Array.of(1, 2, 3, 4, 5, 6) },
    { tap: "b", dims: 1, data: Uint16Array.of(7, 8, 9) },
  ];
  expect(reorderLayers(layers, Uint32Array.of(2, 0, 1))).toEqual([
    { tap: "a", dims: 2, data: Uint16Array.of(5, 6, 1, 2, 3, 4) },
    { tap: "b", dims: 1, data: Uint16Array.of(9, 7, 8) },
  ]);
});
