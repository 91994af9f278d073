#!/usr/bin/env python3
"""Checks a snapshot folder as section 6 of the spec says: its manifest, its name, its files.

    snapshot.py FOLDER [NAME]      print the name; exit 1 with one line when something is not as it must be
    snapshot.py --vectors FILE     check the vectors of section 6

Slow and plain on purpose; the standard library only.
"""
import hashlib
import json
import os
import re
import struct
import sys

MANIFEST = "manifest.msgpack"


class Refused(Exception):
    def __init__(self, code, text):
        super().__init__(f"{code}: {text}")
        self.code = code


def blake2b_256(data):
    return hashlib.blake2b(data, digest_size=32)


def unpack(data, at=0):
    """Reads one MessagePack value of the kinds that a manifest has and returns it with where it ends."""
    def take(count):
        if at + 1 + count > len(data):
            raise Refused("Malformed", "the bytes end early")
        return data[at + 1:at + 1 + count]

    def many(count, start, pairs):
        items, place = [], start
        for _ in range(count * (2 if pairs else 1)):
            value, place = unpack(data, place)
            items.append(value)
        return (list(zip(items[::2], items[1::2])) if pairs else items), place

    if at >= len(data):
        raise Refused("Malformed", "the bytes end early")
    code = data[at]
    if code <= 0x7F:
        return code, at + 1
    if 0x80 <= code <= 0x8F:
        pairs, end = many(code & 15, at + 1, True)
        return ("map", pairs), end
    if 0x90 <= code <= 0x9F:
        return many(code & 15, at + 1, False)
    if code == 0xDC:
        return many(struct.unpack(">H", take(2))[0], at + 3, False)
    if code == 0xDE:
        pairs, end = many(struct.unpack(">H", take(2))[0], at + 3, True)
        return ("map", pairs), end
    if 0xCC <= code <= 0xCF:
        size = 1 << (code - 0xCC)
        return int.from_bytes(take(size), "big"), at + 1 + size
    if 0xA0 <= code <= 0xBF:
        header, size = 0, code & 31
    elif code in (0xC4, 0xC5, 0xD9, 0xDA):
        header = 1 if code in (0xC4, 0xD9) else 2
        size = int.from_bytes(take(header), "big")
    else:
        raise Refused("Malformed", f"the code {code:#04x} has no place in a manifest")
    body = take(header + size)[header:]
    end = at + 1 + header + size
    if code in (0xC4, 0xC5):
        return body, end
    try:
        return body.decode("utf-8"), end
    except UnicodeDecodeError:
        raise Refused("Malformed", "a text is not UTF-8") from None


def pack(value):
    """The smallest encoding of a value that unpack returns."""
    if isinstance(value, int):
        if value <= 0x7F:
            return bytes([value])
        for power in range(4):
            if value < 1 << (8 << power):
                return bytes([0xCC + power]) + value.to_bytes(1 << power, "big")
    if isinstance(value, str):
        body = value.encode()
        head = bytes([0xA0 + len(body)]) if len(body) < 32 else b"\xd9" + bytes([len(body)])
        return head + body
    if isinstance(value, bytes):
        head = b"\xc4" + bytes([len(value)]) if len(value) < 256 else b"\xc5" + struct.pack(">H", len(value))
        return head + value
    pairs = isinstance(value, tuple)
    items = value[1] if pairs else value
    count = len(items)
    head = bytes([(0x80 if pairs else 0x90) + count]) if count < 16 else struct.pack(">BH", 0xDE if pairs else 0xDC, count)
    return head + b"".join(pack(a) + pack(b) for a, b in items) if pairs else head + b"".join(map(pack, items))


def need(holds, text, code="Malformed"):
    if not holds:
        raise Refused(code, text)


def limit(holds, text):
    need(holds, text, "LimitExceeded")


def version(number, newest, what):
    need(isinstance(number, int) and number > 0, f"no version of the {what}")
    need(number <= newest, f"version {number} of the {what}", "SnapshotTooNew")


def array(value, count, what):
    need(isinstance(value, list) and len(value) == count, f"{what}: not an array of {count}")
    return value


def read_manifest(data):
    """The manifest's files, as (path, size, hash); raises Refused. The order of the checks is the order of the keys."""
    limit(len(data) <= 32768, "a manifest of over 32,768 bytes")
    try:
        value, end = unpack(data)
    except RecursionError:
        raise Refused("Malformed", "nested too deep") from None
    need(isinstance(value, tuple), "not a map")
    pairs = value[1]
    need(pairs and pairs[0][0] == 0, "no format version first")
    version(pairs[0][1], 1, "format")
    need(len(pairs) <= 9, "unknown keys", "SnapshotTooNew")
    need([key for key, _ in pairs] == list(range(9)), "the keys are not 0 to 8 in order")
    _, label, family, alphabet, bits, versions, files, probe, parameters = [item for _, item in pairs]
    need(isinstance(label, str), "no label")
    limit(len(label.encode()) <= 64, "a label of over 64 bytes")
    need(not re.search("[\x00-\x1f\x7f-\x9f]", label), "control characters in the label")
    need(isinstance(family, str), "no family")
    limit(len(family.encode()) <= 64, "a family of over 64 bytes")
    need(family in ("bytes", "mixed"), "an unknown family", "SnapshotTooNew")
    need(isinstance(alphabet, int) and alphabet == 257, "not 257 symbols")
    need(isinstance(bits, int) and 16 <= bits <= (24 if family == "bytes" else 16), "frequency bits out of range")
    array(versions, 2, "versions")
    version(versions[0], 1, "quantiser")
    version(versions[1], 1, "coder")
    need(isinstance(files, list) and files, "no files")
    limit(len(files) <= 64, "over 64 files")
    total, previous = 0, ""
    for entry in files:
        path, size, digest = array(entry, 3, "file")
        need(isinstance(path, str), "no path")
        limit(len(path.encode()) <= 128, "a path of over 128 bytes")
        need(all(re.fullmatch(r"[A-Za-z0-9._-]+", p) and p not in (".", "..") for p in path.split("/")), "a path that is not allowed")
        need(path > previous, "files out of order")
        need(isinstance(size, int), "no size")
        total, previous = total + size, path
        limit(total <= 1 << 32, "over 4 GiB of files")
        need(isinstance(digest, bytes) and len(digest) == 32, "no hash")
    array(probe, 2, "probe")
    need(isinstance(probe[0], bytes), "no probe")
    limit(len(probe[0]) <= 4096, "a probe of over 4,096 bytes")
    need(isinstance(probe[1], bytes) and len(probe[1]) == 32, "no fingerprint")
    (read_network if family == "bytes" else read_networks)(parameters)
    need(end == len(data), "more bytes follow")
    need(pack(value) == data, "not in canonical form")
    return files


def dimensions(tensors, width, batch):
    need(all(isinstance(n, int) for n in (tensors, width, batch)), "a dimension is no number")
    limit(tensors <= 64 and width <= 1 << 20, "too large a state")
    need(batch > 0, "a batch of 0")
    limit(batch <= 256, "a batch of over 256")


def read_networks(parameters):
    """Key 8 of the family "mixed"."""
    need(isinstance(parameters, list), "no array of networks")
    limit(len(parameters) <= 8, "over 8 networks")
    for network in parameters:
        need(isinstance(network, list), "no dimensions of a network")
        need(len(network) <= 3, "unknown dimensions", "SnapshotTooNew")
        need(len(network) == 3, "not three dimensions")
        dimensions(*network)


def read_network(parameters):
    """Key 8 of the family "bytes"."""
    need(isinstance(parameters, tuple), "no parameters")
    need(len(parameters[1]) <= 5, "unknown parameters", "SnapshotTooNew")
    need([key for key, _ in parameters[1]] == list(range(5)), "the parameters are not 0 to 4 in order")
    tensors, width, start, stop, batch = [item for _, item in parameters[1]]
    need(start == 256 and stop == 256, "other start or end symbols than 256")
    dimensions(tensors, width, batch)


def toy_weights(x):
    """The model of the fingerprint vectors: its state is one number, 1 at the start."""
    return [1 + ((x * (symbol + 1)) >> 7) % 4096 for symbol in range(257)]


def toy_fingerprint(probe, bits):
    state, x = blake2b_256(b""), 1
    for symbol in [None, *probe]:
        if symbol is not None:
            x = (x * 1103515245 + symbol + 1) % (1 << 31)
        weights = toy_weights(x)
        total, before, starts = sum(weights), 0, []
        for allowed, weight in enumerate(weights):
            starts.append(before * ((1 << bits) - 257) // total + allowed)
            before += weight
        starts.append(1 << bits)
        for left, right in zip(starts, starts[1:]):
            state.update(struct.pack("<I", right - left))
    return state.hexdigest()


def toy_messages(probe):
    return probe.split(b"\x1e")


def toy_next(x, symbol):
    return (x * 1103515245 + symbol + 1) % (1 << 31)


def toy_decisions(message, x):
    """A choice at the start, and of each symbol whether it is the end, and of a byte eight bits: yes lies above no."""
    yield 0, 1 << 15
    for symbol in [*message, 256]:
        no = 1 + (x >> 7) % 65535
        yield (no, 65536 - no) if symbol == 256 else (0, no)
        node = 1
        while symbol < 256 and node < 256:
            no = 1 + ((x * (node + 1)) >> 7) % 65535
            bit = symbol >> (8 - node.bit_length()) & 1
            yield (no, 65536 - no) if bit else (0, no)
            node = 2 * node + bit
        x = toy_next(x, symbol)


def toy_decision_fingerprint(probe):
    state, learned = blake2b_256(b""), 1
    for message in toy_messages(probe):
        for symbol in [*message, 256]:
            learned = toy_next(learned, symbol)
    for start in (1, learned):
        for message in toy_messages(probe):
            for cumulative, frequency in toy_decisions(message, start):
                state.update(struct.pack("<II", cumulative, frequency))
    return state.hexdigest()


def verify(folder, expected=None):
    path = os.path.join(folder, MANIFEST)
    if not os.path.isfile(path):
        raise Refused("SnapshotNotFound", f"{path}: expected a file, found none")
    with open(path, "rb") as stream:
        data = stream.read(32769)
    files = read_manifest(data)
    name = blake2b_256(data).hexdigest()
    need(expected in (None, name), f"expected the snapshot {expected}, found {name}", "SnapshotAltered")
    for relative, size, digest in files:
        path = os.path.join(folder, *relative.split("/"))
        if not os.path.isfile(path):
            raise Refused("SnapshotNotFound", f"{path}: expected a file, found none")
        found = os.path.getsize(path)
        need(found == size, f"{path}: expected {size} bytes, found {found}", "SnapshotAltered")
        state = blake2b_256(b"")
        with open(path, "rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                state.update(block)
        need(state.digest() == digest, f"{path}: expected the hash {digest.hex()}, found {state.hexdigest()}", "SnapshotAltered")
    return name


def check_vectors(path):
    with open(path, encoding="utf-8") as stream:
        vectors = json.load(stream)
    for case in vectors["valid"]:
        data = bytes.fromhex(case["manifest"])
        read_manifest(data)
        name = blake2b_256(data).hexdigest()
        assert name == case["name"] and name[:8] == case["short_id"], case["what"]
    for case in vectors["toy_fingerprints"]:
        assert toy_fingerprint(bytes.fromhex(case["probe"]), case["bits"]) == case["fingerprint"], case
    for case in vectors["toy_decision_fingerprints"]:
        assert toy_decision_fingerprint(bytes.fromhex(case["probe"])) == case["fingerprint"], case
    for case in vectors["must_reject"]:
        try:
            read_manifest(bytes.fromhex(case["manifest"]))
        except Refused as refused:
            assert refused.code == case["error"], f"{case['what']}: {refused}"
        else:
            raise AssertionError(f"{case['what']}: accepted")
    return f"{len(vectors['valid'])} valid, {len(vectors['must_reject'])} rejected"


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--vectors":
        print(check_vectors(arguments[1]))
        return 0
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(verify(*arguments))
        return 0
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
