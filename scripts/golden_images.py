"""Small images of every kind that the reader takes, and the pixels it must find in them.

Writes test/golden/images/*.{png,jpg,tif,webp,bmp} and truth.json: for each file width, height, channels, type of the
samples (uint8, uint16, float32), the samples row by row with interleaved channels, and the codes of the issues that
must be raised. The truth comes from the arrays that were written; what Pillow or tifffile can read back is compared
with them here. Lossy files take their truth from Pillow's decoder.

    python -m pip install -r scripts/requirements-golden.txt
    python scripts/golden_images.py
"""

import json
import struct
from pathlib import Path

import numpy as np
import png
import tifffile
from PIL import Image, ImageCms

OUT = Path(__file__).resolve().parent.parent / "test" / "golden" / "images"
HEIGHT, WIDTH = 5, 7
RNG = np.random.default_rng(7)
TRUTH = {}


def noise(channels, dtype):
    """Random samples [HEIGHT, WIDTH, channels] whose first three values are the extremes and their neighbour."""
    top = np.iinfo(dtype).max
    samples = RNG.integers(0, top, (HEIGHT, WIDTH, channels), dtype=dtype, endpoint=True)
    samples.reshape(-1)[:3] = (0, top, 1)
    return samples


def with_alpha(colour):
    """Appends an alpha channel that holds 0, the full value and values between."""
    alpha = noise(1, colour.dtype)
    alpha[0, :2, 0] = (0, np.iinfo(colour.dtype).max)
    return np.concatenate([colour, alpha], axis=2)


def over_black(samples):
    """Colour [.., n] and alpha [.., 1] -> what is seen over black, rounded to the nearest integer."""
    top = np.iinfo(samples.dtype).max
    product = samples[..., :-1].astype(np.float64) * samples[..., -1:].astype(np.float64)
    return np.rint(product / top).astype(samples.dtype)


def record(name, samples, *issues, tolerance=0):
    """Notes what must be read from `name`; three equal channels are one."""
    samples = samples.reshape(samples.shape[0], samples.shape[1], -1)
    if samples.shape[2] == 3 and (samples == samples[..., :1]).all():
        samples = samples[..., :1]
    height, width, channels = samples.shape
    TRUTH[name] = {
        "width": width,
        "height": height,
        "channels": channels,
        "type": samples.dtype.name,
        "issues": list(issues),
        "tolerance": tolerance,
        "data": samples.reshape(-1).tolist(),
    }


def swapped_profile():
    """An sRGB profile with red and green exchanged: whoever applies it reads other pixels."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the date of creation
    profile[84:100] = bytes(16)  # the checksum
    return bytes(profile).replace(b"rXYZ", b"tmp!", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"tmp!", b"gXYZ", 1)


def write_png(name, samples, mode, **options):
    rows = samples.reshape(HEIGHT, -1).tolist()
    writer = png.Writer(WIDTH, HEIGHT, greyscale="RGB" not in mode, alpha="A" in mode,
                        bitdepth=samples.dtype.itemsize * 8, **options)
    with open(OUT / name, "wb") as file:
        if options.get("interlace"):
            writer.write_array(file, [value for row in rows for value in row])
        else:
            writer.write(file, rows)


def png_files():
    for bits, dtype in ((8, np.uint8), (16, np.uint16)):
        for mode, channels in (("L", 1), ("RGB", 3)):
            colour = noise(channels, dtype)
            write_png(f"{mode.lower()}{bits}.png", colour, mode)
            record(f"{mode.lower()}{bits}.png", colour)
            both = with_alpha(noise(channels, dtype))
            write_png(f"{mode.lower()}a{bits}.png", both, mode + "A")
            record(f"{mode.lower()}a{bits}.png", over_black(both), "alpha-composited")
    opaque = noise(4, np.uint8)
    opaque[..., 3] = 255
    write_png("opaque.png", opaque, "RGBA")
    record("opaque.png", opaque[..., :3])
    equal = np.repeat(noise(1, np.uint16), 3, axis=2)
    write_png("equal-channels16.png", equal, "RGB")
    record("equal-channels16.png", equal)
    gamma = noise(1, np.uint16)
    write_png("gamma16.png", gamma, "L", gamma=0.45)
    record("gamma16.png", gamma)
    interlaced = noise(3, np.uint16)
    write_png("interlaced16.png", interlaced, "RGB", interlace=True)
    record("interlaced16.png", interlaced)
    profiled = noise(3, np.uint8)
    Image.fromarray(profiled).save(OUT / "profile.png", icc_profile=swapped_profile())
    record("profile.png", profiled)
    shallow_png_files()


def shallow_png_files():
    """Palettes and fewer than 8 bits; grey of 1, 2 and 4 bits is spread over 0..255."""
    indices = RNG.integers(0, 5, (HEIGHT, WIDTH))
    colours = np.array([(0, 0, 0), (255, 0, 0), (1, 2, 3), (9, 250, 77), (255, 255, 255)], np.uint8)
    alphas = np.array([255, 255, 128, 0, 255], np.uint8)
    with open(OUT / "palette.png", "wb") as file:
        png.Writer(WIDTH, HEIGHT, palette=colours.tolist(), bitdepth=4).write(file, indices.tolist())
    record("palette.png", colours[indices])
    entries = np.concatenate([colours, alphas[:, None]], axis=1)
    with open(OUT / "palette-alpha.png", "wb") as file:
        png.Writer(WIDTH, HEIGHT, palette=[tuple(e) for e in entries.tolist()], bitdepth=8).write(file, indices.tolist())
    record("palette-alpha.png", over_black(entries[indices]), "alpha-composited")
    for bits in (1, 2, 4):
        codes = RNG.integers(0, 2**bits, (HEIGHT, WIDTH))
        with open(OUT / f"l{bits}.png", "wb") as file:
            png.Writer(WIDTH, HEIGHT, greyscale=True, bitdepth=bits).write(file, codes.tolist())
        record(f"l{bits}.png", (codes * (255 // (2**bits - 1))).astype(np.uint8))
    key = noise(1, np.uint16)
    with open(OUT / "transparent-value16.png", "wb") as file:
        png.Writer(WIDTH, HEIGHT, greyscale=True, bitdepth=16, transparent=int(key[2, 2, 0])).write(
            file, key.reshape(HEIGHT, WIDTH).tolist())
    record("transparent-value16.png", np.where(key == key[2, 2, 0], 0, key).astype(np.uint16), "alpha-composited")


def jpeg_files():
    ramp = np.add.outer(np.arange(24) * 7, np.arange(32) * 3).astype(np.uint8)
    colour = np.stack([ramp, ramp[::-1], 255 - ramp], axis=2)
    pictures = {
        "grey.jpg": (Image.fromarray(ramp), {}),
        "444.jpg": (Image.fromarray(colour), {"subsampling": 0}),
        "420.jpg": (Image.fromarray(colour), {"subsampling": 2}),
        "progressive.jpg": (Image.fromarray(colour), {"progressive": True}),
        "grey-as-colour.jpg": (Image.fromarray(np.stack([ramp] * 3, axis=2)), {}),
        "profile.jpg": (Image.fromarray(colour), {"icc_profile": swapped_profile()}),
        "turned.jpg": (Image.fromarray(colour), {"exif": orientation(6)}),
    }
    for name, (picture, options) in pictures.items():
        picture.save(OUT / name, quality=90, **options)
        issues = ["orientation-ignored"] if "exif" in options else []
        record(name, np.asarray(Image.open(OUT / name)), *issues)
    # Ink is turned into colour by a built-in profile, so only the extremes have a truth: paper and full black.
    ink = np.zeros((8, 16, 4), np.uint8)
    ink[:, 8:] = 255
    Image.fromarray(ink, "CMYK").save(OUT / "cmyk.jpg", quality=100)
    seen = np.repeat((255 - ink[..., :1]), 3, axis=2)
    record("cmyk.jpg", seen, "cmyk-converted", tolerance=12)


def orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def tiff_files():
    plain = {
        "l8": (noise(1, np.uint8)[..., 0], {}),
        "l16": (noise(1, np.uint16)[..., 0], {}),
        "rgb8": (noise(3, np.uint8), {"photometric": "rgb"}),
        "rgb16": (noise(3, np.uint16), {"photometric": "rgb"}),
        "big-endian16": (noise(1, np.uint16)[..., 0], {"byteorder": ">"}),
        "bigtiff16": (noise(1, np.uint16)[..., 0], {"bigtiff": True}),
        "lzw16": (noise(1, np.uint16)[..., 0], {"compression": "lzw", "predictor": True}),
        "deflate16": (noise(3, np.uint16), {"photometric": "rgb", "compression": "zlib", "predictor": True}),
        "packbits8": (noise(1, np.uint8)[..., 0], {"compression": "packbits"}),
        "tiled16": (noise(1, np.uint16)[..., 0], {"tile": (16, 16)}),
        "strips8": (noise(1, np.uint8)[..., 0], {"rowsperstrip": 1}),
        "int8": (noise(1, np.uint8)[..., 0].view(np.int8), {}),
        "int16": (noise(1, np.uint16)[..., 0].view(np.int16), {}),
        "int16-deflate": (noise(1, np.uint16)[..., 0].view(np.int16), {"compression": "zlib", "predictor": True}),
        "int32": (RNG.integers(-2**24, 2**24, (HEIGHT, WIDTH), dtype=np.int32), {}),
        "uint32": (RNG.integers(0, 2**24, (HEIGHT, WIDTH), dtype=np.uint32), {}),
        "int16-big-endian": (noise(1, np.uint16)[..., 0].view(np.int16), {"byteorder": ">", "bigtiff": True}),
        "int16-lzw": (noise(1, np.uint16)[..., 0].view(np.int16), {"compression": "lzw", "rowsperstrip": 2}),
        "float32": (extremes(RNG.normal(0, 1e3, (HEIGHT, WIDTH)).astype(np.float32)), {}),
        "float32-deflate": (RNG.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32),
                            {"compression": "zlib", "predictor": True}),
        "float32-rgb": (RNG.normal(0, 1, (HEIGHT, WIDTH, 3)).astype(np.float32), {"photometric": "rgb"}),
    }
    for name, (samples, options) in plain.items():
        tifffile.imwrite(OUT / f"{name}.tif", samples, metadata=None, software=False, **options)
        assert (tifffile.imread(OUT / f"{name}.tif") == samples).all()
        record(f"{name}.tif", samples if samples.dtype in (np.uint8, np.uint16) else samples.astype(np.float32))
    special_tiff_files()


def extremes(values):
    values.reshape(-1)[:4] = (1e-30, -1e30, 0.1, 16777216)
    return values


def special_tiff_files():
    def write(name, samples, truth, *issues, **options):
        tifffile.imwrite(OUT / name, samples, metadata=None, software=False, **options)
        record(name, truth, *issues)

    holes = RNG.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    holes[0, 0], holes[1, 1], holes[4, 6] = np.nan, np.inf, -np.inf
    finite = np.isfinite(holes)
    write("non-finite.tif", holes, np.where(finite, holes, holes[finite].min()), "non-finite-pixels")
    for name, channels, dtype in (("la8", 1, np.uint8), ("la16", 1, np.uint16), ("rgba8", 3, np.uint8), ("rgba16", 3, np.uint16)):
        both = with_alpha(noise(channels, dtype))
        write(f"{name}.tif", both, over_black(both), "alpha-composited", extrasamples=["unassalpha"],
              photometric="rgb" if channels == 3 else "minisblack", planarconfig="contig")
    for dtype in (np.uint8, np.uint16):
        inverse = noise(1, dtype)[..., 0]
        write(f"white-is-zero{inverse.itemsize * 8}.tif", inverse, np.iinfo(dtype).max - inverse, photometric="miniswhite")
    planes = noise(3, np.uint8)
    write("planar8.tif", np.moveaxis(planes, 2, 0), planes, photometric="rgb", planarconfig="separate")
    pages = np.stack([noise(1, np.uint16)[..., 0] for _ in range(3)])
    write("pages16.tif", pages, pages[0], "animation-first-frame", photometric="minisblack")
    colours = noise(3, np.uint8).reshape(-1, 3)
    indices = RNG.integers(0, 35, (HEIGHT, WIDTH), dtype=np.uint8)
    table = np.zeros((3, 256), np.uint16)
    table[:, :35] = colours.T.astype(np.uint16) * 257
    write("palette8.tif", indices, colours[indices], photometric="palette", colormap=table)
    clear = np.concatenate([RNG.normal(0, 1, (HEIGHT, WIDTH, 3)), RNG.random((HEIGHT, WIDTH, 1))], axis=2).astype(np.float32)
    seen = (clear[..., :3].astype(np.float64) * clear[..., 3:]).astype(np.float32)
    write("float32-rgba.tif", clear, seen, "alpha-composited", photometric="rgb", extrasamples=["unassalpha"])
    bits = RNG.integers(0, 2, (HEIGHT, WIDTH)).astype(bool)
    Image.fromarray(bits).save(OUT / "l1.tif")
    record("l1.tif", bits.astype(np.uint8) * 255)
    turned = noise(1, np.uint8)[..., 0]
    write("turned.tif", turned, turned, "orientation-ignored", extratags=[(274, "H", 1, 6, True)])


def webp_files():
    colour = noise(3, np.uint8)
    Image.fromarray(colour).save(OUT / "lossless.webp", lossless=True)
    record("lossless.webp", colour)
    both = with_alpha(noise(3, np.uint8))
    Image.fromarray(both).save(OUT / "alpha.webp", lossless=True, exact=True)
    record("alpha.webp", over_black(both), "alpha-composited")
    ramp = np.add.outer(np.arange(24) * 7, np.arange(32) * 3).astype(np.uint8)
    Image.fromarray(np.stack([ramp, ramp[::-1], 255 - ramp], axis=2)).save(OUT / "lossy.webp", quality=90)
    record("lossy.webp", np.asarray(Image.open(OUT / "lossy.webp").convert("RGB")))
    frames = [Image.fromarray(noise(3, np.uint8)) for _ in range(2)]
    frames[0].save(OUT / "animated.webp", save_all=True, append_images=frames[1:], lossless=True)
    record("animated.webp", np.asarray(frames[0]), "animation-first-frame")


def bmp(name, bits, rows, *, palette=b"", compression=0, masks=b"", top_down=False, header=40):
    """Writes a BMP whose `rows` are the bytes of each row (or of the whole run-length stream)."""
    height = -HEIGHT if top_down else HEIGHT
    offset = 14 + header + len(masks) + len(palette)
    info = struct.pack("<IiiHHIIiiII", header, WIDTH, height, 1, bits, compression, len(rows), 0, 0, len(palette) // 4, 0)
    info += masks if header > 40 else b""
    info = info.ljust(header, b"\0") + (masks if header == 40 else b"")
    if header > 40:
        offset -= len(masks)
    start = struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset)
    (OUT / name).write_bytes(start + info + palette + rows)


def bmp_rows(samples, top_down=False):
    """Rows as bytes, padded to four bytes, the last row first unless `top_down`."""
    rows = [row.tobytes() for row in samples]
    rows = [row + bytes(-len(row) % 4) for row in rows]
    return b"".join(rows if top_down else reversed(rows))


def bmp_files():
    grey = noise(1, np.uint8)[..., 0]
    Image.fromarray(grey).save(OUT / "l8.bmp")
    record("l8.bmp", grey)
    colour = noise(3, np.uint8)
    Image.fromarray(colour).save(OUT / "rgb24.bmp")
    record("rgb24.bmp", colour)
    bmp("top-down24.bmp", 24, bmp_rows(colour[..., ::-1], True), top_down=True)
    record("top-down24.bmp", colour)
    bits = RNG.integers(0, 2, (HEIGHT, WIDTH)).astype(bool)
    Image.fromarray(bits).save(OUT / "l1.bmp")
    record("l1.bmp", bits.astype(np.uint8) * 255)
    indexed_bmp_files()
    wide_bmp_files()
    for path in OUT.glob("*.bmp"):
        if path.name not in ("rgba32.bmp", "rgb565.bmp"):  # Pillow rounds 5 bits otherwise and keeps alpha
            seen = np.asarray(Image.open(path).convert("RGB"))
            assert (seen.reshape(-1, 3) == np.array(TRUTH[path.name]["data"]).reshape(HEIGHT * WIDTH, -1)).all(), path


def indexed_bmp_files():
    colours = noise(3, np.uint8).reshape(-1, 3)[:16]
    entries = b"".join(bytes((b, g, r, 0)) for r, g, b in colours.tolist())
    indices = RNG.integers(0, 16, (HEIGHT, WIDTH), dtype=np.uint8)
    bmp("palette8.bmp", 8, bmp_rows(indices), palette=entries)
    record("palette8.bmp", colours[indices])
    padded = np.pad(indices, ((0, 0), (0, 1)))
    bmp("palette4.bmp", 4, bmp_rows(padded[:, ::2] << 4 | padded[:, 1::2]), palette=entries)
    record("palette4.bmp", colours[indices])
    runs = np.repeat(indices[:, ::4], 4, axis=1)[:, :WIDTH]
    stream = b"".join(bytes((4, row[0], 3, row[4], 0, 0)) for row in runs[::-1].tolist()) + bytes((0, 1))
    bmp("rle8.bmp", 8, stream, palette=entries, compression=1)
    record("rle8.bmp", colours[runs])


def wide_bmp_files():
    full = noise(4, np.uint8)
    bmp("rgb32.bmp", 32, bmp_rows(full[..., [2, 1, 0, 3]]))
    record("rgb32.bmp", full[..., :3])  # without masks the fourth byte means nothing
    both = with_alpha(noise(3, np.uint8))
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    bmp("rgba32.bmp", 32, bmp_rows(both[..., [2, 1, 0, 3]]), compression=3, masks=masks, header=108)
    record("rgba32.bmp", over_black(both), "alpha-composited")
    packed = RNG.integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint16)
    bmp("rgb565.bmp", 16, bmp_rows(packed), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    parts = np.stack([packed >> 11, packed >> 5 & 63, packed & 31], axis=2) / np.array([31, 63, 31])
    record("rgb565.bmp", np.rint(parts * 255).astype(np.uint8))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    for write in (png_files, jpeg_files, tiff_files, webp_files, bmp_files):
        write()
    (OUT / "truth.json").write_text(json.dumps(TRUTH, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
