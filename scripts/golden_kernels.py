"""Writes test/golden/kernels/*.json: the numeric kernels as Pillow, torch, SciPy and OpenCV compute them.

Run: pip install -r scripts/requirements-golden.txt && python scripts/golden_kernels.py
"""

import json
from pathlib import Path

import cv2
import numpy as np
import scipy.ndimage
import torch
import torch.nn.functional as F
from golden_noise import noise
from PIL import Image

FOLDER = Path(__file__).parent.parent / "test" / "golden" / "kernels"


def listed(array, step=1):
    return [float(f"{value:.8g}") for value in np.asarray(array, dtype=np.float64).ravel()[::step]]


def resize(width, height, size):
    side = max(width, height)
    left, top = (side - width) // 2, (side - height) // 2
    square = np.zeros((side, side), np.float32)
    square[top : top + height, left : left + width] = noise(1, height, width)
    resized = Image.fromarray(square).resize((size, size), Image.Resampling.BILINEAR)
    return {"width": width, "height": height, "size": size, "values": listed(resized)}


def upsample(width, height, size):
    source = torch.from_numpy(noise(2, 1, 1, height, width))
    result = F.interpolate(source, (size, size), mode="bilinear", align_corners=False)
    return {"width": width, "height": height, "size": size, "values": listed(result)}


def gaussian(width, height, sigma):
    result = scipy.ndimage.gaussian_filter(noise(3, height, width), sigma)
    return {"width": width, "height": height, "sigma": sigma, "values": listed(result)}


def mean_patches(channels, width, height):
    source = torch.from_numpy(noise(4, 1, channels, height, width))
    pooled = F.avg_pool2d(source, 3, stride=2, padding=1, count_include_pad=False)
    values = listed(pooled[0].permute(1, 2, 0))
    return {"channels": channels, "width": width, "height": height, "values": values}


def unfold_patches(channels, width, height, step):
    source = torch.from_numpy(noise(5, 1, channels, height, width))
    patches = F.unfold(source, 5, stride=2, padding=2)[0].T
    pooled = F.adaptive_avg_pool1d(patches[:, None], 1024)[:, 0]
    return {"channels": channels, "width": width, "height": height, "step": step, "values": listed(pooled, step)}


def contours(width, height, share):
    mask = (noise(6, height, width) < share).astype(np.uint8)
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    boxes = sorted(cv2.boundingRect(contour) for contour in found)
    return {
        "width": width,
        "height": height,
        "share": share,
        "boxes": [[x, y, x + w - 1, y + h - 1] for x, y, w, h in boxes],
    }


def local_brightness(size, side):
    """An elliptic body with a dark hole, before noise; how much brighter cells of its inside are than what surrounds them."""
    y, x = np.mgrid[:size, :size]
    body = ((x - size / 2) / (0.4 * size)) ** 2 + ((y - size / 2) / (0.3 * size)) ** 2 < 1
    body &= ~((abs(x - 0.6 * size) < 0.04 * size) & (abs(y - 0.5 * size) < 0.03 * size))
    image = np.where(body, np.float32(0.4) + noise(7, size, size) / 4, noise(8, size, size) / 8).astype(np.float32)
    inner = scipy.ndimage.binary_erosion(body, iterations=round(2 * size / 256))
    low, high = np.quantile(image[body].astype(np.float64), [0.02, 0.98])
    step = size // side
    cells = lambda values: values.reshape(side, step, side, step).mean((1, 3))
    share, total = cells(inner.astype(np.float64)), cells(image.astype(np.float64) * inner)
    channels = []
    for near, far in [(3, 12), (5, 20)]:
        weight, mean = {}, {}
        for sigma in (near, far):
            weight[sigma] = scipy.ndimage.gaussian_filter(share, sigma / 256 * side)
            smooth = scipy.ndimage.gaussian_filter(total, sigma / 256 * side)
            mean[sigma] = smooth / np.maximum(weight[sigma], 1e-12)
        contrast = np.clip((mean[near] - mean[far]) / (high - low), -0.2, 0.2)
        channels.append(np.where(weight[near] >= 0.05, contrast, 0))
    return {"size": size, "side": side, "values": listed(channels)}


def main():
    files = {
        "resize": [
            resize(23, 17, 48),
            resize(200, 150, 40),
            resize(47, 49, 31),
            resize(32, 32, 32),
            resize(3000, 20, 40),
            resize(5, 1000, 40),
            resize(1, 1, 8),
        ],
        "upsample": [upsample(7, 5, 12), upsample(16, 12, 5), upsample(1, 2, 4)],
        "gaussian": [gaussian(6, 9, 4), gaussian(31, 20, 1.3), gaussian(40, 40, 4)],
        "mean-patches": [mean_patches(5, 8, 8), mean_patches(3, 9, 7), mean_patches(2, 1, 2)],
        "unfold-patches": [
            unfold_patches(256, 6, 6, 5),
            unfold_patches(320, 6, 5, 7),
            unfold_patches(3, 4, 4, 1),
        ],
        "local-brightness": [local_brightness(256, 64), local_brightness(128, 32)],
        "contours": [contours(24, 24, 0.4), contours(40, 30, 0.5), contours(32, 32, 0.6)],
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, cases in files.items():
        text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        (FOLDER / f"{name}.json").write_text(f"[\n{text}\n]\n")


main()
