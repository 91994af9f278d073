#!/usr/bin/env python3
"""Writes the tiny snapshot of the tests: the exporter's graph for a network of random weights, too small to predict anything.

usage: make_tiny.py [FOLDER] [--width N] [--layers N] [--inner N]     needs numpy, onnx and msgpack, as models/training does
"""
import argparse
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../../models/training"))

from export import export  # noqa: E402  (the path above comes first)

SYMBOLS = 257


def random_weights(width, layers, inner, seed=1):
    draw = np.random.RandomState(seed)

    def matrix(rows, columns):
        return (draw.standard_normal((rows, columns)) * (1.5 / np.sqrt(columns))).astype(np.float32)

    weights = {"embed.weight": matrix(SYMBOLS, width) * 4, "gain": np.ones(width, np.float32),
               "head.weight": matrix(SYMBOLS, width) * 2, "head.bias": matrix(1, SYMBOLS)[0]}
    for i in range(layers):
        weights.update({"layers.%d.%s" % (i, name): value for name, value in {
            "gates.weight": matrix(3 * width, width), "gates.bias": matrix(1, 3 * width)[0], "mix.weight": matrix(width, width),
            "up.weight": matrix(inner, width), "down.weight": matrix(width, inner),
            "gain1": np.ones(width, np.float32), "gain2": np.ones(width, np.float32),
            "mu1": draw.rand(width).astype(np.float32), "mu2": draw.rand(width).astype(np.float32)}.items()})
    return weights


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("folder", nargs="?", default=os.path.join(HERE, "tiny"))
    p.add_argument("--width", type=int, default=16)
    p.add_argument("--layers", type=int, default=2)
    p.add_argument("--inner", type=int, default=32)
    args = p.parse_args()
    label = "%s-1" % os.path.basename(os.path.abspath(args.folder))
    print(export(random_weights(args.width, args.layers, args.inner), args.folder, label))


if __name__ == "__main__":
    main()
