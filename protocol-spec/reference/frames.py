#!/usr/bin/env python3
"""Plain reference reader of a segment's frames (04-frames.md). Checks vectors/frames.json: frames.py [PATH]."""
import json
import pathlib
import sys

NUMBER_MAX = (1 << 62) - 1
DATA = (*range(0x10, 0x18), 0x1A, 0x1B)


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


def data_frame(kind, data):
    if kind & 1:
        length, data = varint(data)
        body, rest = take(data, length)
    else:
        body, rest = data, b""
    frame = {"type": kind}
    frame["message"], body = varint(body)
    family = (kind - 0x10) >> 1
    if family == 0:
        count, body = take(body, 1)
        frame["count"] = count[0]
        need(count[0] > 0 and frame["message"] + count[0] - 1 <= NUMBER_MAX)
    if family in (2, 3):
        frame["offset"], body = varint(body)
        last, body = take(body, 1)
        need(last[0] <= 1)
        frame["last"] = last[0]
    if family in (0, 2):
        distance, body = varint(body)
        need(distance <= frame["message"])  # 4.3-5
        if distance:
            frame["base"] = frame["message"] + 1 - distance
        check, body = take(body, 4)
        frame["check"] = int.from_bytes(check, "little")
    need(family != 3 or frame["offset"] + len(body) <= NUMBER_MAX)
    if family == 5:
        count, body = take(body, 1)
        frame["count"] = count[0]
        need(count[0] > 1 and frame["message"] + count[0] - 1 <= NUMBER_MAX)
        left = body
        for _ in range(count[0] - 1):  # 4.3-6
            length, left = varint(left)
            _, left = take(left, length)
    frame["payload"] = body.hex()
    return frame, rest


def frame(kind, data):
    out = {"type": kind}
    if kind in (0, 1):
        return out, data
    if kind == 5:
        out["value"], data = varint(data)
        return out, data
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
    print(f"{len(vectors['valid'])} valid, {len(vectors['must_reject'])} rejected")


if __name__ == "__main__":
    main()
