import { describe, expect, test } from "vitest";
import { createTopScores } from "./top-scores.ts";

function columns(top: ReturnType<typeof createTopScores>) {
  const { scores, weights } = top.descending();
  return { scores: [...scores], weights: [...weights] };
}

describe("createTopScores", () => {
  test("weighs a pixel by the size of its image, and merges equal scores", () => {
    const top = createTopScores();
    top.add(Float32Array.of(1, -2));
    top.add(Float32Array.of(1, 3, 0, -0));
    expect(columns(top)).toEqual({ scores: [3, 1, 0, -2], weights: [0.25, 0.75, 0.5, 0.5] });
  });

  test("drops the lower half when full, and is complete above what is left", () => {
    const top = createTopScores(8);
    top.add(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    top.add(Float32Array.of(4.5, 9));
    expect(columns(top)).toEqual({ scores: [9, 8, 7, 6, 5], weights: [0.5, 0.125, 0.125, 0.125, 0.125] });
  });

  test("never drops one of equal scores", () => {
    const top = createTopScores(4);
    for (let image = 0; image < 8; image++) top.add(Float32Array.of(5, 5));
    top.add(Float32Array.of(5, 1));
    expect(columns(top)).toEqual({ scores: [5, 1], weights: [8.5, 0.5] });
  });

  test("gives the same top whatever the order of images", () => {
    const images = Array.from({ length: 6 }, (_, i) => Float32Array.of(i, 10 - i, i / 8, 3));
    const [forth, back] = [createTopScores(8), createTopScores(8)];
    for (const image of images) forth.add(image);
    for (const image of images.reverse()) back.add(image);
    const [a, b] = [columns(forth), columns(back)];
    const shared = Math.min(a.scores.length, b.scores.length);
    expect(shared).toBeGreaterThanOrEqual(4);
    expect(a.scores.slice(0, shared)).toEqual(b.scores.slice(0, shared));
    expect(a.weights.slice(0, shared)).toEqual(b.weights.slice(0, shared));
  });
});
