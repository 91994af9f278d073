"""Checks vector files, or one on standard input, against this reference. Prints how many held; stops at the first that does not."""

import json
import sys

import byte_predictor
import coded_frame
import frames
import quantiser
from range_coder import Decoder, Encoder, check_interval

BITS = 24  # Of the snapshot-free predictor.


def intervals_of(vector):
    return [tuple(interval) for interval in vector["intervals"]] * vector.get("repeat", 1)


def encode(intervals):
    encoder = Encoder()
    for interval in intervals:
        encoder.encode(*interval)
    return encoder.finish()


def weights_of(vector):
    weights = vector["weights"]
    if isinstance(weights, list):
        return weights
    return [i * weights["multiplier"] % weights["modulus"] for i in range(weights["symbols"])]


def cumulatives(vector):
    allowed = vector.get("allowed")
    return quantiser.cumulatives(weights_of(vector), vector["bits"], [c == "1" for c in allowed] if allowed else None)


def prediction_check(message, before=()):
    """CRC-32C of the weights of a message that follows others in a chain."""
    predictor = byte_predictor.Predictor()
    for earlier in before:
        predictor.begin()
        for symbol in earlier:
            predictor.append(symbol)
    predictor.begin()
    data = bytearray()
    for symbol in list(message) + [None]:
        for weight in predictor.weights():
            data += weight.to_bytes(4, "little")
        if symbol is not None:
            predictor.append(symbol)
    return coded_frame.crc32c(data)


def check_valid(vector):
    kind = vector["kind"]
    if kind == "intervals":
        intervals = intervals_of(vector)
        code = bytes.fromhex(vector["code"])
        assert encode(intervals) == code
        decoder = Decoder(code)
        for cumulative, frequency, bits in intervals:
            assert cumulative <= decoder.peek(bits) < cumulative + frequency
            decoder.consume(cumulative, frequency, bits)
    elif kind == "frame":
        messages = [bytes.fromhex(message) for message in vector["messages"]]
        frame = bytes.fromhex(vector["frame"])
        pieces = coded_frame.read_unit(frame, byte_predictor.Predictor, BITS, {}, vector.get("end", 0))
        first, offset, cut = vector["first"], vector.get("offset", 0), vector.get("cut", False)
        assert pieces == [[first + i, offset if i == 0 else 0, 0 if cut and i == len(messages) - 1 else 1, m.hex()] for i, m in enumerate(messages)]
        to_end, short = not frames.has_length(frame[0]), frame[0] < 0x90
        assert coded_frame.write_frame(first, messages, byte_predictor.Predictor(), BITS, to_end, offset, cut, short, keep=frame[0] & 3) == frame
    elif kind == "stream":
        slots = {}
        for segment in vector["segments"]:
            pieces = coded_frame.read_unit(bytes.fromhex(segment["segment"]), byte_predictor.Predictor, BITS, slots)
            assert pieces == segment["pieces"]
    elif kind == "weights":
        ends = cumulatives(vector)
        assert all(ends[symbol] == cumulative for symbol, cumulative in vector["cumulative"])
    elif kind == "baseline":
        before = [bytes.fromhex(message) for message in vector.get("before", [])]
        assert prediction_check(bytes.fromhex(vector["message"]), before) == vector["crc32c"]
    else:
        raise AssertionError("kind " + kind)


def check_rejected(vector):
    kind = vector["kind"]
    try:
        if kind == "interval":
            check_interval(*vector["interval"])
        elif kind == "frame":
            slots = {}
            for segment in vector.get("before", []):
                coded_frame.read_unit(bytes.fromhex(segment), byte_predictor.Predictor, BITS, slots)
            frame = bytes.fromhex(vector["frame"])
            coded_frame.read_unit(frame, byte_predictor.Predictor, BITS, slots, vector.get("end", 0), vector.get("limit", 65536))
        else:
            cumulatives(vector)
    except (ValueError, coded_frame.Refused):
        return
    raise AssertionError("accepted")


def check_all(document):
    for key, check in (("valid", check_valid), ("must_reject", check_rejected)):
        for vector in document[key]:
            try:
                check(vector)
            except AssertionError as error:
                sys.exit(f"{document['feature']}, {key}, {vector['name']}: {error or 'differs'}")
    return len(document["valid"]) + len(document["must_reject"])


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(check_all(json.load(sys.stdin)))
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            print(path, check_all(json.load(file)))
