"""The exact network in numpy: the same float32 operations in the same order as the exported graph, written apart from it.

Sums are the only operations whose order a library may choose. All of them run over integers that the type holds exactly,
so any order gives the same bits. Everything else is one correctly rounded IEEE operation at a time.
"""
import hashlib

import numpy as np

from coder_table import frequencies, weights_table
from quantise import SIGNED, UNSIGNED

F = np.float32
TINY = F(1e-6)
LIMIT = F(131068)               # of the integer logits, far beyond any real one
START = 256

# What the self-test runs: English, JSON, digits and bytes that are no ASCII.
PROBE = (b"The ship left at dawn; all is well.\n"
         b'{"id":17,"t":-3.25,"ok":true}\n'
         b"0123456789 METAR EDDF 220950Z \xc3\xa4\xe2\x82\xac\x00\xff\xfe")


def integer_product(rounded, weights):
    """Exact: |sums| < 2^24, which quantise.py checks for every matrix."""
    return rounded @ weights


def row_scale(x, levels):
    """(largest magnitude of each row, x as whole numbers of that / levels)."""
    top = np.maximum(np.abs(x).max(-1, keepdims=True), TINY)
    return top, np.rint(x * (F(levels) / top))


def linear(x, part, levels):
    top, rounded = row_scale(x, levels)
    y = integer_product(rounded, part["weights"]) * top * part["scale"]
    return y + part["bias"] if "bias" in part else y


def unit(x):
    """x over the root of its sum of squares, each square rounded to an integer first."""
    squares = np.rint(x * x).astype(np.float64)
    return x / np.sqrt(squares.sum(-1, keepdims=True)).astype(F)


def with_float_weights(part):
    """A matrix whose integers stand in float32, where numpy multiplies faster; anything else as it is."""
    return dict(part, weights=part["weights"].astype(F)) if isinstance(part, dict) else part


class Reference:
    """Steps of a batch: state in, integer logits and state out, like the exported graph."""

    def __init__(self, exact):
        self.width, self.embed = exact["width"], exact["embed"]
        self.layers = [{k: with_float_weights(v) for k, v in layer.items()} for layer in exact["layers"]]
        self.head = with_float_weights(exact["head"])
        blank = np.ones(self.width, F)
        self.gate_mul = np.concatenate([blank * F(.5), blank, blank])
        self.gate_add = np.concatenate([blank * F(.5), blank * F(0), blank])

    def empty_state(self, batch):
        return [np.zeros((batch, self.width), F) for _ in range(3 * len(self.layers))]

    def step(self, tokens, state):
        x, after = self.embed[tokens], []
        for i, layer in enumerate(self.layers):
            h, p1, p2 = state[3 * i:3 * i + 3]
            u1 = unit(x)
            v = linear(p1 + (u1 - p1) * layer["mu1"], layer["gates"], SIGNED)
            v = v / (np.abs(v) + F(1)) * self.gate_mul + self.gate_add
            z, c, g = np.split(v, 3, -1)
            h = h + (c - h) * z
            x = x + linear(h * g, layer["mix"], SIGNED)
            u2 = unit(x)
            v = linear(p2 + (u2 - p2) * layer["mu2"], layer["up"], SIGNED)
            v = np.maximum(v, F(0))
            x = x + linear(v * v, layer["down"], UNSIGNED)
            after += [h, u1, u2]
        _, rounded = row_scale(x, SIGNED)
        root = np.sqrt((rounded * rounded).sum(-1, keepdims=True, dtype=np.float64).astype(F))
        y = integer_product(rounded, self.head["weights"]) / root * self.head["scale"] + self.head["bias"]
        return np.clip(np.rint(y), -LIMIT, LIMIT).astype(np.int32), after


def fingerprint(exact, probe=PROBE):
    """BLAKE2b-256 over the frequency tables after START and after every byte of the probe."""
    net, table, hasher = Reference(exact), weights_table(), hashlib.blake2b(digest_size=32)
    state = net.empty_state(1)
    for token in [START] + list(probe):
        logits, state = net.step(np.array([token]), state)
        hasher.update(frequencies(logits[0], table).astype("<u4").tobytes())
    return hasher.digest()
