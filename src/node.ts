// The entry for Node: the core, and jobs on files.

export * from "./index.ts";
export { listImages } from "./io/list-images.ts";
export { EMBEDDED_MODEL, modelFolder } from "./io/model-folder.ts";
export { createNodeRuntime, DEVICES, type Device, type NodeRuntimeOptions } from "./io/node-runtime.ts";
export { readImage } from "./io/read-image.ts";
export { type AblateJob, ablate } from "./jobs/ablate.ts";
export { type DemoJob, type DemoReport, demo } from "./jobs/demo.ts";
export { type EvaluateJob, evaluate } from "./jobs/evaluate.ts";
export { type FitJob, type FitReport, fit } from "./jobs/fit.ts";
export { type Inspection, inspect } from "./jobs/inspect.ts";
export { type JobOptions, openBank, openModel } from "./jobs/open.ts";
export type { OutputType } from "./jobs/output-types.ts";
export { type ImageOutcome, type SegmentJob, type SegmentOutcome, segment } from "./jobs/segment.ts";
export { type SegmentFolderJob, segmentToFolder } from "./jobs/segment-folder.ts";
export {
  type SynthesisedCase,
  type SynthesiseJob,
  type SynthesiseReport,
  synthesise,
} from "./jobs/synthesise.ts";
export type { MapFormat } from "./jobs/write-result.ts";
export type {
  AblationDocument,
  AblationMeasures,
  AblationResult,
  AblationRow,
  AblationSet,
} from "./report/ablation-document.ts";
export type { EvaluateDocument } from "./report/evaluate-document.ts";
export type { ImageResult, ResultsDocument } from "./report/results.ts";
export type { VolumeResult } from "./report/volume-results.ts";
