"""How well a decoder answers one point and a true box, on a data set with masks. Measures; writes nothing.

    python scripts/check_points.py DATASET [DATASET ...] [--change FILE] [--published] [--cases 24]

DATASET is in MVTec layout (test/<kind>, ground_truth/<kind>/<name>_mask.png) of 256 x 256 images. The point is the
place deepest inside the largest component of the true mask, the box is that component's.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy.ndimage import distance_transform_edt, label

from litemedsam_torch import apply_change, decode, encode, original_net, shipped_net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", type=Path, nargs="+")
    parser.add_argument("--change", type=Path, help="what scripts/distil_decoder.py wrote, instead of what is shipped")
    parser.add_argument("--published", action="store_true", help="the decoder as published")
    parser.add_argument("--cases", type=int, default=24, help="evenly spaced anomalous images of each data set")
    options = parser.parse_args()

    torch.set_num_threads(2)
    net = original_net() if options.published or options.change else shipped_net()
    if options.change:
        apply_change(net, options.change)
    print(f"{'':20} {'best of 3':>9} {'by iou':>7} {'mask 1':>7} {'single':>7} {'box':>7}   (mean DICE)")
    for dataset in options.datasets:
        rows = [measure(net, *case) for case in cases(dataset, options.cases)]
        print(f"{dataset.name:20} " + " ".join(f"{value:{width}.3f}" for value, width in zip(np.mean(rows, 0), (9, 7, 7, 7, 7))))


def cases(dataset: Path, count: int) -> list[tuple[Path, Path]]:
    masks = sorted(dataset.glob("ground_truth/*/*_mask.png"))
    picks = np.linspace(0, len(masks) - 1, min(count, len(masks))).round().astype(int)
    chosen = [masks[pick] for pick in picks]
    return [(dataset / "test" / mask.parent.name / mask.name.replace("_mask", ""), mask) for mask in chosen]


def measure(net, image_path: Path, mask_path: Path) -> list[float]:
    """DICE of: the best mask of a point, the one of best predicted quality, the finest, the single; the box."""
    image = np.asarray(Image.open(image_path).convert("L"), np.float32)
    image = (image - image.min()) / max(image.max() - image.min(), 1e-8)
    truth = largest(np.asarray(Image.open(mask_path).convert("L")) > 0)
    embedding = encode(net, np.tile(image, (1, 3, 1, 1)))["embedding"]
    y, x = np.unravel_index(distance_transform_edt(truth).argmax(), truth.shape)
    point = decode(net, embedding, points=[[[x, y]]], labels=[[1]])
    ys, xs = np.nonzero(truth)
    box = decode(net, embedding, boxes=[[xs.min(), ys.min(), xs.max(), ys.max()]])
    dices = [dice(mask > 0, truth) for mask in point["masks"][0]]
    ranked = dices[1 + int(point["iou"][0, 1:].argmax())]
    return [max(dices[1:]), ranked, dices[1], dices[0], dice(box["masks"][0, 0] > 0, truth)]


def largest(mask: np.ndarray) -> np.ndarray:
    labels, count = label(mask, np.ones((3, 3)))
    return labels == 1 + np.argmax([(labels == i + 1).sum() for i in range(count)])


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return 2 * (a & b).sum() / (a.sum() + b.sum())


if __name__ == "__main__":
    main()
