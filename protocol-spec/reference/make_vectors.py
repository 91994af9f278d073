"""Writes ../vectors/coding.json, quantiser.json and prediction.json. Run it for a new feature, never to turn a red test green."""

import copy
import json
import os
import random

import byte_predictor
import coded_frame
import replay
from coded_frame import write_frame
from range_coder import Decoder

HERE = os.path.dirname(os.path.abspath(__file__))
BITS = replay.BITS


def intervals(name, symbols, repeat=1):
    vector = {"kind": "intervals", "name": name, "intervals": [list(s) for s in symbols]}
    if repeat > 1:
        vector["repeat"] = repeat
    vector["code"] = replay.encode(replay.intervals_of(vector)).hex()
    return vector


def frame(name, first, messages, to_end=True, **more):
    data = write_frame(first, messages, byte_predictor.Predictor(), BITS, to_end, **more)
    vector = {"kind": "frame", "name": name, "first": first, "messages": [m.hex() for m in messages], "frame": data.hex()}
    vector.update({key: value for key, value in more.items() if key in ("offset", "cut")})
    return vector


class Stream:
    """Segments one after the other, as a sender makes them that has every report."""

    def __init__(self):
        self.slots, self.segments, self.chain = {}, [], None

    def code(self, first, messages, to_end=True, base=0, keep=0, **more):
        """A frame; without a base behind another one of its segment it goes on from that."""
        if base or self.chain is None:
            self.chain = copy.deepcopy(self.slots[base]) if base else byte_predictor.Predictor()
        data = write_frame(first, messages, self.chain, BITS, to_end, base=base, keep=keep, **more)
        if keep:
            self.slots[keep] = copy.deepcopy(self.chain)
        return data

    def send(self, *frames):
        self.segments.append(b"".join(frames))
        self.chain = None
        return self

    def vector(self, name):
        slots, found = {}, []
        for segment in self.segments:
            pieces = coded_frame.read_unit(segment, byte_predictor.Predictor, BITS, slots)
            found.append({"segment": segment.hex(), "pieces": pieces})
        return {"kind": "stream", "name": name, "segments": found}


def random_interval(rng):
    bits = rng.randint(1, 24)
    cumulative = rng.randrange(2**bits)
    frequency = min(2**bits - cumulative, 1 + rng.getrandbits(rng.randint(1, bits)))
    return cumulative, frequency, bits


def follow(code, count, bits, below):
    """Intervals that hold the number which a code names, and so many slots below it."""
    decoder = Decoder(code)
    found = []
    for _ in range(count):
        found.append((decoder.peek(bits) - below, 1 + below, bits))
        decoder.consume(*found[-1])
    return found


def coding():
    rng = random.Random(5)
    top = 2**24
    valid = [
        intervals("nothing", []),
        intervals("the whole scale says nothing", [(0, 2, 1)], 50),
        intervals("one half", [(1, 1, 1)]),
        intervals("eight first symbols are no byte", [(0, 1, 8)], 7),
        intervals("of many zeros eight are left out", [(0, 1, 8)], 40),
        intervals("the last symbol for ever", [(255, 1, 8)], 40),
        intervals("almost certain", [(0, top - 1, 24)], 100000),
        intervals("the least likely first symbol", [(0, 1, 24)], 30),
        intervals("the least likely last symbol", [(top - 1, 1, 24)], 30),
        intervals("a run of 0xFF without a carry", follow(b"\x01" + b"\xff" * 40 + b"\x20", 44, 8, 0)),
    ]
    # Each holds one half and something below it, so nothing settles before the last symbol.
    straddle = follow(b"\x80", 20, 24, 1)
    valid.append(intervals("carries through many bytes", straddle + [(0xFFFFFF, 1, 24)]))
    valid.append(intervals("no carry through many bytes", straddle + [(0, 1, 24)]))
    for i in range(8):
        valid.append(intervals(f"random {i}", [random_interval(rng) for _ in range(10 * i + 5)]))
    texts = [b"Attitude control nominal. Battery 87 %.", b"", b"Attitude control nominal. Battery 86 %."]
    several = frame("three messages, one of them empty", 70000, texts)
    binary = bytes(rng.randrange(256) for _ in range(40))
    short = frame("a short number", 5, texts[:1], short=True)
    padded = frame("zeros for so much content", 4, [b"a" * 6000])
    valid += [
        frame("one message", 0, texts[:1]),
        short,
        {**frame("a short number, far from 0", 1000, texts[2:], short=True), "end": 1100},
        several,
        frame("with its length", 63, texts, False),
        frame("one message with its length", 63, texts[:1], False),
        frame("one empty message", 2**62 - 1, [b""]),
        frame("bytes of all kinds", 1, [binary, bytes(60), b"\xff" * 60, b"abc" * 50], False),
        frame("900 empty messages", 9, [b""] * 900),
        padded,
        frame("the last message is cut", 5, [texts[0], texts[2][:20]], cut=True),
        frame("the rest of a message, and another one", 6, [texts[2][20:], texts[0]], offset=20),
        frame("the middle of a message", 6, [texts[0][7:30]], offset=7, cut=True),
        frame("the first part of one message", 6, [texts[0][:30]], cut=True),
        frame("the last part of a message, empty", 6, [b""], offset=2**62 - 1),
    ]
    good = bytes.fromhex(several["frame"])
    padded, short = (bytes.fromhex(v["frame"]) for v in (padded, short))
    assert padded[-2:] == b"\0\0"

    lines = [b"T %02d:00 wind 17.%d kn from north, battery 8%d %%" % (i, i % 10, i % 7) for i in range(12)]

    one = Stream()
    one.send(one.code(0, lines[:4], keep=1)).send(one.code(4, lines[4:5], base=1)).send(one.code(5, lines[5:8], base=1, keep=2)).send(one.code(8, lines[8:9], base=2))
    two = Stream()
    two.send(two.code(0, lines[:2], False), two.code(2, lines[2:3], keep=3)).send(two.code(3, lines[3:6], False, base=3), two.code(6, lines[6:8], False), two.code(8, [lines[8]], base=0, keep=1))
    two.send(two.code(9, lines[9:10], base=1, keep=1)).send(two.code(10, lines[10:], base=1))
    parts = Stream()
    parts.send(parts.code(0, [lines[0], lines[1][:10]], cut=True, keep=1)).send(parts.code(1, [lines[1][10:], lines[2]], offset=10, base=1, keep=2)).send(parts.code(3, [b""], base=2, keep=3))
    parts.send(parts.code(4, [b"", lines[4]], base=3))
    between = Stream()
    stored = b"\x13" + bytes([1 + len(lines[1])]) + b"\x01" + lines[1]
    between.send(between.code(0, lines[:1], False), stored, between.code(2, lines[2:3], keep=1)).send(stored, between.code(3, lines[3:4], base=1))
    valid += [
        one.vector("segments that start from slots, and fill them"),
        two.vector("codes of one segment that go on from each other, and a slot that is filled again"),
        parts.vector("cut messages, and empty ones, in a chain"),
        between.vector("a stored message between two codes leaves no trace"),
    ]
    kept = one.segments[0]

    def bad(name, data, **more):
        return {"kind": "frame", "name": name, "frame": bytes(data).hex(), **more}

    def flip(data, at, mask=1):
        return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]

    # Fields of several: type, number in 4 bytes, count, check in 3.
    reject = [{"kind": "interval", "name": name, "interval": list(i)} for name, i in (
        ("an empty interval", (0, 0, 16)), ("beyond the scale", (2**16 - 1, 2, 16)), ("starts at the end", (2**24, 1, 24)),
        ("a scale of one", (0, 1, 0)), ("a scale beyond 24 bits", (0, 1, 25)))]
    reject += [
        bad("only the type", good[:1]),
        bad("ends in the first number", good[:3]),
        bad("ends in the check", good[:8]),
        bad("no message", good[:5] + b"\0" + good[6:]),
        bad("one message more than there is", good[:5] + b"\x08" + good[6:], limit=200),
        bad("one message less than there is", good[:5] + b"\x04" + good[6:]),
        bad("the last message cut that is not", good[:5] + b"\x07" + good[6:8] + bytes([good[8] ^ 4]) + good[9:]),
        *[bad(f"another check, byte {i}", flip(good, 6 + i)) for i in range(3)],
        *[bad(f"another check of a short number, byte {i}", flip(short, 2 + i)) for i in range(2)],
        bad("another number", flip(good, 4)),
        bad("another short number", flip(short, 1)),
        bad("a short number that is completed to another one", short, end=400),
        bad("another code", flip(good, 12, 0x40), limit=200),
        bad("without the last byte of the code", good[:-1], limit=200),
        bad("a code that ended long before its messages", b"\xb0\x00" + b"\x43\xfc" + good[6:9] + b"\x01"),
        bad("a first number in a longer form than needed", b"\xb0\x40\x05" + good[5:]),
        bad("a length beyond the segment", b"\xc0\x3f\x00\x04\x00\x00\x00\x00"),
        bad("more content than its bytes may stand for", padded[:-1]),
        bad("more messages than its bytes may stand for", b"\xb0\x00\x43\xfe" + bytes(3 + 15)),
        bad("a slot that nobody has filled", bytes([good[0] | 4]) + good[1:], limit=200),
        bad("a slot that another frame has not filled", one.segments[1], before=[flip(kept, 0, 3).hex()]),
        bad("another slot than was filled", flip(one.segments[1], 0, 12), before=[kept.hex()], limit=200),
        bad("without the slot that it starts from", flip(one.segments[1], 0, 4), before=[kept.hex()], limit=200),
        bad("a slot that was filled again since", one.segments[1], before=[kept.hex(), flip(one.segments[2], 0, 3).hex()], limit=200),
    ]
    return {"feature": "coding", "valid": valid, "must_reject": reject}


def weights(name, bits, values, allowed=None, probes=None):
    vector = {"kind": "weights", "name": name, "bits": bits, "weights": values}
    if allowed:
        vector["allowed"] = allowed
    ends = replay.cumulatives(vector)
    vector["cumulative"] = [[s, ends[s]] for s in (range(len(ends)) if probes is None else probes)]
    return vector


def quantiser():
    rng = random.Random(3)
    top = 2**22
    valid = [
        weights("two equal symbols", 16, [1, 1]),
        weights("none has it all", 16, [top, 0]),
        weights("two of four", 17, [5, top, 7, 1], "1001"),
        weights("an allowed symbol without weight", 18, [0, 9, 0, 9], "1110"),
        weights("the first and the last forbidden", 24, [1, 2, 3, 4, 5], "01110"),
        weights("the largest weights", 24, [top] * 64),
        weights("the smallest", 16, [1] * 257),
        weights("49,152 symbols", 24, {"symbols": 49152, "multiplier": 2654435761, "modulus": top}, None, range(0, 49153, 4096)),
        weights("2^17 symbols", 18, {"symbols": 2**17, "multiplier": 40503, "modulus": top + 1}, None, range(0, 2**17 + 1, 8192)),
        weights("2^18 symbols", 24, {"symbols": 2**18, "multiplier": 40503, "modulus": top + 1}, None, range(0, 2**18 + 1, 16384)),
    ]
    for i in range(6):
        size = rng.choice((2, 3, 30, 257))
        values = [rng.getrandbits(rng.randint(1, 22)) for _ in range(size)]
        mask = "11" + "".join(rng.choice("01") for _ in range(size - 2))
        values[0] += 1
        valid.append(weights(f"random {i}", rng.randint(16, 24), values, mask if i % 2 else None))
    reject = [{"kind": "weights", "name": name, "bits": bits, "weights": values, **more} for name, bits, values, more in (
        ("no weight at all", 16, [0, 0, 0], {}), ("one symbol allowed", 16, [1, 1, 1], {"allowed": "010"}),
        ("weight on forbidden symbols only", 16, [0, 1, 0], {"allowed": "101"}), ("none allowed", 16, [1, 1], {"allowed": "00"}),
        ("a weight beyond 2^22", 16, [1, top + 1], {}), ("one symbol", 16, [1], {}), ("too few bits", 15, [1, 1], {}),
        ("too many bits", 25, [1, 1], {}), ("a mask of another length", 16, [1, 1, 1], {"allowed": "11"}),
        ("more symbols than half the scale", 16, {"symbols": 32769, "multiplier": 1, "modulus": 2}, {}),
        ("more symbols than 2^18", 24, {"symbols": 2**18 + 1, "multiplier": 1, "modulus": 2}, {}))]
    return {"feature": "quantiser", "valid": valid, "must_reject": reject}


def prediction():
    rng = random.Random(7)
    messages = {
        "the empty message": b"",
        "a sentence twice": b"The quick brown fox jumps over the lazy dog. " * 2,
        "one byte for long": b"a" * 700,
        "every byte": bytes(range(256)),
        "records": b"".join(b'{"t":%d,"v":%d}\n' % (i, i * i % 97) for i in range(40)),
        "random bytes": bytes(rng.randrange(256) for _ in range(300)),
        "letters of few kinds": bytes(rng.choice(b"ab \n\xc3\xa9") for _ in range(600)),
    }
    # Repeats at 8,000 bytes, just inside the window, and at 8,001, just outside.
    far = bytearray(rng.randrange(256) for _ in range(9100))
    far[8050:8090] = far[50:90]
    far[9050:9090] = far[1049:1089]
    messages["longer than the window"] = bytes(far)
    valid = [{"kind": "baseline", "name": n, "message": m.hex(), "crc32c": replay.prediction_check(m)} for n, m in messages.items()]
    chains = {
        "the empty message behind another": [b"ab", b""],
        "behind an empty message": [b"", b"Battery 87 %"],
        "behind two empty messages": [b"", b"", b"\n"],
        "a sentence again": [b"The battery is nominal.", b"The station is nominal.", b"The station is nominal."],
        "a message behind one that ends like a line": [b"one\n", b"one\ntwo\n"],
        "a message behind more than the window": [messages["longer than the window"], bytes(far[50:90]) + b"; " + bytes(far[9050:])],
        "one byte in many messages": [b"a"] * 60,
        "behind counts that were halved": [b"ab" * 4100, b"abba"],
    }
    for name, (*before, last) in chains.items():
        valid.append({"kind": "baseline", "name": name, "before": [m.hex() for m in before], "message": last.hex(), "crc32c": replay.prediction_check(last, before)})
    return {"feature": "prediction", "valid": valid, "must_reject": []}


if __name__ == "__main__":
    for document in (coding(), quantiser(), prediction()):
        path = os.path.join(HERE, "..", "vectors", document["feature"] + ".json")
        lists = {key: "[\n    " + ",\n    ".join(json.dumps(v) for v in document[key]) + "\n  ]" if document[key] else "[]"
                 for key in ("valid", "must_reject")}
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(f'{{\n  "feature": "{document["feature"]}",\n  "valid": {lists["valid"]},\n  "must_reject": {lists["must_reject"]}\n}}\n')
        replay.check_all(document)
