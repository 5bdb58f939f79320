/** Seconds since a time that `performance.now()` gave. */
export function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
