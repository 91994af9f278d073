#!/usr/bin/env python3
"""Turns float weights into the integers and scales of the exact network.

Every matrix gets 7-bit weights (-63..63) with one float32 scale a column; activations are brought to 8 bits row by row at
run time. The constants that the arithmetic needs are folded in here, once:

  * the gain of a norm goes into the rows of the matrix behind it (the shift before it works channel by channel, so it
    may run on values without gain);
  * the residual stream is carried RESIDUAL times larger, so that rounding its squares to integers loses nothing;
  * a norm divides by the root of the sum of squares, not of the mean: the factor sqrt(width) is in the scales;
  * the head gives steps of 1/STEPS nat.
"""
import argparse
import math
import os

import numpy as np

import data
from net_shape import shape_of

BOUND = 63                    # weights; 8-bit activations times these cannot overflow a 16-bit sum of two products
SIGNED = 127                  # activations of either sign are rounded to -127..127 and sent as 1..255
UNSIGNED = 254                # activations that are never negative are rounded to 0..254
RESIDUAL = 256.0
STEPS = 64                    # logits are whole 64ths of a nat
CLIPS = (1, .95, .9, .85, .8, .75, .7)
EXACT_SUM = 1 << 24           # float32 holds all integers below


def columns(matrix):
    """[in, out] floats to (int8 weights, float64 scale of each column): of several clips, the one with least squared error."""
    top = np.maximum(np.abs(matrix).max(0), 1e-12)
    best, weights, scales = np.full(matrix.shape[1], np.inf), np.zeros(matrix.shape, np.int8), np.zeros(matrix.shape[1])
    for clip in CLIPS:
        scale = top * clip / BOUND
        rounded = np.clip(np.rint(matrix / scale), -BOUND, BOUND)
        error = ((rounded * scale - matrix) ** 2).sum(0)
        better = error < best
        best[better], scales[better] = error[better], scale[better]
        weights[:, better] = rounded[:, better].astype(np.int8)
    return weights, scales


def linear(matrix, levels, factor):
    """One matrix: weights, and the scale that turns (sum of products) * (row's largest) into the result."""
    weights, scales = columns(matrix)
    if np.abs(weights.astype(np.int64)).sum(0).max() * levels >= EXACT_SUM:
        raise ValueError("a column's sums could leave the integers that float32 holds exactly")
    return dict(weights=weights, scale=(scales * (factor / levels)).astype(np.float32))


def quantise(weights):
    """Named float arrays of the network to the exact network's constants."""
    w = {k: np.asarray(v, np.float64) for k, v in weights.items()}
    width, count, _ = shape_of(w)
    root = math.sqrt(width)
    layers = []
    for i in range(count):
        p = {k: w["layers.%d.%s" % (i, k)] for k in ("gates.weight", "gates.bias", "mix.weight", "up.weight", "down.weight",
                                                     "gain1", "gain2", "mu1", "mu2")}
        gates = linear(p["gates.weight"].T * p["gain1"][:, None], SIGNED, root)
        gates["bias"] = p["gates.bias"].astype(np.float32)
        layers.append(dict(
            gates=gates,
            mix=linear(p["mix.weight"].T, SIGNED, RESIDUAL),
            up=linear(p["up.weight"].T * p["gain2"][:, None], SIGNED, root),
            down=linear(p["down.weight"].T, UNSIGNED, RESIDUAL),
            mu1=p["mu1"].astype(np.float32), mu2=p["mu2"].astype(np.float32)))
    # The head's row is divided by the root of the sum of its own rounded squares, so its levels cancel out.
    head = linear(w["head.weight"].T * w["gain"][:, None], SIGNED, root * STEPS * SIGNED)
    head["bias"] = (w["head.bias"] * STEPS).astype(np.float32)
    return dict(width=width, embed=(w["embed.weight"] * RESIDUAL).astype(np.float32), layers=layers, head=head)


def load(path):
    """Weights from a .npz file (float32 or float16)."""
    if not os.path.exists(path):
        data.fail("no weights at %s" % path)
    with np.load(path) as f:
        return {k: f[k].astype(np.float32) for k in f.files}


def main():
    p = argparse.ArgumentParser(description="Shows how well each matrix survives 7-bit weights, and can write the "
                                "float16 weights from which training goes on.",
                                epilog="example: quantise.py .work/mine.npz --half models/training/checkpoints/mine.npz")
    p.add_argument("weights", help="float weights (.npz)")
    p.add_argument("--half", help="write the weights as float16 to this .npz")
    args = p.parse_args()
    weights = load(args.weights)
    if args.half:
        os.makedirs(os.path.dirname(os.path.abspath(args.half)), exist_ok=True)
        np.savez(args.half, **{k: v.astype(np.float16) for k, v in weights.items()})
    for name, value in weights.items():
        if value.ndim == 2 and "embed" not in name:
            ints, scales = columns(value.T.astype(np.float64))
            error = np.sqrt(((ints * scales - value.T) ** 2).sum() / (value.astype(np.float64) ** 2).sum())
            print("%-24s %4d x %4d  relative error %.4f" % (name, value.shape[1], value.shape[0], error))


if __name__ == "__main__":
    main()
