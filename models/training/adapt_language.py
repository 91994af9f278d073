#!/usr/bin/env python3
"""Fine-tunes a small language model for the messages of DATA/train: an adapter beside its matrices learns, the weights stay.

A run can be stopped at any time: the same command goes on from the last checkpoint (OUT.pt) until --minutes of training are over.
OUT.npz is the adapter alone; merge_language.py makes a model folder of it that `linkcodec snapshot import` takes.
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch

import data
import language_files
import language_net
import language_rows
import tool


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="example: adapt_language.py --base SmolLM2-135M-Instruct.Q4_1.gguf --snapshot smollm2 "
        "--data ../../my-messages --out .work/mine --minutes 60")
    p.add_argument("--base", required=True, help="the model: a .gguf file, or a folder with config.json, *.safetensors and tokenizer.json")
    p.add_argument("--snapshot", required=True, help="what `linkcodec snapshot import` made of it, label or folder: it cuts messages into tokens")
    p.add_argument("--data", default=os.environ.get("LINKCODEC_DATA", "../shared/data"),
                   help="folder that holds train/ and dev/ (default: $LINKCODEC_DATA, then ../shared/data)")
    p.add_argument("--out", required=True, help="where to write: OUT.npz (the adapter), OUT.pt (to go on from)")
    p.add_argument("--minutes", type=float, default=60, help="training time in all (default 60); 0 only measures")
    p.add_argument("--steps", type=int, default=10 ** 9, help="or at most this many steps")
    p.add_argument("--mix", help="JSON file: how often each file is read, as a share by name, '*' for the others (default: all alike)")
    p.add_argument("--rank", type=int, default=16, help="columns of an adapter (default 16)")
    p.add_argument("--alpha", type=float, default=32, help="its weight times the rank (default 32)")
    p.add_argument("--rate", type=float, default=5e-4, help="rate of learning at its highest (default 0.0005)")
    p.add_argument("--decay", type=float, default=.01, help="weight decay")
    p.add_argument("--warm", type=int, default=20, help="steps until the rate is at its highest (default 20); then it falls as a cosine")
    p.add_argument("--span", type=int, nargs="+", default=[128, 512], help="tokens of a row, lengths that take turns (default 128 512)")
    p.add_argument("--batch", type=int, default=1024, help="tokens a step (default 1024)")
    p.add_argument("--middle", type=float, default=.5, help="share of rows that begin inside a message, as pieces of long ones do (default 0.5)")
    p.add_argument("--piece", type=int, default=500, help="held-out messages are cut at this many bytes (default 500)")
    p.add_argument("--held", type=int, default=8, help="held-out messages of each file of dev/ (default 8)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--float32", dest="low", action="store_false", help="no bfloat16 (three times slower where the processor has it)")
    p.add_argument("--log", type=int, default=10, help="steps between two lines (default 10)")
    p.add_argument("--keep", type=float, default=5, help="minutes between two checkpoints (default 5)")
    p.add_argument("--linkcodec", default="", help="the command, if not the one that was built here")
    return p.parse_args(argv)


def save(path, net, optimiser, where):
    """The checkpoint, written beside and renamed: a stop in the middle leaves the old one whole."""
    torch.save(dict(adapter=net.to_arrays(), optimiser=optimiser.state_dict(), where=where), path + ".pt.tmp")
    os.replace(path + ".pt.tmp", path + ".pt")
    with open(path + ".npz.tmp", "wb") as f:
        np.savez(f, scale=np.float32(net.scale), **net.to_arrays())
    os.replace(path + ".npz.tmp", path + ".npz")


def rate_at(step, done, warm):
    """The share of the highest rate."""
    return min((step + 1) / max(1, warm), .02 + .98 * .5 * (1 + math.cos(math.pi * min(1, done))))


def train(net, sampler, args, log=print):
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, betas=(.9, .98), weight_decay=args.decay)
    where = dict(step=0, seconds=0., tokens=0)
    if os.path.exists(args.out + ".pt"):
        saved = torch.load(args.out + ".pt")
        net.load_arrays(saved["adapter"])
        optimiser.load_state_dict(saved["optimiser"])
        where = saved["where"]
        log("goes on at step %d, minute %.1f" % (where["step"], where["seconds"] / 60))
    begun, before, kept, bits, learnt = time.time(), where["seconds"], time.time(), 0., 0
    while True:
        where["seconds"] = before + time.time() - begun
        done = max(where["seconds"] / max(1e-9, 60 * args.minutes), where["step"] / max(1, args.steps))
        if done >= 1:
            break
        optimiser.param_groups[0]["lr"] = args.rate * rate_at(where["step"], done, args.warm)
        inputs, targets = map(torch.from_numpy, sampler.step(where["step"]))
        count = int((targets >= 0).sum())
        cost = net.cost(inputs, targets)
        optimiser.zero_grad(set_to_none=True)
        (cost / count).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.)
        optimiser.step()
        if not math.isfinite(cost.item()):
            data.fail("the loss is no number any more; lower the rate (the last checkpoint is kept)")
        bits, learnt = bits + cost.item() / math.log(2), learnt + count
        where["step"] += 1
        where["tokens"] += count
        if where["step"] % args.log == 0:
            log("%7.1f min  step %5d  %7.1f K tokens  loss %.4f bits a token  rate %.2f" % (
                where["seconds"] / 60, where["step"], where["tokens"] / 1e3, bits / learnt, rate_at(where["step"], done, args.warm)))
            bits, learnt = 0., 0
        if time.time() - kept > 60 * args.keep:
            save(args.out, net, optimiser, where)
            kept = time.time()
    save(args.out, net, optimiser, where)
    return where


def measure(net, rows):
    """Bits of all targets of some rows."""
    total = 0.
    with torch.no_grad():
        for at in range(0, len(rows), 4):
            total += net.cost(*map(torch.from_numpy, language_rows.stack(rows[at:at + 4]))).item()
    return total / math.log(2)


def report(net, held, log=print):
    """Bits per byte of held-out messages by file, a newline's after each included: the base, then with the adapter."""
    log("%-40s %9s %9s %9s %9s   bits per byte" % ("", "cold", "adapted", "context", "adapted"))
    sums, size = np.zeros(4), 0
    for name, one in held.items():
        figures = []
        for rows in (one.cold, one.context):
            for net.strength in (0., 1.):
                figures.append(measure(net, rows))
        log("%-40s %9.4f %9.4f %9.4f %9.4f" % ((name,) + tuple(f / one.bytes for f in figures)))
        sums, size = sums + figures, size + one.bytes
    log("%-40s %9.4f %9.4f %9.4f %9.4f" % (("all",) + tuple(sums / size)))
    return sums / size


def main():
    args = parse()
    torch.set_num_threads(args.threads)
    linkcodec, log = tool.find(args.linkcodec), lambda line: print(line, flush=True)
    if args.batch < max(args.span):
        data.fail("--batch is smaller than a row")
    model = language_files.read(args.base)
    net, size = language_net.Net(model, args.rank, args.alpha, args.low, args.seed), sum(w.size for w in model.weights.values())
    del model
    shares = None
    if args.mix:
        with open(args.mix) as f:
            shares = json.load(f)
    streams = {name: language_rows.Stream(m, args.snapshot, linkcodec) for name, m in data.load_part(args.data, "train").items()}
    held = {name: language_rows.Held(language_rows.pieces(m, args.piece, args.held, args.seed), args.snapshot, linkcodec)
            for name, m in data.load_part(args.data, "dev").items()}
    log("%.1f M weights, %.2f M of adapter, %.2f M tokens" % (
        size / 1e6, sum(p.numel() for p in net.parameters()) / 1e6, sum(len(s.tokens) for s in streams.values()) / 1e6))
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    train(net, language_rows.Sampler(streams, args.span, args.batch, shares, args.middle, args.seed), args, log)
    report(net, held, log)
    log("next: merge_language.py --base %s --adapter %s.npz --out %s-model" % (args.base, args.out, args.out))


if __name__ == "__main__":
    main()
