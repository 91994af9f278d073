"""The manifest of a snapshot: canonical MessagePack (smallest encodings, integer keys ascending, bytes as bin, text as str).

Its BLAKE2b-256 hash is the snapshot's name; it names every file by hash, so the name stands for all of them.
"""
import hashlib
import os

import msgpack

from coder_table import BITS, SYMBOLS

FORMAT, QUANTISER, CODER = 1, 1, 1
FILE = "manifest.msgpack"
MAX_BATCH = 64
MIXED_BITS = 16


def digest(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def canonical(value):
    """The value with the keys of all maps ascending."""
    if isinstance(value, dict):
        return {k: canonical(value[k]) for k in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [canonical(v) for v in value]
    return value


def pack(value):
    return msgpack.packb(canonical(value), use_bin_type=True)


def unpack(data):
    """The manifest's map; raises ValueError where the bytes are not the canonical ones."""
    value = msgpack.unpackb(data, raw=False, strict_map_key=False)
    if pack(value) != data:
        raise ValueError("the manifest is not canonical MessagePack")
    return value


def listed(files):
    return [[path, len(files[path]), digest(files[path])] for path in sorted(files)]


def make(label, files, probe, fingerprint, states, width):
    """Manifest bytes of one network. `files` maps a path to its bytes."""
    return pack({0: FORMAT, 1: label, 2: "bytes", 3: SYMBOLS, 4: BITS, 5: [QUANTISER, CODER], 6: listed(files),
                 7: [bytes(probe), fingerprint], 8: {0: states, 1: width, 2: 256, 3: 256, 4: MAX_BATCH}})


def make_mixed(label, files, probe, fingerprint, networks):
    """Manifest bytes of context mixing around networks, (states, width) each. `files` maps a path to its bytes.

    The fingerprint is over decisions of context mixing, so it comes from the library: `linkcodec snapshot seal` does all of this.
    """
    return pack({0: FORMAT, 1: label, 2: "mixed", 3: SYMBOLS, 4: MIXED_BITS, 5: [QUANTISER, CODER], 6: listed(files),
                 7: [bytes(probe), fingerprint], 8: [[states, width, MAX_BATCH] for states, width in networks]})


def read(folder):
    with open(os.path.join(folder, FILE), "rb") as f:
        return f.read()


def locate(folder, path, expected):
    """Where a snapshot's file lies: in its folder, or in that of a neighbour whose manifest names the same content."""
    own = os.path.join(folder, path)
    if os.path.exists(own):
        return own
    parent = os.path.dirname(os.path.abspath(folder))
    for other in sorted(os.listdir(parent)):
        if os.path.exists(os.path.join(parent, other, FILE)):
            for theirs, _, their_digest in unpack(read(os.path.join(parent, other)))[6]:
                if their_digest == expected and os.path.exists(os.path.join(parent, other, theirs)):
                    return os.path.join(parent, other, theirs)
    return own


def check(folder):
    """(manifest, name) of a snapshot folder whose files all have the size and hash that the manifest gives."""
    data = read(folder)
    value = unpack(data)
    for path, size, expected in value[6]:
        with open(locate(folder, path, expected), "rb") as f:
            content = f.read()
        if len(content) != size or digest(content) != expected:
            raise ValueError("%s is not the file that the manifest names" % path)
    return value, digest(data).hex()
