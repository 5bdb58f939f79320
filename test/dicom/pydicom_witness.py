# What pydicom makes of DICOM files: a JSON list on stdout, pixels in files of the output folder. Not our code: a witness.
import json
import sys
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

AIR = -1024
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


def frame_rescale(ds, index):
    """Slope and intercept of a frame of an enhanced image; None where it is a plain one."""
    groups = [ds.get("PerFrameFunctionalGroupsSequence"), ds.get("SharedFunctionalGroupsSequence")]
    for sequence, item in zip(groups, (index, 0)):
        if sequence and "PixelValueTransformationSequence" in sequence[item]:
            found = sequence[item].PixelValueTransformationSequence[0]
            return float(found.RescaleSlope), float(found.RescaleIntercept)
    return None


def values_of(ds):
    """Frames x rows x columns (x 3), grey rescaled, colours as RGB; CT padding below air is air."""
    # Pillow holds libjpeg-turbo; the other plugin's upsampling of colours differs from it by up to 3 grey levels.
    is_baseline = ds.file_meta.TransferSyntaxUID == JPEG_BASELINE
    stored = pixel_array(ds, decoding_plugin="pillow" if is_baseline else "")
    frames = stored if ds.get("NumberOfFrames", 1) > 1 else stored[np.newaxis]
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        return np.stack([apply_color_lut(frame, ds) for frame in frames]).astype(np.float64)
    if ds.SamplesPerPixel == 3:
        return frames.astype(np.float64)
    out = []
    for index, frame in enumerate(frames):
        factors = frame_rescale(ds, index)
        if factors is None:
            out.append(np.asarray(apply_modality_lut(frame, ds), dtype=np.float64))
        else:
            out.append(frame.astype(np.float64) * factors[0] + factors[1])
    values = np.stack(out)
    if ds.get("Modality") == "CT" and "PixelPaddingValue" in ds:
        padding = frames == ds.PixelPaddingValue
        values[padding] = np.maximum(values[padding], AIR)
    return values


def main():
    out = Path(sys.argv[1])
    told = []
    for number, path in enumerate(sys.argv[2:]):
        ds = pydicom.dcmread(path, force=True)
        values = values_of(ds)
        values.astype("<f8").tofile(out / f"{number}.f8")
        told.append(
            {
                "path": path,
                "shape": list(values.shape),
                "position": [float(v) for v in ds.get("ImagePositionPatient", [])],
                "orientation": [float(v) for v in ds.get("ImageOrientationPatient", [])],
                "spacing": [float(v) for v in ds.get("PixelSpacing", [])],
            }
        )
    print(json.dumps(told))


main()
