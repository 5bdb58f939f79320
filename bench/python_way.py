"""The same pipeline the Python way: torch modules, faiss.IndexFlatL2, scipy; same weights, same bank files.

usage: python bench/python_way.py FOLDER IMAGES > out.json
"""

import json
import statistics
import sys
import time
from pathlib import Path

import faiss
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.numpy import load_file
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
from litemedsam_torch import original_net, round_weights  # noqa: E402

BANK_ROWS = [4096, 16384, 65536]
LEVELS = np.linspace(0.35, 0.9, 8)


def encode(net, image):
    """image [1, 3, 256, 256] -> embedding and the two taps [1, 320, 64, 64]."""
    encoder, taps = net.image_encoder, []
    x = encoder.layers[0](encoder.patch_embed(image))
    for layer in list(encoder.layers)[1:]:
        x = layer(x)
        taps.append(x)
    maps = [t.view(1, 64, 64, -1).permute(0, 3, 1, 2) for t in taps[1:]]
    return encoder.neck(maps[-1]), maps


def patches(tap):
    pooled = F.avg_pool2d(tap, 3, 2, 1, count_include_pad=False)
    return np.ascontiguousarray(pooled[0].flatten(1).T.numpy())


def anomaly_map(distances, scales):
    fused = np.mean([d / s for d, s in zip(distances, scales)], axis=0).reshape(1, 1, 32, 32)
    wide = F.interpolate(torch.from_numpy(fused).float(), size=256, mode="bilinear", align_corners=False)
    return ndimage.gaussian_filter(wide[0, 0].numpy(), 4)


def ladder(heat):
    peak, low = np.unravel_index(heat.argmax(), heat.shape), np.median(heat)
    boxes = []
    for level in LEVELS:
        labels, _ = ndimage.label(heat >= low + level * (heat[peak] - low), np.ones((3, 3)))
        ys, xs = np.nonzero(labels == labels[peak])
        boxes.append([xs.min(), ys.min(), xs.max(), ys.max()])
    return torch.tensor(np.unique(boxes, axis=0), dtype=torch.float32)


def decode(net, embedding, boxes):
    sparse, dense = net.prompt_encoder(points=None, boxes=boxes[:, None], masks=None)
    pe = net.prompt_encoder.get_dense_pe()
    masks, _ = net.mask_decoder(embedding, pe, sparse, dense, multimask_output=False)
    return masks[:, 0].numpy() > 0


def contrast(mask, heat):
    if not mask.any():
        return -np.inf
    width = max(2, 0.15 * np.sqrt(mask.sum()))
    ring = (ndimage.distance_transform_edt(~mask) <= width) & ~mask
    return heat[mask].mean() - (heat[ring].mean() if ring.any() else 0)


def open_bank(path):
    from safetensors import safe_open

    tensors = load_file(path)
    with safe_open(path, "np") as file:
        scales = json.loads(file.metadata()["calibration"])["layerScales"]
    indexes = []
    for tap in ("tap2", "tap3"):
        index = faiss.IndexFlatL2(320)
        index.add(tensors[f"rows.{tap}"].astype(np.float32))
        indexes.append(index)
    return indexes, scales


def segment(net, indexes, scales, file):
    t0 = time.perf_counter()
    grey = np.asarray(Image.open(file).convert("L"), np.float32)
    grey = (grey - grey.min()) / (grey.max() - grey.min())
    embedding, taps = encode(net, torch.from_numpy(grey).expand(1, 3, 256, 256).contiguous())
    t1 = time.perf_counter()
    distances = [index.search(patches(tap), 1)[0] for index, tap in zip(indexes, taps)]
    t2 = time.perf_counter()
    heat = anomaly_map(distances, scales)
    boxes = ladder(heat)
    t3 = time.perf_counter()
    masks = decode(net, embedding, boxes)
    t4 = time.perf_counter()
    sharp = ((heat - heat.min()) / (heat.max() - heat.min())) ** 3
    max(masks, key=lambda mask: contrast(mask, sharp))
    return {"encode": t1 - t0, "search": t2 - t1, "decode": t4 - t3, "total": time.perf_counter() - t0}


@torch.no_grad()
def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    net = original_net()
    round_weights(net)
    files = sorted((folder / "phantoms" / "test").rglob("*.png"))[:count]
    banks = []
    for rows in BANK_ROWS:
        indexes, scales = open_bank(folder / f"{rows}.bank")
        runs = [segment(net, indexes, scales, file) for file in files[:2] + files][2:]
        medians = {f"{key}Seconds": statistics.median(run[key] for run in runs) for key in runs[0]}
        banks.append({"rows": rows, **medians})
    versions = {"torch": torch.__version__, "faiss": faiss.__version__, "numpy": np.__version__}
    print(json.dumps({"banks": banks, "threads": torch.get_num_threads(), "versions": versions}))


main()
