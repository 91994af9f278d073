#!/usr/bin/env python3
"""Adds an adapter to the weights of the model that it was trained for, and writes a folder for `linkcodec snapshot import`."""
import argparse

import numpy as np

import data
import language_files
import language_net


def merge(model, arrays):
    """Changes the model's matrices: W becomes W + scale * B A."""
    scale = np.float32(arrays["scale"])
    left = {name for name in arrays if name != "scale"}
    for name, weight in model.weights.items():
        short = name.replace("model.", "", 1)[:-len(".weight")]
        if short + ".a" not in left:
            continue
        a, b = arrays[short + ".a"], arrays[short + ".b"]
        if (b.shape[0], a.shape[1]) != weight.shape:
            data.fail("the adapter belongs to another model: %s is %s there, not %s" % (name, (b.shape[0], a.shape[1]), weight.shape))
        model.weights[name] = weight + scale * (b @ a)
        left -= {short + ".a", short + ".b"}
    if left:
        data.fail("the adapter belongs to another model: this one has no %s" % min(left))


def main(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="example: merge_language.py --base SmolLM2-135M-Instruct.Q4_1.gguf --adapter .work/mine.npz --out mine")
    p.add_argument("--base", required=True, help="the model, as adapt_language.py got it")
    p.add_argument("--adapter", required=True, help="what that wrote: OUT.npz")
    p.add_argument("--out", required=True, help="folder to write: config.json, model.safetensors, tokenizer.json")
    args = p.parse_args(argv)
    model = language_files.read(args.base)
    with np.load(args.adapter) as arrays:
        merge(model, dict(arrays))
    language_files.write(args.out, model)
    print("next: linkcodec snapshot import %s --name NAME" % args.out)


if __name__ == "__main__":
    main()
