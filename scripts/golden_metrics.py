"""Golden numbers for src/metrics and src/util, written to test/golden/metrics.json.

ROC curves, their areas and average precision come from scikit-learn, connected components from scipy. AUPRO, AUPIMO
and DICE have no reference package with exact thresholds: here they are computed threshold by threshold from their
definition, by another way than the TypeScript code (which accumulates sorted changes). AUPIMO is checked against
anomalib's way as well, a fine grid of thresholds.

    python -m pip install -r scripts/requirements-golden.txt
    python scripts/golden_metrics.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from scipy import ndimage
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve
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


def log_area(rate, recall, low, high):
    """Mean of a polyline over log(rate), rate ascending and positive, between two rates inside its range."""
    inside = (rate > low) & (rate < high)
    x = np.log(np.concatenate([[low], rate[inside], [high]]))
    ends = np.interp(np.log([low, high]), np.log(rate), recall)
    return np.trapezoid(np.concatenate([ends[:1], recall[inside], ends[1:]]), x) / np.log(high / low)


def recalls(scores, masks, thresholds):
    """Share of each anomalous image's lesion at or above each threshold, [images, thresholds]."""
    lesions = [np.sort(s[m]) for s, m in zip(scores, masks) if m.any()]
    return [1 - np.searchsorted(lesion, thresholds, side="left") / len(lesion) for lesion in lesions]


def shared_rate(good, thresholds):
    """Mean over good images of the share of pixels at or above each threshold; images may differ in size."""
    return np.mean([1 - np.searchsorted(np.sort(g.ravel()), thresholds, side="left") / g.size for g in good], axis=0)


def aupimo(scores, masks, low, high):
    """Of each anomalous image, at every distinct score of any image."""
    good = [s for s, m in zip(scores, masks) if not m.any()]
    thresholds = np.unique(np.concatenate([s.ravel() for s in scores]))[::-1]
    rate = shared_rate(good, thresholds)
    seen = rate > 0
    return [log_area(rate[seen], recall[seen], low, high) for recall in recalls(scores, masks, thresholds)]


def aupimo_on_grid(scores, masks, low, high, count=300_000):
    """As anomalib: thresholds evenly spaced over the scores of good images; but bounds cut, not the nearest of them."""
    good = [s for s, m in zip(scores, masks) if not m.any()]
    thresholds = np.linspace(max(g.max() for g in good), min(g.min() for g in good), count)
    rate = shared_rate(good, thresholds)
    seen = rate > 0
    return [log_area(rate[seen], recall[seen], low, high) for recall in recalls(scores, masks, thresholds)]


def formula(image, side, power):
    """Scores that TypeScript makes as well: multiples of 2^-24 from a multiplicative hash, raised to a power."""
    pixel = np.arange(side * side, dtype=np.uint64) + np.uint64(image * side * side)
    hashed = (pixel * np.uint64(2654435761) % np.uint64(2**32)) >> np.uint64(8)
    value = hashed.astype(np.float64) / 2**24
    for _ in range(power - 1):
        value = value * value
    return (1 - value).astype(np.float32).reshape(side, side)


def strict_aupimo():
    """At the bounds of the paper: four good images of one size, two of another, two anomalous ones."""
    sides, low, high = [256, 256, 256, 256, 160, 160, 64, 64], 1e-5, 1e-4
    scores = [formula(i, side, 1) for i, side in enumerate(sides)]
    masks = [np.zeros(s.shape, dtype=bool) for s in scores]
    for i, power in ((6, 4), (7, 3)):
        masks[i][10:40, 20:50] = True
        scores[i][masks[i]] = formula(i, sides[i], power)[masks[i]]
    exact, grid = aupimo(scores, masks, low, high), aupimo_on_grid(scores, masks, low, high)
    assert np.allclose(exact, grid, atol=0.001), (exact, grid)
    return {"sides": sides, "powers": [1, 1, 1, 1, 1, 1, 4, 3], "box": [20, 10, 49, 39], "expected": exact}


def operating_points():
    """Sensitivity at false alarm rates, from scikit-learn's whole ROC curve; scores are rounded so that some tie."""
    rng = np.random.default_rng(5)
    labels = np.repeat([False, True], [43, 37])
    scores = np.round(rng.normal(size=80) + 1.3 * labels, 1)
    rate, recall, _ = roc_curve(labels, scores, drop_intermediate=False)
    expected = {str(limit): recall[rate <= limit].max() for limit in (0.0, 0.02, 0.05, 0.1, 0.5)}
    return {"scores": scores.tolist(), "labels": labels.tolist(), "expected": expected}


def resampled():
    """Metrics of images taken several times or not at all, each computed from repeated items."""
    rng = np.random.default_rng(8)
    masks = truths(rng, 6, 20, 24)
    scores = (rng.gamma(2.0, 0.8, masks.shape) + 1.5 * masks).astype(np.float32)
    image_scores = np.round(scores.max(axis=(1, 2)), 0)
    found = rng.integers(0, 3, 6)
    truth_counts = found + rng.integers(1, 3, 6)
    dices = rng.random(6)
    anomalous = masks.any(axis=(1, 2))
    times = [[1, 1, 1, 1, 1, 1], [2, 0, 3, 1, 0, 1], [0, 1, 0, 0, 5, 2], [1, 3, 0, 2, 0, 0]]
    expected = []
    for t in times:
        taken = np.repeat(np.arange(6), t)
        ill = taken[anomalous[taken]]
        expected.append(
            {
                "image.auroc": roc_auc_score(anomalous[taken], image_scores[taken]),
                "pixel.auroc": roc_auc_score(masks[taken].ravel(), scores[taken].ravel()),
                "dice.anomalousMean": dices[ill].mean(),
                "lesions.anomalous.either.recall": found[ill].sum() / truth_counts[ill].sum(),
            }
        )
    values = rng.normal(size=41)
    return {
        "shape": list(masks.shape),
        "maps": base64_of(scores.astype("<f4")),
        "truths": base64_of(np.packbits(masks)),
        "imageScores": image_scores.tolist(),
        "found": found.tolist(),
        "lesions": truth_counts.tolist(),
        "dices": dices.tolist(),
        "times": times,
        "expected": expected,
        "values": values.tolist(),
        "percentiles": np.percentile(values, [0, 2.5, 50, 95, 97.5, 100]).tolist(),
    }


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
            "aupimo": aupimo(scores, masks, 1e-3, 1e-1),
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
    golden = {
        "evaluations": evaluations(),
        "aupimo": strict_aupimo(),
        "operatingPoints": operating_points(),
        "resampled": resampled(),
        "components": components(),
        "hashes": hashes(),
    }
    target = Path(__file__).parent.parent / "test" / "golden" / "metrics.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(golden, default=float) + "\n")


if __name__ == "__main__":
    main()
