"""Made numbers that Python and TypeScript (test/golden-noise.ts) compute bit for bit alike."""

import numpy as np


def hash32(value):
    """A 32-bit mix of whole numbers (lowbias32)."""
    h = np.asarray(value).astype(np.uint32)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x7FEB352D)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x846CA68B)
    return h ^ (h >> np.uint32(16))


def noise(seed, *shape):
    """Values k / 65536 in [0, 1), one after another by `seed`, as float32."""
    index = np.arange(int(np.prod(shape)), dtype=np.uint32) + np.uint32((seed << 24) % 2**32)
    return ((hash32(index) >> np.uint32(16)).astype(np.float32) / np.float32(65536)).reshape(shape)


def smooth(seed, channels):
    """Whole numbers below 2^18, [channels, 64, 64], bilinear between 12-bit numbers on a lattice of step 8."""
    index = np.arange(channels * 81, dtype=np.uint32) + np.uint32((seed << 20) % 2**32)
    node = (hash32(index) >> np.uint32(20)).astype(np.int64).reshape(channels, 9, 9)
    cell, step = np.divmod(np.arange(64), 8)
    across = node[:, :, cell] * (8 - step) + node[:, :, cell + 1] * step
    return across[:, cell] * (8 - step)[:, None] + across[:, cell + 1] * step[:, None]


def feature(image, odd=False, channels=256):
    """A feature map [channels, 64, 64] in about [-2, 2]: anatomy that all share, an image's own, and an oddity."""
    total = 4 * smooth(0, channels) + smooth(1 + image, channels) - 5 * 2**17
    if odd:
        total[:, 34:46, 18:28] += 2 * smooth(99, channels)[:, 34:46, 18:28]
    return (total / 2**18).astype(np.float32)
