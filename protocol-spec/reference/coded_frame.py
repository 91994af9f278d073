"""The CODED frames 0x10 and 0x11 of section 5.4, with any predictor over bytes and END."""

import quantiser
from range_coder import Decoder, Encoder

END = 256
FACTOR = 64  # 5.4-5
PER_MESSAGE = 8
HEADER = 16


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


def read_varint(data, at):
    if at >= len(data):
        raise Refused("ends early")
    size = 1 << (data[at] >> 6)
    if at + size > len(data):
        raise Refused("ends early")
    value = int.from_bytes(data[at:at + size], "big") % 2 ** (8 * size - 2)
    if len(write_varint(value)) != size:
        raise Refused("longer form than needed")
    return value, at + size


def check(messages):
    return crc32c(b"".join(m + len(m).to_bytes(4, "little") for m in messages)).to_bytes(4, "little")


def encode(messages, make_predictor, bits):
    encoder = Encoder()
    for message in messages:
        predictor = make_predictor()
        for symbol in list(message) + [END]:
            ends = quantiser.cumulatives(predictor.weights(), bits)
            encoder.encode(ends[symbol], ends[symbol + 1] - ends[symbol], bits)
            if symbol != END:
                predictor.append(symbol)
    return encoder.finish()


def decode(code, count, make_predictor, bits, limit):
    decoder = Decoder(code)
    messages = []
    room = limit
    for _ in range(count):
        predictor = make_predictor()
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


def write_frame(first, messages, make_predictor, bits, to_end=True):
    code = encode(messages, make_predictor, bits).ljust(least_code(messages), b"\0")  # 5.4-6
    body = write_varint(first) + bytes([len(messages)]) + write_varint(0) + check(messages) + code
    return b"\x10" + body if to_end else b"\x11" + write_varint(len(body)) + body


def read_frame(data, make_predictor, bits, limit=65536):
    """First number and messages of the frame that a segment starts with; 0x10 runs to the end. The predictor keeps no context."""
    if not data or data[0] not in (0x10, 0x11):
        raise Refused("not a coded frame")
    at = 1
    if data[0] == 0x11:
        length, at = read_varint(data, at)
        if at + length > len(data):
            raise Refused("ends early")
        data = data[:at + length]
    first, at = read_varint(data, at)
    if at == len(data):
        raise Refused("ends early")
    count = data[at]
    if count == 0:
        raise Refused("no message")
    distance, at = read_varint(data, at + 1)
    if at + 4 > len(data):
        raise Refused("ends early")
    if distance != 0:
        raise Refused("a context that nobody has")  # 5.5-1
    limit = min(limit, FACTOR * (len(data) - at - 4 + HEADER) - PER_MESSAGE * count)
    if limit < 0:
        raise Refused("more messages than so few bytes may stand for")  # 5.4-5
    messages = decode(data[at + 4:], count, make_predictor, bits, limit)
    if check(messages) != data[at:at + 4]:
        raise Refused("check")
    return first, messages
