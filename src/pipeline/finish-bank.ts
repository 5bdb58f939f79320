import { bankLayers } from "../bank/bank-rows.ts";
import { issue } from "../issues.ts";
import type { Bank, HeldOutDistances, Issue, Provenance } from "../types.ts";
import { joined } from "../util/joined.ts";
import { PROGRAM } from "../version.ts";
import { calibrate } from "./calibrate.ts";
import { type FitRun, failedImages } from "./fit-run.ts";

/** With fewer held-out images no p-value can be as small as 0.05. */
const FEW_HELD_OUT = 19;

/** The bank of a fit that is through with its images. */
export function finishBank(run: FitRun): Bank {
  const { model, options, state, dims } = run;
  const parts = [state.learned.sorted(), state.heldOutRows.sorted()];
  const heldOut = joinHeldOut(run);
  const column = (key: "priority" | "image" | "patch") =>
    joined(
      Uint32Array,
      parts.map((part) => part[key]),
    );
  return {
    layers: bankLayers(options, dims, parts),
    ...(state.projection ? { projection: state.projection } : {}),
    rows: parts[0].rows + parts[1].rows,
    learnedRows: parts[0].rows,
    priority: column("priority"),
    image: column("image"),
    patch: column("patch"),
    heldOut,
    calibration: calibrate(heldOut, model.manifest.input.size, options),
    options,
    provenance: provenanceOf(run, heldOut),
  };
}

function provenanceOf({ model, images, state, context }: FitRun, heldOut: HeldOutDistances): Provenance {
  const base = context.base?.provenance;
  const read = images.length - failedImages(state.issues).length;
  return {
    program: PROGRAM,
    modelId: model.manifest.id,
    modelSha256: model.manifest.files.encoder.sha256,
    offered: (base?.offered ?? 0) + images.length,
    images: (base?.images ?? 0) + read,
    heldOut: heldOut.images,
    patches: (base?.patches ?? 0) + read * heldOut.rows * heldOut.columns,
  };
}

/** The distances of a base bank's held-out images stay as measured then: its images are not at hand to measure again. */
function joinHeldOut({ context, state, dims }: FitRun): HeldOutDistances {
  const { rows, columns } = state.grid;
  const layers = state.projection ? 1 : dims.length;
  const data = joined(Float32Array, [...(context.base ? [context.base.heldOut.data] : []), ...state.heldOut]);
  return { images: data.length / (layers * rows * columns), layers, rows, columns, data };
}

/** What was odd about the images and the fit as a whole. */
export function issuesOf({ state }: FitRun, bank: Bank): Issue[] {
  const held = bank.heldOut.images;
  if (held >= FEW_HELD_OUT) return state.issues;
  const least = (1 / (held + 1)).toPrecision(2);
  const few = issue(
    "few-normal-images",
    "fit",
    `${held} normal images are held out for calibration, so no p-value can be below ${least}; give more normal images`,
  );
  return [...state.issues, few];
}
