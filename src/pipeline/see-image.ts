import { MiasError } from "../errors.ts";
import { withoutPadding } from "../map/without-padding.ts";
import type { Bank, FeatureMap, Frame, Issue, MedicalImage, ScalarMap, SegmentOptions } from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import { secondsSince } from "../util/seconds-since.ts";
import { type BankIndex, createBankIndex } from "./bank-index.ts";
import { standardMap } from "./calibrate.ts";
import { describe } from "./describe.ts";
import { mapCentre } from "./descriptors.ts";
import { createExpectation, type Expectation } from "./expectation.ts";
import { fusedDistances } from "./held-out.ts";
import { imageLevel, imageScore } from "./image-score.ts";
import type { Model } from "./model.ts";

/** A bank made ready, and all else that images are segmented with. */
export interface Ready {
  readonly model: Model;
  readonly bank: Bank;
  readonly index: BankIndex;
  readonly expectation: Expectation;
  readonly options: SegmentOptions;
}

/**
 * Makes a bank ready for images.
 * @throws MiasError `bank-model-mismatch` when the bank was made with another model
 */
export async function makeReady(model: Model, bank: Bank, options: SegmentOptions): Promise<Ready> {
  checkModel(model, bank);
  const index = await createBankIndex(model.runtime, bank);
  const expectation = createExpectation(bank.heldOut, bank.calibration, bank.options);
  return { model, bank, index, expectation, options };
}

function checkModel(model: Model, bank: Bank): void {
  if (bank.provenance.modelSha256 === model.sha256) return;
  const { modelId, modelSha256 } = bank.provenance;
  throw new MiasError(
    "bank-model-mismatch",
    "bank",
    `the bank was made with model ${modelId} (${modelSha256.slice(0, 12)}), but the model in use is ` +
      `${model.manifest.id} (${model.sha256.slice(0, 12)}: another encoder, or its input made otherwise); use that model, or make the bank again`,
  );
}

/** What is known of an image before anything is drawn. */
export interface Seen {
  readonly frame: Frame;
  readonly embedding: FeatureMap;
  /** Patch distances [rows, columns] with what is expected discounted: the map before it is smoothed. */
  readonly beyond: ScalarMap;
  /** Model frame. */
  readonly map: ScalarMap;
  /** Largest value of the map. */
  readonly maximum: number;
  readonly score: number;
  readonly issues: readonly Issue[];
  readonly seconds: { readonly encode: number; readonly search: number };
}

/** image -> patch embeddings -> distances -> anomaly map. */
export async function seeImage(ready: Ready, image: MedicalImage): Promise<Seen> {
  const { model, bank, index, expectation } = ready;
  const { options, calibration } = bank;
  const { frame, embedding, layers, issues, encodeSeconds, ...found } = await describe(model, options, image);
  const started = performance.now();
  const distances = await index.distances(
    layers,
    calibration.mirrorScale === null ? {} : { axis: found.axis() },
  );
  const search = secondsSince(started);
  const regions = found.regions();
  const fused = fusedDistances(distances, calibration);
  const data = withoutPadding(expectation(fused, distances.signature), regions);
  const beyond = { width: layers[0].columns, height: layers[0].rows, data };
  const map = mapOf(ready, beyond);
  const level = imageLevel(data, regions, calibration);
  const maximum = mapMaximum(map).value;
  const score = imageScore({ searches: distances.searches, maximum, level }, options);
  const seconds = { encode: encodeSeconds, search };
  return { frame, embedding, beyond, map, maximum, score, issues, seconds };
}

/** The anomaly map in the model frame, of an image's distances beyond what is expected. */
export function mapOf({ model, bank }: Ready, { width, height, data }: ScalarMap): ScalarMap {
  const { size } = model.manifest.input;
  const geometry = { rows: height, columns: width, centre: mapCentre(bank.options), size };
  return standardMap(data, bank.calibration, geometry, bank.options);
}
