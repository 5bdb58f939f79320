import { expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import { createFrame } from "./frame.ts";
import { BACKGROUND, BODY, PADDING, regionsOf } from "./regions.ts";

const regions = (frame: ReturnType<typeof createFrame>, parts: number, ...rows: string[]) =>
  [...regionsOf(drawnMap(...rows), frame, parts, parts, 4)].map((region) => "_.#"[region]).join("");

test("parts are body where half of their pixels are brighter than the limit", () => {
  const square = createFrame(4, 4, 4);
  expect([PADDING, BACKGROUND, BODY]).toEqual([0, 1, 2]);
  expect(regions(square, 4, "0000", "0059", "0095", "0055")).toBe("......##..##..##");
  expect(regions(square, 2, "0000", "0059", "0095", "0055")).toBe(".#.#");
  expect(regions(square, 2, "0000", "0050", "0095", "0000")).toBe("...#");
});

test("parts beside the image are padding", () => {
  const wide = createFrame(8, 4, 4);
  expect(regions(wide, 4, "0000", "0550", "0550", "0000")).toBe("____.##..##.____");
  expect(regions(wide, 2, "0000", "5550", "0550", "0000")).toBe("#...");
});

test("of a strip that is half of no part, all is image", () => {
  expect(regions(createFrame(16, 1, 4), 4, "0000", "0090", "0000", "0000")).toBe("................");
});
