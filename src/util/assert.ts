/** Our own faults end here: `condition` must hold, whatever the user did. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${what}`);
}
