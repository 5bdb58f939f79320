"""Golden numbers of masks against their truth, written to test/golden/masks.json.

Border distances come from MedPy (`hd95`, `assd`), distance transforms from scipy, lesions from scipy's components,
matched pair by pair from the definition. The baseline's map is computed with numpy and scipy.

    python -m pip install -r scripts/requirements-golden.txt
    python scripts/golden_masks.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from medpy.metric.binary import assd, hd95
from scipy import ndimage

EIGHT = np.ones((3, 3), dtype=int)
HEIGHT, WIDTH = 37, 45
SPACINGS = [[1.0, 1.0], [0.7, 1.9]]  # along x and y


def base64_of(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def blobs(rng, count):
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    for _ in range(count):
        cy, cx = rng.uniform(0, HEIGHT), rng.uniform(0, WIDTH)
        mask |= ((y - cy) / rng.uniform(1, 7)) ** 2 + ((x - cx) / rng.uniform(1, 7)) ** 2 <= 1
    return mask


def pairs():
    """Truth and prediction: alike, far apart, one pixel each, a ring whose centre is outside it, at all edges."""
    rng = np.random.default_rng(95)
    made = []
    for count in (1, 2, 3, 4, 5, 6):
        truth = blobs(rng, count)
        moved = np.roll(truth, rng.integers(-4, 5, 2), (0, 1)) & (rng.random(truth.shape) > 0.05)
        made.append((moved | blobs(rng, count % 3), truth))
    single = np.zeros((2, HEIGHT, WIDTH), dtype=bool)
    single[0, 3, 4] = single[1, 30, 40] = True
    ring = np.zeros((HEIGHT, WIDTH), dtype=bool)
    ring[10:25, 10:25] = True
    disc = ring.copy()
    ring[12:23, 12:23] = False
    full = np.ones((HEIGHT, WIDTH), dtype=bool)
    return [*made, tuple(single), (ring, disc), (disc, ring), (full, disc), (disc, full)]


def lesions(mask, truth):
    found, found_count = ndimage.label(mask, EIGHT)
    true, true_count = ndimage.label(truth, EIGHT)
    overlap, centre = np.zeros((true_count, found_count), bool), np.zeros((true_count, found_count), bool)
    for a in range(true_count):
        for b in range(found_count):
            first, second = true == a + 1, found == b + 1
            overlap[a, b] = (first & second).sum() / (first | second).sum() > 0.1
            y, x = np.floor(np.argwhere(second).mean(axis=0) + 0.5).astype(int)
            centre[a, b] = first[y, x]
    rules = {"either": overlap | centre, "overlap": overlap, "centre": centre}
    return {
        name: {
            "truths": true_count,
            "found": int(rule.any(axis=1).sum()),
            "predicted": found_count,
            "matched": int(rule.any(axis=0).sum()),
        }
        for name, rule in rules.items()
    }


def case(mask, truth):
    distances = []
    for x, y in SPACINGS:
        distances.append(
            {
                "spacing": [x, y],
                "hd95": hd95(mask, truth, voxelspacing=(y, x)),
                "assd": assd(mask, truth, voxelspacing=(y, x)),
            }
        )
    return {
        "mask": base64_of(np.packbits(mask)),
        "truth": base64_of(np.packbits(truth)),
        "distances": distances,
        "lesions": lesions(mask, truth),
    }


def transforms():
    rng = np.random.default_rng(3)
    mask = rng.random((9, 13)) < 0.06
    return {
        "width": 13,
        "height": 9,
        "mask": mask.astype(int).ravel().tolist(),
        "expected": [
            {"spacing": [x, y], "distances": ndimage.distance_transform_edt(~mask, sampling=(y, x)).ravel().tolist()}
            for x, y in SPACINGS
        ],
    }


def baseline():
    """abs(smoothed image - median of the body) / MAD, where outside the body the image is taken for the median."""
    rng = np.random.default_rng(17)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    head = ((y - 18) / 15) ** 2 + ((x - 22) / 18) ** 2 <= 1
    image = np.where(head, rng.normal(120, 12, head.shape), rng.integers(0, 4, head.shape))
    image[14:20, 28:36] += 60
    grey = np.clip(np.round(image), 0, 255).astype(np.float64)
    body = grey > 0.1 * np.percentile(grey, 99)
    median = np.median(grey[body])
    mad = np.median(np.abs(grey[body] - median))
    smoothed = ndimage.gaussian_filter(np.where(body, grey, median), 2)
    return {
        "image": base64_of(grey.astype(np.uint8)),
        "body": base64_of(np.packbits(body)),
        "map": (np.abs(smoothed - median) / mad).ravel().tolist(),
    }


def main():
    golden = {
        "width": WIDTH,
        "height": HEIGHT,
        "cases": [case(mask, truth) for mask, truth in pairs()],
        "transform": transforms(),
        "baseline": baseline(),
    }
    target = Path(__file__).parent.parent / "test" / "golden" / "masks.json"
    target.write_text(json.dumps(golden, default=float) + "\n")


if __name__ == "__main__":
    main()
