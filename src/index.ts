// The core: runs unchanged in Node and the browser. Pixels in, masks out; files are read and written elsewhere.

export {
  BANK_FORMAT_VERSION,
  type BankSummary,
  encodeBank,
  readBank,
  readBankSummary,
} from "./bank/bank-file.ts";
export { type ErrorCode, isMiasError, MiasError } from "./errors.ts";
export { createFrame, mapToOriginal, maskToOriginal, toModel, toOriginal } from "./geometry/frame.ts";
export { type IssueCode, issue } from "./issues.ts";
export type {
  EvaluatedImage,
  Evaluation,
  EvaluationMetrics,
  EvaluationOptions,
} from "./metrics/evaluation-metrics.ts";
export { createEvaluation } from "./metrics/summary.ts";
export { type FeatureNames, fitOptions, segmentOptions } from "./options.ts";
export { type PhantomItem, phantomDataset } from "./phantom/dataset.ts";
export { headPhantom } from "./phantom/head.ts";
export { type FitContext, type FitResult, fitBank } from "./pipeline/fit.ts";
export type { CheckpointStore } from "./pipeline/fit-checkpoint.ts";
export { type IntensityBaseline, intensityBaseline } from "./pipeline/intensity-baseline.ts";
export { loadModel, type Model, type ModelFiles } from "./pipeline/model.ts";
export { createSegmenter, type SegmentContext, type Segmenter } from "./pipeline/segment.ts";
export { drawOverlay, drawPanel } from "./report/overlay.ts";
export { createRuntime, type OrtModule, type Runtime, type RuntimeOptions } from "./runtime/runtime.ts";
export { SYNTHETIC_KINDS, type SyntheticKind } from "./synthetic/kinds.ts";
export { syntheticCases } from "./synthetic/plan.ts";
export {
  type LesionSizes,
  type SyntheticCase,
  type SyntheticOptions,
  syntheticCase,
} from "./synthetic/synthetic-case.ts";
export type * from "./types.ts";
export { type ByteSource, memorySource } from "./util/byte-source.ts";
export { DISCLAIMER, VERSION } from "./version.ts";
export type * from "./volume-types.ts";
