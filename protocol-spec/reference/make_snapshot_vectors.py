#!/usr/bin/env python3
"""Prints the vectors of section 6: every rule of the manifest broken once. Run by hand when the spec changes."""
import copy
import json

from snapshot import blake2b_256, pack, toy_decision_fingerprint, toy_fingerprint


def digest(text):
    return blake2b_256(text.encode()).digest()


def manifest():
    return ("map", [
        (0, 1), (1, "small"), (2, "bytes"), (3, 257), (4, 18), (5, [1, 1]),
        (6, [["model.onnx", 1048576, digest("model")], ["tables/exp.bin", 4096, digest("exp")]]),
        (7, [b"probe text 0123", digest("fingerprint")]),
        (8, ("map", [(0, 2), (1, 256), (2, 256), (3, 256), (4, 32)])),
    ])


def changed(key, value):
    pairs = [(k, value if k == key else v) for k, v in manifest()[1]]
    return pack(("map", pairs))


def files(*entries):
    return changed(6, [list(entry) for entry in entries])


def parameters(*values):
    return changed(8, ("map", list(enumerate(values))))


def keys(change):
    pairs = copy.deepcopy(manifest()[1])
    change(pairs)
    return pack(("map", pairs))


def one(path, size=1):
    return files((path, size, digest("x")))


def mixed(networks, bits=16):
    return keys(lambda p: (p.__setitem__(2, (2, "mixed")), p.__setitem__(4, (4, bits)), p.__setitem__(8, (8, networks))))


GOOD = pack(manifest())
MANY = [(f"f{i:02}", 1, digest("x")) for i in range(65)]
VALID = [
    ("two files", GOOD),
    ("empty label, empty probe, empty file, no state", pack(("map", [
        (0, 1), (1, ""), (2, "bytes"), (3, 257), (4, 16), (5, [1, 1]), (6, [["m", 0, digest("")]]),
        (7, [b"", digest("f")]), (8, ("map", [(0, 0), (1, 0), (2, 256), (3, 256), (4, 1)]))]))),
    ("largest label, in two alphabets", changed(1, "é" * 32)),
    ("64 files", files(*MANY[:64])),
    ("4 GiB in all", files(("a", 4294967295, digest("a")), ("b", 1, digest("b")))),
    ("largest path", one("d/" + "x" * 126)),
    ("largest probe", changed(7, [bytes(range(256)) * 16, digest("p")])),
    ("capital letters sort first", files(("Z", 1, digest("x")), ("a", 1, digest("x")))),
    ("largest state, bits and batch", keys(lambda p: (p.__setitem__(4, (4, 24)), p.__setitem__(8, (8, ("map", list(enumerate([64, 1048576, 256, 256, 256])))))))),
    ("mixed, no network", mixed([])),
    ("mixed, one network", mixed([[12, 256, 64]])),
    ("mixed, eight networks, the largest last", mixed([[0, 0, 1]] + [[6, 128, 64]] * 6 + [[64, 1048576, 256]])),
]
REJECT = [
    ("Malformed", "no bytes", b""),
    ("Malformed", "cut short", GOOD[:-1]),
    ("Malformed", "a byte follows", GOOD + b"\x00"),
    ("Malformed", "not a map", pack([1])),
    ("Malformed", "not MessagePack", b"\xc1"),
    ("Malformed", "a map without keys", b"\x80"),
    ("Malformed", "version 0", changed(0, 0)),
    ("SnapshotTooNew", "version 2", changed(0, 2)),
    ("SnapshotTooNew", "version 2 with other content", pack(("map", [(0, 2), (1, 7)]))),
    ("SnapshotTooNew", "an unknown key", keys(lambda p: p.append((9, 0)))),
    ("SnapshotTooNew", "an unknown family", changed(2, "pixels")),
    ("SnapshotTooNew", "a newer quantiser", changed(5, [2, 1])),
    ("SnapshotTooNew", "a newer coder", changed(5, [1, 2])),
    ("SnapshotTooNew", "an unknown parameter", parameters(2, 256, 256, 256, 32, 1)),
    ("Malformed", "a key is missing", keys(lambda p: p.pop(4))),
    ("Malformed", "a key stands twice", keys(lambda p: p.__setitem__(4, (3, 257)))),
    ("Malformed", "keys out of order", keys(lambda p: p.insert(2, p.pop(1)))),
    ("Malformed", "a label that is a number", changed(1, 5)),
    ("Malformed", "a label as binary", changed(1, b"small")),
    ("Malformed", "a label with a line feed", changed(1, "a\nb")),
    ("Malformed", "a label that is not UTF-8", GOOD.replace(b"\xa5small", b"\xa5sm\xffll")),
    ("LimitExceeded", "a label of 65 bytes", changed(1, "x" * 65)),
    ("Malformed", "256 symbols", changed(3, 256)),
    ("Malformed", "15 frequency bits", changed(4, 15)),
    ("Malformed", "25 frequency bits", changed(4, 25)),
    ("Malformed", "one version only", changed(5, [1])),
    ("Malformed", "no file", changed(6, [])),
    ("LimitExceeded", "65 files", files(*MANY)),
    ("LimitExceeded", "one byte over 4 GiB", files(("a", 4294967296, digest("a")), ("b", 1, digest("b")))),
    ("LimitExceeded", "sizes that overflow", files(("a", 2**64 - 1, digest("a")), ("b", 2, digest("b")))),
    ("Malformed", "files out of order", files(("b", 1, digest("x")), ("a", 1, digest("x")))),
    ("Malformed", "a file twice", files(("a", 1, digest("x")), ("a", 1, digest("x")))),
    ("Malformed", "an absolute path", one("/etc/passwd")),
    ("Malformed", "a path upwards", one("../model.onnx")),
    ("Malformed", "a path upwards in the middle", one("a/../../b")),
    ("Malformed", "a path to itself", one("./a")),
    ("Malformed", "an empty part", one("a//b")),
    ("Malformed", "a slash at the end", one("a/")),
    ("Malformed", "an empty path", one("")),
    ("Malformed", "a backslash", one("a\\b")),
    ("Malformed", "a drive", one("C:model")),
    ("Malformed", "a path with a zero byte", one("a\x00b")),
    ("Malformed", "a path with a space", one("a b")),
    ("LimitExceeded", "a path of 129 bytes", one("x" * 129)),
    ("Malformed", "a file without hash", files(("a", 1))),
    ("Malformed", "a hash of 31 bytes", files(("a", 1, digest("x")[:31]))),
    ("Malformed", "a size that is text", files(("a", "1", digest("x")))),
    ("LimitExceeded", "a probe of 4,097 bytes", changed(7, [bytes(4097), digest("f")])),
    ("Malformed", "a fingerprint of 33 bytes", changed(7, [b"", digest("f") + b"\x00"])),
    ("Malformed", "a parameter is missing", parameters(2, 256, 256, 256)),
    ("LimitExceeded", "65 state tensors", parameters(65, 256, 256, 256, 32)),
    ("LimitExceeded", "too wide a state", parameters(2, 1048577, 256, 256, 32)),
    ("Malformed", "another start symbol", parameters(2, 256, 0, 256, 32)),
    ("Malformed", "another end symbol", parameters(2, 256, 256, 255, 32)),
    ("Malformed", "a batch of 0", parameters(2, 256, 256, 256, 0)),
    ("LimitExceeded", "a batch of 257", parameters(2, 256, 256, 256, 257)),
    ("Malformed", "mixed: 18 frequency bits", mixed([], 18)),
    ("Malformed", "mixed: 15 frequency bits", mixed([], 15)),
    ("Malformed", "mixed: a map of parameters", mixed(("map", list(enumerate([2, 256, 256, 256, 32]))))),
    ("Malformed", "mixed: a number for its networks", mixed(0)),
    ("LimitExceeded", "mixed: nine networks", mixed([[6, 128, 64]] * 9)),
    ("Malformed", "mixed: a network that is a number", mixed([6])),
    ("Malformed", "mixed: a network of two dimensions", mixed([[6, 128]])),
    ("SnapshotTooNew", "mixed: a network of four dimensions", mixed([[6, 128, 64, 1]])),
    ("Malformed", "mixed: a dimension that is text", mixed([["6", 128, 64]])),
    ("LimitExceeded", "mixed: 65 state tensors", mixed([[6, 128, 64], [65, 128, 64]])),
    ("LimitExceeded", "mixed: too wide a state", mixed([[6, 1048577, 64]])),
    ("Malformed", "mixed: a batch of 0", mixed([[6, 128, 0]])),
    ("LimitExceeded", "mixed: a batch of 257", mixed([[6, 128, 257]])),
    ("Malformed", "bytes: an array of networks", changed(8, [[2, 256, 32]])),
    ("Malformed", "mixed: a longer array header than needed", mixed([])[:-1] + b"\xdc\x00\x00"),
    ("Malformed", "a longer map header than needed", b"\xde\x00\x09" + GOOD[1:]),
    ("Malformed", "a longer number than needed", GOOD.replace(b"\x04\x12", b"\x04\xcc\x12", 1)),
    ("Malformed", "a longer text header than needed", GOOD.replace(b"\xa5small", b"\xd9\x05small")),
    ("Malformed", "a longer binary header than needed", GOOD.replace(b"\xc4\x0fprobe", b"\xc5\x00\x0fprobe")),
    ("Malformed", "a longer array header than needed", GOOD.replace(b"\x05\x92\x01\x01", b"\x05\xdc\x00\x02\x01\x01")),
    ("Malformed", "a number as a signed one", GOOD.replace(b"\x04\x12", b"\x04\xd0\x12", 1)),
    ("LimitExceeded", "32,769 bytes", GOOD + bytes(32769 - len(GOOD))),
]

PROBES = [(b"", 18), (b"a", 16), (b"probe text 0123", 18), (bytes(range(256)), 24)]
DECISION_PROBES = [b"", b"a", b"probe text 0123", b"first\x1esecond\x1e\x1efourth", b"\x1e", bytes(range(256))]

if __name__ == "__main__":
    assert all(data != GOOD for _, _, data in REJECT)
    print(json.dumps({
        "feature": "snapshots: manifests and their names (06-snapshots.md, sections 1 and 2)",
        "valid": [{"what": what, "manifest": data.hex(), "name": blake2b_256(data).hexdigest(), "short_id": blake2b_256(data).hexdigest()[:8]} for what, data in VALID],
        "toy_model": "state x, 1 at the start; the weight of symbol s in 0..256 is 1 + ((x * (s + 1)) >> 7) mod 4096; after byte b, x becomes (x * 1103515245 + b + 1) mod 2^31",
        "toy_fingerprints": [{"probe": probe.hex(), "bits": bits, "fingerprint": toy_fingerprint(probe, bits)} for probe, bits in PROBES],
        "toy_decision_model": "16 bits, state x, 1 at the start; a message begins with the decision (0, 2^15) and its last symbol is 256; each symbol is the bit of whether it is 256, no being 1 + (x >> 7) mod 65535 wide, and if not the eight bits of the byte, the highest first, no being 1 + ((x * (node + 1)) >> 7) mod 65535 wide, where node is 1 and then 2 * node + bit; yes lies above no; after each symbol s, x becomes (x * 1103515245 + s + 1) mod 2^31; a context is the x after the symbols of the messages of a chain, 1 at first, and a message from it starts with that x",
        "toy_decision_fingerprints": [{"probe": probe.hex(), "fingerprint": toy_decision_fingerprint(probe)} for probe in DECISION_PROBES],
        "must_reject": [{"what": what, "error": error, "manifest": data.hex()} for error, what, data in REJECT],
    }, indent=1, ensure_ascii=False))
