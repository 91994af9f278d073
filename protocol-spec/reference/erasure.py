#!/usr/bin/env python3
"""Plain reference of the erasure code (15-erasure-code.md). Checks vectors/erasure.json; erasure.py --write makes it."""
import json
import pathlib
import random
import sys

VECTORS = pathlib.Path(__file__).parent.parent / "vectors" / "erasure.json"
MASK = 0xFFFFFFFF


def times(a, b):  # 15.1
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


INVERSE = {a: next(b for b in range(1, 256) if times(a, b) == 1) for a in range(1, 256)}
TIMES = [bytes(times(a, b) for b in range(256)) for a in range(256)]


class TinyMersenneTwister:
    """TinyMT32, RFC 8682."""

    def __init__(self, seed):
        self.state = [seed & MASK, 0x8F7011EE, 0xFC78FF1F, 0x3793FDFF]
        for i in range(1, 8):
            before = self.state[i - 1 & 3]
            self.state[i & 3] ^= i + 1812433253 * (before ^ before >> 30) & MASK
        for _ in range(8):
            self.step()

    def step(self):
        a, b, c, y = self.state
        x = (a & 0x7FFFFFFF) ^ b ^ c
        x ^= x << 1 & MASK
        y ^= y >> 1 ^ x
        odd = MASK if y & 1 else 0
        self.state = [b, c ^ odd & 0x8F7011EE, x ^ y << 10 & MASK ^ odd & 0xFC78FF1F, y]

    def next(self):
        self.step()
        mixed = self.state[0] + (self.state[2] >> 8) & MASK
        return self.state[3] ^ mixed ^ (0x3793FDFF if mixed & 1 else 0)


def coefficients(counter, reach):  # 15.2-3
    generator = TinyMersenneTwister(counter)
    threshold = 15 if reach <= 1024 else 7 if reach <= 2048 else 3 if reach <= 4096 else 1
    drawn = bytearray()
    for _ in range(reach):
        value = 0
        if threshold == 15 or generator.next() & 15 <= threshold:
            while not value:
                value = generator.next() & 255
        drawn.append(value)
    return bytes(drawn)


def symbol(plaintext, length):
    return (len(plaintext).to_bytes(2, "big") + plaintext).ljust(length, b"\0")


def add(row, other, factor):
    length = max(len(row), len(other))
    product = other.translate(TIMES[factor])
    return bytes(a ^ b for a, b in zip(row.ljust(length, b"\0"), product.ljust(length, b"\0")))


def combination(counter, reach, plaintexts):  # 15.2-2
    """plaintexts: by counter; a repair has none."""
    covered = {c: p for c, p in plaintexts.items() if counter - reach <= c < counter}
    out = bytes(2 + max(len(p) for p in covered.values()))
    for at, factor in enumerate(coefficients(counter, reach)):
        if counter - reach + at in covered:
            out = add(out, symbol(covered[counter - reach + at], len(out)), factor)
    return out


class Broken(Exception):
    """15.2-2, 15.3-3."""


def solve(known, repairs):
    """What repairs (counter, reach, distances, combination) say of the segments that are not known."""
    none = {r[0] for r in repairs} | {r[0] - d for r in repairs for d in r[2] if d}  # 15.2-4
    rows = []
    for counter, reach, _, row in repairs:
        unknown = {}
        for at, factor in enumerate(coefficients(counter, reach)):
            c = counter - reach + at
            if c in known:
                if len(known[c]) + 2 > len(row):
                    raise Broken
                row = add(row, symbol(known[c], len(row)), factor)
            elif factor and c not in none:
                unknown[c] = factor
        rows.append((unknown, row))
    solved = []  # Equations with the segment that only they hold.
    for unknown, row in rows:
        for pivot, (others, other) in solved:
            factor = unknown.get(pivot, 0)
            if factor:
                unknown = {c: unknown.get(c, 0) ^ times(factor, others.get(c, 0)) for c in {*unknown, *others}}
                row = add(row, other, factor)
        unknown = {c: f for c, f in unknown.items() if f}
        if not unknown:
            continue
        pivot = min(unknown)
        scale = INVERSE[unknown[pivot]]
        unknown = {c: times(scale, f) for c, f in unknown.items()}
        row = row.translate(TIMES[scale])
        for i, (p, (others, other)) in enumerate(solved):
            factor = others.get(pivot, 0)
            if factor:
                others = {c: others.get(c, 0) ^ times(factor, unknown.get(c, 0)) for c in {*others, *unknown}}
                solved[i] = (p, ({c: f for c, f in others.items() if f}, add(other, row, factor)))
        solved.append((pivot, (unknown, row)))
    found = {}
    for pivot, (unknown, row) in solved:
        if len(unknown) == 1:
            length = int.from_bytes(row[:2], "big")
            if length > len(row) - 2 or any(row[2 + length :]):
                raise Broken
            if length:
                found[pivot] = row[2 : 2 + length]
    return found


def case(name, seed, segments, every, lost, reach=None, most=40):
    """A stream of segments with a repair behind each few, of which some are lost."""
    chance = random.Random(seed)
    plaintexts, repairs, last, counter = {}, [], [None, None], 0
    left = 2  # Repairs behind the last segment.
    while left:
        if counter and counter % every == 0 or len(plaintexts) == segments:
            left -= len(plaintexts) == segments
            back = min(reach or counter, counter)
            distances = [counter - at if at is not None and counter - at < 256 else 0 for at in last]
            repairs.append([counter, back, distances, combination(counter, back, plaintexts).hex()])
            last = [counter, last[0]]
        else:
            plaintexts[counter] = chance.randbytes(chance.randint(1, most))
        counter += 1
    lost = {c for c in range(counter) if chance.random() < lost}
    known = {c: p for c, p in plaintexts.items() if c not in lost}
    came = [r for r in repairs if r[0] not in lost]
    found = solve(known, [(c, r, d, bytes.fromhex(s)) for c, r, d, s in came])
    assert all(plaintexts[c] == p for c, p in found.items())
    return {
        "name": name,
        "known": [[c, p.hex()] for c, p in known.items()],
        "repairs": came,
        "found": [[c, p.hex()] for c, p in sorted(found.items())],
    }


def broken(name, known, repairs):
    return {"name": name, "known": [[c, p.hex()] for c, p in known.items()], "repairs": repairs}


def make():
    one = {0: b"one", 1: b"two"}
    whole = combination(2, 2, one)
    factor = coefficients(2, 2)[1]
    wrong = add(combination(2, 2, {0: b"one", 1: b""}), b"\0\x09two".ljust(5, b"\0"), factor)
    behind = add(combination(2, 2, {0: b"one", 1: b""}), b"\0\x01two", factor)
    return {
        "feature": "erasure code",
        "coefficients": [
            {"counter": c, "reach": r, "coefficients": coefficients(c, r).hex()}
            for c, r in ((0x10, 16), (5_000_000_000, 40), (1025, 1025), (3000, 2049), (9000, 8192))
        ],
        "valid": [
            case("one of two", 6, 2, 2, 0.3),
            case("a few losses", 2, 40, 8, 0.08),
            case("many losses, and repairs among them", 3, 60, 3, 0.25),
            case("more losses than repairs", 4, 60, 10, 0.3),
            case("a reach of four", 5, 60, 4, 0.1, reach=4),
        ],
        "must_reject": [
            broken("a segment longer than the combination", {0: b"three"}, [[2, 2, [0, 0], whole.hex()]]),
            broken("a length beyond the end", {0: b"one"}, [[2, 2, [0, 0], wrong.hex()]]),
            broken("bytes behind the plaintext", {0: b"one"}, [[2, 2, [0, 0], behind.hex()]]),
        ],
    }


def read(vector):
    known = {c: bytes.fromhex(p) for c, p in vector["known"]}
    return known, [(c, r, d, bytes.fromhex(s)) for c, r, d, s in vector["repairs"]]


def main():
    assert [TinyMersenneTwister(1).next(), times(0x80, 2)] == [2545341989, 0x1D]  # RFC 8682, section 2.1
    if sys.argv[1:] == ["--write"]:
        VECTORS.write_text(json.dumps(make(), indent=1) + "\n")
    vectors = json.loads(VECTORS.read_text())
    for v in vectors["coefficients"]:
        assert coefficients(v["counter"], v["reach"]).hex() == v["coefficients"]
    for v in vectors["valid"]:
        assert sorted([c, p.hex()] for c, p in solve(*read(v)).items()) == v["found"], v["name"]
    for v in vectors["must_reject"]:
        try:
            solve(*read(v))
        except Broken:
            continue
        sys.exit(f"accepted: {v['name']}")
    print(f"{len(vectors['valid'])} valid, {len(vectors['must_reject'])} rejected")


if __name__ == "__main__":
    main()
