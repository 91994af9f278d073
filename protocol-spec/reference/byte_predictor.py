"""The snapshot-free predictor, section 7.4: a function of the messages of a chain. Recomputes everything for every symbol."""

import os

END = 256
ENDINGS = b".!?\n})]>\";=$"


def _row(previous):
    if previous is None:
        return 0
    if 0x20 <= previous < 0x7F:
        return previous - 0x1F
    if previous == 0x0A:
        return 96
    return 97 if previous < 0x80 else 98


def _column(following):
    if 0x20 <= following < 0x7F:
        return following - 0x20
    if following == 0x0A:
        return 95
    return 96 if following < 0x80 else 97


def _shares():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "byte_prior.txt")
    with open(path, encoding="ascii") as file:
        rows = file.read().split()
    table = []
    for row in rows:
        cells = [int(row[_column(s)], 36) for s in range(256)]
        sizes = [(741455 if cell % 2 else 2**20) // 2 ** (cell // 2) for cell in cells]
        total = sum(sizes)
        table.append([size * 2**24 // total for size in sizes])
    return table


PRIOR = _shares()


class Predictor:
    def __init__(self):
        self.message = bytearray()  # the history: all messages of the chain
        self.start = None  # where the present message begins
        self.counts = [0] * 256
        self.trust = 58000

    def begin(self):
        """Begins the next message."""
        if self.start is not None:
            self.message.append(0x0A)  # 7.4-6
        self.start = len(self.message)

    def order_zero(self, symbol):
        return (2 * self.counts[symbol] + 1) * (2**36 // (2 * sum(self.counts) + 256)) // 2**12

    def prior(self):
        return PRIOR[_row(self.message[-1] if self.message else None)]

    def append(self, symbol):
        prior = self.prior()[symbol] * self.trust
        own = self.order_zero(symbol) * (2**16 - self.trust)
        self.trust = min(max(prior * 2**16 // (prior + own), 1024), 2**16 - 1024)
        self.counts[symbol] += 1
        if sum(self.counts) == 8192:
            self.counts = [count // 2 for count in self.counts]
        self.message.append(symbol)

    def places(self):
        """Pairs of a context's length and the byte that followed it."""
        message, here = self.message, len(self.message)
        found = []
        for place in range(here - 1, max(0, here - 8000 - 1), -1):
            if place < 1 or here - place > 8000 or len(found) == 256:
                break
            length = 0
            while length < 10 and place - 1 - length >= 0 and message[place - 1 - length] == message[here - 1 - length]:
                length += 1
            if length > 0:
                found.append((length, message[place]))
        return found

    def weights(self):
        shares = [0] * 256
        left = 2**24
        found = self.places()
        for order in range(10, 0, -1):
            if not any(length == order for length, _ in found):
                continue
            followers = [symbol for length, symbol in found if length >= order]
            unit = left // (16 * len(followers))
            for symbol in set(followers):
                given = unit * (16 * followers.count(symbol) - (16 - order))
                shares[symbol] += given
                left -= given
        prior = self.prior()
        reciprocal = 2**36 // (2 * sum(self.counts) + 256)
        weights = []
        for symbol in range(256):
            own = (2 * self.counts[symbol] + 1) * reciprocal // 2**12
            share = (prior[symbol] * self.trust + own * (2**16 - self.trust)) // 2**16
            weights.append((shares[symbol] + share * left // 2**24) // 4 + 1)
        end = self.end()
        weights.append(max(1, sum(weights) * end // (2**16 - end)))
        return weights

    def end(self):
        length = len(self.message) - self.start
        if length == 0:
            return 64
        last = self.message[-1]
        if last in b" ,":
            likeliness = 1
        elif last < 0x80 and chr(last).isalpha():
            likeliness = 4
        elif last in ENDINGS:
            likeliness = 16
        else:
            likeliness = 8
        return max(16, likeliness * 8192 // (length + 48))
