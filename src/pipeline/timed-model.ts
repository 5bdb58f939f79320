import type { Session } from "../runtime/runtime.ts";
import type { Model } from "./model.ts";

/** How often an encoder ran, and how long in all. */
export interface EncoderTime {
  readonly runs: number;
  readonly seconds: number;
}

/** The model, and a look at how long its encoder has run so far. */
export function timedModel(model: Model): { readonly model: Model; time(): EncoderTime } {
  let [runs, seconds] = [0, 0];
  const encoder: Session = {
    run: async (inputs, outputs) => {
      const started = performance.now();
      const answer = await model.encoder.run(inputs, outputs);
      seconds += (performance.now() - started) / 1000;
      runs++;
      return answer;
    },
    release: () => model.encoder.release(),
  };
  return { model: { ...model, encoder }, time: () => ({ runs, seconds }) };
}
