#!/usr/bin/env python3
"""Plain reference of carried forms and wrappers (12-media.md, 12.1 and 12.4). Checks vectors/media.json."""
import json
import pathlib
import struct
import sys
import zlib

from frames import Malformed, need, take, varint

MAGIC = b"\nLCM"
MOST_SAMPLES, MOST_BYTES = 1 << 18, (1 << 30) - 1


def parse(content):
    """The header, the wrapper, and where each part begins and ends; Malformed where it is no carried form."""
    need(content[:4] == MAGIC)
    kind, rest = take(content[4:], 1)
    if kind[0] == 0:
        return {"kind": 0, "content": rest.hex()}
    need(kind[0] in (1, 2, 3, 4, 5))
    (byte,), rest = take(rest, 1)
    if kind[0] == 3:
        return parse_video(byte, rest, len(content))
    numbers = []
    for _ in range({4: 3, 5: 5}.get(kind[0], 4)):
        value, rest = varint(rest)
        numbers.append(value)
    bands = numbers.pop(0) if kind[0] == 5 else 0
    if kind[0] == 4:
        numbers.insert(1, 1)
    width, second, side, length = numbers
    wrapper, samples = take(rest, length)
    if bands:
        planes, bits = bands, byte + 1
    else:
        planes, bits = (byte // 16 + 1, byte % 16 + 1) if kind[0] in (1, 4) else (byte // 32 + 1, byte % 32 + 1)
    height = second if kind[0] in (1, 5) else 1
    each = planes * ((bits + 7) // 8)
    need(kind[0] != 5 or (1 <= bands <= 1024 and bits <= 16))
    is_image = kind[0] in (1, 5)
    need(side >= 1 and (is_image or 8 <= bits <= (24 if kind[0] == 2 else 16)))  # 12.1-2
    need(1 <= width and 1 <= height and (not is_image or max(width, height) <= 65536))
    largest = min(side, width) * min(side, height) if is_image else side
    need(largest * planes <= MOST_SAMPLES and width * height * each <= MOST_BYTES)
    need(len(samples) == width * height * each)
    sizes = []
    for top in range(0, height, side):
        for left in range(0, width, side):
            sizes.append(min(side, width - left) * (1 if not is_image else min(side, height - top)) * each)
    at, parts = len(content) - len(samples), []
    for size in sizes:
        parts.append([at, at + size])
        at += size
    return {"kind": kind[0], "planes": planes, "bits": bits, "width": width, "second": second, "side": side,
            "wrapper": wrapper.hex(), "parts": parts}


def parse_video(byte, rest, end):
    numbers = []
    for _ in range(7):
        value, rest = varint(rest)
        numbers.append(value)
    width, height, frames, group, part, rows, length = numbers
    wrapper, samples = take(rest, length)
    chroma, bits = byte // 16, byte % 16 + 1
    need(chroma <= 3 and 1 <= width <= 65536 and 1 <= height <= 65536)  # 12.1-2
    each = (bits + 7) // 8

    def size(lines):  # samples of so many rows of luma
        across, down = [(0, 0), (2, 2), (2, 1), (1, 1)][chroma]
        return width * lines + (2 * -(-width // across) * -(-lines // down) if chroma else 0)

    need(size(height) <= 1 << 24 and 1 <= rows <= height and 1 <= part <= group <= frames)  # 12.1-3
    need(rows == height or (part == 1 and (chroma != 1 or rows % 2 == 0)))
    need(part * size(rows) <= MOST_SAMPLES and frames * size(height) * each <= MOST_BYTES)
    need(len(samples) == frames * size(height) * each)
    at, parts = end - len(samples), []
    for first in range(0, frames, group):
        last = min(first + group, frames)
        for frame in range(first, last, part):
            for top in range(0, height, rows):
                length = min(part, last - frame) * size(min(rows, height - top)) * each
                parts.append([at, at + length])
                at += length
    return {"kind": 3, "chroma": chroma, "bits": bits, "width": width, "height": height, "frames": frames,
            "group": group, "part": part, "rows": rows, "wrapper": wrapper.hex(), "parts": parts}


def restore_y4m(form, content):
    """A Y4M whose frames are not cut, byte for byte (wrapper 6)."""
    wrapper = bytes.fromhex(form["wrapper"])
    need(wrapper[0] == 6 and form["rows"] == form["height"])
    length, rest = varint(wrapper[1:])
    file, rest = take(rest, length)
    count, rest = varint(rest)
    lines, frame = {}, 0
    for _ in range(count):
        step, rest = varint(rest)
        length, rest = varint(rest)
        frame += step
        lines[frame], rest = take(rest, length)
    samples = content[form["parts"][0][0]:]
    each = len(samples) // form["frames"]
    for frame in range(form["frames"]):
        file += lines.get(frame, b"FRAME\n") + samples[frame * each:(frame + 1) * each]
    return file + rest


def planes_of(form, content):
    """The samples of an image, plane by plane, each row by row."""
    width, height, side, planes = form["width"], form["second"], form["side"], form["planes"]
    each = (form["bits"] + 7) // 8
    out = [[0] * (width * height) for _ in range(planes)]
    at = form["parts"][0][0]
    for top in range(0, height, side):
        for left in range(0, width, side):
            for plane in range(planes):
                for y in range(top, min(top + side, height)):
                    for x in range(left, min(left + side, width)):
                        out[plane][y * width + x] = int.from_bytes(content[at:at + each], "little")
                        at += each
    return out


def restore_png(form, content):
    """A PNG of 8 bits, not interlaced, byte for byte (wrapper 5), by zlib itself."""
    wrapper = bytes.fromhex(form["wrapper"])
    need(wrapper[0] == 5 and wrapper[2] == 0 and form["bits"] == 8)
    level, filtered, memory, window = wrapper[3:7]
    start, rest = wrapper[7:9], wrapper[9:]
    chunk, rest = varint(rest)
    filters, rest = take(rest, form["second"])
    length, rest = varint(rest)
    before, after = take(rest, length)
    pixels, planes, width = planes_of(form, content), form["planes"], form["width"]
    rows, above = b"", bytes(width * planes)
    for y, kind in enumerate(filters):
        row = bytes(pixels[i % planes][y * width + i // planes] for i in range(width * planes))
        rows += bytes([kind]) + bytes((value - predict(kind, row, above, i, planes)) & 255
                                      for i, value in enumerate(row))
        above = row
    deflate = zlib.compressobj(level, zlib.DEFLATED, window, memory, 1 if filtered else 0)
    stream = start + (deflate.compress(rows) + deflate.flush())[2:]
    for at in range(0, len(stream), chunk):
        body = b"IDAT" + stream[at:at + chunk]
        before += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return before + after


def predict(kind, row, above, at, step):
    left, corner = (row[at - step], above[at - step]) if at >= step else (0, 0)
    if kind == 4:
        plane = left + above[at] - corner
        return min((left, above[at], corner), key=lambda value: abs(plane - value))
    return (0, left, above[at], (left + above[at]) // 2)[kind]


def main():
    default = pathlib.Path(__file__).parent.parent / "vectors" / "media.json"
    vectors = json.loads(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else default).read_text())
    for vector in vectors["valid"]:
        if parse(bytes.fromhex(vector["content"])) != vector["form"]:
            sys.exit(f"differs: {vector['name']}")
    for vector in vectors["must_reject"]:
        try:
            parse(bytes.fromhex(vector["content"]))
        except Malformed:
            continue
        sys.exit(f"accepted: {vector['name']}")
    for vector in vectors["png"]:
        content = bytes.fromhex(vector["content"])
        if restore_png(parse(content), content).hex() != vector["file"]:
            sys.exit(f"another file: {vector['name']}")
    for vector in vectors["y4m"]:
        content = bytes.fromhex(vector["content"])
        if restore_y4m(parse(content), content).hex() != vector["file"]:
            sys.exit(f"another file: {vector['name']}")
    print(f"{len(vectors['valid'])} valid, {len(vectors['must_reject'])} rejected, {len(vectors['png'])} PNG, "
          f"{len(vectors['y4m'])} Y4M")


if __name__ == "__main__":
    main()
