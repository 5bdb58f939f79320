"""The same pipeline the Python way: torch modules, faiss.IndexFlatL2, scipy; same weights, same bank files.

It prompts at the highest peak alone, which is less work than the package does: no box for further lesions.

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
from litemedsam_torch import apply_change, original_net, round_weights  # noqa: E402

BANK_ROWS = [4096, 16384, 32768, 65536]
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


def body_of(grey):
    """Where the body is, and its brightness: dark end, median, bright end."""
    body = grey > grey.min() + 0.1 * (np.quantile(grey, 0.99) - grey.min())
    return body, np.quantile(grey[body], [0.02, 0.5, 0.98])


def intensity(grey, low, median, high):
    """Smoothed brightness from the body's median in spreads of the body, at 64 x 64 places. [1, 2, 64, 64]"""
    smooth = [ndimage.gaussian_filter(grey, sigma)[1::4, 1::4] for sigma in (2, 6)]
    return torch.from_numpy((np.stack(smooth)[None] - median) / (high - low)).float()


def local_intensity(grey, body, low, high):
    """How much brighter 64 x 64 places are than what surrounds them in the body, in spreads of the body. [1, 2, 64, 64]"""
    inner = ndimage.binary_erosion(body, iterations=2)
    share, total = (cells.reshape(64, 4, 64, 4).mean((1, 3)) for cells in (inner.astype(np.float32), grey * inner))
    weight, mean = {}, {}
    for sigma in (3, 12, 5, 20):
        weight[sigma] = ndimage.gaussian_filter(share, sigma / 4)
        mean[sigma] = ndimage.gaussian_filter(total, sigma / 4) / np.maximum(weight[sigma], 1e-12)
    maps = [
        np.where(weight[near] >= 0.05, np.clip((mean[near] - mean[far]) / (high - low), -0.2, 0.2), 0)
        for near, far in ((3, 12), (5, 20))
    ]
    return torch.from_numpy(np.stack(maps)[None]).float()


def anomaly_map(distances, scale):
    fused = (distances / scale).reshape(1, 1, 32, 32)
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


def decode(net, embedding, boxes, peak):
    """Logits of the box masks and of the three masks for the peak. [B + 3, 256, 256]"""
    pe = net.prompt_encoder.get_dense_pe()
    sparse, dense = net.prompt_encoder(points=None, boxes=boxes[:, None], masks=None)
    of_boxes, _ = net.mask_decoder(embedding, pe, sparse, dense, multimask_output=False)
    point = torch.tensor([[[float(peak[1]), float(peak[0])]]])
    sparse, dense = net.prompt_encoder(points=(point, torch.ones(1, 1)), boxes=None, masks=None)
    of_point, _ = net.mask_decoder(embedding, pe, sparse, dense, multimask_output=True)
    return np.concatenate([of_boxes[:, 0].numpy(), of_point[0].numpy()])


def contrast(mask, heat):
    if not mask.any():
        return -np.inf
    width = max(2, 0.15 * np.sqrt(mask.sum()))
    ring = (ndimage.distance_transform_edt(~mask) <= width) & ~mask
    return heat[mask].mean() - (heat[ring].mean() if ring.any() else 0)


def quality(logits, others, heat):
    mask = logits > 0
    dice = [2 * (mask & (o > 0)).sum() / max(1, mask.sum() + (o > 0).sum()) for o in others if o is not logits]
    stability = (logits > 1).sum() / max(1, (logits > -1).sum())
    return contrast(mask, heat) * np.sqrt(np.mean(dice)) * stability


def open_bank(path):
    from safetensors import safe_open

    tensors = load_file(path)
    with safe_open(path, "np") as file:
        [scale] = json.loads(file.metadata()["calibration"])["layerScales"]
    project = {name: tensors[f"projection.{name}"] for name in ("mean", "scale", "axes")}
    names = ("tap2", "tap3", "intensity", "local-intensity")
    rows = np.concatenate([tensors[f"rows.{name}"].astype(np.float32) for name in names], 1)
    index = faiss.IndexFlatL2(project["axes"].shape[1])
    index.add(projected(rows, project)[0])
    return index, project, scale


def projected(rows, project):
    """Rows in the axes, and the squared length of what lies across them."""
    scaled = (rows - project["mean"]) * project["scale"]
    along = scaled @ project["axes"]
    return along, np.maximum(0, (scaled**2).sum(1) - (along**2).sum(1))


def segment(net, bank, file):
    index, project, scale = bank
    t0 = time.perf_counter()
    grey = np.asarray(Image.open(file).convert("L"), np.float32)
    grey = (grey - grey.min()) / (grey.max() - grey.min())
    embedding, taps = encode(net, torch.from_numpy(grey).expand(1, 3, 256, 256).contiguous())
    t1 = time.perf_counter()
    body, (low, median, high) = body_of(grey)
    maps = [*taps, intensity(grey, low, median, high), local_intensity(grey, body, low, high)]
    queries, across = projected(np.concatenate([patches(one) for one in maps], 1), project)
    distances = index.search(queries, 1)[0][:, 0] + across
    t2 = time.perf_counter()
    heat = anomaly_map(distances, scale)
    boxes = ladder(heat)
    t3 = time.perf_counter()
    logits = decode(net, embedding, boxes, np.unravel_index(heat.argmax(), heat.shape))
    t4 = time.perf_counter()
    max(logits, key=lambda one: quality(one, logits, heat))
    return {"encode": t1 - t0, "search": t2 - t1, "decode": t4 - t3, "total": time.perf_counter() - t0}


@torch.no_grad()
def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    net = original_net()
    apply_change(net)
    round_weights(net)
    every = sorted((folder / "phantoms" / "test").rglob("*.png"))
    files = [every[i * len(every) // count] for i in range(count)]
    banks = []
    for rows in BANK_ROWS:
        bank = open_bank(folder / f"{rows}.bank")
        runs = [segment(net, bank, file) for file in files[:2] + files][2:]
        medians = {f"{key}Seconds": statistics.median(run[key] for run in runs) for key in runs[0]}
        banks.append({"rows": rows, **medians})
    versions = {"torch": torch.__version__, "faiss": faiss.__version__, "numpy": np.__version__}
    print(json.dumps({"banks": banks, "threads": torch.get_num_threads(), "versions": versions}))


main()
