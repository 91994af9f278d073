"""Coded frames and the contexts that they start from, sections 5.4 and 5.5, with any predictor over bytes and END."""

import copy

import frames
import quantiser
from range_coder import Decoder, Encoder

END = 256
FACTOR = 64  # 5.4-5
PER_MESSAGE = 8
HEADER = 16
SHORT, ONE, MANY, REST = 0, 1, 3, 5


class Refused(Exception):
    """The frame breaks the spec; nothing of it is delivered."""


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def write_varint(value):
    for size, tag in ((1, 0), (2, 1), (4, 2), (8, 3)):
        if value < 2 ** (8 * size - 2):
            return (value + tag * 2 ** (8 * size - 2)).to_bytes(size, "big")
    raise ValueError("varint")


def check(first, messages, size):
    """5.4-2; of a cut message the part that is in the frame."""
    data = first.to_bytes(8, "little") + b"".join(m + len(m).to_bytes(4, "little") for m in messages)
    return crc32c(data) % 256**size


def encode(messages, predictor, bits):
    """The code of messages, each of which goes on from the one before; leaves the predictor behind the last (5.5-2)."""
    encoder = Encoder()
    for message in messages:
        predictor.begin()
        for symbol in list(message) + [END]:
            ends = quantiser.cumulatives(predictor.weights(), bits)
            encoder.encode(ends[symbol], ends[symbol + 1] - ends[symbol], bits)
            if symbol != END:
                predictor.append(symbol)
    return encoder.finish()


def decode(code, count, predictor, bits, limit):
    decoder = Decoder(code)
    messages = []
    room = limit
    for _ in range(count):
        predictor.begin()
        message = bytearray()
        while True:
            ends = quantiser.cumulatives(predictor.weights(), bits)
            symbol = quantiser.find(ends, decoder.peek(bits))
            decoder.consume(ends[symbol], ends[symbol + 1] - ends[symbol], bits)
            if decoder.past_end() > 16:
                raise Refused("the code ended long ago")  # 5.4-4
            if symbol == END:
                break
            if room == 0:
                raise Refused("longer than the limit")
            room -= 1
            message.append(symbol)
            predictor.append(symbol)
        messages.append(bytes(message))
    return messages


def least_code(messages):
    """Bytes of the shortest code that may stand for so much (5.4-5)."""
    return max(0, -(-(sum(map(len, messages)) + PER_MESSAGE * len(messages)) // FACTOR) - HEADER)


def write_frame(first, messages, predictor, bits, to_end=True, offset=0, cut=False, short=False, base=0, keep=0):
    code = encode(messages, predictor, bits).ljust(least_code(messages), b"\0")  # 5.4-6
    is_one = len(messages) == 1 and offset == 0 and not cut
    form = SHORT if short else ONE if is_one else REST if offset else MANY
    body = bytes([first % 256]) if short else write_varint(first)
    body += write_varint(offset) if offset else b""
    body += b"" if is_one else write_varint(2 * len(messages) + cut)
    size = 2 if is_one else 3
    body += check(first, messages, size).to_bytes(size, "little") + code
    kind = 0x80 | (form + (0 if to_end else 1)) << 4 | base << 2 | keep
    return bytes([kind]) + body if to_end else bytes([kind]) + write_varint(len(body)) + body


def read_unit(segment, make_predictor, bits, slots, end=0, limit=65536):
    """What a segment's coded frames hold, as [number, offset, whether the message ends, content]; fills the slots."""
    try:
        unit = frames.segment(segment)
    except frames.Malformed:
        raise Refused("no frames") from None
    pieces, chain = [], None
    for frame in unit:
        kind = frame["type"]
        if kind < 0x80:
            continue
        is_one = frames.form(kind) in (SHORT, *frames.ONE)
        first = frames.complete(frame["message"], end) if frames.is_short(frame) else frame["message"]
        count, cut, payload = frame.get("count", 1), frame.get("cut", 0), bytes.fromhex(frame["payload"])
        if frame["base"]:
            if frame["base"] not in slots:
                raise Refused("an empty slot")  # 5.5-6
            chain = copy.deepcopy(slots[frame["base"]])
        elif chain is None:
            chain = make_predictor()
        room = min(limit, FACTOR * (len(payload) + HEADER) - PER_MESSAGE * count)
        if room < 0:
            raise Refused("more messages than so few bytes may stand for")  # 5.4-5
        messages = decode(payload, count, chain, bits, room)
        if check(first, messages, 2 if is_one else 3) != frame["check"]:
            raise Refused("check")  # 5.4-3
        if frame["keep"]:
            slots[frame["keep"]] = copy.deepcopy(chain)  # 5.5-1
        for i, message in enumerate(messages):
            at = frame.get("offset", 0) if i == 0 else 0
            pieces.append([first + i, at, 0 if cut and i == count - 1 else 1, message.hex()])
    return pieces
