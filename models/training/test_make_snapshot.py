#!/usr/bin/env python3
"""Makes snapshots of small generated messages with make_snapshot.py, and checks them. Needs the built linkcodec command and no data.

The snapshot with a network is made where PyTorch and onnx are, the one without everywhere.
"""
import importlib.util
import math
import os
import random
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import runner
import tool

FOLDER = tempfile.TemporaryDirectory()
ROOT = FOLDER.name
STATES = "nominal nominal nominal idle charging safe-hold".split()
NOTES = ("pressure in tank two is steady", "antenna turned to the north mast", "heater switched on for the night pass",
         "no contact with the relay, trying again", "battery above its limit, load reduced")


def reports(rng, count):
    """Lines as a small station sends them: a clock, a place that drifts, states that stay for a while, a note now and then."""
    clock, level, out = rng.randrange(86400), 40 + rng.random() * 20, []
    state = rng.choice(STATES)
    for _ in range(count):
        clock = (clock + rng.choice((10, 10, 10, 20))) % 86400
        level += rng.gauss(0, .3)
        if rng.random() < .1:
            state = rng.choice(STATES)
        line = "{\"station\":\"K%d\",\"time\":\"%02d:%02d:%02d\",\"level\":%.1f,\"state\":\"%s\"" % (
            rng.randrange(4), clock // 3600, clock // 60 % 60, clock % 60, level, state)
        out.append((line + (",\"note\":\"%s\"}" % rng.choice(NOTES) if rng.random() < .2 else "}")).encode())
    return out


def frames(rng, count):
    """Binary records: a counter, an angle, a slow wave, a byte of noise, and a sum."""
    start, out = rng.randrange(60000), []
    for i in range(count):
        body = struct.pack("<HBhhB", (start + i) & 65535, 3 if i % 8 else 7, round(900 * math.sin(i / 30)), round(300 * math.cos(i / 50)), rng.randrange(16))
        out.append(body + bytes([sum(body) & 255]))
    return out


def make_data():
    for part, seed, lines, records in (("train", 1, 2600, 5000), ("dev", 2, 300, 400)):
        os.makedirs(os.path.join(ROOT, "data", part))
        rng = random.Random(seed)
        with open(os.path.join(ROOT, "data", part, "reports.jsonl"), "wb") as f:
            f.write(b"".join(m + b"\n" for m in reports(rng, lines)))
        with open(os.path.join(ROOT, "data", part, "frames.lp"), "wb") as f:
            f.write(b"".join(struct.pack("<I", len(m)) + m for m in frames(rng, records)))


def make(name, *more):
    """Makes a snapshot in a process of its own, as a user does; returns its folder."""
    out = os.path.join(ROOT, name)
    command = [sys.executable, os.path.join(HERE, "make_snapshot.py"), "--data", os.path.join(ROOT, "data"), "--out", out, "--label", name]
    subprocess.run(command + list(more), check=True)
    return out


def check(snapshot):
    """It loads, restores what it packed, and beats zstd with a dictionary on every held-out file."""
    linkcodec = tool.find()
    tool.run(linkcodec, "snapshot", "verify", snapshot)
    for name, layout in (("reports.jsonl", "lines"), ("frames.lp", "u32le")):
        source, packed, restored = os.path.join(ROOT, "data", "dev", name), os.path.join(ROOT, "packed"), os.path.join(ROOT, "restored")
        tool.run(linkcodec, "pack", source, "-o", packed, "--messages", layout, "--snapshot", snapshot)
        tool.run(linkcodec, "unpack", packed, "-o", restored, "--snapshot", snapshot)
        with open(source, "rb") as a, open(restored, "rb") as b:
            assert a.read() == b.read(), "%s came back otherwise" % name
    with open(os.path.join(snapshot, "report.md"), encoding="utf-8") as f:
        rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in f if line.startswith("|")]
    head, figures = rows[0], {row[0]: row for row in rows[2:]}
    ours, sequence, zstd = (head.index(column) for column in ("LinkCodec", "in sequence", "zstd, dictionary"))
    assert set(figures) == {"reports.jsonl", "frames.lp", "all"}, figures
    for row in figures.values():
        assert row[zstd] == "-" or float(row[ours]) < float(row[zstd]), "zstd with a dictionary takes less: %s" % row
        # Where a code is as short as its content allows (specification, 5.4-5), an earlier segment cannot make it shorter.
        assert float(row[sequence]) <= float(row[ours]), "what was acknowledged does not help: %s" % row


def test_context_mixing_alone():
    check(make("context-mixing-alone", "--no-network"))


def test_with_a_network():
    missing = [name for name in ("torch", "onnx", "msgpack") if importlib.util.find_spec(name) is None]
    if missing:
        print("skipped: the snapshot with a network: Python has no %s here (eng/setup.sh training installs it)" % ", ".join(missing))
        return False
    snapshot = make("with-network", "--init", "none", "--width", "32", "--layers", "2", "--minutes", "0.3", "--epochs", "2", "--float32")
    assert os.path.exists(os.path.join(snapshot, "network-0.onnx"))
    check(snapshot)


def test_what_cannot_be_made_is_one_line():
    for more, says in ((["--data", os.path.join(ROOT, "nowhere")], "error: no folder"), (["--init", "nothing.npz"], "error: no weights at nothing.npz")):
        command = [sys.executable, os.path.join(HERE, "make_snapshot.py"), "--data", os.path.join(ROOT, "data"), "--out", os.path.join(ROOT, "x"), "--label", "x"]
        done = subprocess.run(command + more, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert done.returncode == 1 and done.stderr.decode().startswith(says) and done.stderr.count(b"\n") == 1, done.stderr


if __name__ == "__main__":
    make_data()
    runner.run(globals())
