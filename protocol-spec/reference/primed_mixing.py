"""Primed mixing, section 16, plain and slow: the tables, and codes of messages."""

import copy

from coded_frame import FACTOR, HEADER, PER_MESSAGE
from context_mixing import STRETCH, clamp, context_hash, squash
from range_coder import Decoder, Encoder

CONTEXTS, SETS, ROWS, ROW = 8, 3, 256, 10
EVEN = (2048, 0)
DELIMITERS = b',;|\t :"{}*/=\n'
END = 256


class Refused(Exception):
    """What breaks section 16."""


def counter_learns(counter, bit, limit):
    """10.4-1"""
    q, n = counter
    q += ((4095 if bit else 0) - q) * (655360 // (10 * n + 16)) >> 16
    return q, min(n + 1, limit)


def level(q):
    """16.2-5"""
    return clamp(STRETCH[16 * q + 8] + 2048 >> 6, 0, 63)


class Tables:
    """16.6"""

    def __init__(self, content):
        self.at, self.content = 0, content
        if self.take(1)[0] != 1:
            raise Refused("layout")
        self.bits = list(self.take(CONTEXTS))
        if not all(3 <= bits <= 16 for bits in self.bits):
            raise Refused("bits")
        self.buckets = [self.table(bits) for bits in self.bits]
        logits = [self.number(2, 2840) for _ in range(CONTEXTS * 1024 + 19)]
        self.map, self.match_map = logits[:-19], logits[-19:]
        self.weights = [[[self.number(4, 131071) for _ in range(ROW)] for _ in range(ROWS)] for _ in range(SETS)]
        if self.at != len(content):
            raise Refused("length")

    def take(self, size):
        if self.at + size > len(self.content):
            raise Refused("length")
        self.at += size
        return self.content[self.at - size:self.at]

    def number(self, size, largest):
        value = int.from_bytes(self.take(size), "little", signed=True)
        if abs(value) > largest:
            raise Refused("a number too large")
        return value

    def table(self, bits):
        flags = self.take(2**bits // 8)
        used = [i for i in range(2**bits) if flags[i // 8] >> i % 8 & 1]
        checks = self.take(2 * len(used))
        buckets = {}
        for place, i in enumerate(used):
            check = checks[2 * place] + 256 * checks[2 * place + 1]
            if check % 2 == 0:
                raise Refused("an even check")
            buckets[i] = [check]
        for _ in range(15):
            for place, packed in enumerate(self.take(len(used))):
                n = (0, 1, 3, 6)[packed >> 6]
                buckets[used[place]].append((squash(64 * (packed & 63) + 32 - 2048) >> 4, n) if n else EVEN)
        return buckets

    def find(self, context, h):
        """16.2-2"""
        i = h >> 32 - self.bits[context]
        for number in (i, i ^ 1):
            bucket = self.buckets[context].get(number)
            if bucket and bucket[0] == h % 65536 | 1:
                return bucket
        return None


class Code:
    """All that a code knows."""

    def __init__(self, tables):
        self.tables = tables
        self.weights = copy.deepcopy(tables.weights)
        self.buckets = [{} for _ in range(CONTEXTS)]
        self.ends = (3840, 3)
        self.bytes = []
        self.word = self.word_before = 0
        self.fields = {}
        self.match_table, self.place, self.count = {}, None, 0
        self.begin_record()
        self.begin_field()

    def last(self, back):
        return self.bytes[-back] if back <= len(self.bytes) else 0

    def number_of(self, count):
        return sum(self.last(i + 1) << 8 * i for i in range(count))

    def begin_record(self):
        self.record, self.number, self.type, self.string, self.quoted = len(self.bytes), 0, 0, 0, 0

    def begin_field(self):
        self.key = context_hash(3 * self.string + min(self.number, 200), self.type + 5)
        self.slot = self.key >> 24
        self.before = self.fields.get(self.slot)
        self.fields[self.slot] = len(self.bytes)
        self.content = self.offset = 0

    def learn_byte(self, v):
        """16.3-2"""
        goes_on = self.place is not None and self.bytes[self.place] == v
        self.bytes.append(v)
        if 65 <= v & ~32 <= 90 or v >= 128:
            self.word = context_hash(self.word, (v | 32) + 1)
        elif self.word:
            self.word_before, self.word = self.word, 0
        if v not in DELIMITERS:
            self.content = context_hash(self.content, v + 1)
            self.offset += 1
        else:
            if self.number == 0 and self.bytes[self.record] in b"$!":
                self.type = self.content
            if v == ord(":"):
                self.string, self.number = self.quoted, 0
            elif v == ord(","):
                self.string = 0
            elif v == ord('"'):
                self.quoted = self.content
            self.number += 1
            if v == 10:
                self.begin_record()
            self.begin_field()
        self.learn_match(goes_on)

    def learn_match(self, goes_on):
        """16.4-1"""
        self.place, self.count = (self.place + 1, min(self.count + 1, 63)) if goes_on else (None, 0)
        k = context_hash(self.number_of(4), self.last(5) + 9) >> 20
        p = self.match_table.get(k)
        end = len(self.bytes)
        self.match_table[k] = end
        if self.place is None and p is not None:
            m = 0
            while m < 32 and p - m > 0 and self.bytes[p - 1 - m] == self.bytes[end - 1 - m]:
                m += 1
            if m >= 4:
                self.place, self.count = p, m

    def contexts(self):
        """16.3-3"""
        def at(place):
            return self.bytes[place] if self.before is not None and place < len(self.bytes) else 256
        same, following = (256, 256) if self.before is None else (at(self.before + self.offset), at(self.before + self.offset + 1))
        b1 = self.last(1)
        return [context_hash(b1, 1), context_hash(self.number_of(2), 2), context_hash(self.number_of(3), 3), context_hash(self.number_of(4), 4),
                context_hash(self.number_of(4), 5 + 16 * (self.last(5) + 256 * self.last(6))),
                context_hash(self.word, self.word_before + 7 * b1 + 6), context_hash(self.key, self.content + 7),
                context_hash(3 * self.key + self.offset, 257 * (300 * same + following) + b1)]

    def bucket(self, context, h):
        """16.2-3"""
        check, i = h % 65536 | 1, h >> 20
        table = self.buckets[context]
        for number in (i, i ^ 1):
            if number in table and table[number][0] == check:
                return table[number]
        first, second = table.get(i), table.get(i ^ 1)
        number = i ^ 1 if first and (not second or second[1][1] < first[1][1]) else i
        trained = self.tables.find(context, h)
        table[number] = [check] + (list(trained[1:]) if trained else [EVEN] * 15)
        return table[number]

    def code_byte(self, decide, v):
        contexts = self.contexts()
        expected = None if self.place is None else self.bytes[self.place]
        match = self.count if self.count < 16 else 16 if self.count < 24 else 17 if self.count < 32 else 18
        partial = 1
        for j in range(8):
            if j in (0, 4):
                buckets = [self.bucket(i, c if j == 0 else context_hash(c, 1000 + partial)) for i, c in enumerate(contexts)]
            node = partial if j < 4 else partial & 2 ** (j - 4) - 1 | 2 ** (j - 4)
            counters = [bucket[node] for bucket in buckets]
            inputs = [self.tables.map[1024 * i + 64 * n + level(q)] if n else 0 for i, (q, n) in enumerate(counters)]
            m = 0
            inputs.append(0)
            if expected is not None and (expected | 256) >> 8 - j == partial:
                logit = self.tables.match_map[match]
                inputs[-1] = logit if expected >> 7 - j & 1 else -logit
                m = 1 if match < 8 else 2 if match < 16 else 3
            inputs.append(256)
            order = max([0] + [i + 1 for i in range(5) if counters[i][1] > 0])
            rows = [self.weights[0][partial], self.weights[1][64 * m + 8 * order + j], self.weights[2][self.slot]]
            probability = squash(sum(x * sum(w) >> 6 for x, *w in zip(inputs, *rows)) >> 8)
            bit = decide(probability, v >> 7 - j & 1)
            err = (65536 * bit - probability) * 20 >> 8
            for row in rows:
                row[:] = [clamp(w + (x * err + 8192 >> 14), -131071, 131071) for x, w in zip(inputs, row)]
            for bucket in buckets:
                bucket[node] = counter_learns(bucket[node], bit, 15)
            partial = 2 * partial + bit
        self.learn_byte(partial & 255)
        return partial & 255

    def code(self, decide, symbol):
        """16.1-2: a byte or END."""
        v = self.code_byte(decide, 10 if symbol == END else symbol)
        if v != 10:
            return v
        ends = decide(max(1, 16 * self.ends[0]), symbol == END)
        self.ends = counter_learns(self.ends, ends, 15)
        return END if ends else v


def encode(tables, messages):
    encoder, code = Encoder(), Code(tables)

    def decide(yes, is_yes):
        no = 65536 - yes
        encoder.encode(*((no, yes) if is_yes else (0, no)), 16)
        return int(is_yes)
    for message in messages:
        for symbol in [*message, END]:
            code.code(decide, symbol)
    written = encoder.finish()
    least = -(-(sum(map(len, messages)) + PER_MESSAGE * len(messages)) // FACTOR) - HEADER  # 5.4-6
    return written + bytes(max(0, least - len(written)))


def decode(tables, written, count):
    decoder, code = Decoder(written), Code(tables)
    room = min(65536, FACTOR * (len(written) + HEADER) - PER_MESSAGE * count)  # 5.4-5

    def decide(yes, _):
        no = 65536 - yes
        bit = int(decoder.peek(16) >= no)
        decoder.consume(*((no, yes) if bit else (0, no)), 16)
        return bit
    messages, message = [], []
    if room < 0:
        raise Refused("limit")
    while len(messages) < count:
        symbol = code.code(decide, 0)
        if decoder.past_end() > 16:
            raise Refused("malformed")
        if symbol == END:
            messages.append(bytes(message))
            message = []
        else:
            if room == 0:
                raise Refused("limit")
            room -= 1
            message.append(symbol)
    return messages
