"""Says in JSON what highdicom makes of a segmentation that came back from a server: python stored_seg_witness.py FILE"""

import json
import sys

import highdicom
import numpy

seg = highdicom.seg.segread(sys.argv[1])
sources = [str(uid) for _, _, uid in seg.get_source_image_uids()]
pixels = seg.get_pixels_by_source_instance([uid for _, _, uid in seg.get_source_image_uids()])
print(
    json.dumps(
        {
            "study": str(seg.StudyInstanceUID),
            "patient": str(seg.PatientID),
            "segments": int(seg.number_of_segments),
            "voxels": [int(numpy.count_nonzero(pixels[..., i])) for i in range(pixels.shape[-1])],
            "sources": sources,
        }
    )
)
