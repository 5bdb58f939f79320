"""Tiny DICOM images in every transfer syntax that pydicom and DCMTK write, and the values that pydicom reads of them.

Writes test/golden/dicom/*.dcm and expected.json: for each file its frames' values, rescaled (grey) or as RGB, row by
row. Needs scripts/requirements-interop.txt, and dcmcjpeg of DCMTK 3.6.7 or later on the path for the JPEG kinds that
Python does not write (lossless, extended); HTJ2K is written by OpenJPH (encode_htj2k.mjs) and read by OpenJPEG.
"""

import io
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_color_lut, apply_modality_lut, convert_color_space, pixel_array
from pydicom.sequence import Sequence

OUT = Path(__file__).parent.parent / "test" / "golden" / "dicom"
ROWS, COLUMNS = 12, 16
LARGER = {"Rows": 4 * ROWS, "Columns": 4 * COLUMNS}
# Made UIDs, under the root that stands for tests (2.25 and a number).
ROOT = "2.25.80302813137786398554742050926734630921603"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED, RLE, BASELINE = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50"
JPEG_LS, NEAR = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
J2K_LOSSLESS, J2K = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201"


def phantom(bits, signed=False):
    """A ramp with a disc: every row and column differs, and the extremes are reached."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    most = 2**bits - 1
    ramp = (x * 7 + y * 13) / (7 * 15 + 13 * 11) * most
    ramp[(x - 9) ** 2 + (y - 5) ** 2 < 9] = most * 0.8
    values = ramp.astype(np.int64)
    return values - 2 ** (bits - 1) if signed else values


def image(name, stored, allocated, bits, syntax=EXPLICIT, signed=False, photometric="MONOCHROME2", **attributes):
    """A data set with native pixels in the byte order of its syntax."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SECONDARY_CAPTURE
    meta.MediaStorageSOPInstanceUID = f"{ROOT}.{sum(name.encode())}"
    meta.TransferSyntaxUID = syntax
    written = dict(is_implicit_VR=syntax == IMPLICIT, is_little_endian=syntax != BIG)
    ds = FileDataset(None, Dataset(), file_meta=meta, preamble=b"\0" * 128, **written)
    ds.SOPClassUID = SECONDARY_CAPTURE
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{ROOT}.1", f"{ROOT}.2"
    ds.PatientName, ds.PatientID = "Phantom^Made", "phantom"
    ds.Modality, ds.SeriesNumber, ds.InstanceNumber = "OT", 1, 1
    ds.Rows, ds.Columns = ROWS, COLUMNS
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, bits, bits - 1
    ds.PixelRepresentation = int(signed)
    ds.PhotometricInterpretation = photometric
    ds.SamplesPerPixel = 3 if photometric in ("RGB", "YBR_FULL", "YBR_FULL_422") else 1
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    order = ">" if syntax == BIG else "<"
    kind = {8: "u1", 16: f"{order}u2", 32: f"{order}u4"}[allocated]
    data = (np.asarray(stored) & (2**allocated - 1)).astype(kind).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if allocated == 8 else "OW"
    return ds


def save(ds, name):
    path = OUT / f"{name}.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


def rgb_phantom():
    grey = phantom(8)
    return np.stack([grey, 255 - grey, np.roll(grey, 5, axis=1)], axis=-1)


def native():
    ct = dict(RescaleSlope="1", RescaleIntercept="-1024", Modality="CT")
    for name, syntax in (("implicit", IMPLICIT), ("explicit", EXPLICIT), ("big-endian", BIG), ("deflated", DEFLATED)):
        save(image(name, phantom(12), 16, 12, syntax, **ct), name)
    save(image("signed-16", phantom(16, True), 16, 16, signed=True), "signed-16")
    save(image("signed-12", phantom(12, True), 16, 12, signed=True), "signed-12")
    save(image("unsigned-32", phantom(32), 32, 32), "unsigned-32")
    save(image("signed-32", phantom(32, True), 32, 32, signed=True), "signed-32")
    save(image("big-endian-8", phantom(8), 8, 8, BIG), "big-endian-8")
    words = image("big-endian-words", phantom(8), 8, 8, BIG)
    words["PixelData"].VR = "OW"
    save(words, "big-endian-words")
    save(image("monochrome1", phantom(8), 8, 8, photometric="MONOCHROME1"), "monochrome1")
    slope = dict(RescaleSlope="0.25", RescaleIntercept="-3.5")
    save(image("slope", phantom(8), 8, 8, **slope), "slope")
    # Bits above the stored ones hold an overlay, as old devices wrote them.
    overlay = phantom(12) | (phantom(4) << 12)
    save(image("overlay-bits", overlay, 16, 12), "overlay-bits")
    bits = np.stack([phantom(8) > 100, phantom(8) > 200])
    ds = image("one-bit", phantom(8), 8, 8, NumberOfFrames="2")
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 1, 1, 0
    ds.PixelData = np.packbits(bits.ravel(), bitorder="little").tobytes()
    save(ds, "one-bit")


def coloured():
    rgb = rgb_phantom()
    save(image("rgb", rgb, 8, 8, photometric="RGB"), "rgb")
    planes = np.moveaxis(rgb, -1, 0)
    save(image("rgb-planes", planes, 8, 8, photometric="RGB", PlanarConfiguration=1), "rgb-planes")
    ybr = convert_color_space(rgb.astype(np.uint8), "RGB", "YBR_FULL")
    save(image("ybr-full", ybr, 8, 8, photometric="YBR_FULL"), "ybr-full")
    pairs = ybr.reshape(-1, 2, 3)
    packed = np.stack([pairs[:, 0, 0], pairs[:, 1, 0], pairs[:, 0, 1], pairs[:, 0, 2]], axis=-1)
    save(image("ybr-full-422", packed, 8, 8, photometric="YBR_FULL_422"), "ybr-full-422")
    palette = image("palette", phantom(8), 8, 8, photometric="PALETTE COLOR")
    for number, colour in enumerate(("Red", "Green", "Blue")):
        setattr(palette, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        table = (np.arange(256) * (200 + 20 * number) % 65536).astype("<u2")
        setattr(palette, f"{colour}PaletteColorLookupTableData", table.tobytes())
    save(palette, "palette")
    ds = image("rle-rgb", rgb, 8, 8, photometric="RGB")
    ds.compress(RLE, generate_instance_uid=False)
    save(ds, "rle-rgb")
    buffer = io.BytesIO()
    Image.fromarray(rgb.astype(np.uint8)).save(buffer, "JPEG", quality=90, subsampling="4:4:4")
    ds = image("jpeg-ybr", rgb, 8, 8, BASELINE, photometric="YBR_FULL")
    ds.PixelData = encapsulate([buffer.getvalue()])
    save(ds, "jpeg-ybr")
    ds = image("jpeg-ls-rgb", rgb, 8, 8, photometric="RGB")
    ds.compress(JPEG_LS, generate_instance_uid=False)
    save(ds, "jpeg-ls-rgb")
    # OpenJPEG does not write images as small as the others.
    ds = image("jpeg-2000-rct", np.kron(rgb, np.ones((4, 4, 1), int)), 8, 8, photometric="RGB", **LARGER)
    ds.compress(J2K_LOSSLESS, generate_instance_uid=False)
    save(ds, "jpeg-2000-rct")


def compressed():
    for name, syntax, options in (
        ("rle", RLE, {}),
        ("jpeg-ls", JPEG_LS, {}),
        ("jpeg-ls-near", NEAR, {"jls_error": 3}),
        ("jpeg-2000", J2K_LOSSLESS, {}),
        ("jpeg-2000-lossy", J2K, {"j2k_cr": [4]}),
    ):
        larger = (np.ones((4, 4), int), LARGER) if "2000" in name else (np.ones((1, 1), int), {})
        ds = image(name, np.kron(phantom(12), larger[0]), 16, 12, **larger[1])
        ds.compress(syntax, generate_instance_uid=False, **options)
        save(ds, name)
        if syntax in (NEAR, J2K):
            continue
        ds = image(f"{name}-signed", np.kron(phantom(16, True), larger[0]), 16, 16, signed=True, **larger[1])
        ds.compress(syntax, generate_instance_uid=False, **options)
        save(ds, f"{name}-signed")
    buffer = io.BytesIO()
    Image.fromarray(phantom(8).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    ds = image("jpeg-baseline", phantom(8), 8, 8, BASELINE)
    ds.PixelData = encapsulate([buffer.getvalue()], has_bot=True)
    save(ds, "jpeg-baseline")


def by_dcmtk():
    source = save(image("source", phantom(12), 16, 12), "source")
    colours = save(image("colours", rgb_phantom(), 8, 8, photometric="RGB"), "colours")
    jobs = [("jpeg-lossless-sv1", source, ["+e1"]), ("jpeg-lossless-rgb", colours, ["+e1"])]
    jobs += [(f"jpeg-lossless-{n}", source, ["+el", "+sv", str(n)]) for n in range(2, 8)]
    jobs.append(("jpeg-extended-12", source, ["+ee", "+q", "95"]))
    for name, path, options in jobs:
        subprocess.run(["dcmcjpeg", *options, "+un", path, OUT / f"{name}.dcm"], check=True)
    for path in (source, colours):
        path.unlink()


def by_openjph():
    script = Path(__file__).parent / "encode_htj2k.mjs"
    rgb = np.kron(rgb_phantom(), np.ones((4, 4, 1), int))
    grey = np.kron(phantom(12), np.ones((4, 4), int))
    below = np.kron(phantom(16, True), np.ones((4, 4), int))
    for name, stored, allocated, bits, signed, photometric in (
        ("htj2k", grey, 16, 12, False, "MONOCHROME2"),
        ("htj2k-signed", below, 16, 16, True, "MONOCHROME2"),
        ("htj2k-rct", rgb, 8, 8, False, "RGB"),
    ):
        ds = image(name, stored, allocated, bits, HTJ2K_LOSSLESS, signed, photometric, **LARGER)
        sizes = [4 * COLUMNS, 4 * ROWS, bits, int(ds.SamplesPerPixel), int(signed)]
        command = ["node", script, *map(str, sizes)]
        stream = subprocess.run(command, input=ds.PixelData, stdout=subprocess.PIPE, check=True).stdout
        ds.PixelData = encapsulate([stream])
        if photometric == "RGB":
            ds.PhotometricInterpretation = "YBR_RCT"
        save(ds, name)


def enhanced():
    """Three frames at places 2.5 mm apart, in no order, each with its own slope."""
    stored = np.stack([phantom(8), 255 - phantom(8), phantom(8) // 2])
    ds = image("enhanced", stored, 16, 16, NumberOfFrames="3", Modality="MR")
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.4.1"
    shared, measures, orientation = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.5, 0.75], 9
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    shared.PixelMeasuresSequence = Sequence([measures])
    shared.PlaneOrientationSequence = Sequence([orientation])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    items = []
    for index, place in enumerate((5.0, 0.0, 2.5)):
        item, position, transform = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = [-10, -20, place]
        transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = index + 1, -index, "US"
        item.PlanePositionSequence = Sequence([position])
        item.PixelValueTransformationSequence = Sequence([transform])
        items.append(item)
    ds.PerFrameFunctionalGroupsSequence = Sequence(items)
    save(ds, "enhanced")


def modality_table():
    ds = image("modality-lut", phantom(8) // 32, 8, 8)
    table = Dataset()
    table.LUTDescriptor = [6, 1, 16]
    table.ModalityLUTType = "US"
    table.add_new(0x00283006, "OW", np.array([5, 10, 40, 90, 250, 1000], dtype="<u2").tobytes())
    ds.ModalityLUTSequence = Sequence([table])
    save(ds, "modality-lut")


def values_of(ds, path):
    # Pillow holds libjpeg-turbo, as most programs do; the other plugin rounds otherwise.
    is_baseline = ds.file_meta.TransferSyntaxUID == BASELINE
    stored = pixel_array(ds, decoding_plugin="pillow" if is_baseline else "")
    frames = stored if int(ds.get("NumberOfFrames", 1)) > 1 else stored[np.newaxis]
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        return [apply_color_lut(frame, ds) for frame in frames]
    if path.stem == "enhanced":
        return [frame.astype(float) * (index + 1) - index for index, frame in enumerate(frames)]
    return [frame if ds.SamplesPerPixel == 3 else apply_modality_lut(frame, ds) for frame in frames]


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    native()
    coloured()
    compressed()
    by_dcmtk()
    by_openjph()
    enhanced()
    modality_table()
    expected = {}
    for path in sorted(OUT.glob("*.dcm")):
        values = values_of(pydicom.dcmread(path), path)
        expected[path.name] = [np.asarray(frame, dtype=float).ravel().tolist() for frame in values]
    text = json.dumps(expected, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]")
    (OUT / "expected.json").write_text(text + "\n")


main()
