"""Images that may be used freely to teach the decoder: made from a seed, and slices of volumes named by the caller.

A made image is a pile of shapes (ellipses, polygons, blobs of noise, rings, tubes) with textures, most of them inside
a body's outline, scanned with blur, a bias field and one of three kinds of noise. It looks like no organ: what the
decoder should learn from it is where edges are, not anatomy.

Some of both kinds get made lesions whose masks are known: solid ones, ones with a core of the opposite brightness, and
rings around what was there before, whose masks have a hole.
"""

from pathlib import Path

import nibabel
import numpy as np
from scipy.ndimage import affine_transform, binary_dilation, gaussian_filter, zoom

SIZE = 256
Y, X = np.mgrid[:SIZE, :SIZE].astype(np.float32)


def noise(random: np.random.Generator, sigma: float) -> np.ndarray:
    """Smooth noise with mean 0 and spread 1."""
    coarse = max(1, int(sigma / 2))
    field = random.standard_normal((SIZE // coarse + 2,) * 2)
    field = zoom(gaussian_filter(field, sigma / coarse, mode="wrap"), coarse, order=1)[:SIZE, :SIZE]
    field = np.pad(field, [(0, SIZE - n) for n in field.shape], mode="edge")
    return ((field - field.mean()) / (field.std() + 1e-6)).astype(np.float32)


# Shapes: distance-like fields that are negative inside


def ellipse(random, cx, cy, radius) -> np.ndarray:
    turn, ratio = random.uniform(0, np.pi), np.exp(random.uniform(-0.7, 0.7) / 2)
    u = (X - cx) * np.cos(turn) + (Y - cy) * np.sin(turn)
    v = (Y - cy) * np.cos(turn) - (X - cx) * np.sin(turn)
    return np.hypot(u / ratio, v * ratio) / radius - 1


def polygon(random, cx, cy, radius) -> np.ndarray:
    """Convex: the greatest of the distances to its sides."""
    angles = np.sort(random.uniform(0, 2 * np.pi, random.integers(4, 9)))
    sides = [((X - cx) * np.cos(a) + (Y - cy) * np.sin(a)) / (radius * random.uniform(0.6, 1)) for a in angles]
    return np.maximum(np.max(sides, axis=0), ellipse(random, cx, cy, 1.3 * radius) + 0.3) - 1


def blob(random, cx, cy, radius, ragged=(0.1, 0.35)) -> np.ndarray:
    return ellipse(random, cx, cy, radius) + random.uniform(*ragged) * noise(random, max(2, radius / 3))


def ring(random, cx, cy, radius) -> np.ndarray:
    return np.abs(blob(random, cx, cy, radius)) - random.uniform(0.12, 0.3)


def tube(random, cx, cy, radius) -> np.ndarray:
    turn, bend = random.uniform(0, np.pi), random.uniform(-0.01, 0.01)
    u = (X - cx) * np.cos(turn) + (Y - cy) * np.sin(turn)
    v = (Y - cy) * np.cos(turn) - (X - cx) * np.sin(turn) + bend * u * u
    return np.maximum(np.abs(v) / max(2, radius / 5), np.abs(u) / (2 * radius)) - 1


SHAPES = (ellipse, polygon, blob, blob, ring, tube)


def texture(random) -> np.ndarray:
    """Mean 0, spread about 1."""
    kind = random.integers(4)
    if kind == 0:
        return np.zeros((SIZE, SIZE), np.float32)
    if kind == 1:
        turn, wave = random.uniform(0, np.pi), random.uniform(4, 20)
        along = X * np.cos(turn) + Y * np.sin(turn) + 2 * noise(random, 8)
        return np.sin(2 * np.pi * along / wave).astype(np.float32)
    return noise(random, np.exp(random.uniform(np.log(0.7), np.log(12))))


def made_image(random: np.random.Generator) -> np.ndarray:
    """[256, 256] float32 in 0 .. 1."""
    image, _ = pile(random)
    return scan(image, random)


def pile(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Shapes upon each other before they are scanned, and how much of each pixel is body. [256, 256] each"""
    inside = random.random() < 2 / 3
    image = np.full((SIZE, SIZE), 0 if inside else random.uniform(0, 1), np.float32)
    body = np.ones((SIZE, SIZE), np.float32)
    if inside:
        field = ellipse(random, *random.uniform(108, 148, 2), random.uniform(70, 125)) + 0.05 * noise(random, 20)
        body = soft(field, random)
        image = body * random.uniform(0.2, 0.8)
    image += body * random.uniform(0, 0.08) * texture(random)
    for _ in range(random.integers(4, 28)):
        radius = np.exp(random.uniform(np.log(4), np.log(60)))
        shape = SHAPES[random.integers(len(SHAPES))](random, *random.uniform(10, 246, 2), radius)
        cover = soft(shape, random) * body
        ground = image + random.uniform(-0.35, 0.35) if random.random() < 0.35 else random.uniform(0, 1)
        paint = ground + random.uniform(0, 0.12) * texture(random)
        image = image * (1 - cover) + cover * paint
    return image, body


def soft(field: np.ndarray, random) -> np.ndarray:
    """1 inside, 0 outside, with an edge from sharp to wide."""
    return gaussian_filter((field < 0).astype(np.float32), np.exp(random.uniform(np.log(0.4), np.log(2.5))))


def scan(image: np.ndarray, random) -> np.ndarray:
    bias = 1 + random.uniform(0, 0.25) * noise(random, 60)
    image = np.clip(image, 0, 1.3) * bias
    level = np.exp(random.uniform(np.log(0.005), np.log(0.08)))
    kind = random.integers(3)
    if kind == 0:
        image = image + level * random.standard_normal(image.shape)
    elif kind == 1:  # magnitude, as in MR
        real, imaginary = level * random.standard_normal((2, SIZE, SIZE))
        image = np.hypot(image + real, imaginary)
    else:  # speckle, as in ultrasound
        grain = np.abs(noise(random, 0.8) + 1j * noise(random, 0.8))
        image = image * (1 - 4 * level + 4 * level * grain)
    return scaled(image)


def scaled(image: np.ndarray) -> np.ndarray:
    """Least value 0, greatest 1, in 255 steps, as 8-bit images are."""
    image = (image - image.min()) / max(image.max() - image.min(), 1e-6)
    return (np.round(image * 255) / 255).astype(np.float32)


# Lesions

LESIONS = ("ring", "solid", "cored")
CLEARANCE = 4  # pixels between two of them


def with_lesions(image: np.ndarray, body: np.ndarray, random) -> tuple[np.ndarray, list[np.ndarray]]:
    """The image with two to five lesions inside the body where they find room, and the mask of each."""
    taken = body < 0.5
    masks = []
    wanted = random.integers(2, 6)
    for _ in range(40):
        kind = LESIONS[random.choice(3, p=(0.4, 0.35, 0.25))]
        radius = np.exp(random.uniform(np.log(4 if kind == "solid" else 9), np.log(40)))
        field = blob(random, *random.uniform(0, SIZE, 2), radius, ragged=(0.02, 0.2))
        whole = field < 0
        if whole.sum() < 20 or (binary_dilation(whole, iterations=CLEARANCE) & taken).any():
            continue
        image, mask = lesion(image, field, kind, random)
        masks.append(mask)
        taken = taken | whole
        if len(masks) == wanted:
            break
    return image, masks


def lesion(image: np.ndarray, field: np.ndarray, kind: str, random) -> tuple[np.ndarray, np.ndarray]:
    """Changes the brightness inside by 0.7 to 2 of its spread there, or more; the texture below stays."""
    blur = np.exp(random.uniform(np.log(0.4), np.log(1.5)))
    whole = gaussian_filter((field < 0).astype(np.float32), blur)
    core = gaussian_filter((field < -random.uniform(0.3, 0.5)).astype(np.float32), blur) * (kind != "solid")
    spread = image[binary_dilation(field < 0, iterations=3)].std()
    change = random.choice([-1, 1]) * max(random.uniform(0.06, 0.35), spread * random.uniform(0.7, 2))
    rim = whole - core
    image = image + change * rim * (1 + random.uniform(0, 0.3) * texture(random))
    if kind == "cored":
        image = image - change * random.uniform(0.4, 1.2) * core
    return image, (rim if kind == "ring" else whole) > 0.5


def lesion_images(seed: int, made: int, volumes: list[Path], slices: int) -> list[tuple[np.ndarray, list[np.ndarray]]]:
    """Images [256, 256] with the masks of their lesions, two at least each."""
    images = [made_with_lesions(np.random.default_rng([seed, 2_000_000 + index])) for index in range(made)]
    for number, path in enumerate(volumes):
        random = np.random.default_rng([seed, 3_000_000 + number])
        for plane in volume_slices(path, slices, random):
            inside = (gaussian_filter(plane, 2) > 0.1).astype(np.float32)
            image, masks = with_lesions(plane, inside, random)
            images.append((scaled(np.clip(image, 0, None)), masks))
    return [(image, masks) for image, masks in images if len(masks) >= 2]


def made_with_lesions(random) -> tuple[np.ndarray, list[np.ndarray]]:
    image, masks = with_lesions(*pile(random), random)
    return scan(image, random), masks


# Slices


def volume_slices(path: Path, count: int, random: np.random.Generator) -> list[np.ndarray]:
    """Slices of a NIfTI volume (the first of several) along all axes, each in a square of 256 pixels."""
    volume = np.asarray(nibabel.load(path).dataobj, np.float32)
    volume = volume if volume.ndim == 3 else volume[..., 0]
    volume = np.clip(volume, *np.percentile(volume, [0.1, 99.9]))
    filled = [np.flatnonzero((volume > volume.mean()).mean(tuple({0, 1, 2} - {axis})) > 0.05) for axis in range(3)]
    slices = []
    for index in range(count):
        axis = index % 3
        plane = np.take(volume, random.choice(filled[axis]), axis)
        slices.append(scaled(squared(np.rot90(plane, random.integers(4)), random)))
    return slices


def squared(plane: np.ndarray, random) -> np.ndarray:
    """Fitted into the square, now and then up to 1.6 times larger and cut."""
    step = max(plane.shape) / SIZE / max(1.0, random.uniform(0.4, 1.6))
    offset = (np.array(plane.shape) - step * SIZE) / 2 + random.uniform(-0.1, 0.1, 2) * SIZE * step
    return affine_transform(plane, [step, step], offset, (SIZE, SIZE), order=1)


def training_images(seed: int, made: int, volumes: list[Path], slices: int) -> list[np.ndarray]:
    images = [made_image(np.random.default_rng([seed, index])) for index in range(made)]
    for number, path in enumerate(volumes):
        images += volume_slices(path, slices, np.random.default_rng([seed, 1_000_000 + number]))
    return images
