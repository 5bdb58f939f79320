"""Others' programs on our DICOM objects: pydicom, highdicom and dcmqi (scripts/requirements-interop.txt).

    phantom FOLDER                                        writes small series to be sources
    segmentation FILE FOLDER SIZE AFFINE EXPECTED ORDER   what highdicom and dcmqi read; scratch files go to FOLDER
    map FILE FOLDER SIZE AFFINE EXPECTED                  what pydicom and dcmqi read

SIZE (columns, rows, slices) and AFFINE (16 numbers, from voxel to LPS; or null) are those of the source, as JSON. EXPECTED is
a file of the source's voxels: segment numbers (uint16) or values (float32). ORDER has the source's frame number of each slice
(null where it is of single frames). Readers' voxels are brought to the source's grid
by their place in the patient; told are how many differ, and how far voxels are off the grid. Answers are JSON on stdout.
"""

import gzip
import json
import os
import subprocess
import sys

import highdicom as hd
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.8.498.1"
SIZE = (37, 29, 5)  # columns, rows, slices: 1073 pixels a slice, so that bits run across bytes
SPACING = (0.7, 0.7, 3.0)


def instance(sop_class, number):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = sop_class
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = f"{ROOT}.3.{number}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{ROOT}.1", f"{ROOT}.2"
    ds.StudyDate, ds.StudyTime, ds.StudyID = "20240229", "101112.5", "S1"
    ds.AccessionNumber, ds.ReferringPhysicianName = "ACC1", "Arzt^Änne"
    ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "PÄ-1", "19700101", "F"
    ds.SpecificCharacterSet, ds.PatientName = "ISO_IR 100", "Müller^Jürgen"
    ds.StudyDescription, ds.InstanceNumber, ds.SeriesNumber = "Übersicht", number, 4
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.Columns, ds.Rows = SIZE[:2]
    ds.add_new(0x00091001, "LO", "private text")
    return ds


def oblique():
    """Direction of rows, of columns and of slices: turned by 20 degrees about x, then by 10 about z."""
    a, b = np.radians(20), np.radians(10)
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    z = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    return (z @ x).T


def save(ds, folder, name):
    os.makedirs(folder, exist_ok=True)
    ds.PixelData = np.zeros(SIZE[0] * SIZE[1], np.uint16).tobytes()
    ds.save_as(os.path.join(folder, name), enforce_file_format=True)


def phantom(folder):
    rows, columns, normal = oblique()
    for z in range(SIZE[2]):
        ds = instance("1.2.840.10008.5.1.4.1.1.2", z + 1)
        ds.Modality, ds.FrameOfReferenceUID = "CT", f"{ROOT}.4"
        ds.ImageOrientationPatient = [round(float(v), 10) for v in (*rows, *columns)]
        ds.ImagePositionPatient = [round(float(v), 6) for v in np.array([-12, 7.5, 100]) + z * SPACING[2] * normal]
        ds.PixelSpacing, ds.SliceThickness = [SPACING[1], SPACING[0]], 2.5
        # The first file is the last slice.
        save(ds, os.path.join(folder, "ct"), f"{SIZE[2] - z}.dcm")
    ds = instance("1.2.840.10008.5.1.4.1.1.1", 9)
    ds.Modality = "CR"
    ds.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    ds.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    del ds.StudyDate, ds.StudyTime, ds.StudyID, ds.PatientBirthDate
    ds.PatientID = ds.AccessionNumber = ""
    ds.StudyDescription = ds.ReferringPhysicianName = ""
    save(ds, os.path.join(folder, "cr"), "1.dcm")
    return {}


def nrrd(path):
    """The array [z, y, x] and header of what dcmqi writes."""
    with open(path, "rb") as file:
        head, _, body = file.read().partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
    body = gzip.decompress(body) if fields["encoding"] == "gzip" else body
    kinds = {"short": "<i2", "unsigned char": "u1", "uchar": "u1", "float": "<f4", "unsigned short": "<u2", "double": "<f8"}
    sizes = [int(n) for n in fields["sizes"].split()]
    array = np.frombuffer(body, kinds[fields["type"]]).reshape(sizes[::-1])
    vector = lambda text: [float(v) for v in text.strip("()").split(",")]
    directions = [vector(v) for v in fields["space directions"].split()]
    return array, {"space": fields["space"], "origin": vector(fields["space origin"]), "directions": directions}


def compared(array, affine, size, source, expected):
    """`array` [i, j, k] with its affine against `expected`, [z, y, x] of the source."""
    at = np.stack(np.indices(array.shape), -1).reshape(-1, 3)
    voxel = at @ affine[:3, :3].T + affine[:3, 3] - np.reshape(source, (4, 4))[:3, 3]
    voxel = voxel @ np.linalg.inv(np.reshape(source, (4, 4))[:3, :3]).T
    x, y, z = np.round(voxel).astype(int).T
    inside = np.zeros(size[::-1], expected.dtype)
    inside[z, y, x] = array.ravel()
    return {"differing": int((inside != expected).sum()), "off": float(np.abs(voxel - np.round(voxel)).max())}


def nrrd_compared(path, size, source, expected):
    array, header = nrrd(path)
    assert header["space"] == "left-posterior-superior"
    affine = np.c_[np.array(header["directions"]).T, header["origin"]]
    return compared(array.T, affine, size, source, expected)


def dcmqi(program, flag, path, folder):
    os.makedirs(folder, exist_ok=True)
    run = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), program), flag, path, "--outputDirectory", folder, "-t", "nrrd"],
        capture_output=True, text=True,
    )
    return None if run.returncode else [n for n in sorted(os.listdir(folder)) if n.endswith(".nrrd")]


def references(ds):
    frames = []
    for item in ds.PerFrameFunctionalGroupsSequence:
        source = item.DerivationImageSequence[0].SourceImageSequence[0]
        segment = item.SegmentIdentificationSequence[0].ReferencedSegmentNumber if "SegmentIdentificationSequence" in item else None
        position = [float(v) for v in item.PlanePositionSequence[0].ImagePositionPatient] if "PlanePositionSequence" in item else None
        number = source.get("ReferencedFrameNumber")
        frames.append({"segment": segment, "position": position, "instance": source.ReferencedSOPInstanceUID,
                       "frame": None if number is None else int(number),
                       "indices": item.FrameContentSequence[0].DimensionIndexValues})
    return frames


def head(ds):
    names = ["PatientName", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SeriesNumber",
             "StudyDescription", "ReferringPhysicianName", "ContentDate", "FrameOfReferenceUID", "SeriesDescription"]
    return {
        **{name: str(ds[name].value) for name in names if name in ds},
        "private": sum(element.tag.is_private for element in ds.iterall()),
        "overlong": [str(e.tag) for e in ds.iterall() if e.VR == "DS" and any(len(str(v)) > 16 for v in np.atleast_1d(e.value))],
        "referenced": [i.ReferencedSOPInstanceUID for i in ds.ReferencedSeriesSequence[0].ReferencedInstanceSequence],
    }


def segmentation(path, folder, size, source, expected, order):
    expected = np.fromfile(expected, "<u2").reshape(size[::-1])
    seg = hd.seg.segread(path)
    answer = {"head": head(seg), "frames": references(seg), "segments": [
        [int(s.SegmentNumber), s.SegmentLabel, s.SegmentedPropertyTypeCodeSequence[0].CodeValue] for s in seg.SegmentSequence]}
    answer["differing"] = int((by_source(seg, answer["head"]["referenced"], json.loads(order)) != expected).sum())
    if source:
        volume = seg.get_volume(combine_segments=True)
        answer["volume"] = compared(volume.array, volume.affine, size, source, expected)
        names = dcmqi("segimage2itkimage", "--inputDICOM", path, folder) or []
        # One file for each segment; one for all of a label map.
        every = seg.SegmentationType == "LABELMAP"
        answer["dcmqi"] = [
            nrrd_compared(os.path.join(folder, name), size, source,
                          np.where(every | (expected == int(name.split(".")[0])), expected, 0))
            for name in names]
    return answer


def by_source(seg, instances, order):
    """Segment numbers [z, y, x], asked for by the instances or frames of the source."""
    if order[0] is None:
        return seg.get_pixels_by_source_instance(
            instances, combine_segments=True, ignore_spatial_locations=True, assert_missing_frames_are_empty=True)
    return seg.get_pixels_by_source_frame(
        instances[0], order, combine_segments=True, ignore_spatial_locations=True,
        assert_missing_frames_are_empty=True)


def parametric_map(path, folder, size, source, expected):
    expected = np.fromfile(expected, "<f4").reshape(size[::-1])
    ds = pydicom.dcmread(path)
    mapping = ds.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    array = ds.pixel_array.reshape(expected.shape)
    answer = {"head": head(ds), "frames": references(ds), "type": str(array.dtype), "differing": int((array != expected).sum()),
              "unit": mapping.MeasurementUnitsCodeSequence[0].CodeValue}
    names = dcmqi("paramap2itkimage", "--inputDICOM", path, folder) or []
    answer["dcmqi"] = [nrrd_compared(os.path.join(folder, name), size, source, expected) for name in names]
    return answer


if __name__ == "__main__":
    command = {"phantom": phantom, "segmentation": segmentation, "map": parametric_map}[sys.argv[1]]
    texts = sys.argv[2:]
    print(json.dumps(command(*texts[:2], *map(json.loads, texts[2:4]), *texts[4:])))
