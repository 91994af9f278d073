#!/usr/bin/env python3
"""Reads messages from files and joins them to one token stream for training.

A file's name says how its messages are told apart:
  .txt .jsonl   one message a line
  .rs           records ended by the byte 0x1E (messages may hold newlines)
  .lp           binary records, each after its length as 4 bytes, little-endian
Any of them may be compressed with xz (".xz" after the name).
"""
import argparse
import json
import lzma
import os
import random
import struct
import sys

import numpy as np

START = 256        # as an input token: a message begins, the state is empty
END = 256          # as a target: the message ends here
CUT = 257          # in a stream: begins a piece of a message that was cut; no end was there to learn

KINDS = (".txt", ".jsonl", ".rs", ".lp")


def fail(text):
    """Ends the program with one line on standard error."""
    sys.exit("error: " + text)


def split_messages(name, data):
    """Splits a file's bytes into messages; empty ones are dropped."""
    if name.endswith(".lp"):
        out, at = [], 0
        while at < len(data):
            if at + 4 > len(data):
                raise ValueError("%s: a length is cut off at byte %d" % (name, at))
            size, = struct.unpack_from("<I", data, at)
            at += 4
            if at + size > len(data):
                raise ValueError("%s: a record is cut off at byte %d" % (name, at))
            out.append(data[at:at + size])
            at += size
    else:
        out = data.split(b"\x1e" if name.endswith(".rs") else b"\n")
    return [m for m in out if m]


def read_file(path):
    """All messages of one file."""
    name = path
    if path.endswith(".xz"):
        name = path[:-3]
        with lzma.open(path) as f:
            data = f.read()
    else:
        with open(path, "rb") as f:
            data = f.read()
    return split_messages(name, data)


def message_files(root):
    """Paths of all message files below a folder, sorted."""
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            bare = name[:-3] if name.endswith(".xz") else name
            if bare.endswith(KINDS):
                found.append(os.path.join(folder, name))
    return sorted(found)


def load_part(root, part):
    """{file name without .xz: [messages]} of root/part, in the order of the paths."""
    folder = os.path.join(root, part)
    if not os.path.isdir(folder):
        fail("no folder %s (give the one that holds train/ and dev/ with --data)" % folder)
    files = message_files(folder)
    if not files:
        fail("no .txt, .jsonl, .rs or .lp file (plain or .xz) below %s" % folder)
    kinds = {}
    for path in files:
        name = os.path.basename(path)
        kinds.setdefault(name[:-3] if name.endswith(".xz") else name, []).extend(read_file(path))
    return kinds


def pieces(message, limit):
    """[(bytes, is_last)]: a message cut at `limit` bytes. Only the last piece ends the message."""
    return [(message[i:i + limit], i + limit >= len(message)) for i in range(0, len(message), limit)]


def build_stream(kinds, limit, seed):
    """One uint16 array: each piece preceded by START, or by CUT where the piece before it in the stream did not end.

    So the token at a piece's head tells what the target after the previous piece is: END (its message ended there)
    or nothing (it was merely cut).
    """
    parts = [p for messages in kinds.values() for m in messages for p in pieces(m, limit)]
    random.Random(seed).shuffle(parts)
    total = sum(len(p) + 1 for p, _ in parts)
    stream = np.empty(total, np.uint16)
    at, ended = 0, False                      # before the first piece there is nothing to learn
    for part, last in parts:
        stream[at] = START if ended else CUT
        stream[at + 1:at + 1 + len(part)] = np.frombuffer(part, np.uint8)
        at += 1 + len(part)
        ended = last
    return stream


def mixed(kinds, shares, seed):
    """Each file's messages as often as its share says: 2 twice, 0.3 about three in ten of them. "*" is the share of files not named."""
    chosen, out = random.Random(seed), {}
    for name in sorted(kinds):
        share = shares.get(name, shares.get("*", 1))
        rest = share - int(share)
        out[name] = kinds[name] * int(share) + [m for m in kinds[name] if chosen.random() < rest]
    return out


def cached_stream(root, path, limit=2000, seed=0, mix=None):
    """The stream of root/train, kept in `path` so that a resumed run reads the same one. `mix`: a JSON file of shares by file."""
    if not os.path.exists(path):
        kinds = load_part(root, "train")
        if mix:
            with open(mix) as f:
                kinds = mixed(kinds, json.load(f), seed)
        stream = build_stream(kinds, limit, seed)
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        np.save(path + ".tmp.npy", stream)
        os.replace(path + ".tmp.npy", path)
    return np.load(path, mmap_mode="r")


def main():
    parser = argparse.ArgumentParser(
        description="Lists the messages of train/ or dev/ by file.",
        epilog="example: data.py --data ../../my-messages --part dev")
    parser.add_argument("--data", default=os.environ.get("LINKCODEC_DATA", "../shared/data"),
                        help="folder that holds train/ and dev/ (default: $LINKCODEC_DATA, then ../shared/data)")
    parser.add_argument("--part", choices=("train", "dev"), default="train")
    args = parser.parse_args()
    for name, messages in load_part(args.data, args.part).items():
        print("%-40s %8d messages %11d bytes" % (name, len(messages), sum(map(len, messages))))


if __name__ == "__main__":
    main()
