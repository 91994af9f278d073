#!/usr/bin/env python3
"""Plain reference reader of what control maps say of durable queues (04-frames.md, 4.8). Checks vectors/queues.json:
queues.py [PATH]."""
import json
import pathlib
import sys

NUMBER_MAX = (1 << 62) - 1
NAMES = {7: "queue", 8: "begins", 9: "delivered", 10: "session", 11: "asks", 12: "begun", 13: "keeps", 14: "bytes", 15: "check"}
BEGUN = {"begun", "bytes", "check"}


class Malformed(Exception):
    pass


def value(data):
    """A MessagePack integer; None for a short string, which says nothing here."""
    if not data:
        raise Malformed
    kind, rest = data[0], data[1:]
    size = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}.get(kind, 0)
    if kind < 0x80:
        return kind, rest
    if 0xA0 <= kind < 0xC0:
        return None, rest[kind - 0xA0:]
    if not size or len(rest) < size:
        raise Malformed
    return int.from_bytes(rest[:size], "big"), rest[size:]


def read(data):
    if not data or not 0x80 <= data[0] < 0x90:
        raise Malformed
    entries, rest = {}, data[1:]
    for _ in range(data[0] - 0x80):
        key, rest = value(rest)
        entries[key], rest = value(rest)
    said = {NAMES[key]: number for key, number in entries.items() if key in NAMES and number is not None}
    if "delivered" in said:
        return said
    complete = {"queue", "session"} <= said.keys() and ("begins" in said or "asks" in said)
    if not complete or max(said.values()) > NUMBER_MAX:
        raise Malformed
    if not BEGUN <= said.keys() or not said["bytes"]:
        said = {name: number for name, number in said.items() if name not in BEGUN}
    return said


def main():
    default = pathlib.Path(__file__).parent.parent / "vectors" / "queues.json"
    vectors = json.loads(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else default).read_text())
    for vector in vectors["valid"]:
        if read(bytes.fromhex(vector["map"])) != {k: v for k, v in vector.items() if k not in ("name", "map")}:
            sys.exit(f"differs: {vector['name']}")
    for vector in vectors["must_reject"]:
        try:
            read(bytes.fromhex(vector["map"]))
        except Malformed:
            continue
        sys.exit(f"accepted: {vector['name']}")
    print(f"{len(vectors['valid'])} valid, {len(vectors['must_reject'])} rejected")


if __name__ == "__main__":
    main()
