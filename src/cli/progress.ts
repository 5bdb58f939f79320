// Progress on stderr: a bar on a terminal, a plain line now and then elsewhere; both with an estimate of what is left.

import { Presets, SingleBar } from "cli-progress";
import type { OnProgress, Progress } from "../types.ts";

/** Milliseconds between plain lines. */
const LINE_INTERVAL = 5000;

export interface ProgressReporter {
  readonly onProgress: OnProgress;
  stop(): void;
}

/**
 * @param shown false draws nothing (--quiet)
 * @param signal nothing is drawn any more once it is aborted, so that what is said then stands by itself
 */
export function createProgress(shown: boolean, signal: AbortSignal): ProgressReporter {
  if (!shown) return { onProgress: () => {}, stop: () => {} };
  const { onProgress, stop } = process.stderr.isTTY ? bar() : lines();
  signal.addEventListener("abort", stop);
  return {
    onProgress: (progress) => {
      if (!signal.aborted) onProgress(progress);
    },
    stop,
  };
}

function bar(): ProgressReporter {
  let current: SingleBar | undefined;
  let stage = "";
  let started = 0;
  let first = 0;
  const left = (progress: Progress) => timeLeft(progress, (performance.now() - started) / 1000, first);
  const stop = () => {
    current?.stop();
    current = undefined;
  };
  const start = (progress: Progress) => {
    stop();
    [stage, started, first] = [progress.stage, performance.now(), progress.done];
    const format = `${stage} {bar} {value}/{total}  {percentage} %{left}`;
    current = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
    current.start(progress.total ?? 0, progress.done, { left: "" });
  };
  return {
    onProgress: (progress) => {
      if (progress.stage !== stage || current === undefined) start(progress);
      else current.update(progress.done, { left: left(progress) });
      if (progress.done === progress.total) stop();
    },
    stop,
  };
}

function lines(): ProgressReporter {
  let stage = "";
  let started = 0;
  let first = 0;
  let last = 0;
  return {
    onProgress: (progress) => {
      const now = performance.now();
      if (progress.stage !== stage) {
        [stage, started, first, last] = [progress.stage, now, progress.done, Number.NEGATIVE_INFINITY];
      }
      const ended = progress.done === progress.total;
      if (now - last < LINE_INTERVAL && !ended) return;
      last = now;
      process.stderr.write(`${progressLine(progress, (now - started) / 1000, first)}\n`);
    },
    stop: () => {},
  };
}

/**
 * One line of progress.
 * @param elapsed seconds since the stage began, `first` of its steps being done then
 */
export function progressLine({ stage, done, total }: Progress, elapsed: number, first: number): string {
  if (total === undefined) return `${stage}: ${done}`;
  return `${stage}: ${done} of ${total}${timeLeft({ stage, done, total }, elapsed, first)}`;
}

/** An estimate with a leading comma, or nothing where there is no ground for one. */
function timeLeft({ done, total }: Progress, elapsed: number, first: number): string {
  const steps = done - first;
  if (total === undefined || steps <= 0 || done >= total) return "";
  return `, about ${duration(((total - done) * elapsed) / steps)} left`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.ceil(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${Math.ceil((whole % 3600) / 60)} min`;
}
