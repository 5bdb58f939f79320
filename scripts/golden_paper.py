"""Writes test/golden/paper/chain.json: the published pipeline from feature map to point prompt, by its own parts.

torch unfolds and pools, NumPy searches in float64, torch samples the distances up, SciPy smooths them. The feature
maps are made by a formula (golden_noise.py). The query is an image of its own with an odd patch.

Run: pip install -r scripts/requirements-golden.txt && python scripts/golden_paper.py
"""

import json
from pathlib import Path

import numpy as np
import scipy.ndimage
import torch
import torch.nn.functional as F
from golden_noise import feature

FILE = Path(__file__).parent.parent / "test" / "golden" / "paper" / "chain.json"
BANK_IMAGES = 3
SAMPLED_PATCHES = [0, 31, 500, 663, 1023]
MAP_STEP = 8


def descriptors(feature_map):
    patches = F.unfold(torch.from_numpy(feature_map)[None], 5, stride=2, padding=2)[0].T  # [1024, 6400]
    return F.adaptive_avg_pool1d(patches[:, None], 1024)[:, 0].numpy()


def nearest(queries, bank):
    """Squared L2 distance of each query to its nearest row, without the cancellation of |q|^2 - 2 q.b + |b|^2."""
    bank = bank.astype(np.float64)
    return np.array([((bank - query) ** 2).sum(axis=1).min() for query in queries.astype(np.float64)])


def centre_of_gravity(anomaly_map):
    values = anomaly_map.astype(np.float64)
    weights = ((values - values.min()) / (values.max() - values.min())) ** 5
    rows, columns = np.indices(values.shape)
    return (columns * weights).sum() / weights.sum(), (rows * weights).sum() / weights.sum()


def listed(array):
    return [float(f"{value:.9g}") for value in np.asarray(array, dtype=np.float64).ravel()]


def main():
    bank = np.concatenate([descriptors(feature(image)) for image in range(BANK_IMAGES)])
    query = descriptors(feature(BANK_IMAGES, odd=True))
    distances = nearest(query, bank)
    grid = torch.from_numpy(distances.astype(np.float32)).reshape(1, 1, 32, 32)
    upsampled = F.interpolate(grid, (256, 256), mode="bilinear", align_corners=False)[0, 0].numpy()
    anomaly_map = scipy.ndimage.gaussian_filter(upsampled, 4)
    x, y = centre_of_gravity(anomaly_map)
    golden = {
        "bankImages": BANK_IMAGES,
        "patches": SAMPLED_PATCHES,
        "descriptors": [listed(query[patch]) for patch in SAMPLED_PATCHES],
        "distances": listed(distances),
        "score": float(distances.max()),
        "mapStep": MAP_STEP,
        "map": listed(anomaly_map[::MAP_STEP, ::MAP_STEP]),
        "centreOfGravity": {"x": float(x), "y": float(y)},
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
