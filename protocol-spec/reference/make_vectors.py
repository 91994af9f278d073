"""Writes ../vectors/coding.json, quantiser.json and prediction.json. Run it for a new feature, never to turn a red test green."""

import json
import os
import random

import byte_predictor
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


def frame(name, first, messages, to_end):
    data = write_frame(first, messages, byte_predictor.Predictor, BITS, to_end)
    return {"kind": "frame", "name": name, "first": first, "messages": [m.hex() for m in messages], "frame": data.hex()}


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
    several = frame("three messages, one of them empty", 70000, texts, True)
    binary = bytes(rng.randrange(256) for _ in range(40))
    valid += [
        frame("one message", 0, texts[:1], True),
        several,
        frame("with its length", 63, texts, False),
        frame("one empty message", 2**62 - 1, [b""], True),
        frame("bytes of all kinds", 1, [binary, bytes(60), b"\xff" * 60, b"abc" * 50], False),
        frame("255 empty messages", 9, [b""] * 255, True),
        frame("zeros for so much content", 4, [b"a" * 6000], True),
    ]
    good = bytes.fromhex(several["frame"])
    padded = bytes.fromhex(valid[-1]["frame"])
    assert padded[-2:] == b"\0\0"

    def bad(name, data, **more):
        return {"kind": "frame", "name": name, "frame": bytes(data).hex(), **more}

    flipped_check = good[:7] + bytes([good[7] ^ 1]) + good[8:]
    flipped_code = good[:13] + bytes([good[13] ^ 0x40]) + good[14:]
    reject = [{"kind": "interval", "name": name, "interval": list(i)} for name, i in (
        ("an empty interval", (0, 0, 16)), ("beyond the scale", (2**16 - 1, 2, 16)), ("starts at the end", (2**24, 1, 24)),
        ("a scale of one", (0, 1, 0)), ("a scale beyond 24 bits", (0, 1, 25)))]
    reject += [
        bad("only the type", good[:1]),
        bad("ends in the first number", good[:3]),
        bad("ends in the check", good[:9]),
        bad("no message", good[:5] + b"\0" + good[6:]),
        bad("one message more than there is", good[:5] + b"\x04" + good[6:], limit=200),
        bad("one message less than there is", good[:5] + b"\x02" + good[6:]),
        bad("another check", flipped_check),
        bad("another code", flipped_code, limit=200),
        bad("without the last byte of the code", good[:-1], limit=200),
        bad("longer than the limit", good, limit=77),
        bad("a code that ended long before its messages", good[:5] + b"\xff" + good[6:11] + b"\x01"),
        bad("a base", good[:6] + b"\x01" + good[7:], limit=200),
        bad("a base in a longer form than needed", good[:6] + b"\x40\x00" + good[7:]),
        bad("ends in the base", good[:6] + b"\x40"),
        bad("a first number in a longer form than needed", b"\x10\x40\x05" + good[5:]),
        bad("a length beyond the segment", b"\x11\x3f\x00\x01\x00\x00\x00\x00"),
        bad("more content than its bytes may stand for", padded[:-1]),
        bad("more messages than its bytes may stand for", b"\x10\x00\xff\x00" + bytes(4 + 15)),
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
    return {"feature": "prediction", "valid": valid, "must_reject": []}


if __name__ == "__main__":
    for document in (coding(), quantiser(), prediction()):
        path = os.path.join(HERE, "..", "vectors", document["feature"] + ".json")
        lists = {key: "[\n    " + ",\n    ".join(json.dumps(v) for v in document[key]) + "\n  ]" if document[key] else "[]"
                 for key in ("valid", "must_reject")}
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(f'{{\n  "feature": "{document["feature"]}",\n  "valid": {lists["valid"]},\n  "must_reject": {lists["must_reject"]}\n}}\n')
        replay.check_all(document)
