// The entry for clinical data, which runs unchanged in Node and the browser: bytes of DICOM, NIfTI, NRRD and MetaImage files
// in, volumes through a segmenter, NIfTI files and DICOM objects out; a DICOMweb client.

export { provideCodec } from "./dicom/codecs/wasm-codec.ts";
export { readDicomdir } from "./dicom/dicomdir.ts";
export type { DicomInstance, InstanceHeader } from "./dicom/instance.ts";
export { pseudonymise } from "./dicom/object-pseudonym.ts";
export { encodeParametricMap, type VolumeMap } from "./dicom/parametric-map.ts";
export { parseInstance } from "./dicom/parse-instance.ts";
export { planSeries } from "./dicom/plan-series.ts";
export { readPicture } from "./dicom/read-picture.ts";
export { type ReadBytes, readSeriesVolume, type SeriesReading } from "./dicom/read-series.ts";
export { encodeSegmentation, type SegmentationOptions } from "./dicom/seg-encode.ts";
export type { PicturesPlan, SeriesPlan, VolumePlan } from "./dicom/series-plan.ts";
export { type Authorization, credentialsFrom } from "./dicomweb/authorization.ts";
export { createDicomWeb, type DicomWeb, type DicomWebOptions } from "./dicomweb/dicomweb.ts";
export { type DicomWebAddress, parseDicomWebUrl } from "./dicomweb/dicomweb-url.ts";
export { WINDOW_PRESETS } from "./options.ts";
export { type HeadVolumeOptions, headVolume } from "./phantom/volume.ts";
export { type OpenStack, openStack } from "./pipeline/open-stack.ts";
export { slicedAlike } from "./pipeline/slicing.ts";
export type { VolumeStack } from "./pipeline/volume-stack.ts";
export type { SliceAxis, SliceOptions, Slicing, WindowChoice } from "./types.ts";
export { type EncodeNiftiOptions, encodeNifti } from "./volume/encode-nifti.ts";
export { niftiHeaderOf } from "./volume/read-nifti.ts";
export { readVolume } from "./volume/read-volume.ts";
export type { ReadVolumeOptions } from "./volume/sibling.ts";
export { putSlice, takeSlice } from "./volume/slice-pixels.ts";
export { parseWindow, windowOf } from "./volume/window.ts";
export type * from "./volume-types.ts";
