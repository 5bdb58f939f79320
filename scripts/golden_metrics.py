"""Golden numbers for src/metrics and src/util, written to test/golden/metrics.json.

ROC AUC and average precision come from scikit-learn, connected components from scipy. AUPRO and DICE have no
reference package with exact thresholds: here they are computed threshold by threshold from their definition, by
another way than the TypeScript code (which accumulates sorted changes).

    python -m pip install -r scripts/requirements-golden.txt
    python scripts/golden_metrics.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from scipy import ndimage
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.utils import murmurhash3_32

EIGHT = np.ones((3, 3), dtype=int)
LIMIT = 0.3


def base64_of(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def truths(rng, count, height, width):
    """Masks of none to five regions: discs, single pixels, and pixels that touch at a corner only."""
    y, x = np.mgrid[:height, :width]
    masks = np.zeros((count, height, width), dtype=bool)
    for image in range(2, count):  # the first two are good images
        for _ in range(rng.integers(1, 4)):
            cy, cx, radius = rng.integers(0, height), rng.integers(0, width), rng.uniform(1, 7)
            masks[image] |= (y - cy) ** 2 + (x - cx) ** 2 <= radius**2
        masks[image, 3, 4] = masks[image, 4, 5] = True
        masks[image, height - 1, 0] = True
    return masks


def predictions(rng, masks, scores):
    """Final masks: a threshold per image, one image left empty, and a false alarm."""
    cuts = np.quantile(scores.reshape(len(scores), -1), rng.uniform(0.85, 0.97, len(scores)), axis=1).diagonal()
    found = scores > cuts[:, None, None]
    found[0] = False
    found[-1] = False
    return found


def aupro(scores, masks):
    """The mean overlap of all regions and the false positive rate at every distinct score, then trapezoids."""
    regions = []
    for score, mask in zip(scores, masks):
        labels, count = ndimage.label(mask, EIGHT)
        regions += [np.sort(score[labels == k]) for k in range(1, count + 1)]
    normal = np.sort(scores[~masks])
    thresholds = np.unique(scores)[::-1]

    def share_at_least(ascending):
        return 1 - np.searchsorted(ascending, thresholds, side="left") / len(ascending)

    fpr = np.concatenate([[0.0], share_at_least(normal)])
    pro = np.concatenate([[0.0], np.mean([share_at_least(region) for region in regions], axis=0)])
    inside = fpr < LIMIT
    fpr, pro = np.append(fpr[inside], LIMIT), np.append(pro[inside], np.interp(LIMIT, fpr, pro))
    return np.trapezoid(pro, fpr) / LIMIT, len(regions)


def dice(a, b):
    total = a.sum() + b.sum()
    return 1.0 if total == 0 else 2 * (a & b).sum() / total


def iou(a, b):
    union = (a | b).sum()
    return 1.0 if union == 0 else (a & b).sum() / union


def evaluation(name, scores, masks, rng):
    """Inputs and expected metrics of one made test set; image score = a high quantile, rounded so that some tie."""
    found = predictions(rng, masks, scores)
    anomalous = masks.any(axis=(1, 2))
    image_scores = np.round(np.quantile(scores.astype(np.float64), 0.99, axis=(1, 2)), 1)
    flat, truth = scores.ravel(), masks.ravel()
    pro, regions = aupro(scores, masks)
    cuts = np.unique(scores)
    return {
        "name": name,
        "shape": list(scores.shape),
        "maps": base64_of(scores.astype("<f4")),
        "truths": base64_of(np.packbits(masks)),
        "masks": base64_of(np.packbits(found)),
        "imageScores": image_scores.tolist(),
        "expected": {
            "imageAuroc": roc_auc_score(anomalous, image_scores),
            "imageAveragePrecision": average_precision_score(anomalous, image_scores),
            "pixelAuroc": roc_auc_score(truth, flat),
            "pixelAveragePrecision": average_precision_score(truth, flat),
            "aupro": pro,
            "regions": regions,
            "dice": [dice(a, b) for a, b in zip(found, masks)],
            "iou": [iou(a, b) for a, b in zip(found, masks)],
            "diceAnomalousMean": float(np.mean([dice(a, b) for a, b in zip(found[anomalous], masks[anomalous])])),
            "diceDataset": dice(found, masks),
            "diceBestThreshold": max(dice(flat >= cut, truth) for cut in cuts),
            "falseAlarms": int(found[~anomalous].any(axis=(1, 2)).sum()),
        },
    }


def evaluations():
    rng = np.random.default_rng(20250522)
    masks = truths(rng, 7, 40, 48)
    noise = ndimage.gaussian_filter(rng.normal(size=masks.shape), (0, 1.5, 1.5)) * 4
    scores = noise + 1.2 * ndimage.gaussian_filter(masks.astype(float), (0, 1, 1))
    # Steps of 1/16: many ties, within and across images, and both zeros.
    coarse = np.round(scores * 16).astype(np.float32) / np.float32(16)
    fine_masks = truths(rng, 4, 44, 36)
    fine = (rng.gamma(2.0, 0.8, fine_masks.shape) + 2 * fine_masks).astype(np.float32)
    return [evaluation("ties", coarse, masks, rng), evaluation("no ties", fine, fine_masks, rng)]


def components():
    """Labels of a random mask in scipy's order, for both connectivities."""
    rng = np.random.default_rng(11)
    mask = rng.random((12, 17)) < 0.32
    four, count_four = ndimage.label(mask)
    eight, count_eight = ndimage.label(mask, EIGHT)
    boxes = [[s[1].start, s[0].start, s[1].stop - 1, s[0].stop - 1] for s in ndimage.find_objects(eight)]
    centres = ndimage.center_of_mass(mask, eight, range(1, count_eight + 1))
    return {
        "width": 17,
        "height": 12,
        "mask": mask.astype(int).ravel().tolist(),
        "four": {"labels": four.ravel().tolist(), "count": count_four},
        "eight": {"labels": eight.ravel().tolist(), "count": count_eight},
        "areas": np.bincount(eight.ravel())[1:].tolist(),
        "boxes": boxes,
        "centres": [[x, y] for y, x in centres],
    }


def hashes():
    triples = [[0, 0, 0], [1, 2, 3], [3, 2, 1], [4294967295, 2147483648, 7], [-1, -2, -3], [123456789, 65535, 42]]
    words = [np.array(triple, dtype=np.int64).astype("<u4").tobytes() for triple in triples]
    return [[*triple, murmurhash3_32(data, seed=0, positive=True)] for triple, data in zip(triples, words)]


def main():
    golden = {"evaluations": evaluations(), "components": components(), "hashes": hashes()}
    target = Path(__file__).parent.parent / "test" / "golden" / "metrics.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(golden, default=float) + "\n")


if __name__ == "__main__":
    main()
