import type { Mask } from "../types.ts";

/**
 * How much each mask agrees with the others: its mean DICE with them, in [0, 1]; 1 for a mask that is alone.
 * @param weights how many masks each one stands for; its own further copies count as others
 */
export function agreements(masks: readonly Mask[], weights: readonly number[]): number[] {
  const areas = masks.map(({ data }) => data.reduce((sum, value) => sum + value, 0));
  const others = weights.reduce((sum, weight) => sum + weight, 0) - 1;
  if (others === 0) return [1];
  const sums = weights.map((weight) => weight - 1);
  for (let a = 0; a < masks.length; a++) {
    for (let b = a + 1; b < masks.length; b++) {
      const dice = diceOf(masks[a].data, masks[b].data, areas[a] + areas[b]);
      sums[a] += weights[b] * dice;
      sums[b] += weights[a] * dice;
    }
  }
  return sums.map((sum) => sum / others);
}

function diceOf(a: Uint8Array, b: Uint8Array, area: number): number {
  if (area === 0) return 1;
  let both = 0;
  for (let i = 0; i < a.length; i++) both += a[i] & b[i];
  return (2 * both) / area;
}
