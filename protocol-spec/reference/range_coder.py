"""Range coder of section 5.1 and 5.2 with integers of any size: nothing to carry, nothing to wrap. Slow and plain on purpose."""

START_RANGE = 2**64 - 1
LEAST_RANGE = 2**56


def check_interval(cumulative, frequency, bits):
    if not 1 <= bits <= 24 or cumulative < 0 or frequency < 1 or cumulative + frequency > 2**bits:
        raise ValueError("not an interval")


def narrow(size, cumulative, frequency, bits):
    """Offset and size of a symbol's part of an interval of that size (5.1-2, 5.1-3)."""
    unit = size // 2**bits
    offset = unit * cumulative
    if cumulative + frequency == 2**bits:
        return offset, size - offset
    return offset, unit * frequency


class Encoder:
    def __init__(self):
        self.low = 0  # In units of 256^-(8 + digits).
        self.range = START_RANGE
        self.digits = 0

    def encode(self, cumulative, frequency, bits):
        check_interval(cumulative, frequency, bits)
        offset, self.range = narrow(self.range, cumulative, frequency, bits)
        self.low += offset
        while self.range < LEAST_RANGE:
            self.low *= 256
            self.range *= 256
            self.digits += 1

    def finish(self):
        """The shortest string of bytes that names a number of the interval, the least of them (5.2-1), not too short (5.2-4)."""
        for length in range(self.digits + 9):
            step = 256 ** (self.digits + 8 - length)
            number = -(-self.low // step)
            if number * step < self.low + self.range:
                return number.to_bytes(length, "big").ljust(self.digits - 7, b"\0")
        raise AssertionError("the interval is never empty")


class Decoder:
    def __init__(self, code):
        self.code = code
        self.read = 8
        self.value = int.from_bytes(code[:8].ljust(8, b"\0"), "big")  # Relative to the interval's lower end.
        self.range = START_RANGE

    def past_end(self):
        return max(0, self.read - len(self.code))

    def peek(self, bits):
        # Bytes that no encoder wrote can lie above the interval (5.2-3).
        return min(self.value // (self.range // 2**bits), 2**bits - 1)

    def consume(self, cumulative, frequency, bits):
        check_interval(cumulative, frequency, bits)
        offset, self.range = narrow(self.range, cumulative, frequency, bits)
        self.value -= offset
        while self.range < LEAST_RANGE:
            digit = self.code[self.read] if self.read < len(self.code) else 0  # 5.2-2
            self.value = self.value * 256 + digit
            self.range *= 256
            self.read += 1
