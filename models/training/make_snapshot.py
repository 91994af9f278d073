#!/usr/bin/env python3
"""From a folder of messages to a snapshot for them, and a report on what it gains.

Fine-tunes the network on DATA/train, quantises and exports it, trains the context mixing around it, seals the snapshot, and measures
it on DATA/dev. Stopped in the middle, the same command goes on with the network's training where it was.
"""
import argparse
import os
import subprocess
import sys

import data
import report
import tool

HERE = os.path.dirname(os.path.abspath(__file__))
SPAN = 256


def say(text):
    print("== " + text, flush=True)


def symbols_of(folder):
    """Symbols that training reads in one pass over train/: bytes, and one for each message."""
    return sum(len(m) + 1 for messages in data.load_part(folder, "train").values() for m in messages)


def train_network(args):
    """Runs train.py and returns the weights' path."""
    symbols = symbols_of(args.data)
    batch = max(1, min(40, symbols // (10 * SPAN)))
    # Not over the data too often: context mixing sees how good the network is on the same messages, and would trust it too much.
    steps = max(1, int(args.epochs * symbols / (batch * SPAN)))
    out = os.path.join(args.work, "network")
    command = [sys.executable, os.path.join(HERE, "train.py"), "--data", args.data, "--out", out, "--minutes", str(args.minutes),
               "--steps", str(steps), "--batch", str(batch), "--span", str(SPAN), "--threads", str(args.threads)]
    if args.init != "none":
        command += ["--init", args.init, "--muon", "0.008", "--adam", "0.001", "--flat", "0.1"]
    else:
        command += ["--width", str(args.width), "--layers", str(args.layers), "--inner", str(2 * args.width)]
    if args.float32:
        command.append("--float32")
    say("training the network: %d steps of %d symbols or %g minutes" % (steps, batch * SPAN, args.minutes))
    if subprocess.call(command):
        data.fail("the network's training did not succeed")
    return out + ".npz"


def make_network(args):
    """Trains and exports: the folder with model.onnx and weights-table.bin."""
    try:
        import onnx  # noqa: F401 (asked for before an hour of training)
        import torch  # noqa: F401
    except ImportError as missing:
        data.fail("%s; README.md says what training needs (--no-network does without)" % missing)
    import export
    import quantise
    weights = train_network(args)
    half = os.path.join(args.work, "checkpoint.npz")
    say("quantising and exporting")
    if subprocess.call([sys.executable, os.path.join(HERE, "quantise.py"), weights, "--half", half], stdout=subprocess.DEVNULL):
        data.fail("the network could not be quantised")
    folder = os.path.join(args.work, "network")
    export.write_network(quantise.load(half), folder)
    return folder


def parse(argv=None):
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                epilog="example: make_snapshot.py --data my-messages --out my-model --label my-model-1 --minutes 60")
    p.add_argument("--data", required=True, help="folder that holds train/ and dev/ with messages")
    p.add_argument("--out", required=True, help="the snapshot's folder; report.md is written into it too")
    p.add_argument("--label", required=True, help="what people call the snapshot")
    p.add_argument("--minutes", type=float, default=60, help="training time of the network at most (default 60)")
    p.add_argument("--epochs", type=float, default=4, help="times that it sees each message at most (default 4)")
    p.add_argument("--init", default=os.path.join(HERE, "checkpoints", "bytes-1.npz"),
                   help="weights that training starts from, 'none' for a fresh network (default: the shipped ones)")
    p.add_argument("--width", type=int, default=256, help="of a fresh network (default 256)")
    p.add_argument("--layers", type=int, default=4, help="of a fresh network (default 4)")
    p.add_argument("--no-network", action="store_true", help="context mixing alone: needs no PyTorch, and no ONNX Runtime at run time")
    p.add_argument("--profiles", help="JSON file with profiles; default: one for text, one for .lp")
    p.add_argument("--kilobytes", type=int, default=100, help="thousands of bytes of each dev file in the report, 0 for all (default 100)")
    p.add_argument("--work", help="folder for what is needed on the way (default: OUT.work)")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--float32", action="store_true", help="train without bfloat16")
    p.add_argument("--linkcodec", default="", help="the linkcodec command (default: what ./build made)")
    args = p.parse_args(argv)
    args.work = args.work or os.path.normpath(args.out) + ".work"
    return args


def main(argv=None):
    args = parse(argv)
    linkcodec = tool.find(args.linkcodec)
    for part in ("train", "dev"):
        data.load_part(args.data, part)             # a folder that is not what it should be is known at once
    if args.init != "none" and not args.no_network and not os.path.exists(args.init):
        data.fail("no weights at %s" % args.init)
    os.makedirs(args.work, exist_ok=True)
    arguments = ["snapshot", "train", "--data", args.data, "--out", args.out, "--label", args.label, "--threads", str(args.threads)]
    if not args.no_network:
        arguments += ["--network", os.path.join(make_network(args), "model.onnx")]
    if args.profiles:
        arguments += ["--profiles", args.profiles]
    say("training the context mixing, and sealing")
    tool.run(linkcodec, *arguments)
    say("measuring on dev/")
    path = os.path.join(args.out, "report.md")
    lines = report.write(path, linkcodec, args.out, args.data, 1000 * args.kilobytes)
    print(report.table(lines))
    say("the snapshot is in %s, the report in %s" % (args.out, path))
    return lines


if __name__ == "__main__":
    main()
