"""A small writer of ONNX graphs: tensors are names, every operator is one call.

Large weights are stored as float16 behind a Cast to float32. ONNX Runtime folds that Cast when it
loads the model, so the file is half as big and the arithmetic stays float32. Whatever else depends
on constants alone (position encodings, bias tables) is also left to that folding: it costs a few
milliseconds at load and no bytes in the file.

Names are numbered in the order of the calls and nothing else is written into the file, so the same
weights give the same bytes.
"""

import numpy as np
from onnx import TensorProto, ValueInfoProto, checker, helper, numpy_helper

OPSET = 20  # the first with a Gelu operator
IR_VERSION = 9
HALF_MIN_SIZE = 4096  # smaller weights stay float32


class Graph:
    """Collects nodes and constants; `save` writes them as one model file."""

    def __init__(self, name: str, half: bool = True):
        self.name = name
        self.half = half
        self.nodes = []
        self.constants = []
        self.shapes = {}

    def op(self, kind: str, *inputs: str, out: str | None = None, domain: str = "", **attributes) -> str:
        """Add an operator with one output and return the output's name. An omitted input is ''."""
        out = out or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [out], domain=domain, **attributes))
        return out

    def const(self, values, dtype=np.float32) -> str:
        """A constant stored as it is."""
        name = f"c_{len(self.constants)}"
        array = np.array(values, dtype=dtype, order="C")
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def ints(self, *values: int) -> str:
        return self.const(values, np.int64)

    def weight(self, values) -> str:
        """A float constant, stored as float16 if it is large. The caller has rounded it already."""
        array = np.asarray(values, np.float32)
        if not self.half or array.size < HALF_MIN_SIZE:
            return self.const(array)
        stored = array.astype(np.float16)
        if not np.array_equal(stored.astype(np.float32), array):
            raise ValueError(f"weight of shape {array.shape} is not rounded to float16")
        return self.op("Cast", self.const(stored, np.float16), to=TensorProto.FLOAT)

    # Operators that are used often.

    def reshape(self, x: str, *shape: int, **options) -> str:
        return self.op("Reshape", x, self.ints(*shape), **options)

    def transpose(self, x: str, *perm: int, **options) -> str:
        return self.op("Transpose", x, perm=perm, **options)

    def linear(self, x: str, layer, bias: bool = True) -> str:
        """torch.nn.Linear on [rows, in]. ONNX Runtime makes one Gemm of the pair."""
        y = self.op("MatMul", x, self.weight(array_of(layer.weight).T))
        return self.op("Add", y, self.const(array_of(layer.bias))) if bias else y

    def layer_norm(self, x: str, layer) -> str:
        """torch.nn.LayerNorm, or LayerNorm2d with channels on the last axis."""
        scale, shift = self.const(array_of(layer.weight)), self.const(array_of(layer.bias))
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=layer.eps)

    def save(self, path, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> None:
        graph = helper.make_graph(self.nodes, self.name, inputs, outputs, self.constants)
        domains = sorted({node.domain for node in self.nodes} | {""})
        opsets = [helper.make_opsetid(domain, 1 if domain else OPSET) for domain in domains]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="mias-sam")
        checker.check_model(model)
        path.write_bytes(model.SerializeToString(deterministic=True))


def array_of(tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy()


def tensor_info(name: str, *shape) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
