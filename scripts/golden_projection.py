"""Writes test/golden/projection.json: two layers projected on their joint principal axes, as scikit-learn does it.

Run: pip install -r scripts/requirements-golden.txt && python scripts/golden_projection.py
"""

import json
from pathlib import Path

import numpy as np
from golden_noise import noise
from sklearn.decomposition import PCA

PATH = Path(__file__).parent.parent / "test" / "golden" / "projection.json"
ROWS, QUERIES, DIMS, AXES = 60, 8, (6, 3), 4


def layers(seed: int, count: int) -> list[np.ndarray]:
    """Values that float16 holds, in two layers of very different size; values of a layer hang together."""
    made = []
    for number, dims in enumerate(DIMS):
        hidden = noise(seed + number, count, dims).astype(np.float64) * 2.0 ** -np.arange(dims)
        mix = noise(90 + number, dims, dims).astype(np.float64)
        made.append((hidden @ mix * (1, 40)[number]).astype(np.float16).astype(np.float64))
    return made


def main() -> None:
    rows, queries = layers(10, ROWS), layers(20, QUERIES)
    scales = [layer.var(axis=0).sum() ** -0.5 for layer in rows]
    joined = np.concatenate([layer * scale for layer, scale in zip(rows, scales)], 1)
    asked = np.concatenate([layer * scale for layer, scale in zip(queries, scales)], 1)
    pca = PCA(AXES, svd_solver="full").fit(joined)
    along, centred = pca.transform(asked), asked - pca.mean_
    near = ((along[:, None] - pca.transform(joined)[None]) ** 2).sum(-1)
    content = {
        "dims": DIMS,
        "axes": AXES,
        "rows": [layer.ravel().tolist() for layer in rows],
        "queries": [layer.ravel().tolist() for layer in queries],
        "squaredDistances": near.ravel().tolist(),
        "across": ((centred**2).sum(1) - (along**2).sum(1)).tolist(),
    }
    PATH.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
