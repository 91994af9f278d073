#!/usr/bin/env python3
"""Trains the byte network on the messages of DATA/train and writes float32 weights.

A run can be stopped at any time: the same command goes on from the last checkpoint (RUN.pt) until --minutes of training
are over. Everything is seeded; on one machine with the same number of threads and steps a run repeats itself.
"""
import argparse
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import data
import net as network
from optim import Optimisers


class Rows:
    """Cuts the stream into `batch` rows that are read side by side, `span` tokens at a time, from `begin` of their length."""

    def __init__(self, stream, batch, span, begin=0.):
        self.length = len(stream) // batch
        if self.length <= span:
            data.fail("the training data is too small for %d rows of %d tokens" % (batch, span))
        self.rows = [stream[i * self.length:(i + 1) * self.length] for i in range(batch)]
        self.span, self.at = span, int(begin * self.length)

    def next(self):
        """(inputs [T, B], targets [T, B] with -1 where nothing is to be learnt, whether the rows began anew)."""
        fresh = self.at + self.span + 1 > self.length
        if fresh:
            self.at = 0
        part = np.stack([r[self.at:self.at + self.span + 1] for r in self.rows], 1).astype(np.int64)
        self.at += self.span
        tokens = torch.from_numpy(part)
        targets = tokens[1:].clone()
        targets[targets == data.CUT] = -1                     # a message that was cut has no end to predict
        return tokens[:-1].clamp(max=data.START), targets, fresh


def loss_of(logits, targets):
    return F.cross_entropy(logits.reshape(-1, network.SYMBOLS), targets.reshape(-1), ignore_index=-1)


def teach_end(net, rows, steps, low):
    """Trains only the head's row for END, so that the rest need not make room for it by force later."""
    row = net.head.weight[data.END].detach().clone().requires_grad_()
    bias = net.head.bias[data.END].detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([row, bias], lr=.02, betas=(.9, .98))
    state, begin = net.empty_state(len(rows.rows)), rows.at
    for step in range(steps):
        tokens, targets, _ = rows.next()
        with torch.no_grad():
            x, state = net.features(tokens, state, low)
            others = torch.logsumexp(F.linear(x, net.head.weight[:data.END], net.head.bias[:data.END]), -1)
        margin = (x @ row + bias - others)[targets >= 0]
        loss = F.binary_cross_entropy_with_logits(margin, (targets[targets >= 0] == data.END).float())
        optimiser.param_groups[0]["lr"] = .02 * (1 - step / steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 20 == 0 or step == steps - 1:
            print("end row: step %d, %.4f bits a symbol" % (step, loss.item() / math.log(2)), flush=True)
    with torch.no_grad():
        net.head.weight[data.END] = row
        net.head.bias[data.END] = bias
    rows.at = begin


def save(path, net, optimisers, where):
    """The checkpoint, written beside and renamed: a stop in the middle leaves the old one whole."""
    torch.save(dict(net=net.state_dict(), optimisers=optimisers.state(), where=where), path + ".pt.tmp")
    os.replace(path + ".pt.tmp", path + ".pt")
    with open(path + ".npz.tmp", "wb") as f:
        np.savez(f, **network.to_arrays(net))
    os.replace(path + ".npz.tmp", path + ".npz")


def train(net, rows, args, log=print):
    optimisers = Optimisers(net, args.muon, args.adam, args.decay, args.flat)
    where = dict(step=0, seconds=0., tokens=0, at=rows.at)
    if os.path.exists(args.out + ".pt"):
        saved = torch.load(args.out + ".pt")
        net.load_state_dict(saved["net"])
        optimisers.restore(saved["optimisers"])
        where, rows.at = saved["where"], saved["where"]["at"]
        log("goes on at step %d, minute %.1f" % (where["step"], where["seconds"] / 60))
    elif args.end_first:
        teach_end(net, rows, args.end_first, args.low)
        save(args.out, net, optimisers, where)
    state = net.empty_state(len(rows.rows))
    begun, before, kept, losses = time.time(), where["seconds"], time.time(), []
    while True:
        where["seconds"] = before + time.time() - begun
        done = max(where["seconds"] / (60 * args.minutes), where["step"] / args.steps)
        if done >= 1:
            break
        factor = optimisers.schedule(where["step"], done)
        tokens, targets, fresh = rows.next()
        if fresh:
            state = net.empty_state(len(rows.rows))
        logits, state = net(tokens, state, args.low)
        loss = loss_of(logits, targets)
        net.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.)
        optimisers.step()
        losses.append(loss.item() / math.log(2))
        if not math.isfinite(losses[-1]):
            data.fail("the loss is no number any more; lower the rates (the last checkpoint is kept)")
        where["step"] += 1
        where["tokens"] += tokens.numel()
        where["at"] = rows.at
        if where["step"] % args.log == 0:
            log("%7.1f min  step %6d  %7.2f M symbols  loss %.4f bits a symbol  rate %.3f  %.1f K symbols/s"
                % (where["seconds"] / 60, where["step"], where["tokens"] / 1e6, np.mean(losses), factor,
                   where["tokens"] / 1e3 / max(1e-9, where["seconds"])))
            losses = []
        if time.time() - kept > 60 * args.keep:
            save(args.out, net, optimisers, where)
            kept = time.time()
    save(args.out, net, optimisers, where)
    return where


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="example: train.py --data ../../my-messages --out .work/mine --minutes 60 "
        "--init models/training/checkpoints/bytes-1.npz")
    p.add_argument("--data", default=os.environ.get("LINKCODEC_DATA", "../shared/data"),
                   help="folder that holds train/ and dev/ (default: $LINKCODEC_DATA, then ../shared/data)")
    p.add_argument("--out", required=True, help="where to write: OUT.npz (weights), OUT.pt (to go on from), OUT.stream.npy (the data)")
    p.add_argument("--init", help="weights to start from (.npz); otherwise a fresh network")
    p.add_argument("--minutes", type=float, default=60, help="training time in all (default 60)")
    p.add_argument("--steps", type=int, default=10 ** 9, help="or at most this many steps")
    p.add_argument("--muon", type=float, default=.02, help="rate of the inner matrices (default 0.02; to refine, 0.008)")
    p.add_argument("--adam", type=float, default=3e-3, help="rate of everything else (default 0.003; to refine, 0.001)")
    p.add_argument("--decay", type=float, default=.01, help="weight decay of the inner matrices")
    p.add_argument("--flat", type=float, default=.4, help="share of the time before the rates go down (default 0.4)")
    p.add_argument("--batch", type=int, default=40, help="rows read side by side (default 40)")
    p.add_argument("--span", type=int, default=256, help="symbols a step and row (default 256)")
    p.add_argument("--limit", type=int, default=2000, help="messages are cut at this many bytes (default 2000)")
    p.add_argument("--mix", help="JSON file: how often each file's messages are read, such as mix-text.json (default: each once)")
    p.add_argument("--begin", type=float, default=0., help="start at this share of the data (default 0)")
    p.add_argument("--end-first", type=int, default=0, help="steps that train only the END row, before all else (default 0)")
    p.add_argument("--width", type=int, default=256)
    p.add_argument("--layers", type=int, default=4)
    p.add_argument("--inner", type=int, default=512)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--float32", dest="low", action="store_false", help="no bfloat16 (slower; for processors without it)")
    p.add_argument("--log", type=int, default=50, help="steps between two lines (default 50)")
    p.add_argument("--keep", type=float, default=5, help="minutes between two checkpoints (default 5)")
    return p.parse_args(argv)


def main():
    args = parse()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    stream = data.cached_stream(args.data, args.out + ".stream.npy", args.limit, mix=args.mix)
    if args.init:
        if not os.path.exists(args.init):
            data.fail("no weights at %s" % args.init)
        net = network.from_arrays(dict(np.load(args.init)))
    else:
        net = network.Net(args.width, args.layers, args.inner)
    print("%d parameters, %.1f M symbols" % (sum(p.numel() for p in net.parameters()), len(stream) / 1e6), flush=True)
    where = train(net, Rows(stream, args.batch, args.span, args.begin), args, lambda line: print(line, flush=True))
    print("done after %d steps: %s.npz" % (where["step"], args.out))


if __name__ == "__main__":
    main()
