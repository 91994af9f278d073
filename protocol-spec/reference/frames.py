#!/usr/bin/env python3
"""Plain reference reader of a segment's frames (04-frames.md). Checks vectors/frames.json: frames.py [PATH]."""
import json
import pathlib
import sys

NUMBER_MAX = (1 << 62) - 1
MOST_MESSAGES = 8191
DATA = (*range(0x10, 0x18), *range(0x1A, 0x22), *range(0x80, 0x100))
SHORT, ONE, MANY, REST = 0, (1, 2), (3, 4), (5, 6)  # forms of a range code; the second of a pair has a length


class Malformed(Exception):
    pass


def need(condition):
    if not condition:
        raise Malformed


def take(data, n):
    need(len(data) >= n)
    return data[:n], data[n:]


def varint(data):
    need(data)
    size = 1 << (data[0] >> 6)
    raw, rest = take(data, size)
    value = int.from_bytes(raw, "big") & ((1 << (8 * size - 2)) - 1)
    shortest = next(s for s in (1, 2, 4, 8) if value < 1 << (8 * s - 2))
    need(size == shortest)
    return value, rest


def has_length(kind):
    return form(kind) in (2, 4, 6) if kind >= 0x80 else kind & 1


def form(kind):
    return kind >> 4 & 7


def is_short(frame):
    return frame["type"] >= 0x80 and form(frame["type"]) == SHORT


def messages(frame, value, least):
    need(least <= value <= MOST_MESSAGES and frame["message"] + value - 1 <= NUMBER_MAX)  # 4.3-1
    frame["count"] = value


def coded(frame, body):
    kind = frame["type"]
    frame["base"], frame["keep"] = kind >> 2 & 3, kind & 3
    need(form(kind) < 7)
    if form(kind) == SHORT:
        low, body = take(body, 1)
        frame["message"] = low[0]
    else:
        frame["message"], body = varint(body)
    if form(kind) in REST:
        frame["offset"], body = varint(body)
        need(frame["offset"] > 0)
    size = 2
    if form(kind) in MANY + REST:
        value, body = varint(body)
        messages(frame, value >> 1, 1)
        frame["cut"] = value & 1
        need(form(kind) in REST or value != 2)  # 4.3-1
        size = 3
    check, body = take(body, size)
    frame["check"] = int.from_bytes(check, "little")
    return body


def stored_or_block(frame, body):
    frame["message"], body = varint(body)
    family = (frame["type"] - 0x10) >> 1
    if family in (0, 5, 7):
        value, body = varint(body)
        messages(frame, value, 2 if family == 5 else 1)
    if family == 5:
        left = body
        for _ in range(frame["count"] - 1):  # 4.3-6
            length, left = varint(left)
            _, left = take(left, length)
    if family in (2, 3, 8):
        frame["offset"], body = varint(body)
        last, body = take(body, 1)
        need(last[0] <= 1)  # 4.3-2
        frame["last"] = last[0]
        need(frame["offset"] + len(body) <= NUMBER_MAX)
    if family == 6:
        frame["offset"], body = varint(body)
        frame["place"], body = varint(body)
        ends, start = frame["place"] & 1, frame["place"] >> 1
        if ends:
            last, body = take(body, 1)
            need(last[0] <= 1)  # 4.3-2
            frame["last"] = last[0]
            check, body = take(body, 3)
            frame["check"] = int.from_bytes(check, "little")
        need(body and start <= frame["offset"] and start + len(body) <= 1 << 20)  # 4.3-8
        need(frame["offset"] + len(body) <= NUMBER_MAX)
    if family in (0, 2, 7, 8):
        check, body = take(body, 3)
        frame["check"] = int.from_bytes(check, "little")
    return body


def data_frame(kind, data):
    if has_length(kind):
        length, data = varint(data)
        body, rest = take(data, length)
    else:
        body, rest = data, b""
    frame = {"type": kind}
    body = coded(frame, body) if kind >= 0x80 else stored_or_block(frame, body)
    frame["payload"] = body.hex()
    return frame, rest


def complete(low, end):
    """The number that a SHORT says (4.3-7); end is one past the highest message of all units in earlier segments."""
    least = max(0, end - 128)
    return least + (low - least) % 256


def frame(kind, data):
    out = {"type": kind}
    if kind in (0, 1):
        return out, data
    if kind == 5:
        out["value"], data = varint(data)
        return out, data
    if kind == 6:
        out["value"], data = varint(data)
        need(out["value"] > 0)  # 15.4-1
        return out, data
    if kind == 8:
        out["value"], data = varint(data)
        equations, data = varint(data)
        unknown, data = varint(data)
        need(equations <= unknown <= 2048)  # 15.5-1
        out["held"] = [equations, unknown]
        return out, data
    if kind == 0x18:
        out["reach"], data = varint(data)
        need(1 <= out["reach"] <= 8192)  # 15.2-1
        distances, data = take(data, 2)
        need(len(data) >= 3)  # 15.2-1
        out["distances"], out["bytes"] = list(distances), data.hex()
        return out, b""
    need(kind in (2, 3, 4))
    value, data = varint(data)
    if kind == 4:
        length, limit = value, 512
    else:
        out["value"] = value
        n, data = take(data, 1)
        length, limit = n[0], 48 if kind == 2 else 64
    need(length <= limit)
    content, data = take(data, length)
    out["bytes"] = content.hex()
    if kind == 2 and content:
        need(content[-1] != 0)
        need(8 * (length - 1) + content[-1].bit_length() <= value)
    if kind == 3:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed from None
    return out, data


def segment(data):
    frames = []
    while data:
        kind, data = data[0], data[1:]
        is_data = kind in DATA
        need(is_data or not (frames and frames[-1]["type"] in DATA))
        one, data = data_frame(kind, data) if is_data else frame(kind, data)
        unit = [f for f in frames if f["type"] in DATA]
        need(not (is_data and unit and is_short(one)))  # 4.3-7
        need(kind != 6 or all(f["type"] == 6 for f in frames))  # 15.4-1
        need(not (one.get("base") and any(f["type"] >= 0x80 for f in unit)))  # 4.3-5
        frames.append(one)
    return frames


def main():
    default = pathlib.Path(__file__).parent.parent / "vectors" / "frames.json"
    vectors = json.loads(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else default).read_text())
    for vector in vectors["valid"]:
        if segment(bytes.fromhex(vector["segment"])) != vector["frames"]:
            sys.exit(f"differs: {vector['name']}")
    for vector in vectors["must_reject"]:
        try:
            segment(bytes.fromhex(vector["segment"]))
        except Malformed:
            continue
        sys.exit(f"accepted: {vector['name']}")
    for vector in vectors["numbers"]:
        if complete(vector["low"], vector["end"]) != vector["number"]:
            sys.exit(f"another number: {vector}")
    print(f"{len(vectors['valid'])} valid, {len(vectors['must_reject'])} rejected, {len(vectors['numbers'])} numbers")


if __name__ == "__main__":
    main()
