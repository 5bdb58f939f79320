import { expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import { mapLogits } from "./map-logits.ts";

test("0 at the middle, 10 half a span above it, -10 half a span below", () => {
  expect([...mapLogits(drawnMap("048", "048", "048"), 4, 8, 3).data.subarray(0, 3)]).toEqual([-10, 0, 10]);
});

test("the map is brought to the decoder's side", () => {
  const { width, height, data } = mapLogits(drawnMap("04", "04"), 2, 4, 4);
  expect([width, height]).toEqual([4, 4]);
  expect([...data.subarray(0, 4)]).toEqual([-10, -5, 5, 10]);
});
