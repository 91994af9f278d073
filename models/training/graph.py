"""Builds the exact network as an ONNX graph: one step a run, in operators whose results do not depend on the processor.

Inputs   tokens int64 [B], s0..s(n-1) float32 [B, D]         the state before the step (zeros at a message's start)
Outputs  logits int32 [B, 257], n0..n(n-1) float32 [B, D]    whole 64ths of a nat, and the state after the step

Rules kept here: integer matrix products only; no transcendental or normalising operator; other sums only over integers; a
product's two scales applied in two nodes, because an optimiser would fuse their product into another order; a state output
is the very node that makes it, because an Identity would copy it.
"""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from coder_table import SYMBOLS
from quantise import SIGNED, UNSIGNED

LIMIT = 131068.0


class Builder:
    def __init__(self):
        self.nodes, self.constants, self.known = [], [], {}

    def constant(self, value, kind=np.float32):
        array = np.asarray(value, kind)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.known:
            self.known[key] = "c%d" % len(self.constants)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), self.known[key]))
        return self.known[key]

    def __call__(self, operator, *inputs, name=None, outputs=1, **attributes):
        """Adds a node; numbers and arrays among the inputs become float32 constants."""
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        names = [name or "v%d" % len(self.nodes)] if outputs == 1 else ["v%d_%d" % (len(self.nodes), k) for k in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names[0] if outputs == 1 else names


def row_scale(g, x, levels, negative=True):
    """(largest magnitude of the row, x as whole numbers of that / levels)."""
    top = g("ReduceMax", g("Abs", x) if negative else x, axes=[-1], keepdims=1)
    top = g("Max", top, 1e-6)
    return top, g("Round", g("Mul", x, g("Div", float(levels), top)))


def product(g, rounded, weights, negative=True):
    """Float32 copy of the exact integer product. Signed rows are moved to 1..255, the fast form on most processors."""
    w = g.constant(weights, np.int8)
    if negative:
        row = g("Cast", g("Add", rounded, 128.0), to=TensorProto.UINT8)
        sums = g("MatMulInteger", row, w, g.constant(128, np.uint8))
    else:
        sums = g("MatMulInteger", g("Cast", rounded, to=TensorProto.UINT8), w)
    return g("Cast", sums, to=TensorProto.FLOAT)


def linear(g, x, part, negative=True):
    top, rounded = row_scale(g, x, SIGNED if negative else UNSIGNED, negative)
    y = g("Mul", g("Mul", product(g, rounded, part["weights"], negative), top), part["scale"])
    return g("Add", y, part["bias"]) if "bias" in part else y


def unit(g, x, name):
    """x over the root of its sum of squares. The squares are integers below 2^53 in double: their sum has no order."""
    squares = g("Cast", g("Round", g("Mul", x, x)), to=TensorProto.DOUBLE)
    total = g("ReduceSum", squares, g.constant([-1], np.int64), keepdims=1)
    return g("Div", x, g("Cast", g("Sqrt", total), to=TensorProto.FLOAT), name=name)


def shift(g, before, now, mu):
    return g("Add", before, g("Mul", g("Sub", now, before), mu))


def layer(g, x, part, i, width):
    h, p1, p2 = ["s%d" % k for k in range(3 * i, 3 * i + 3)]
    v = linear(g, shift(g, p1, unit(g, x, "n%d" % (3 * i + 1)), part["mu1"]), part["gates"])
    v = g("Div", v, g("Add", g("Abs", v), 1.0))
    half, one, zero = np.full(width, .5), np.ones(width), np.zeros(width)
    v = g("Add", g("Mul", v, np.concatenate([half, one, one])), np.concatenate([half, zero, one]))
    z, c, gate = g("Split", v, g.constant([width] * 3, np.int64), outputs=3, axis=-1)
    h = g("Add", h, g("Mul", g("Sub", c, h), z), name="n%d" % (3 * i))
    x = g("Add", x, linear(g, g("Mul", h, gate), part["mix"]))
    v = linear(g, shift(g, p2, unit(g, x, "n%d" % (3 * i + 2)), part["mu2"]), part["up"])
    v = g("Relu", v)
    return g("Add", x, linear(g, g("Mul", v, v), part["down"], negative=False))


def head(g, x, part):
    """Logits. The row's largest value cancels against the norm, whose squares here are of integers up to 127."""
    _, rounded = row_scale(g, x, SIGNED)
    total = g("ReduceSum", g("Mul", rounded, rounded), g.constant([-1], np.int64), keepdims=1)
    y = g("Div", product(g, rounded, part["weights"]), g("Sqrt", total))
    y = g("Round", g("Add", g("Mul", y, part["scale"]), part["bias"]))
    return g("Cast", g("Clip", y, -LIMIT, LIMIT), name="logits", to=TensorProto.INT32)


def build(exact):
    """The exact network's constants to an ONNX model."""
    g, width, count = Builder(), exact["width"], 3 * len(exact["layers"])
    if SIGNED * SIGNED * width >= 1 << 24:
        raise ValueError("width %d is too large for an exact sum of the head's squares" % width)
    x = g("Gather", exact["embed"], "tokens", axis=0)
    for i, part in enumerate(exact["layers"]):
        x = layer(g, x, part, i, width)
    head(g, x, exact["head"])

    def value(name, kind, *shape):
        return helper.make_tensor_value_info(name, kind, list(shape))

    inputs = [value("tokens", TensorProto.INT64, "B")] + [value("s%d" % k, TensorProto.FLOAT, "B", width) for k in range(count)]
    outputs = [value("logits", TensorProto.INT32, "B", SYMBOLS)]
    outputs += [value("n%d" % k, TensorProto.FLOAT, "B", width) for k in range(count)]
    body = helper.make_graph(g.nodes, "bytes", inputs, outputs, g.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="LinkCodec")
    checker.check_model(model, full_check=True)
    return model
