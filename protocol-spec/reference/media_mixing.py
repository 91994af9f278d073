"""Mixers of section 13.2, their start weights, and the coders of their decisions."""
import array
import hashlib
import pathlib
import sys

import range_coder
from context_mixing import clamp, squash
from media_numbers import truncated

WEIGHTS = pathlib.Path(__file__).parents[2] / "sdk" / "LinkCodec.Core" / "Media" / "StartWeights.bin"
SHA256 = "91621fc04635522c7c840b66b1d3823432ad009212d35494caba71a14255c857"
SHAPES = ((28, 32, 6), (38, 32, 6), (45, 32, 6), (22, 40, 3))  # inputs, kinds, sets: planes of three kinds, channels
LARGEST = 2**19 - 1


def start_weights():
    """For each mixer the rows of the kinds and their final rows."""
    data = WEIGHTS.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError("other start weights")
    numbers = array.array("h", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    at, parts = 0, []
    for inputs, kinds, sets in SHAPES:
        cut = []
        for length in (inputs, sets):
            cut.append([numbers[at + k * length:at + (k + 1) * length] for k in range(kinds)])
            at += kinds * length
        parts.append(cut)
    assert at == len(numbers)
    return parts


STARTS = start_weights()


SIGNAL = len(STARTS)
SHAPES += ((40, 40, 4),)
STARTS.append([[[100] * 40] * 40, [[1024] * 4] * 40])  # 13.6-6


class Mixer:
    def __init__(self, which, rate, kinds_of):
        """kinds_of has for each set a function from a row to the first and the last kind that the row is for."""
        self.inputs, self.kinds, self.sets = SHAPES[which]
        self.start, finals = STARTS[which]
        self.final = [[16 * weight for weight in row] for row in finals]
        self.rate, self.kinds_of, self.learned = rate, kinds_of, 0
        self.rows = [{} for _ in kinds_of]

    def row(self, number, row):
        rows = self.rows[number]
        if row not in rows:
            first, last = self.kinds_of[number](row)
            kinds = self.start[first:last + 1]
            rows[row] = [truncated(16 * sum(kind[i] for kind in kinds), len(kinds)) for i in range(self.inputs)]
        return rows[row]

    def code(self, coder, x, kind, selected, yes):
        """Codes a decision and learns from it; gives the decision and the probability of yes."""
        rows = [self.row(number, row) for number, row in enumerate(selected)]
        y = [clamp(sum(a * w >> 6 for a, w in zip(x, row)) >> 10, -2840, 2840) for row in rows]
        final = self.final[kind]
        p = squash(sum(a * w for a, w in zip(y, final)) >> 16)
        yes = coder.code(p, yes)
        came = 65536 if yes else 0
        rate = self.rate + 8000 * self.rate // (4000 + self.learned)
        self.learned = min(self.learned + 1, 2**20)
        for row, result in zip(rows, y):
            move(row, x, (came - squash(result)) * rate >> 8)
        move(final, y, (came - p) * 131 >> 8)
        return yes, p


def move(weights, x, err):
    weights[:] = [clamp(w + (a * err + 2**15 >> 16), -LARGEST, LARGEST) for w, a in zip(weights, x)]


class Reader:
    """Decisions from a code."""

    def __init__(self, code):
        self.decoder = range_coder.Decoder(code)

    def code(self, p, _):
        yes = self.decoder.peek(16) >= 65536 - p
        self.decoder.consume(65536 - p if yes else 0, p if yes else 65536 - p, 16)
        return yes


class Writer:
    """Decisions to a code."""

    def __init__(self):
        self.encoder = range_coder.Encoder()

    def code(self, p, yes):
        self.encoder.encode(65536 - p if yes else 0, p if yes else 65536 - p, 16)
        return yes
