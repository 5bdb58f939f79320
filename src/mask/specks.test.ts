import { expect, test } from "vitest";
import { drawnMask } from "../../test/support/drawn.ts";
import { withoutSpecks } from "./specks.ts";

test("a component below a twentieth of the largest is dropped, one of a twentieth stays", () => {
  const twenty = drawnMask("##########..", "##########.#");
  expect(withoutSpecks(twenty)).toEqual(twenty);
  const more = drawnMask("##########..", "##########.#", "##########..");
  expect(withoutSpecks(more)).toEqual(drawnMask("##########..", "##########..", "##########.."));
});

test("parts of like size all stay, and what touches at a corner is one part", () => {
  for (const mask of [drawnMask("##.##", "##.##"), drawnMask("#....", ".####"), drawnMask("...", "...")]) {
    expect(withoutSpecks(mask)).toEqual(mask);
  }
});
