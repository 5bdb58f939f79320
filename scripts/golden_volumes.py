"""Tiny volumes in every form that the reader takes, and the voxels and places that it must find in them.

Writes test/golden/volumes/* and truth.json. NIfTI files are written and read by nibabel; NRRD and MetaImage files are
written by SimpleITK, or here where SimpleITK writes no such form, and read by SimpleITK (pynrrd where it gives other
axes). Affines are LPS in mm, row by row; voxels are in the order of the file, columns fastest.

    python -m pip install -r scripts/requirements-golden.txt
    python scripts/golden_volumes.py
"""

import gzip
import json
import zlib
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK as sitk

OUT = Path(__file__).resolve().parent.parent / "test" / "golden" / "volumes"
SIZE = (4, 3, 2)
RNG = np.random.default_rng(11)
TRUTH = {}
#: A turned, mirrored volume: RAS, exact in 32-bit floats.
AFFINE = np.array([[0.0, 0.5, 0, -10.5], [-0.75, 0, 0, 20.25], [0, 0, -2.5, 7], [0, 0, 0, 1]])
RAS_TO_LPS = np.diag([-1.0, -1, 1, 1])
TYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")


def made(dtype, shape=SIZE):
    """Random values; of whole numbers the extremes too, as far as a 32-bit float holds them."""
    if np.dtype(dtype).kind == "f":
        return RNG.normal(0, 1000, shape).astype(dtype)
    info = np.iinfo(dtype)
    low, high = max(info.min, 1 - 2**24), min(info.max, 2**24 - 1)
    values = RNG.integers(low, high, shape, dtype=np.int64, endpoint=True)
    values.ravel()[:2] = (low, high)
    return values.astype(dtype)


def record(name, values, affine=None, spacing=None, issues=(), index=None, window=None):
    """Notes what must be read from `name`: `values` [x, y, z], `affine` RAS or None."""
    entry = {
        "size": list(values.shape),
        "data": np.asarray(values, dtype=np.float32).astype(float).ravel(order="F").tolist(),
        "issues": list(issues),
    }
    if affine is not None:
        entry["affine"] = (RAS_TO_LPS @ np.asarray(affine, dtype=float) + 0.0).ravel().tolist()
    if spacing is not None:
        entry["spacing"] = [float(value) for value in spacing]
    if index is not None:
        entry["volumeIndex"] = index
    if window is not None:
        entry["window"] = list(window)
    TRUTH[name] = entry


def save_nifti(image, name):
    image.header["descrip"] = b"Doe^Jane 19700101"
    nibabel.save(image, OUT / name)
    loaded = nibabel.load(OUT / name)
    return np.asarray(loaded.dataobj), loaded.affine


def nifti_files():
    for dtype in TYPES:
        data, affine = save_nifti(nibabel.Nifti1Image(made(dtype), AFFINE, dtype=dtype), f"{dtype}.nii")
        record(f"{dtype}.nii", data, affine)
    for name, kind in (("gz.nii.gz", nibabel.Nifti1Image), ("two.nii", nibabel.Nifti2Image),
                       ("two.nii.gz", nibabel.Nifti2Image)):
        data, affine = save_nifti(kind(made("int16"), AFFINE), name)
        record(name, data, affine)
    for name, kind in (("big.nii", nibabel.Nifti1Image), ("big-two.nii", nibabel.Nifti2Image)):
        header = kind.header_class(endianness=">")
        header.set_data_dtype(">i2")
        data, affine = save_nifti(kind(made("int16").astype(">i2"), AFFINE, header), name)
        record(name, data, affine)
    for name, kind in (("pair.hdr", nibabel.Nifti1Pair), ("pair-two.hdr", nibabel.Nifti2Pair)):
        data, affine = save_nifti(kind(made("int16"), AFFINE), name)
        record(name, data, affine)
    scaled_nifti_files()
    placed_nifti_files()
    four = made("int16", SIZE + (3,))
    for index in (None, 0, 2):
        name = "four.nii.gz"
        data, affine = save_nifti(nibabel.Nifti1Image(four, AFFINE), name)
        issues = ["one-of-several-volumes"] if index is None else []
        record(name if index is None else f"{name}#{index}", data[..., index or 0], affine, issues=issues, index=index)
    colour = RNG.integers(0, 256, SIZE + (3,), dtype=np.uint8)
    fields = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    save_nifti(nibabel.Nifti1Image(colour.copy().view(fields).reshape(SIZE), AFFINE), "colour.nii")
    grey = np.floor(colour @ np.array([299, 587, 114]) / 1000 + 0.5)
    record("colour.nii", grey, AFFINE, issues=["colour-to-grey"])


def scaled_nifti_files():
    for name, dtype, slope, intercept in (("shifted.nii", "uint16", 1, -1024), ("scaled.nii", "int16", 0.25, 3.5),
                                          ("far.nii", "int16", 1, 60000), ("byte-shifted.nii", "uint8", 1, -1000)):
        stored = RNG.integers(0, 200 if dtype == "uint8" else 4000, SIZE).astype(dtype)
        image = nibabel.Nifti1Image(stored, AFFINE, dtype=dtype)
        save_nifti(image, name)
        raw = bytearray((OUT / name).read_bytes())
        raw[112:120] = np.array([slope, intercept], "<f4").tobytes()
        raw[124:132] = np.array([240, -160], "<f4").tobytes()  # cal_max, cal_min
        (OUT / name).write_bytes(raw)
        record(name, np.asarray(nibabel.load(OUT / name).dataobj), AFFINE, window=(-160, 240))
    holes = made("float32")
    least = float(holes.min())
    holes[1, 1, 1], holes[2, 0, 0], holes[3, 2, 1] = np.nan, np.inf, -np.inf
    save_nifti(nibabel.Nifti1Image(holes, AFFINE), "holes.nii")
    filled = np.where(np.isfinite(holes), holes, max(least, float(holes[np.isfinite(holes)].min())))
    record("holes.nii", filled, AFFINE, issues=["non-finite-pixels"])
    big = np.full(SIZE, 2**24 + 1, dtype=np.int32)
    save_nifti(nibabel.Nifti1Image(big, AFFINE), "rounded.nii")
    record("rounded.nii", big, AFFINE, issues=["values-rounded"])


def placed_nifti_files():
    turn = np.array([[0.8, -0.6, 0], [0.6, 0.8, 0], [0, 0, 1.0]]) @ np.array([[1, 0, 0], [0, 0.6, -0.8], [0, 0.8, 0.6]])
    oblique = np.eye(4)
    oblique[:3, :3] = turn * [0.5, 0.75, -2.5]
    oblique[:3, 3] = (-30.5, 12, 7.25)
    data = made("int16")
    image = nibabel.Nifti1Image(data, None)
    image.header.set_qform(oblique, code=1)
    values, affine = save_nifti(image, "qform.nii")
    record("qform.nii", values, affine)
    image = nibabel.Nifti1Image(data, None)
    image.header.set_sform(np.diag([1, 1, 0, 1]), code=1)
    image.header.set_qform(oblique, code=1)
    save_nifti(image, "singular-sform.nii")
    record("singular-sform.nii", data, affine, issues=["affine-unusable"])
    image = nibabel.Nifti1Image(data, None)
    image.header.set_zooms((0.5, 0.75, 2.5))
    save_nifti(image, "pixdim.nii")
    record("pixdim.nii", data, spacing=(0.5, 0.75, 2.5), issues=["orientation-unknown"])
    image = nibabel.Nifti1Image(data, None)
    image.header.set_zooms((0.5, 0.75, 2.5))
    image.header.set_sform(np.diag([1, 1, 0, 1]), code=1)
    save_nifti(image, "singular.nii")
    record("singular.nii", data, spacing=(0.5, 0.75, 2.5), issues=["affine-unusable", "orientation-unknown"])
    one = made("int16", (4, 3))
    values, affine = save_nifti(nibabel.Nifti1Image(one, AFFINE), "one-slice.nii")
    record("one-slice.nii", values.reshape(4, 3, 1), affine)
    micron = nibabel.Nifti1Image(data, AFFINE)
    micron.header.set_xyzt_units(xyz="micron")
    save_nifti(micron, "micron.nii")
    scaled = AFFINE.copy()
    scaled[:3] *= 0.001
    record("micron.nii", data, scaled)


def itk_image(values):
    """`values` [x, y, z] or [x, y, z, channels] at a place that is neither axial nor right-handed."""
    vector = values.ndim == 4
    image = sitk.GetImageFromArray(np.moveaxis(values, (0, 1, 2), (2, 1, 0)), isVector=vector)
    image.SetSpacing((0.5, 0.75, 2.5))
    image.SetOrigin((-30.5, 12, 7.25))
    image.SetDirection((0, 0.6, 0.8, -1, 0, 0, 0, 0.8, -0.6))
    return image


def read_itk(name):
    """Values [x, y, z(, channels)] and the affine in RAS."""
    image = sitk.ReadImage(str(OUT / name))
    values = sitk.GetArrayFromImage(image)
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return np.moveaxis(values, (2, 1, 0), (0, 1, 2)), RAS_TO_LPS @ affine


def itk_files():
    for ending in ("nrrd", "nhdr", "mha", "mhd"):
        for dtype in ("int16", "float32") if ending in ("nhdr", "mhd") else TYPES:
            for packed in (False, True) if dtype == "int16" else (False,):
                name = f"{ending}-{dtype}{'-packed' if packed else ''}.{ending}"
                sitk.WriteImage(itk_image(made(dtype)), str(OUT / name), useCompression=packed)
                values, affine = read_itk(name)
                record(name, values, affine)
        name = f"{ending}-colour.{ending}"
        colour = RNG.integers(0, 256, SIZE + (3,), dtype=np.uint8)
        sitk.WriteImage(itk_image(colour), str(OUT / name))
        values, affine = read_itk(name)
        grey = np.floor(values @ np.array([299, 587, 114]) / 1000 + 0.5)
        vector = ending in ("nrrd", "nhdr") and b"RGB-color" not in (OUT / name).read_bytes()
        if vector:  # ITK calls three channels a vector: they are volumes
            record(f"{name}#2", values[..., 2], affine, index=2)
        else:
            record(name, grey, affine, issues=["colour-to-grey"])


def written_files():
    """Forms that SimpleITK reads but does not write."""
    data = made("int16")
    body = data.astype(">i2").tobytes(order="F")
    nrrd = ("NRRD0005\r\n# Doe^Jane\r\ntype: signed short\r\ndimension: 3\r\nspace: right-anterior-superior\r\n"
            "sizes: 4 3 2\r\nspace directions: (0.5,0,0) (0,0.75,0) (0,0.5,2.5)\r\nkinds: domain domain domain\r\n"
            "endian: big\r\nencoding: raw\r\nspace origin: (-30.5,12,7.25)\r\nPatient:=Doe^Jane\r\n\r\n")
    (OUT / "ras-big.nrrd").write_bytes(nrrd.encode() + body)
    values, affine = read_itk("ras-big.nrrd")
    ras = np.array([[0.5, 0, 0, -30.5], [0, 0.75, 0.5, 12], [0, 0, 2.5, 7.25], [0, 0, 0, 1]])
    assert (values == data).all() and np.allclose(affine[:3, 3], ras[:3, 3])
    record("ras-big.nrrd", values, ras, issues=["axes-sheared"])  # ITK makes the sheared directions orthogonal
    mha = ("ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = True\nCompressedData = False\n"
           "TransformMatrix = 0 0.6 0.8 -1 0 0 0 0.8 -0.6\nOffset = -30.5 12 7.25\nElementSpacing = 0.5 0.75 2.5\n"
           "Comment = Doe^Jane\nModality = MET_MOD_CT\nDimSize = 4 3 2\nElementType = MET_SHORT\nElementDataFile = LOCAL\n")
    (OUT / "big.mha").write_bytes(mha.encode() + body)
    record("big.mha", *read_itk("big.mha"))
    plain = "NRRD0001\ntype: uchar\ndimension: 3\nsizes: 4 3 2\nspacings: 0.5 0.75 2.5\nencoding: gzip\n\n"
    small = made("uint8")
    (OUT / "spacings.nrrd").write_bytes(plain.encode() + gzip.compress(small.tobytes(order="F"), mtime=0))
    values, _ = read_itk("spacings.nrrd")
    assert (values == small).all()
    record("spacings.nrrd", values, spacing=(0.5, 0.75, 2.5), issues=["orientation-unknown"])
    listed = ("NRRD0004\ntype: short\ndimension: 4\nspace: left-posterior-superior\nsizes: 3 4 3 2\n"
              "space directions: none (0.5,0,0) (0,0.75,0) (0,0,2.5)\nkinds: list domain domain domain\n"
              "endian: little\nencoding: raw\nspace origin: (1,2,3)\n\n")
    many = made("int16", (3,) + SIZE)
    (OUT / "list.nrrd").write_bytes(listed.encode() + many.astype("<i2").tobytes(order="F"))
    values, affine = read_itk("list.nrrd")
    assert (values[..., 1] == many[1]).all()
    record("list.nrrd#1", values[..., 1], affine, index=1)
    packed = zlib.compress(many[0].astype("<i2").tobytes(order="F"))
    header = ("NDims = 3\nDimSize = 4 3 2\nElementSpacing = 0.5 0.75 2.5\nElementByteOrderMSB = False\n"
              f"CompressedData = True\nCompressedDataSize = {len(packed)}\nElementType = MET_SHORT\n"
              "ElementDataFile = LOCAL\n")
    (OUT / "no-matrix.mha").write_bytes(header.encode() + packed)
    values, _ = read_itk("no-matrix.mha")
    assert (values == many[0]).all()
    record("no-matrix.mha", values, spacing=(0.5, 0.75, 2.5), issues=["orientation-unknown"])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    for write in (nifti_files, itk_files, written_files):
        write()
    (OUT / "truth.json").write_text(json.dumps(TRUTH, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
