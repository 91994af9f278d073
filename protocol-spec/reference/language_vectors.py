"""Checks ../vectors/language.json against language_network.py, tokenizer.py and language_messages.py; with "write" it makes the file.

usage: python3 language_vectors.py [write]      the last line is how many held
"""

import json
import math
import os
import random
import struct
import sys
import unicodedata

import context_mixing_vectors
import language_messages
import language_network
import tokenizer
from coded_frame import crc32c

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors", "language.json")
ROTARY = dict(width=8, layers=2, heads=4, key_heads=2, head_width=4, inner=12, vocabulary=24, window=40, flags=15, epsilon=2.0**-16, range=2.0)
LEARNED = dict(width=12, layers=1, heads=2, key_heads=2, head_width=6, inner=8, vocabulary=17, window=24, flags=4, epsilon=1e-5, range=3.0)
CONTEXT_MIXING = {"formula": "tame", "seed": 4, "dictionary": "", "profiles": [
    {"name": name, "hint": hint, "network": -1, "binary": int(hint == "binary"), "rate": 8, "start_rate": 20} for name, hint in (("prose", "prose"), ("lines", "log"), ("packets", "binary"))]}
AROUND_NETWORKS = dict(CONTEXT_MIXING, profiles=[dict(profile, network=network) for profile, network in zip(CONTEXT_MIXING["profiles"], (0, 1, -1))])
MESSAGES = [
    b"", b" ", b"The wind is 17.5 kn at 1200Z, isn't it?  We've SEEN it'LL rain;\r\n\r\n\tnext: 3/4 mile...\n",
    "na\u00efve caf\u00e9 \u00c9COLE \u00dcber 12\u00bd \u20ac5".encode(), b"\xc3(\xa0\xff\xf0\x9f\x98 cut \xed\xa0\x80 off\xe2\x82",
    "\U0001f600\U0001f680 ok \u4f60\u597d\u4e16\u754c CamelCaseWord aB9c CamelCase CASE\u00aad".encode(), b"<|x|><|x|y|> say <|x|", b"aaaa      bbb \n \n  c   ", b"x" * 300 + b" " * 5,
    ("aa" + "\u00e9\U0001f600" * 100).encode(), b"'s 'S 're'RE'd o'clock 1234567 a1b22 /path/to//x.\n/y _a-b 1231231212 12345 x/\n/\n", "\u2581a\u2581 b \u2581".encode(),
]


def store_of(tensors):
    """The content of language.bin: (name, type, dimensions, bytes) of each tensor."""
    data, names = bytearray(), b""
    for name, kind, dimensions, content in tensors:
        data += bytes(-len(data) % 64)
        names += bytes([len(name)]) + name.encode() + bytes([kind, len(dimensions)]) + struct.pack(f"<{len(dimensions)}iq", *dimensions, len(data))
        data += content
    return bytes(data) + names + struct.pack("<qi", len(data), len(tensors)) + b"LCTS\x01\0\0\0"


def network_store(shape, seed, loudness=4.0):
    rng = random.Random(seed)
    tensors = []
    d, w, f = shape["width"], shape["head_width"], shape["inner"]
    gated, rotary, biases, norms = (bool(shape["flags"] >> bit & 1) for bit in range(4))

    def floats(name, numbers, *dimensions):
        tensors.append((name, 1, dimensions or (len(numbers),), struct.pack(f"<{len(numbers)}f", *numbers)))

    def matrix(name, rows, columns, most, size, scales):
        tensors.append((name + ".q", 0, (rows, columns), struct.pack(f"{rows * columns}b", *(rng.randint(-most, most) for _ in range(rows * columns)))))
        floats(name + ".s", [size * rng.uniform(0.5, 1.5) / most for _ in range(scales)])

    def linear(name, rows, columns, most=127, size=1.0):
        matrix(name, rows, columns, most, size, columns)
        if biases:
            floats(name + ".b", [rng.uniform(-0.3, 0.3) for _ in range(columns)])

    numbers = [shape[name] for name in language_network.SHAPE]
    tensors.append(("shape", 0, (57,), struct.pack("<8iB2d8x", *numbers, shape["flags"], shape["epsilon"], shape["range"])))
    matrix("embedding", shape["vocabulary"], d, 127, 1.0, shape["vocabulary"])
    if not rotary:
        matrix("position", shape["window"], d, 127, 0.5, shape["window"])
    for layer in range(shape["layers"]):
        linear(f"{layer}.qkv", d, (shape["heads"] + 2 * shape["key_heads"]) * w)
        linear(f"{layer}.o", shape["heads"] * w, d)
        linear(f"{layer}.in", d, 2 * f if gated else f)
        linear(f"{layer}.down", f, d, 63)
        if norms:
            floats(f"{layer}.q_norm", [rng.uniform(0.5, 2) for _ in range(w)])
            floats(f"{layer}.k_norm", [rng.uniform(0.5, 2) for _ in range(w)])
        # One range too small, so that keys and values are clipped, and one of a head that calibration has not seen.
        floats(f"{layer}.k_range", [2.5, 0.75] if layer == 0 else [1.5, 2.0])
        floats(f"{layer}.v_range", [1.25, 2.5] if layer == 0 else [2.0, 0.0])
    matrix("head", d, shape["vocabulary"], 127, loudness, shape["vocabulary"])
    if not rotary:
        floats("head.b", [rng.uniform(-1, 1) for _ in range(shape["vocabulary"])])
    middle = int(64 * shape["range"])
    floats("activation", [0.5 + 0.5 * i / (48 + abs(i)) for i in range(-middle, middle + 1)])
    table, entry = [], 127 * 128
    for _ in range(1023):
        table.append(entry)
        entry -= (entry + 40) // 41
    floats("softmax", table + [0])
    if rotary:
        turns = [[(0.6, 0.8) if (p + i) % 3 else (-0.28, 0.96) for i in range(w // 2)] for p in range(shape["window"])]
        floats("rope.cos", [c for row in turns for _ in range(2) for c, _ in row], shape["window"], w)
        floats("rope.sin", [sign * s for row in turns for sign in (-1, 1) for _, s in row], shape["window"], w)
    return store_of(tensors)


def classes():
    """Runs for the units that the messages use; all others are of class 0."""
    kinds = []
    for unit in range(2**16):
        category = unicodedata.category(chr(unit)) if unit < 0x100 or unit in range(0x2580, 0x2590) or unit in range(0x4E00, 0x9FA5) else "Cn"
        kind = {"Lu": 3, "Lt": 3, "Ll": 4}.get(category, {"Z": 1, "N": 2, "L": 5, "M": 6}.get(category[0], 0))
        kinds.append(1 if unit in range(9, 14) or unit == 0x85 else kind)
    return b"".join(struct.pack("<HB", unit, kind) for unit, kind in enumerate(kinds) if unit == 0xFFFF or kinds[unit + 1] != kind)


def token_file(family, pattern, begin, kinds, tokens, merges, runs=None):
    runs = classes() if runs is None else runs
    head = b"LCTK\x02\0\0\0" + struct.pack("<BBIIII", family, pattern, begin, len(tokens), len(merges), len(runs) // 3)
    lengths = struct.pack(f"<{len(tokens)}H", *(len(token) for token in tokens))
    return head + bytes(kinds) + lengths + b"".join(tokens) + b"".join(one.to_bytes(3, "little") for pair in merges for one in pair) + runs


def vocabulary(family):
    """Begin token, whole tokens, single bytes or characters but for some, and merges."""
    kinds, tokens, merges = [tokenizer.CONTROL, tokenizer.WHOLE, tokenizer.WHOLE], [b"", b"<|x|>", b"<|x|y|>"], []

    def put(kind, spelling):
        kinds.append(kind)
        tokens.append(spelling)
        return len(tokens) - 1

    if family == 0:
        singles = {bytes([b]): put(tokenizer.NORMAL, bytes([b])) for b in range(256) if b not in (0x00, 0x7C, 0xE4)}
    else:
        singles = {c.encode(): put(tokenizer.NORMAL, c.encode()) for c in " abcdefghiklmnoprstuvwxyTWSE0123456789.,'\n\u00e9\u4f60"}
        for value in (*range(0x80, 0xC4), 0x0A, 0xF0):
            put(tokenizer.BYTE, bytes([value]))
    known = dict(singles)
    # The commonest pairs of the messages themselves, over the ends of words too: where these fall then shows.
    rows = [[m[i:i + 1] for i in range(len(m))] if family == 0 else [c.encode() for c in m.decode("utf-8", "ignore")] for m in MESSAGES]
    for _ in range(150):
        counts = {}
        for row in rows:
            for pair in zip(row, row[1:]):
                if all(part in known for part in pair) and len(pair[0] + pair[1]) <= 8 and pair[0] + pair[1] not in known:
                    counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            break
        pair = min(counts, key=lambda one: (-counts[one], one))
        known[pair[0] + pair[1]] = put(tokenizer.NORMAL, pair[0] + pair[1])
        merges.append((known[pair[0]], known[pair[1]]))
        for row in rows:
            for at in range(len(row) - 2, -1, -1):
                if tuple(row[at:at + 2]) == pair:
                    row[at:at + 2] = [pair[0] + pair[1]]
    return kinds, tokens, merges


def broken():
    """Files that break one rule each, and what breaks it."""
    kinds, tokens, merges = [3, 2, 0, 0, 0, 0, 1], [b"", b"<|x|>", b"b", b" ", b"a", b"ab", b"\xff"], [(4, 2)]
    good = token_file(0, 1, 0, kinds, tokens, merges)
    runs = classes()
    tokenizer.read_file(good)
    tokenizer.read_file(token_file(1, 6, 0, kinds, tokens, merges))
    yield "empty", b""
    yield "another version", good[:4] + b"\x01" + good[5:]
    yield "family 2", good[:8] + b"\x02" + good[9:]
    yield "pattern 7", good[:9] + b"\x07" + good[10:]
    yield "begin token past the last", token_file(0, 1, len(tokens), kinds, tokens, merges)
    yield "no tokens", token_file(0, 1, 0, [], [], [])
    yield "no normal token", token_file(0, 1, 0, [3], [b""], [])
    yield "a byte more", good + b"\0"
    yield "a byte less", good[:-1]
    yield "kind 4", token_file(0, 1, 0, [4] + kinds[1:], tokens, merges)
    yield "a control token with bytes", token_file(0, 1, 0, kinds, [b"a"] + tokens[1:], merges)
    yield "a byte token of two", token_file(0, 1, 0, kinds + [1], tokens + [b"ab"], merges)
    yield "an empty normal token", token_file(0, 1, 0, kinds + [0], tokens + [b""], merges)
    yield "a normal token of 1,025 bytes", token_file(0, 1, 0, kinds + [0], tokens + [b"z" * 1025], merges)
    yield "a whole token that is no text", token_file(0, 1, 0, kinds + [2], tokens + [b"\xc3"], merges)
    yield "257 whole tokens", token_file(0, 1, 0, kinds + [2] * 257, tokens + [b"w%d" % i for i in range(257)], merges)
    yield "twins", token_file(0, 1, 0, kinds + [0], tokens + [b"a"], merges)
    yield "a normal token that is no text, in SentencePiece", token_file(1, 6, 0, kinds + [0], tokens + [b"\xfe"], merges)
    yield "twins but for the space, in SentencePiece", token_file(1, 6, 0, kinds + [0], tokens + ["\u2581".encode()], merges)
    yield "a merge of a token past the last", token_file(0, 1, 0, kinds, tokens, merges + [(2, len(tokens))])
    yield "a merge of a whole token", token_file(0, 1, 0, kinds, tokens, merges + [(2, 1)])
    yield "a merge to no token", token_file(0, 1, 0, kinds, tokens, merges + [(2, 2)])
    yield "a merge twice", token_file(0, 1, 0, kinds, tokens, merges + merges[:1])
    yield "class 7", token_file(0, 1, 0, kinds, tokens, merges, runs[:-1] + b"\x07")
    yield "two runs of one class", token_file(0, 1, 0, kinds, tokens, merges, b"\x03\0\0" + runs)
    yield "runs out of order", token_file(0, 1, 0, kinds, tokens, merges, runs[3:6] + runs[:3] + runs[6:])
    yield "runs that end early", token_file(0, 1, 0, kinds, tokens, merges, runs[:-3])
    yield "a space that is none", token_file(0, 1, 0, kinds, tokens, merges, b"\x1f\0\1\x20\0\2\xff\xd7\1\xff\xff\0")
    yield "halves of characters as letters", token_file(0, 1, 0, kinds, tokens, merges, b"\xff\xd7\1\xff\xff\5")


AMONG_NETWORKS = ("a line", "a packet", "raw bytes in text", "a line after three of them", "a packet after lines", "after short ones", "many kinds")


def messages():
    """The messages before it in its chain, a message and its hint."""
    wind = [b"The wind is 17.5 kn at 1200Z", b"The wind is 18.5 kn at 1212Z\n", b"The wind is 17.5 kn at 1224Z, isn't it?", b"It's 3/4 mile at 1200Z."]
    packet = bytes(v for i in range(12) for v in (1, 2, 40 * i % 256, 0xB9, i * i % 256))
    yield "nothing", [], b"", "auto"
    yield "a line", [], wind[0], "auto"
    yield "a line that repeats itself beyond the window", [], b" ".join(wind) + b" " + wind[1] + wind[0] + wind[0], "auto"
    yield "a packet", [], packet, "auto"
    yield "raw bytes in text", [], b"caf\xe9 \x00|\xf0\x9f\x98 wind " + wind[0], "log"
    yield "a line after a line", wind[:1], wind[1], "auto"
    yield "a line after three of them", wind[:3], wind[3], "auto"
    yield "the line before again", wind[:2] + wind[:2], wind[1], "auto"
    yield "a line after packets", [packet, packet[5:]], wind[0], "auto"
    yield "a packet after lines", wind[:2], packet, "binary"
    yield "after a message longer than a context", [wind[2] + wind[0]], wind[2], "auto"
    yield "after short ones", [b"The wind", b" is", b"The wind is\n", b"isn't it"], b"The wind is 17.5", "auto"
    yield "a short one after many", [b"wind", b"The wind", b"mile\n", b"wind is"] * 3, b"The wind is", "auto"
    yield "a short one after packets and short ones", [packet, b"wind\n", packet, b"The wind\n"], b"mile wind\n", "log"
    yield "after an empty one", [b"", wind[0]], b"", "auto"
    yield "after one that fills the window and ends with raw bytes", [b" ".join(wind)[:110] + b"|\x00"], wind[0], "auto"
    yield "many kinds", [packet, wind[0], b"\n", b"caf\xe9\xff\n", wind[1], packet], b" ".join(wind[:2]) + b"\n" + packet[:4], "log"


def language_model(description, which):
    tokens = tokenizer.read_file(bytes.fromhex(description["tokenizer"]))
    table = [round(math.exp(-d / 64) * 2**22) for d in range(1023)] + [0]
    assert crc32c(struct.pack("<1024I", *table)) == 0x7D14BA67
    shape = description["shape"]
    mixing = context_mixing_vectors.load(description[which])
    preambles = language_messages.read_preambles(bytes.fromhex(description["preambles"]), len(mixing["profiles"]), shape[0], min(1024, shape[3] - 1))
    return language_messages.Model(language_network.Network(bytes.fromhex(description["store"])), tokens, mixing, table, shape, preambles)


def make():
    valid = []
    kinds, tokens, merges = vocabulary(0)
    shape = dict(ROTARY, heads=2, key_heads=2, layers=1, vocabulary=len(tokens), window=72)
    wind = tokenizer.read_file(token_file(0, 1, 0, kinds, tokens, merges)).encode(b"wind\n")
    models = [{
        "store": network_store(shape, 3, 0.3).hex(), "tokenizer": token_file(0, 1, 0, kinds, tokens, merges).hex(), "context_mixing": CONTEXT_MIXING, "around_networks": AROUND_NETWORKS,
        "shape": [len(tokens), 72, 10, 24],
        "preambles": (b"\x01\x01\x01" + struct.pack(f"<H{len(wind)}I", len(wind), *wind)).hex(),
    }]
    for name, before, message, hint in messages():
        valid.append({"kind": "messages", "name": name, "before": [one.hex() for one in before], "message": message.hex(), "hint": hint})
    for name, before, message, hint in messages():
        if name in AMONG_NETWORKS:
            valid.append({"kind": "messages", "name": f"{name}, context mixing around networks", "context_mixing": "around_networks", "before": [one.hex() for one in before], "message": message.hex(), "hint": hint})
    wind = [b"The wind is 17.5 kn at 1200Z, isn't it?", b"The wind is 18.5 kn at 1212Z\n"]
    for name, at, length in (("behind the first part of a message", 0, 18), ("behind a part that ends in a token", 0, 7), ("behind the first byte of a message", 1, 1), ("behind no byte of a message", 1, 0)):
        valid.append({"kind": "messages", "name": name, "before": [one.hex() for one in wind], "cut": [at, length], "message": wind[0].hex(), "hint": "auto"})
    for name, shape, seed in (("rotary, gated, with norms of heads", ROTARY, 1), ("learned positions, no gate, a bias of the head", LEARNED, 2)):
        rng = random.Random(seed + 10)
        tokens = [rng.randrange(shape["vocabulary"]) for _ in range(shape["window"])]
        valid.append({"kind": "network", "name": name, "store": network_store(shape, seed).hex(), "tokens": tokens})
    for family, pattern in [(0, pattern) for pattern in range(7)] + [(1, 0), (1, 6)]:
        data = token_file(family, pattern, 0, *vocabulary(family))
        valid.append({"kind": "tokens", "name": f"family {family}, pattern {pattern}", "file": data.hex(), "messages": [message.hex() for message in MESSAGES]})
    return {"feature": "language", "models": models, "valid": valid, "must_reject": [{"kind": "tokens", "name": name, "file": data.hex()} for name, data in broken()]}


def run(vector, model):
    """What comes out: logits of all positions as 4 bytes each, the elements of each message, or a message's decisions: how many, the first ones, and a check of all."""
    if vector["kind"] == "messages":
        context = language_messages.Context(model)
        for at, message in enumerate(vector["before"]):
            length = vector["cut"][1] if vector.get("cut", [None])[0] == at else None
            language_messages.decisions(model, bytes.fromhex(message), language_messages.AUTO, context, length)
        slices = language_messages.decisions(model, bytes.fromhex(vector["message"]), context_mixing_vectors.HINTS.index(vector["hint"]), context)
        return {"count": len(slices), "first": [list(one) for one in slices[:12]], "crc32c": crc32c(b"".join(struct.pack("<II", *one) for one in slices))}
    if vector["kind"] == "network":
        network = language_network.Network(bytes.fromhex(vector["store"]))
        caches = network.empty()
        return {"logits": [struct.pack(f"<{len(row)}f", *row).hex() for row in (network.read(caches, token) for token in vector["tokens"])]}
    table = tokenizer.read_file(bytes.fromhex(vector["file"]))
    cut = [table.encode(bytes.fromhex(message)) for message in vector["messages"]]
    for message, elements in zip(vector["messages"], cut):
        assert b"".join(table.tokens[one] if one >= 0 else bytes([~one]) for one in elements).hex() == message
    return {"elements": cut}


def main():
    write = sys.argv[1:] == ["write"]
    if write:
        document = make()
    else:
        with open(PATH, encoding="utf-8") as file:
            document = json.load(file)
    held = 0
    models = {which: language_model(document["models"][0], which) for which in ("context_mixing", "around_networks")}
    for vector in document["valid"]:
        found = run(vector, models[vector.get("context_mixing", "context_mixing")])
        if write:
            vector.update(found)
            print(vector["name"], found["count"] if "count" in found else "", flush=True)
        else:
            assert all(vector[key] == value for key, value in found.items()), vector["name"]
        held += 1
    for vector in document["must_reject"]:
        try:
            tokenizer.read_file(bytes.fromhex(vector["file"]))
        except ValueError:
            held += 1
            continue
        raise AssertionError(vector["name"])
    if write:
        with open(PATH, "w", encoding="utf-8", newline="\n") as file:
            file.write('{\n"feature": "language",\n')
            file.write(",\n".join(f'"{key}": [\n' + ",\n".join(json.dumps(v) for v in document[key]) + "\n]" for key in ("models", "valid", "must_reject")) + "\n}\n")
    print(f"{held} vectors held")


if __name__ == "__main__":
    main()
