"""Messages as the tokens that the coder will see, and rows of them for training and measuring."""
import os
import struct
import tempfile

import numpy as np

import data
import tool

BETWEEN = -1       # in the command's file; what is below are raw bytes, which the network never reads
NEWLINE = b"\n"
CONTEXT = 1024     # tokens of a row on which context is measured


def cut(messages, snapshot, linkcodec):
    """The tokens of each message, as the snapshot of the model cuts them, and the token that begins rows."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "messages"), os.path.join(folder, "tokens")
        with open(source, "wb") as f:
            for message in messages:
                f.write(struct.pack("<I", len(message)) + message)
        told = tool.run_json(linkcodec, "snapshot", "tokens", snapshot, source, "-o", target, "--messages", "u32le", "--json")
        elements = np.fromfile(target, "<i4")
    parts = np.split(elements, np.flatnonzero(elements == BETWEEN))
    return [part[part >= 0] for part in parts], int(told["begin_token"])


class Stream:
    """Messages one after another as a link's context joins them, a newline's token after each; rows begin with the begin token."""

    def __init__(self, messages, snapshot, linkcodec):
        tokens, self.begin = cut(messages + [NEWLINE], snapshot, linkcodec)
        end = tokens.pop()
        end = end if len(end) == 1 else np.array([self.begin], np.int32)
        tokens = [t if m.endswith(NEWLINE) else np.append(t, end) for m, t in zip(messages, tokens)]
        self.tokens = np.concatenate(tokens).astype(np.int32)
        self.starts = np.cumsum([0] + [len(t) for t in tokens[:-1]])

    def row(self, at, span):
        """(inputs, targets) of `span` positions from a place on; targets are -1 behind the stream's end."""
        part = self.tokens[at:at + span]
        inputs, targets = np.full(span, self.begin, np.int64), np.full(span, -1, np.int64)
        inputs[1:len(part)], targets[:len(part)] = part[:-1], part
        return inputs, targets


def stack(rows):
    """Rows as two arrays [rows, span]."""
    return tuple(np.stack(column) for column in zip(*rows))


class Sampler:
    """Rows for training, each file as often as the next or as its share says. A step's rows follow from seed and step alone."""

    def __init__(self, streams, spans, tokens, shares, middle, seed):
        self.names, self.streams, self.spans = sorted(streams), streams, spans
        self.tokens, self.middle, self.seed = tokens, middle, seed
        weights = np.array([float((shares or {}).get(n, (shares or {}).get("*", 1))) for n in self.names])
        if weights.min() < 0 or weights.sum() <= 0:
            data.fail("the shares of all files are nothing")
        self.chances = weights / weights.sum()

    def step(self, number):
        """Inputs and targets of a step; spans take turns. A share of `middle` of the rows begins inside a message."""
        random, span, rows = np.random.RandomState([self.seed, number]), self.spans[number % len(self.spans)], []
        for _ in range(max(1, self.tokens // span)):
            stream = self.streams[self.names[random.choice(len(self.names), p=self.chances)]]
            places = len(stream.tokens) if random.rand() < self.middle else len(stream.starts)
            at = random.randint(places)
            rows.append(stream.row(at if places == len(stream.tokens) else stream.starts[at], span))
        return stack(rows)


def pieces(messages, size, count, seed):
    """`count` successive messages of a file, from a seeded place on; longer ones cut after at most `size` bytes, never within a character."""
    at, found = np.random.RandomState(seed).randint(max(1, len(messages) - count + 1)), []
    for message in messages[at:]:
        while message and len(found) < count:
            end = min(size, len(message))
            while 0 < end < len(message) and end > size - 4 and message[end] & 0xC0 == 0x80:
                end -= 1
            found.append(message[:end])
            message = message[end:]
    return found


class Held:
    """Held-out messages of one file, each on its own (cold) and as rows in which each follows the others (context)."""

    def __init__(self, messages, snapshot, linkcodec):
        self.stream, self.bytes = Stream(messages, snapshot, linkcodec), sum(map(len, messages))
        bounds = list(self.stream.starts) + [len(self.stream.tokens)]
        longest = max(b - a for a, b in zip(bounds, bounds[1:]))
        self.cold = [self._alone(a, b, longest) for a, b in zip(bounds, bounds[1:])]
        span = min(CONTEXT, len(self.stream.tokens))
        self.context = [self.stream.row(at, span) for at in range(0, len(self.stream.tokens), span)]

    def _alone(self, begin, end, longest):
        inputs, targets = self.stream.row(begin, longest)
        targets[end - begin:] = -1
        return inputs, targets
