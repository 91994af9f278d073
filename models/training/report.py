#!/usr/bin/env python3
"""Measures a snapshot on the messages of DATA/dev beside zstd with a dictionary, brotli and deflate, and writes a table.

Of each file the first messages are taken, the same for all codecs; `linkcodec compare` checks that every message comes back. The
others compress every message alone; LinkCodec's messages teach those behind them in their segment, and "in sequence" those of
later segments too, as over a link that acknowledges.
"""
import argparse
import os
import random
import struct
import tempfile

import data
import tool

CODECS = (("LinkCodec", "LinkCodec"), ("zstd 19 with dictionary", "zstd, dictionary"), ("brotli 11", "brotli"), ("deflate 9", "deflate"))
HEAD = ["LinkCodec", "in sequence"] + [name for _, name in CODECS[1:]]
DICTIONARY_BYTES = 4 << 20         # of examples: far more than a dictionary of 110 KB can use


def first(messages, size):
    """The first messages, about `size` bytes in all (0: everything)."""
    taken, total = [], 0
    for message in messages:
        if size and total >= size:
            break
        taken.append(message)
        total += len(message)
    return taken


def write_records(path, messages):
    with open(path, "wb") as f:
        f.write(b"".join(struct.pack("<I", len(m)) + m for m in messages))


def examples(messages, seed=1):
    """Messages for the dictionary, shuffled."""
    shuffled = list(messages)
    random.Random(seed).shuffle(shuffled)
    return first(shuffled, DICTIONARY_BYTES)


def measure(linkcodec, snapshot, messages, train):
    """{column: bytes}: each message coded alone, without framing; a codec that is missing on this machine has no entry."""
    with tempfile.TemporaryDirectory() as folder:
        dev, examples_path = os.path.join(folder, "dev.lp"), os.path.join(folder, "train.lp")
        write_records(dev, messages)
        arguments = ["compare", dev, "--messages", "u32le", "--snapshot", snapshot, "--json"]
        if train:
            write_records(examples_path, examples(train))
            arguments += ["--train", examples_path]
        figures = {codec["name"]: codec["payload_bytes"] for codec in tool.run_json(linkcodec, *arguments)["codecs"]}
        sizes = {column: figures[name] for name, column in CODECS if name in figures}
        packed = tool.run_json(linkcodec, "pack", dev, "-o", os.path.join(folder, "dev.lnk"), "--messages", "u32le",
                               "--snapshot", snapshot, "--context", "acked", "--json")
        sizes["in sequence"] = packed["coded_bytes"]
        return sizes


def rows(linkcodec, snapshot, folder, size, only=""):
    """[(file, messages, bytes, {column: bytes})] for each file of dev/."""
    train, out = data.load_part(folder, "train"), []
    for name, messages in data.load_part(folder, "dev").items():
        if only in name and messages:
            taken = first(messages, size)
            sizes = measure(linkcodec, snapshot, taken, train.get(name))
            out.append((name, len(taken), sum(map(len, taken)), sizes))
    return out


def table(lines):
    """Markdown: bits for a byte of message."""
    def cells(size, sizes):
        return " | ".join("%.3f" % (8 * sizes[c] / size) if c in sizes and size else "-" for c in HEAD)
    text = ["| file | messages | bytes | " + " | ".join(HEAD) + " |", "|---|---:|---:|" + "---:|" * len(HEAD)]
    text += ["| %s | %d | %d | %s |" % (name, count, size, cells(size, sizes)) for name, count, size, sizes in lines]
    common = [c for c in HEAD if all(c in sizes for _, _, _, sizes in lines)]
    total = {c: sum(sizes[c] for _, _, _, sizes in lines) for c in common}
    text.append("| **all** | %d | %d | %s |" % (sum(r[1] for r in lines), sum(r[2] for r in lines), cells(sum(r[2] for r in lines), total)))
    return "\n".join(text)


def write(path, linkcodec, snapshot, folder, size, only=""):
    """Measures, writes the report and returns the rows."""
    facts = tool.run_json(linkcodec, "snapshot", "show", snapshot, "--json")
    lines = rows(linkcodec, snapshot, folder, size, only)
    with open(path, "w", encoding="utf-8") as f:
        f.write("# %s\n\nSnapshot `%s`: %s.\n\n" % (facts["label"], facts["name"], facts["files"]))
        f.write("Bits for a byte of message, on messages that nothing was trained on (`dev/`%s), without framing. The others compress\n"
                "every message alone; LinkCodec's messages teach those behind them in their segment, and in the column *in sequence* those\n"
                "of later segments too, as over a link that acknowledges. All others were decoded and compared. The dictionary is trained on the same messages\n"
                "as the snapshot.\n\n" % (", the first %d KB of each file" % (size // 1000) if size else ""))
        f.write(table(lines) + "\n")
    return lines


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="example: report.py .work/mine --data ../../my-messages --out report.md")
    p.add_argument("snapshot", help="the snapshot's folder, label or name")
    p.add_argument("--data", required=True, help="folder that holds train/ and dev/")
    p.add_argument("--out", default="report.md", help="the file to write (default report.md)")
    p.add_argument("--kilobytes", type=int, default=100, help="thousands of bytes of each file, 0 for all (default 100)")
    p.add_argument("--only", default="", help="files whose name holds this")
    p.add_argument("--linkcodec", default="", help="the linkcodec command (default: what ./build made)")
    args = p.parse_args()
    lines = write(args.out, tool.find(args.linkcodec), args.snapshot, args.data, 1000 * args.kilobytes, args.only)
    print(table(lines))


if __name__ == "__main__":
    main()
