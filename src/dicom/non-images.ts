// Storage SOP classes that are no images to segment (DICOM PS3.4 annex B.5), by what people call them.

const NON_IMAGES: ReadonlyMap<string, string> = new Map([
  ["1.2.840.10008.1.3.10", "a DICOMDIR (Media Storage Directory)"],
  ["1.2.840.10008.5.1.4.1.1.104.1", "a PDF (Encapsulated PDF Storage)"],
  ["1.2.840.10008.5.1.4.1.1.104.2", "a document (Encapsulated CDA Storage)"],
  ["1.2.840.10008.5.1.4.1.1.104.3", "a surface (Encapsulated STL Storage)"],
  ["1.2.840.10008.5.1.4.1.1.104.4", "a surface (Encapsulated OBJ Storage)"],
  ["1.2.840.10008.5.1.4.1.1.104.5", "a surface (Encapsulated MTL Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66", "raw data (Raw Data Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.1", "a registration (Spatial Registration Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.2", "fiducials (Spatial Fiducials Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.3", "a registration (Deformable Spatial Registration Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.4", "a segmentation (Segmentation Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.5", "a segmentation (Surface Segmentation Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.6", "tracts (Tractography Results Storage)"],
  ["1.2.840.10008.5.1.4.1.1.66.7", "a segmentation (Label Map Segmentation Storage)"],
  ["1.2.840.10008.5.1.4.1.1.67", "a value mapping (Real World Value Mapping Storage)"],
  ["1.2.840.10008.5.1.4.1.1.30", "a parametric map (Parametric Map Storage)"],
  ["1.2.840.10008.5.1.4.1.1.4.2", "a spectrum (MR Spectroscopy Storage)"],
  ["1.2.840.10008.5.1.4.1.1.481.2", "a dose (RT Dose Storage)"],
  ["1.2.840.10008.5.1.4.1.1.481.3", "contours (RT Structure Set Storage)"],
  ["1.2.840.10008.5.1.4.1.1.481.5", "a plan (RT Plan Storage)"],
  ["1.2.840.10008.5.1.4.1.1.481.8", "a plan (RT Ion Plan Storage)"],
]);

/** Families whose classes are all alike: the UID goes on after these. */
const NON_IMAGE_FAMILIES: readonly (readonly [prefix: string, what: string])[] = [
  ["1.2.840.10008.5.1.4.1.1.88.", "a report (Structured Report Storage)"],
  ["1.2.840.10008.5.1.4.1.1.11.", "a presentation state (Presentation State Storage)"],
  ["1.2.840.10008.5.1.4.1.1.9.", "a waveform (Waveform Storage)"],
];

/** What an instance of this SOP class is, where it is no image; undefined where it may be one. */
export function nonImageName(sopClassUid: string): string | undefined {
  const family = NON_IMAGE_FAMILIES.find(([prefix]) => sopClassUid.startsWith(prefix));
  return NON_IMAGES.get(sopClassUid) ?? family?.[1];
}
