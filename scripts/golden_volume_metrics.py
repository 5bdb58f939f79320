"""Golden numbers for src/metrics/volume-measures.ts, written to test/golden/volume-metrics.json.

Masks and truths are small made volumes; the measures are computed here from their definition on whole arrays, with
scipy.ndimage.label for the 26-connected components, where the TypeScript code goes slice by slice.

    python -m pip install -r scripts/requirements-golden.txt
    python scripts/golden_volume_metrics.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from scipy import ndimage

ALL_NEIGHBOURS = np.ones((3, 3, 3), dtype=int)
LEAST_OVERLAP = 0.1


def base64_of_bits(mask):
    return base64.b64encode(np.packbits(mask).tobytes()).decode()


def balls(rng, shape, count, largest):
    z, y, x = np.indices(shape)
    volume = np.zeros(shape, dtype=bool)
    for _ in range(count):
        centre = [rng.integers(0, side) for side in shape]
        radius = rng.uniform(0.5, largest)
        volume |= ((z - centre[0]) * 2) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2 <= radius**2
    return volume


def pair(seed, shape=(7, 17, 13)):
    """Lesions, and masks that are partly theirs, moved, and partly elsewhere; with corners that touch."""
    rng = np.random.default_rng(seed)
    truth = balls(rng, shape, int(rng.integers(1, 5)), 4)
    truth[0, 0, 0] = truth[1, 1, 1] = True
    mask = np.roll(truth, (int(rng.integers(-1, 2)), int(rng.integers(-2, 3)), 1), (0, 1, 2))
    mask &= rng.random(shape) < 0.8
    mask |= balls(rng, shape, int(rng.integers(0, 3)), 2)
    return mask, truth


def ring():
    """A ring around a lesion: no voxel is shared, but its centre is inside."""
    z, y, x = np.indices((5, 15, 15))
    away = np.hypot(y - 7, x - 7)
    return (away > 4) & (away < 6) & (z > 0) & (z < 4), (away < 2) & (z == 2)


def measures(mask, truth, voxel_ml):
    masks, predicted = ndimage.label(mask, ALL_NEIGHBOURS)
    lesions, truths = ndimage.label(truth, ALL_NEIGHBOURS)
    found, matched = set(), set()
    for a in range(1, truths + 1):
        for b in range(1, predicted + 1):
            both = np.sum((lesions == a) & (masks == b))
            if both / np.sum((lesions == a) | (masks == b)) > LEAST_OVERLAP:
                found.add(a)
                matched.add(b)
    for b in range(1, predicted + 1):
        centre = tuple(int(np.floor(axis + 0.5)) for axis in ndimage.center_of_mass(masks == b))
        if lesions[centre] > 0:
            found.add(int(lesions[centre]))
            matched.add(b)
    voxels = {"mask": int(mask.sum()), "truth": int(truth.sum())}
    both = int((mask & truth).sum())
    return {
        "dice": None if voxels["truth"] == 0 else 2 * both / (voxels["mask"] + voxels["truth"]),
        "maskVoxels": voxels["mask"],
        "truthVoxels": voxels["truth"],
        "maskMl": voxels["mask"] * voxel_ml,
        "truthMl": voxels["truth"] * voxel_ml,
        "volumeDifferenceMl": (voxels["mask"] - voxels["truth"]) * voxel_ml,
        "lesions": {"truths": truths, "found": len(found), "predicted": predicted, "matched": len(matched)},
    }


def main():
    empty = np.zeros((3, 4, 5), dtype=bool)
    lesion = empty.copy()
    lesion[1, 1:3, 2] = True
    cases = {f"seed {seed}": pair(seed) for seed in range(12)}
    cases |= {"ring": ring(), "both empty": (empty, empty), "missed": (empty, lesion), "alarm": (lesion, empty)}
    voxel_ml = 0.9 * 0.9 * 3 / 1000
    volumes = []
    for name, (mask, truth) in cases.items():
        volumes.append(
            {
                "name": name,
                "shape": mask.shape,
                "mask": base64_of_bits(mask),
                "truth": base64_of_bits(truth),
                "expected": measures(mask, truth, voxel_ml),
            }
        )
    expected = [volume["expected"] for volume in volumes]
    ill = [one for one in expected if one["truthVoxels"] > 0]
    total = lambda key: sum(one["lesions"][key] for one in expected)
    summary = {
        "count": len(expected),
        "judged": len(expected),
        "anomalous": len(ill),
        "dice": float(np.mean([one["dice"] for one in ill])),
        "volumeDifferenceMl": float(np.mean([abs(one["volumeDifferenceMl"]) for one in ill])),
        "lesionRecall": total("found") / total("truths"),
        "falseLesionsPerVolume": (total("predicted") - total("matched")) / len(expected),
    }
    path = Path(__file__).parent.parent / "test" / "golden" / "volume-metrics.json"
    path.write_text(json.dumps({"voxelMl": voxel_ml, "volumes": volumes, "summary": summary}) + "\n")


if __name__ == "__main__":
    main()
