"""What the student is asked, and how its answers are judged.

Targets are the teacher's masks [256, 256] on one image. A point that lies in several of them is ambiguous, so up to
three targets of growing area answer it; masks 1 to 3 are matched to them in that order, fine to coarse.
"""

import itertools

import numpy as np
import torch
from scipy.ndimage import binary_dilation, distance_transform_edt, gaussian_filter
from torch import Tensor
from torch.nn import functional as F

SIZE = 256
APART = 1.8  # ratio of areas from which two targets count as different answers


# Prompts


def point_inside(target: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(x, y): anywhere inside, near the middle, or near the middle with an error that may leave the mask."""
    kind = random.random()
    if kind < 0.5:
        ys, xs = np.nonzero(target)
        pick = random.integers(len(ys))
        return np.array([xs[pick], ys[pick]], np.float32)
    depth = distance_transform_edt(target)
    ys, xs = np.nonzero(depth >= 0.7 * depth.max())
    pick = random.integers(len(ys))
    point = np.array([xs[pick], ys[pick]], np.float32)
    if kind < 0.8:
        return point
    error = 0.15 * np.sqrt(target.sum())
    return np.clip(point + random.normal(0, error, 2), 0, SIZE - 1).astype(np.float32)


def point_outside(target: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(x, y) beside the mask, at most half its size away."""
    reach = int(max(4, 0.5 * np.sqrt(target.sum())))
    near = binary_dilation(target, iterations=reach) & ~binary_dilation(target, iterations=2)
    ys, xs = np.nonzero(near if near.any() else ~target)
    pick = random.integers(len(ys))
    return np.array([xs[pick], ys[pick]], np.float32)


def several_points(target, positive: int, negative: int, random) -> tuple[np.ndarray, np.ndarray]:
    points = [point_inside(target, random) for _ in range(positive)]
    points += [point_outside(target, random) for _ in range(negative)]
    return np.stack(points), np.float32([1] * positive + [0] * negative)


def box_around(target: np.ndarray, random: np.random.Generator, error: float = 0.1) -> np.ndarray:
    """(left, top, right, bottom), each side off by `error` of the box's size."""
    ys, xs = np.nonzero(target)
    box = np.array([xs.min(), ys.min(), xs.max(), ys.max()], np.float32)
    size = np.tile(box[2:] - box[:2] + 1, 2)
    return np.clip(box + random.normal(0, error, 4) * size, 0, SIZE - 1).astype(np.float32)


def rough_mask(target: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Logits of a mask that is roughly the target: blurred and with a level that makes it too small or too large."""
    sigma = random.uniform(0.05, 0.3) * np.sqrt(target.sum())
    soft = gaussian_filter(target.astype(np.float32), sigma)
    return (20 * (soft / soft.max() - random.uniform(0.25, 0.75))).clip(-12, 12).astype(np.float32)


def answers_of(point: np.ndarray, main: int, targets: np.ndarray, areas: np.ndarray, random) -> list[int]:
    """Indices of up to three targets that hold the point, from small to large; `main` is among them."""
    x, y = np.round(point).astype(int)
    holds = np.flatnonzero(targets[:, y, x])
    smaller = [i for i in holds if areas[i] * APART < areas[main]]
    larger = [i for i in holds if areas[i] > APART * areas[main]]
    return [int(random.choice(group)) if group else -1 for group in (smaller, [main], larger)]


# Losses


def mask_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy + Dice, as SAM was trained. [..., 256, 256] -> [...]"""
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none").mean((-2, -1))
    share = logits.sigmoid()
    dice = 1 - (2 * (share * target).sum((-2, -1)) + 1) / (share.sum((-2, -1)) + target.sum((-2, -1)) + 1)
    return entropy + dice


def matched_loss(logits: Tensor, targets: list[Tensor], weights: list[float]) -> Tensor:
    """The least loss over the ways to give the targets to masks in order. logits [3, 256, 256]"""
    losses = torch.stack([mask_loss(logits, target.expand_as(logits)) for target in targets])  # [targets, 3]
    ways = itertools.combinations(range(3), len(targets))
    totals = [sum(w * losses[t, m] for t, (w, m) in enumerate(zip(weights, way))) for way in ways]
    return torch.stack(totals).min() + 0.05 * losses.mean()


def overlap(logits: Tensor, target: Tensor) -> Tensor:
    """Intersection over union of logits > 0 and a binary target. [..., 256, 256] -> [...]"""
    mask, target = logits > 0, target > 0.5
    both, either = (mask & target).sum((-2, -1)), (mask | target).sum((-2, -1))
    return both / either.clamp(min=1)
