#!/usr/bin/env python3
"""Media codes (12.2) by sections 13 and 14. Checks vectors/media-codes.json; with "write" makes it.

usage: python3 media_codes.py [write]      the last line is how many held
"""
import json
import os
import pathlib
import sys

import media_films
from frames import Malformed, need, take, varint
from media_audio import code_sound
from media_cube import code_cube
from media_fast import code_fast
from media_image import code_image
from media_mixing import Reader, Writer
from media_signal import code_signal
from media_video import Shape, code_video

PATH = pathlib.Path(__file__).parent.parent / "vectors" / "media-codes.json"
MOST_SAMPLES = 1 << 18
IMAGE, SOUND, VIDEO, SIGNAL, CUBE, FAST = 1, 2, 3, 4, 5, 6


class TooMuch(Malformed):
    """What is refused with error 8 and not 2."""


def need_no_more(condition):
    if not condition:
        raise TooMuch


def written_varint(value):
    for length, bits in ((1, 6), (2, 14), (4, 30), (8, 62)):
        if value < 1 << bits:
            return (value | (length.bit_length() - 1) << 8 * length - 2).to_bytes(length, "big")
    raise ValueError(value)


def bytes_of(values, bits):
    each = (bits + 7) // 8
    return b"".join((value % 256**each).to_bytes(each, "little") for value in values)


def values_of(data, bits):
    each = (bits + 7) // 8
    return [int.from_bytes(data[at:at + each], "little") for at in range(0, len(data), each)]


def decode(code, before=b""):
    """The bytes of the part that a code stands for; Malformed where it is to be refused. before are those of the
    frames that it needs."""
    (kind, byte), rest = take(code, 2)
    if kind == VIDEO:
        return decode_video(code, byte, rest, before)
    need(kind in (IMAGE, SOUND, SIGNAL, CUBE, FAST))
    first, rest = varint(rest)
    if kind == IMAGE:
        second, rest = varint(rest)
        width, height, planes, bits = first + 1, second + 1, byte // 16 + 1, byte % 16 + 1
        count = width * height * planes
        need(width <= 65536 and height <= 65536)
    elif kind in (CUBE, FAST):
        second, rest = varint(rest)
        third, rest = varint(rest)
        planes, width, height, bits = first + 1, second + 1, third + 1, byte + 1
        count = width * height * planes
        need(bits <= 16 and planes <= 1024 and max(width, height) <= 65536)
    elif kind == SIGNAL:
        planes, bits, length = byte // 16 + 1, byte % 16 + 1, first + 1
        count = length * planes
        need(bits >= 8)
    else:
        planes, bits, length = byte // 32 + 1, byte % 32 + 1, first // 2
        count = length * planes
        need(first % 2 == 0 and 8 <= bits <= 24)
    need(count > 0)
    need_no_more(count <= MOST_SAMPLES)  # 12.2-2
    need_no_more(count * ((bits + 7) // 8) <= 256 * (len(code) + 16))  # 12.2-3
    reader = Reader(rest)
    if kind == IMAGE:
        samples = code_image(reader, width, height, planes, bits, None)
    elif kind in (CUBE, FAST):
        samples = (code_cube if kind == CUBE else code_fast)(reader, width, height, planes, bits, None)
    elif kind == SIGNAL:
        samples = code_signal(reader, planes, bits, length, None)
    else:
        samples = code_sound(reader, planes, bits, length, None)
    need(reader.decoder.past_end() <= 15 and reader.decoder.read >= len(rest))  # 12.2-1
    return bytes_of(samples, bits)


def video_header(byte, rest):
    """Frames needed, the whole frame, rows of a strip, the frames and the shape of the part, and what is left."""
    first, rest = varint(rest)
    second, rest = varint(rest)
    extent, rest = varint(rest)
    index, rest = varint(rest) if extent % 2 else (0, rest)
    rows, frames = (extent // 2, 1) if extent % 2 else (second + 1, extent // 2 + 1)
    whole = Shape(first + 1, second + 1, byte // 16 % 4, byte % 16 + 1)
    need(byte // 64 <= 2 and whole.width <= 65536 and whole.height <= 65536 and sum(whole.sizes()) <= 1 << 24)
    need(extent % 2 == 0 or (1 <= rows < whole.height and index * rows < whole.height))  # 12.1-3
    need(rows == whole.height or rows % whole.steps(1)[1] == 0)
    return byte // 64, whole, rows, frames, whole.cut(index * rows, rows), rest


def whole_frames(whole, rows, count, before):
    """The frames that a part needs, each of strips (14.1-2)."""
    values, out = values_of(before, whole.bits), []
    for _ in range(count):
        planes = [[] for _ in range(whole.planes)]
        for first in range(0, whole.height, rows):
            strip = whole.cut(first, rows)
            size = sum(strip.sizes())
            for plane, more in zip(planes, strip.split(values[:size])):
                plane += more
            values = values[size:]
        out.append(planes)
    return out


def decode_video(code, byte, rest, before):
    count, whole, rows, frames, shape, rest = video_header(byte, rest)
    each = (whole.bits + 7) // 8
    samples = frames * sum(shape.sizes())
    need_no_more(samples <= MOST_SAMPLES and samples * each <= 256 * (len(code) + 16))  # 12.2-2, 12.2-3
    need(len(before) == count * sum(whole.sizes()) * each)
    reader = Reader(rest)
    samples = code_video(reader, shape, whole_frames(whole, rows, count, before), frames, None, None)
    need(reader.decoder.past_end() <= 15 and reader.decoder.read >= len(rest))  # 12.2-1
    return bytes_of(samples, whole.bits)


def encode_video(head, before, samples, fields):
    """The code with a head (12.2), of samples as bytes, with these motion fields."""
    count, whole, rows, frames, shape, rest = video_header(head[1], head[2:])
    need(not rest)
    writer = Writer()
    code_video(writer, shape, whole_frames(whole, rows, count, before), frames, values_of(samples, whole.bits), fields)
    return head + writer.encoder.finish()


def encode_image(width, height, planes, bits, samples):
    writer = Writer()
    code_image(writer, width, height, planes, bits, samples)
    head = bytes([IMAGE, 16 * (planes - 1) + bits - 1]) + written_varint(width - 1) + written_varint(height - 1)
    return head + writer.encoder.finish()


def encode_sound(channels, bits, samples):
    writer = Writer()
    length = len(samples) // channels
    code_sound(writer, channels, bits, length, samples)
    return bytes([SOUND, 32 * (channels - 1) + bits - 1]) + written_varint(2 * length) + writer.encoder.finish()


def encode_signal(channels, bits, samples):
    writer = Writer()
    length = len(samples) // channels
    code_signal(writer, channels, bits, length, samples)
    return bytes([SIGNAL, 16 * (channels - 1) + bits - 1]) + written_varint(length - 1) + writer.encoder.finish()


def encode_cube(width, height, bands, bits, samples, kind=CUBE):
    writer = Writer()
    (code_cube if kind == CUBE else code_fast)(writer, width, height, bands, bits, samples)
    sizes = b"".join(written_varint(size - 1) for size in (bands, width, height))
    return bytes([kind, bits - 1]) + sizes + writer.encoder.finish()


class Noise:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) * limit >> 24


def picture(width, height, planes, bits, seed):
    """Slopes, an edge, a texture and a little noise, alike in all planes."""
    noise, most, out = Noise(seed), 2**bits - 1, []
    for plane in range(planes):
        for y in range(height):
            for x in range(width):
                value = (5 * x + 3 * y + 20 * plane + x * y % 7 + (90 if x + y > width else 0)) * most // 300
                out.append(min(most, max(0, value + noise.below(max(2, most // 60)))))
    return out


def colours(width, height, planes, seed):
    """Areas of a few colours, as of a drawing."""
    noise = Noise(seed)
    palette = [[noise.below(256) for _ in range(planes)] for _ in range(5)]
    chosen = [palette[(x // 3 + y // 4 * 3 + (1 if x * y % 11 == 5 else 0)) % 5]
              for y in range(height) for x in range(width)]
    return [colour[plane] for plane in range(planes) for colour in chosen]


def voice(length, channels, bits, seed):
    """Two waves of parabolas, whose strength changes, and a little noise; channels are alike."""
    noise, most, out = Noise(seed), 2 ** (bits - 1) - 1, []

    def wave(phase):
        at = phase % 32768
        height = at * (32768 - at) // 4096
        return height if phase // 32768 % 2 == 0 else -height

    for time_ in range(length):
        for channel in range(channels):
            value = (wave(time_ * 700) + wave(time_ * 1930 + 3000 * channel) // 2) * (512 + time_ // 4 % 512) // 1024
            value = value * most // 110000 + noise.below(max(2, most // 500))
            out.append(min(most, max(-most - 1, value)))
    return out


def steps(length, bits):
    """Silence, then the ends of the scale: what filters and errors are limited for."""
    most = 2 ** (bits - 1) - 1
    return [0 if i < 12 else most if i // 5 % 2 else -most - 1 for i in range(length)]


def cases():
    noise = Noise(77)
    images = [
        ("one sample", 1, 1, 1, 8, [137]),
        ("bits in a column", 1, 19, 1, 1, [noise.below(2) for _ in range(19)]),
        ("a flat row of 12 bits", 40, 1, 1, 12, [1029] * 40),
        ("a flat image that halves its counts", 36, 32, 1, 8, [77] * 1152),
        ("a gray picture", 24, 20, 1, 8, picture(24, 20, 1, 8, 1)),
        ("a colour picture", 20, 14, 3, 8, picture(20, 14, 3, 8, 2)),
        ("a drawing", 22, 18, 3, 8, colours(22, 18, 3, 3)),
        ("a drawing with transparency", 12, 9, 4, 8, colours(12, 9, 4, 4)),
        ("noise", 12, 10, 1, 8, [noise.below(256) for _ in range(120)]),
        ("a gray picture of 16 bits", 20, 12, 1, 16, picture(20, 12, 1, 16, 5)),
        ("a colour picture of 16 bits", 10, 8, 3, 16, picture(10, 8, 3, 16, 6)),
        ("two planes of noise of 16 bits", 7, 6, 2, 16, [noise.below(65536) for _ in range(84)]),
        ("noise above a flat plane, of 4 bits", 20, 16, 2, 4, [0] * 320 + [noise.below(16) for _ in range(320)]),
        ("five planes of 4 bits", 9, 8, 5, 4, picture(9, 8, 5, 4, 7)),
    ]
    sounds = [
        ("a voice of 8 bits", 1, 8, voice(300, 1, 8, 8)),
        ("a stereo voice of 16 bits", 2, 16, voice(300, 2, 16, 9)),
        ("three channels of 24 bits", 3, 24, voice(120, 3, 24, 10)),
        ("silence of 12 bits", 1, 12, [0] * 200),
        ("noise of 9 bits", 1, 9, [noise.below(512) - 256 for _ in range(150)]),
        ("ends of a scale of 16 bits", 1, 16, steps(250, 16)),
        ("ends of a scale of 24 bits, two channels", 2, 24, [value for value in steps(100, 24) for _ in range(2)]),
    ]
    quiet = [noise.below(5) - 2 + (noise.below(60) - 30 if i // 60 % 4 == 0 else 0) for i in range(500)]
    leads = voice(60, 4, 13, 12)
    leads = [leads[i] if i % 4 != 2 else leads[i - 1] - leads[i - 2] for i in range(240)]  # one is a difference
    signals = [
        ("one sample of a signal", 1, 8, [-128]),
        ("a radio signal of two channels of 8 bits", 2, 8, quiet),
        ("a signal of 16 bits", 1, 16, voice(300, 1, 16, 11)),
        ("four channels of 13 bits, of which one is a difference", 4, 13, leads),
        ("ends of a scale of 16 bits, as a signal", 1, 16, steps(200, 16)),
        ("a signal that comes again", 1, 10, [(i % 7 * i % 5) * 60 for i in range(250)]),
    ]
    bands = picture(8, 6, 7, 16, 13)
    bands[48:96] = [0] * 48  # a band of one value between others
    cubes = [
        ("one sample of a cube", 1, 1, 1, 1, [1]),
        ("a cube of seven bands of 16 bits, one of which is empty", 8, 6, 7, 16, bands),
        ("a cube of bands of one value", 3, 5, 20, 10, [band * 50 for band in range(20) for _ in range(15)]),
        ("a cube of noise", 5, 4, 6, 4, [noise.below(16) for _ in range(120)]),
    ]
    noise = Noise(79)
    fast = [
        ("one fast sample", 1, 1, 1, 1, [1]),
        ("fast bits in a column", 1, 19, 1, 1, [noise.below(2) for _ in range(19)]),
        ("a fast colour picture", 20, 14, 3, 8, picture(20, 14, 3, 8, 2)),
        ("a fast picture of 16 bits", 12, 9, 1, 16, picture(12, 9, 1, 16, 5)),
        ("a fast drawing with transparency", 12, 9, 4, 8, colours(12, 9, 4, 4)),
        ("fast noise of 16 bits", 7, 6, 2, 16, [noise.below(65536) for _ in range(84)]),
        ("ends of a fast scale of 13 bits", 9, 5, 2, 13, [8191 * noise.below(2) for _ in range(90)]),
        ("six fast bands of 12 bits", 9, 8, 6, 12, picture(9, 8, 6, 12, 7)),
    ]
    for name, width, height, count, bits, samples in cubes:
        yield name, encode_cube(width, height, count, bits, samples), bytes_of(samples, bits), b""
    for name, width, height, planes, bits, samples in images:
        yield name, encode_image(width, height, planes, bits, samples), bytes_of(samples, bits), b""
    for name, channels, bits, samples in sounds:
        yield name, encode_sound(channels, bits, samples), bytes_of(samples, bits), b""
    for name, channels, bits, samples in signals:
        yield name, encode_signal(channels, bits, samples), bytes_of(samples, bits), b""
    for name, width, height, count, bits, samples in fast:
        yield name, encode_cube(width, height, count, bits, samples, FAST), bytes_of(samples, bits), b""
    codes = {vector["name"]: bytes.fromhex(vector["code"]) for vector in read_vectors()["valid"]}
    for name, head, before, samples, bits, fields in media_films.cases(Noise(78), written_varint):
        before, samples = bytes_of(before, bits), bytes_of(samples, bits)
        yield name, encode_video(head, before, samples, fields) if fields else codes[name], samples, before


def bad_codes(codes):
    """Codes of images and sounds to be refused, and with which error."""
    image, sound = codes["a drawing with transparency"], codes["a voice of 8 bits"]
    yield "no byte", 2, b""
    yield "the kind of bytes", 2, b"\x00" + image[1:]
    signal = codes["a radio signal of two channels of 8 bits"]
    yield "an unknown kind", 2, b"\x07" + image[1:]
    cube = codes["a cube of noise"]
    yield "a cube of 17 bits", 2, bytes([CUBE, 16]) + cube[2:]
    yield "a cube without a height", 2, cube[:4]
    yield "a cube without half of its code", 2, cube[:len(cube) // 2]
    yield "a cube with more behind it", 2, cube + bytes(20)
    yield "too many bands", 2, cube[:2] + written_varint(1024) + cube[3:]
    yield "too many columns of a cube", 2, cube[:3] + written_varint(65536) + cube[4:]
    yield "too many samples of a cube", 8, cube[:2] + written_varint(1023) + written_varint(299) + cube[4:]
    yield "a cube of too few bytes for its samples", 8, cube[:3] + written_varint(2999) + cube[4:]
    yield "a signal of 7 bits", 2, bytes([SIGNAL, 6]) + signal[2:]
    yield "a signal without half of its code", 2, signal[:len(signal) // 2]
    yield "a signal with more behind it", 2, signal + bytes(20)
    yield "a signal without a length", 2, signal[:2]
    yield "too many samples of a signal", 8, signal[:2] + written_varint(2**17) + signal[4:]
    yield "a signal of too few bytes for its samples", 8, signal[:2] + written_varint(9999) + bytes(16)
    yield "no height", 2, image[:3]
    yield "an image without half of its code", 2, image[:len(image) // 2]
    yield "a sound without half of its code", 2, sound[:len(sound) // 2]
    yield "an image with more behind it", 2, image + bytes(20)
    yield "a sound with more behind it", 2, sound + bytes(20)
    yield "a sound of 7 bits", 2, bytes([sound[0], 6]) + sound[2:]
    yield "a sound of 25 bits", 2, bytes([sound[0], 24]) + sound[2:]
    yield "a sound that goes on", 2, sound[:2] + written_varint(601) + sound[4:]
    yield "a sound without samples", 2, bytes([SOUND, 7, 0])
    yield "too many rows", 2, bytes([IMAGE, 7, 0]) + written_varint(65536) + bytes(300)
    yield "too many samples", 8, image[:2] + written_varint(511) + written_varint(511) + image[4:]
    yield "too few bytes for its samples", 8, bytes([IMAGE, 7]) + written_varint(99) + written_varint(99) + bytes(16)


def bad_fast(code):
    """Fast codes to be refused, and with which error."""
    yield "a fast code of 17 bits", 2, bytes([FAST, 16]) + code[2:]
    yield "a fast code without a height", 2, code[:4]
    yield "half of a fast code", 2, code[:len(code) // 2]
    yield "a fast code with more behind it", 2, code + bytes(20)
    yield "too many samples of a fast code", 8, code[:2] + written_varint(1023) + written_varint(299) + code[4:]
    yield "a fast code of too few bytes for its samples", 8, code[:3] + written_varint(2999) + code[4:]


def text_of(vector):
    return json.dumps({key: value.hex() if isinstance(value, bytes) else value
                       for key, value in vector.items() if value or key != "before"})


def write():
    """Writes the vectors. The codes of films whose motion the SDK found stay; nothing says how it finds it."""
    valid = []
    for name, code, samples, before in cases():
        valid.append({"name": name, "code": code, "before": before, "samples": samples})
        print(f"{name}: {len(samples)} bytes become {len(code)}", flush=True)
    codes = {vector["name"]: vector for vector in valid}
    bad = [(*one, b"") for one in bad_codes({name: vector["code"] for name, vector in codes.items()})]
    bad += [(*one, b"") for one in bad_fast(codes["fast noise of 16 bits"]["code"])]
    needy = codes["a film of 4:4:4 of 10 bits that needs a frame"]
    bad += media_films.bad_codes(needy["code"], needy["before"], written_varint)
    bad = [{"name": name, "error": error, "code": code, "before": before} for name, error, code, before in bad]
    lists = ",\n".join(f'"{key}": [\n' + ",\n".join(map(text_of, vectors)) + "\n]"
                       for key, vectors in (("valid", valid), ("must_reject", bad)))
    PATH.write_text('{\n"feature": "media-codes",\n' + lists + "\n}\n", encoding="utf-8", newline="\n")


def read_vectors():
    return json.loads(PATH.read_text(encoding="utf-8"))


def decoded(vector):
    return decode(bytes.fromhex(vector["code"]), bytes.fromhex(vector.get("before", "")))


def main():
    if sys.argv[1:] == ["write"]:
        write()
        return
    vectors = read_vectors()
    quick = int(os.environ.get("MEDIA_CODES_QUICK", 1 << 20))  # leaves out vectors with more bytes of samples
    held = 0
    for vector in vectors["valid"]:
        if len(vector["samples"]) <= 2 * quick:
            held += 1
            if decoded(vector).hex() != vector["samples"]:
                sys.exit(f"differs: {vector['name']}")
    for vector in vectors["must_reject"]:
        held += 1
        try:
            decoded(vector)
        except Malformed as refused:
            if vector["error"] != (8 if isinstance(refused, TooMuch) else 2):
                sys.exit(f"refused otherwise: {vector['name']}")
            continue
        sys.exit(f"accepted: {vector['name']}")
    print(f"{held} vectors held")


if __name__ == "__main__":
    main()
