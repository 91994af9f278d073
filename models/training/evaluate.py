#!/usr/bin/env python3
"""Measures bits per byte on DATA/dev: every message cold, cut at --limit bytes, its end included in the cost.

"float" is the trained network's own cross-entropy. "exact" is what the integer network's frequencies cost, which is what
the coder writes (but for less than a byte a message).
"""
import argparse
import os
import random

import numpy as np

import data
from coder_table import BITS, cumulative, weights_table
from net_shape import shape_of
from quantise import load, quantise
from reference import Reference

# Files of English text; their pooled figure is the one to compare models by.
ENGLISH = ("articles-18f.txt", "articles-digitalgov.txt", "email-ham.rs", "legal-en.txt", "medical-abstracts.txt",
           "prose-books.txt", "speeches-state-union.txt", "textbook-american-government.txt", "web-posts-en.rs", "wikipedia-en.txt")


class FloatNet:
    """The trained network in float32 numpy, one step at a time: the yardstick for the exact one."""

    def __init__(self, weights):
        self.w = weights
        self.width, self.count, _ = shape_of(weights)

    def empty_state(self, batch):
        return [np.zeros((batch, self.width), np.float32) for _ in range(3 * self.count)]

    def step(self, tokens, state):
        w, x, after = self.w, self.w["embed.weight"][tokens], []

        def norm(x):
            return x / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-6))

        for i in range(self.count):
            p = {k: w["layers.%d.%s" % (i, k)] for k in ("gain1", "gain2", "mu1", "mu2")}
            gates, mix, up, down = (w["layers.%d.%s.weight" % (i, k)].T for k in ("gates", "mix", "up", "down"))
            h, p1, p2 = state[3 * i:3 * i + 3]
            u1 = norm(x)
            v = ((p1 + p["mu1"] * (u1 - p1)) * p["gain1"]) @ gates + w["layers.%d.gates.bias" % i]
            z, c, g = np.split(v / (1 + np.abs(v)), 3, -1)
            h = h + (z * np.float32(.5) + np.float32(.5)) * (c - h)
            x = x + (h * (g + 1)) @ mix
            u2 = norm(x)
            v = np.maximum(((p2 + p["mu2"] * (u2 - p2)) * p["gain2"]) @ up, 0)
            x = x + (v * v) @ down
            after += [h, u1, u2]
        return (norm(x) * w["gain"]) @ w["head.weight"].T + w["head.bias"], after


def float_cost(logits, symbols):
    """Bits of each row's symbol."""
    top = logits.max(-1)
    own = logits[np.arange(len(symbols)), symbols]
    return (np.log(np.exp(logits - top[:, None]).sum(-1)) + top - own) / np.log(2)


def exact_cost(logits, symbols, table=weights_table()):
    c, rows = cumulative(logits, table), np.arange(len(symbols))
    return BITS - np.log2((c[rows, symbols + 1] - c[rows, symbols]).astype(np.float64))


def sample(messages, limit, size, seed=3):
    """Pieces [(bytes, is_last)] of shuffled messages, about `size` bytes in all (0: everything)."""
    parts = [p for m in messages for p in data.pieces(m, limit)]
    random.Random(seed).shuffle(parts)
    if not size:
        return parts
    taken, total = [], 0
    for part in parts:
        taken.append(part)
        total += len(part[0])
        if total > size:
            break
    return taken


def measure(net, cost, parts, batch=256):
    """(bits of the bytes, bits of the ends): parts run side by side in lock-step, the short ones first."""
    parts, body, ends = sorted(parts, key=lambda p: len(p[0])), 0., 0.
    for at in range(0, len(parts), batch):
        group = parts[at:at + batch][::-1]                  # longest first: rows that are through fall off the end
        lengths = np.array([len(p) for p, _ in group])
        state, tokens = net.empty_state(len(group)), np.full(len(group), data.START)
        for t in range(lengths[0] + 1):
            live = int((lengths >= t).sum())
            state = [s[:live] for s in state]
            logits, state = net.step(tokens[:live], state)
            symbols = np.array([p[t] if t < len(p) else data.END for p, _ in group[:live]])
            bits = cost(logits, symbols)
            over = lengths[:live] == t
            body += bits[~over].sum()
            ends += bits[over & np.array([last for _, last in group[:live]])].sum()
            tokens = symbols
    return float(body), float(ends)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                epilog="example: evaluate.py models/training/checkpoints/bytes-1.npz --data ../../my-messages")
    p.add_argument("weights", help="float weights (.npz)")
    p.add_argument("--data", default=os.environ.get("LINKCODEC_DATA", "../shared/data"),
                   help="folder that holds dev/ (default: $LINKCODEC_DATA, then ../shared/data)")
    p.add_argument("--limit", type=int, default=1000, help="messages are cut at this many bytes (default 1000)")
    p.add_argument("--size", type=int, default=40000, help="bytes of each file to use, 0 for all (default 40000)")
    p.add_argument("--only", default="", help="files whose name holds this; 'english' for the pooled ten")
    p.add_argument("--no-float", action="store_true", help="only the exact network")
    p.add_argument("--no-exact", action="store_true", help="only the float network")
    args = p.parse_args()
    weights, kinds, nets = load(args.weights), data.load_part(args.data, "dev"), {}
    if not args.no_float:
        nets["float"] = (FloatNet(weights), float_cost)
    if not args.no_exact:
        nets["exact"] = (Reference(quantise(weights)), exact_cost)
    print("| file | messages | bytes | " + " | ".join(nets) + " | an end, bits |")
    print("|---|---:|---:|" + "---:|" * (len(nets) + 1))
    pools = {"English, pooled": [], "all files, pooled": []}
    for name, messages in kinds.items():
        if args.only and not (args.only in name or (args.only == "english" and name in ENGLISH)):
            continue
        parts = sample(messages, args.limit, args.size)
        size, last = sum(len(m) for m, _ in parts), sum(last for _, last in parts)
        bits = [measure(net, cost, parts) for net, cost in nets.values()]
        row = np.array([size, last] + [v for pair in bits for v in pair])
        for pool, rows in pools.items():
            if pool[0] == "a" or name in ENGLISH:
                rows.append(row)
        print(line("`%s`" % name, row), flush=True)
    for pool, rows in pools.items():
        if rows:
            print(line("**%s**" % pool, sum(rows)))


def line(name, row):
    size, last, pairs = row[0], row[1], row[2:].reshape(-1, 2)
    per_byte = " | ".join("%.4f" % (pair.sum() / size) for pair in pairs)
    return "| %s | %d | %d | %s | %.2f |" % (name, last, size, per_byte, pairs[-1][1] / max(1, last))


if __name__ == "__main__":
    main()
