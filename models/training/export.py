#!/usr/bin/env python3
"""Writes a snapshot: the exact graph, the weights table and the manifest with its self-test.

The self-test's fingerprint comes from the numpy reference, not from the graph: a runtime that loads the snapshot has to
reproduce it with the graph, or refuse the snapshot.
"""
import argparse
import os

import manifest
import reference
from coder_table import weights_table
from graph import build
from quantise import load, quantise


def files_of(exact):
    """{name: bytes} of the graph and the table, for quantised weights; and the graph."""
    model = build(exact)
    return {"model.onnx": model.SerializeToString(), "weights-table.bin": weights_table().astype("<u4").tobytes()}, model


def write_network(weights, folder):
    """Float weights to model.onnx and weights-table.bin in a folder, without a manifest: what `linkcodec snapshot train` takes."""
    os.makedirs(folder, exist_ok=True)
    for path, content in files_of(quantise(weights))[0].items():
        with open(os.path.join(folder, path), "wb") as f:
            f.write(content)


def export(weights, folder, label):
    """Float weights to a snapshot folder; returns its name (hex)."""
    exact = quantise(weights)
    files, model = files_of(exact)
    states = 3 * len(exact["layers"])
    data = manifest.make(label, files, reference.PROBE, reference.fingerprint(exact), states, exact["width"])
    os.makedirs(folder, exist_ok=True)
    for path, content in list(files.items()) + [(manifest.FILE, data)]:
        with open(os.path.join(folder, path), "wb") as f:
            f.write(content)
    print("%d nodes, %d states of %d, %d bytes" % (len(model.graph.node), states, exact["width"], sum(map(len, files.values()))))
    return manifest.check(folder)[1]


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                epilog="example: export.py .work/mine.npz models/snapshots/mine --label mine-1")
    p.add_argument("weights", help="float weights (.npz)")
    p.add_argument("folder", help="the snapshot's folder")
    p.add_argument("--label", help="what people call it (default: the folder's name)")
    args = p.parse_args()
    label = args.label or os.path.basename(os.path.abspath(args.folder))
    print("%s %s" % (label, export(load(args.weights), args.folder, label)))


if __name__ == "__main__":
    main()
