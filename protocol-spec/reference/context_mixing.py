"""The context mixing of section 10, plain and slow: a message's decisions, cold or from a memory of messages before it."""

M32 = 2**32 - 1
LARGEST = 2840
NONE = None
DELIMITERS = b'\t\n ,;|:"{}*/=[]()<>'
SET_ROWS = (64, 256, 32, 120, 64, 80)
MAPS = (("runs", 16 * 4096), ("counters", 11 * 1024), ("expected", 9 * 2048), ("end", 4128))
WEIGHTS = (("weights", 616 * 40), ("final", 32 * 8), ("end_weights", 4 * 8))
ROWS = 2240


def clamp(value, low, high):
    return max(low, min(high, value))


# 10.1

def _squash_table():
    table = [0] * (2 * LARGEST + 1)
    e = 2**60
    for k in range(LARGEST + 1):
        low = max(1, e * 2**16 // (2**60 + e))
        table[LARGEST - k] = low
        table[LARGEST + k] = min(65535, 65536 - low)
        e = e * 9187413517043429148 // 2**63
    return table


SQUASH = _squash_table()


def squash(logit):
    return SQUASH[clamp(logit, -LARGEST, LARGEST) + LARGEST]


def _stretch_table():
    table = []
    logit = -LARGEST
    for p in range(65536):
        while logit < LARGEST and squash(logit) < p:
            logit += 1
        table.append(logit)
    return table


STRETCH = _stretch_table()


def surprisal(probability):
    n = probability >> 6
    if n == 0:
        return 2816
    log = n.bit_length() - 1
    m = n * 2 ** (32 - log)
    for _ in range(8):
        m = m * m // 2**32
        log *= 2
        if m >= 2**33:
            m //= 2
            log += 1
    return 2560 - log


def share(yes, no):
    return clamp((yes + 1) * 2**16 // (yes + no + 2), 1, 65535)


# 10.2

def context_hash(a, b):
    z = ((a & M32) << 32 | b & M32) * 0x9E3779B97F4A7C15 % 2**64
    z ^= z >> 29
    return z * 0xBF58476D1CE4E5B9 % 2**64 >> 32


class Memory:
    def __init__(self):
        self.ring = [0] * 32768
        self.slots = [0] * 16384
        self.counters = [32768] * (11 * 1024)
        self.end_counters = [3200] * (4 * 512)
        self.m6, self.m4 = [0] * 4096, [0] * 4096
        self.r4, self.r2 = [0] * 1024, [0] * 1024
        self.field_start, self.field_check = [0] * 256, [0] * 256
        self.field_number, self.field_step, self.field_hits = [0] * 256, [0] * 256, [0] * 256
        self.column_hits = {name: [0] * 256 for name in ("above", "alike", "slope", "period")}
        self.expected_hits = [0] * 9
        self.position = 1
        self.last_record = self.record_before = 0
        self.learned = 0
        self.profile = NONE
        self.weights = self.final = self.end_weights = []

    def copy(self):
        other = Memory()
        for name, value in vars(self).items():
            if isinstance(value, list):
                value = list(value)
            elif isinstance(value, dict):
                value = {key: list(hits) for key, hits in value.items()}
            setattr(other, name, value)
        return other

    def use(self, number, profile):
        if self.profile != number:
            self.profile = number
            self.weights, self.final, self.end_weights = (list(profile[name]) for name, _ in WEIGHTS)

    def append(self, value):
        self.ring[self.position % 32768] = value
        self.position += 1

    def at(self, position):
        return self.ring[position % 32768]

    def held(self, position):
        return 0 < position < self.position and self.position - position < 32704

    def find(self, entry):
        place = self.position - 1 - (self.position - 1 - entry) % 65536
        return place if entry != 0 and self.held(place) else NONE


def hit(hits, index, right):
    hits[index] = (2 * hits[index] + (1 if right else 0)) % 256


def count(counter, bit, limit):
    q, n = counter >> 4, counter & 15
    q += ((4095 if bit else 0) - q) * (655360 // (10 * n + 16)) >> 16
    return q << 4 | min(n + 1, limit)


# 10.5-6

def crc24(data):
    crc = 0
    for value in data:
        crc ^= value << 16
        for _ in range(8):
            crc = crc << 1 ^ (0xFFF409 if crc & 0x800000 else 0)
            crc &= 0xFFFFFF
    return crc


def hex_digit(value, upper):
    return ord(("0123456789ABCDEF" if upper else "0123456789abcdef")[value & 15])


def checksum_of(record, is_binary):
    """The byte after these of a record where it is a check, and its kind."""
    column = len(record)
    if column == 0:
        return NONE
    if is_binary:
        if column >= 8 and record[0] == 0xB5 and record[1] == 0x62:
            a = b = before = 0
            for value in record[2:]:
                before = b
                a = (a + value) % 256
                b = (b + a) % 256
            end = 6 + record[4] + 256 * record[5]
            return (a, 0) if column == end else (before, 1) if column == end + 1 else NONE
        if 11 <= column <= 13 and record[0] >> 3 in (17, 18):
            return crc24(record[:11]) >> 8 * (13 - column) & 0xFF, column - 9
        return NONE
    stars = [i for i in range(1, column) if record[i] == ord("*")]
    if stars and column - stars[-1] in (1, 2):
        xor = 0
        for value in record[1:stars[0]]:
            xor ^= value
        left = column - stars[-1]
        return hex_digit(xor >> 4 if left == 1 else xor, True), 8 + left
    digits = 0
    while digits < column and record[column - 1 - digits] in b"0123456789abcdefABCDEF":
        digits += 1
    run = bytes(record[column - digits:])
    if 22 <= digits <= 27 and int(run[:2], 16) >> 3 in (17, 18):
        crc = crc24(bytes.fromhex(run[:22].decode()))
        upper = any(value in b"ABCDEF" for value in record)
        return hex_digit(crc >> 4 * (27 - digits), upper), 16 + digits - 22
    if column == 68 and record[0] in b"12" and record[1] == ord(" "):
        total = sum(value - 48 if value in b"0123456789" else 1 if value == ord("-") else 0 for value in record)
        return 48 + total % 10, 24
    return NONE


class Message:
    """The state of a message, and its models."""

    def __init__(self, model, memory, number):
        self.model, self.memory = model, memory
        self.profile = model["profiles"][number]
        memory.use(number, self.profile)
        self.warmth = 0 if memory.learned == 0 else 1 if memory.learned < 512 else 2 if memory.learned < 4096 else 3
        self.start = memory.position
        self.message = []
        self.word = self.word_before = 0
        self.match = (NONE, 0)
        self.dictionary = (0, 0)
        self.pairs, self.votes, self.period = [0] * 1024, [0] * 512, 0
        self.previous = 0
        self.begin_record()
        self.bits = 0
        self.loss, self.loss_class, self.surprisals = 16384, 4, 0
        network = self.profile["network"]
        self.network = model["networks"][network]() if network is not NONE else NONE

    def b(self, i):
        return self.message[-i] if i <= len(self.message) else 0

    @property
    def last4(self):
        return self.b(1) | self.b(2) << 8 | self.b(3) << 16 | self.b(4) << 24

    @property
    def length(self):
        return len(self.message)

    # 10.8

    def predict_end(self):
        memory, profile = self.memory, self.profile
        inputs = [0] * 8
        if self.network:
            self.network_weights = self.network.weights()
            inputs[0] = STRETCH[share(self.network_weights[256], sum(self.network_weights[:256]))]
        b1 = self.b(1)
        self.end_slots = [b1, min(self.length, 511), context_hash(context_hash(b1 | self.b(2) << 8, self.key), 5) >> 23,
                          context_hash(context_hash(b1 | min(self.number, 63) << 8, self.head), 5) >> 23]
        for i, slot in enumerate(self.end_slots):
            counter = memory.end_counters[512 * i + slot]
            q, n = counter >> 4, counter & 15
            inputs[1 + i] = STRETCH[profile["end"][1024 * i + 64 * n + (q >> 6)]] if n else 0

        def place(stated):
            return 0 if self.length < stated else 1 if self.length == stated else 2

        def m(i):
            return memory.at(self.start + i)

        if self.length >= 6:
            if m(0) == 0xB5 and m(1) == 0x62:
                kind, stated = 1, m(4) + 256 * m(5) + 8
            elif m(0) == 0xD3 and m(1) < 4:
                kind, stated = 2, 256 * m(1) + m(2) + 6
            else:
                kind, stated = 3, 256 * m(4) + m(5) + 7
            inputs[5] = STRETCH[profile["end"][4096 + 4 * kind + place(stated)]]
        if self.length > 0:
            entry = 20 + place(14) if m(0) >= 128 else 16 + place(7)
            inputs[6] = STRETCH[profile["end"][4096 + entry]]
        inputs[7] = 256
        row = memory.end_weights[8 * self.warmth:8 * self.warmth + 8]
        self.end_inputs = inputs
        self.end_probability = squash(clamp(sum(x * w for x, w in zip(inputs, row)) >> 14, -LARGEST, LARGEST))
        return self.end_probability

    def update_end(self, end):
        memory = self.memory
        err = (65536 * end - self.end_probability) * 8 >> 8
        for i, x in enumerate(self.end_inputs):
            at = 8 * self.warmth + i
            memory.end_weights[at] = clamp(memory.end_weights[at] + (x * err + 8192 >> 14), -524288, 524288)
        for i, slot in enumerate(self.end_slots):
            memory.end_counters[512 * i + slot] = count(memory.end_counters[512 * i + slot], end, 14)

    # 10.3 and 10.4

    def begin_byte(self):
        memory = self.memory
        self.partial, self.j = 1, 0
        self.make_expected_bytes()
        last4, b1, key, content, offset = self.last4, self.b(1), self.key, self.content, self.offset
        col = min(self.column, 4095)
        place = self.alike()
        alike = memory.at(place) if place is not NONE else 256
        same = next_ = 256
        if self.before is not NONE:
            same, next_ = memory.at(self.before + offset), memory.at(self.before + offset + 1)
        period = self.period
        periodic = period > 0 and self.length >= period
        back = memory.at(memory.position - period) if periodic else 256
        back2 = memory.at(memory.position - 2 * period) if periodic and self.length >= 2 * period else 256
        contexts = [
            context_hash(last4 % 2**16, 0x101), context_hash(last4 % 2**24, 0x102), context_hash(last4, 0x103), context_hash(last4, self.b(5) + 0x10400),
            context_hash(last4, self.b(5) + 2**8 * self.b(6) + 0x1050000), context_hash(self.word, self.word_before + b1), context_hash(key, content + 7),
            context_hash(context_hash(key, content + 9), self.previous), context_hash(context_hash(key, 3 * same + 1031 * next_ + 5), b1 | offset << 8), context_hash(col | b1 << 16, 0x106),
            context_hash(col | alike << 16, 0x107 + 4096 * b1), context_hash(col, self.head + 0x109), context_hash(alike | min(offset, 15) << 10, key + 0x10A),
            context_hash(back | back2 << 9, 0x10B + 8 * period), context_hash(back | b1 << 9, 0x10C), context_hash(b1, 0x10D)]
        self.lookups = []
        for i, context in enumerate(contexts):
            h = context_hash(context, 0x1234567 * i + 1)
            found = NONE
            for slot in range(4 * (h >> 20), 4 * (h >> 20) + 4):
                value = memory.slots[slot]
                if value >> 24 == h % 256 and value >> 8 & 15:
                    found = slot
                    break
            self.lookups.append((h, found, memory.slots[found] if found is not NONE else 0))

        def kind(byte):
            if byte < 32:
                return 0
            if byte >= 128:
                return 7
            c = chr(byte)
            return 1 if c.isdigit() else 2 if c.islower() else 3 if c.isupper() else 4 if c == " " else 5 if byte in DELIMITERS else 6

        classes = kind(b1) | kind(self.b(2)) << 3 | kind(self.b(3)) << 6 | kind(self.b(4)) << 9
        self.counter_contexts = [
            0, context_hash(b1, 1), context_hash(min(col, 1023), 2), context_hash(key, min(offset, 30) + 3), context_hash(64 * same + min(offset, 15), 4 + 16 * key),
            context_hash(alike, 5 + 8 * min(col, 255)), context_hash(last4 % 2**16, 6), context_hash(classes | min(offset, 7) << 12, 7), context_hash(min(col, 255) | b1 << 8, 8),
            context_hash(back | back2 << 9, 9), context_hash(self.length % period if periodic else 999, 10 + 16 * b1)]

    def fits(self, byte):
        return (256 | byte) >> 8 - self.j == self.partial

    def expects(self, byte):
        return byte >> 7 - self.j & 1

    def predict_runs(self):
        logits, self.longest = [], 0
        phase = 0 if self.j == 0 else 1 if self.j < 4 else 2 if self.j < 6 else 3
        for i, (_, found, slot) in enumerate(self.lookups):
            last, run, history, before = slot & 255, slot >> 8 & 15, slot >> 12 & 15, slot >> 16 & 255
            if found is NONE or not (self.fits(last) or self.fits(before)):
                logits.append(0)
                continue
            r = run - 1 if run < 5 else 4 if run < 8 else 5 if run < 12 else 6 if run < 15 else 7
            entry = (16 * r + history) * 4 + phase
            if self.fits(last):
                expected = self.expects(last)
                if before != last and self.fits(before):
                    entry += 512 if self.expects(before) == expected else 1024
                self.tally[expected] += 1
                if i < 5:
                    self.longest = i + 1
            else:
                expected = self.expects(before)
                entry += 2048
            s = STRETCH[self.profile["runs"][4096 * i + entry]]
            logits.append(s if expected else -s)
        return logits

    def predict_counters(self):
        logits, self.counter_slots = [], []
        for i, context in enumerate(self.counter_contexts):
            slot = self.partial if i == 0 else 1024 * i + ((context >> 22) + 0x9E5 * self.partial) % 1024
            counter = self.memory.counters[slot]
            q, n = counter >> 4, counter & 15
            logits.append(STRETCH[self.profile["counters"][1024 * i + 64 * n + (q >> 6)]] if n else 0)
            self.counter_slots.append(slot)
        return logits

    def predict_expected_bytes(self):
        logits = []
        for g, byte in enumerate(self.expected_bytes):
            if byte is NONE or not self.fits(byte[0]):
                logits.append(0)
                continue
            expected = self.expects(byte[0])
            self.tally[expected] += 1
            s = STRETCH[self.profile["expected"][2048 * g + 8 * min(byte[1], 255) + self.j]]
            logits.append(s if expected else -s)
        return logits

    # 10.6

    def predict_bit(self):
        memory, j = self.memory, self.j
        self.tally = [0, 0]
        inputs = self.predict_runs() + self.predict_counters() + self.predict_expected_bytes()
        logit = linear = 0
        if self.network:
            sums = [0, 0]
            for byte in range(256):
                if self.fits(byte):
                    sums[self.expects(byte)] += self.network_weights[byte]
            self.network_probability = share(sums[1], sums[0])
            logit, linear = STRETCH[self.network_probability], self.network_probability - 32768 >> 6
        inputs += [logit, linear, 256, 0]
        match = self.expected_bytes[0]
        matched = expected = 0
        if match is not NONE and self.fits(match[0]):
            n = self.match[1]
            matched = 1 if n < 6 else 2 if n < 8 else 3 if n < 12 else 4 if n < 16 else 5 if n < 24 else 6 if n < 32 else 7
            expected = 1 + self.expects(match[0])
        net = clamp(logit + 1280 >> 8, 0, 9)

        def votes(x):
            return x if x < 5 else 4 if x < 6 else 5 if x < 9 else 6 if x < 12 else 7

        rows = [8 * matched + j, self.partial, 4 * j + self.warmth, 4 * (3 * net + expected) + min(self.longest, 3),
                8 * votes(self.tally[1]) + votes(self.tally[0]), 8 * net + self.loss_class]
        self.rows, self.logits, before = [], [], 0
        for row, size in zip(rows, SET_ROWS):
            at = 40 * (before + row)
            before += size
            weights = memory.weights[at:at + 40]
            self.rows.append(at)
            self.logits.append(clamp(sum(x * w >> 6 for x, w in zip(inputs, weights)) >> 8, -LARGEST, LARGEST))
        self.inputs, self.final_row = inputs, 8 * (4 * j + self.loss_class // 2)
        total = sum(y * memory.final[self.final_row + i] for i, y in enumerate(self.logits))
        self.probability = squash(clamp(total >> 14, -LARGEST, LARGEST))
        return self.probability

    def update_bit(self, bit):
        memory = self.memory
        rate = self.profile["rate"] + self.profile["start_rate"] * 1024 // (1024 + self.bits)
        for at, y in zip(self.rows, self.logits):
            err = (65536 * bit - squash(y)) * rate >> 8
            if err:
                for i, x in enumerate(self.inputs):
                    memory.weights[at + i] = clamp(memory.weights[at + i] + (x * err + 8192 >> 14), -524287, 524287)
        err = (65536 * bit - self.probability) * 2 >> 8
        for i, y in enumerate(self.logits):
            at = self.final_row + i
            memory.final[at] = clamp(memory.final[at] + (y * err + 8192 >> 14), -524287, 524287)
        for i, slot in enumerate(self.counter_slots):
            memory.counters[slot] = count(memory.counters[slot], bit, 15 if i == 0 else 12)
        p = self.network_probability if self.network else self.probability
        self.surprisals += surprisal(p if bit else 65536 - p)
        self.partial = 2 * self.partial + bit
        self.j += 1
        self.bits += 1

    # 10.3-2

    def update_runs(self, v):
        slots = self.memory.slots
        for h, found, slot in self.lookups:
            check = h % 256
            if found is not NONE:
                last, run, history, before = slot & 255, slot >> 8 & 15, slot >> 12 & 15, slot >> 16 & 255
                if v == last:
                    run, history = min(run + 1, 15), (2 * history + 1) % 16
                else:
                    before, last, run, history = last, v, 1, 2 * history % 16
                slots[found] = check << 24 | before << 16 | history << 12 | run << 8 | last
                continue
            bucket = range(4 * (h >> 20), 4 * (h >> 20) + 4)
            worst = min(bucket, key=lambda s: (slots[s] >> 8 & 15) + (1 if slots[s] >> 12 & 15 else 0))
            for other in bucket:
                if other != worst and (slots[other] >> 8 & 15) > 4:
                    slots[other] -= 256
            slots[worst] = check << 24 | v << 16 | 1 << 8 | v

    def update_byte(self, v):
        memory = self.memory
        self.update_runs(v)
        column, x = self.column, min(self.column, 255)
        for g, name in ((1, "above"), (2, "alike"), (5, "slope")):
            if self.expected_bytes[g] is not NONE:
                hit(memory.column_hits[name], x, self.expected_bytes[g][0] == v)
        if self.expected_bytes[3] is not NONE:
            hit(memory.field_hits, self.slot, self.expected_bytes[3][0] == v)
        if self.expected_bytes[8] is not NONE:
            hit(memory.column_hits["period"], self.length % self.period % 256, self.expected_bytes[8][0] == v)
        for g, byte in enumerate(self.expected_bytes):
            if byte is not NONE:
                hit(memory.expected_hits, g, byte[0] == v)
        self.record.append(v)
        memory.append(v)
        memory.learned = min(memory.learned + 1, 2**20)
        self.message.append(v)
        if chr(v | 32) in "abcdefghijklmnopqrstuvwxyz" or v >= 128:
            self.word = context_hash(self.word, (v | 32) + 1)
        elif self.word:
            self.word_before, self.word = self.word, 0
        self.update_record(v)
        self.update_field(v)
        if v == 10 and not self.profile["binary"]:
            self.end_record()
            self.begin_record()
        self.update_match(v)
        self.update_period()
        self.update_dictionary(v)
        self.loss += 16 * self.surprisals - self.loss >> 3
        self.surprisals = 0
        f = self.loss >> 12
        self.loss_class = 7 if f >= 10 else 6 if f >= 8 else 5 if f >= 6 else 4 if f >= 4 else 3 if f >= 2 else 2 if f >= 1 else self.loss >> 11
        if self.network:
            self.network.step(v)

    def end_message(self):
        if self.memory.position > self.record_start:
            self.end_field()
            self.end_record()
        self.memory.append(10)

    # 10.5

    def make_expected_bytes(self):
        memory, hits = self.memory, self.memory.expected_hits
        self.expected_bytes = [NONE] * 9
        q, n = self.match
        if q is not NONE and memory.held(q):
            self.expected_bytes[0] = memory.at(q), 4 * (n if n < 16 else 16 if n < 24 else 17 if n < 32 else 18) + hits[0] % 4
        x = min(self.column, 255)
        above = memory.last_record + self.column
        if memory.last_record and memory.held(above):
            self.expected_bytes[1] = memory.at(above), 16 * (hits[1] % 8) + memory.column_hits["above"][x] % 16
        place = self.alike()
        if place is not NONE:
            w = memory.at(place)
            self.expected_bytes[2] = w, 16 * (hits[2] % 8) + memory.column_hits["alike"][x] % 16
            if place - self.column == memory.last_record and memory.held(memory.record_before):
                e = memory.at(memory.record_before + self.column)
                if e != w:
                    self.expected_bytes[5] = (2 * w - e) % 256, 16 * (hits[5] % 4) + memory.column_hits["slope"][x] % 16
        offset = self.offset
        if self.before is not NONE and self.before + offset < self.field_start:
            same = all(memory.at(self.before + i) == memory.at(self.field_start + i) for i in range(max(0, offset - 8), offset))
            confidence = 2 * (8 * (memory.field_hits[self.slot] % 8) + min(offset, 7)) + (1 if same else 0)
            self.expected_bytes[3] = memory.at(self.before + offset), confidence
        if self.expected is not NONE and offset < len(self.expected):
            if all(memory.at(self.field_start + i) == self.expected[i] for i in range(offset)):
                self.expected_bytes[4] = self.expected[offset], 8 * (hits[4] % 4) + min(offset, 7)
        check = checksum_of(self.record, self.profile["binary"])
        if check is not NONE:
            self.expected_bytes[6] = check[0], 8 * check[1] + hits[6] % 8
        text, (q, n) = self.model["dictionary"], self.dictionary
        if 0 < q < len(text):
            self.expected_bytes[7] = text[q], 4 * min(n, 31) + hits[7] % 4
        if self.period and self.length >= self.period:
            z = self.length % self.period % 256
            self.expected_bytes[8] = memory.at(memory.position - self.period), 16 * (hits[8] % 16) + memory.column_hits["period"][z] % 16

    def update_match(self, v):
        memory, (q, n) = self.memory, self.match
        q, n = (q + 1, min(n + 1, 63)) if q is not NONE and memory.at(q) == v else (NONE, 0)
        if self.length >= 3:
            h6 = context_hash(self.last4, self.b(5) + 2**8 * self.b(6) + 11) >> 20
            h4 = context_hash(self.last4, 9) >> 20

            def attempt(entry, least, q, n):
                p = memory.find(entry)
                m = 0
                while p is not NONE and m < 32 and memory.held(p - 1 - m) and memory.at(p - 1 - m) == memory.at(memory.position - 1 - m):
                    m += 1
                return (p, m) if p is not NONE and m >= least and m > n else (q, n)

            if n < 16:
                q, n = attempt(memory.m6[h6], 6, q, n)
                if q is NONE:
                    q, n = attempt(memory.m4[h4], min(self.length, 4), q, n)
            if self.length >= 6:
                memory.m6[h6] = memory.position % 65536
            memory.m4[h4] = memory.position % 65536
        self.match = q, n

    def begin_record(self):
        self.record_start, self.column, self.head, self.two, self.four = self.memory.position, 0, 0, NONE, NONE
        self.record = []
        self.number = self.type = self.name = self.name_number = 0
        self.begin_field()

    def alike(self):
        r = self.four if self.four is not NONE else self.two
        return r + self.column if r is not NONE and self.memory.held(r + self.column) else NONE

    def update_record(self, v):
        memory = self.memory

        def swap(table, index):
            r = memory.find(table[index])
            table[index] = self.record_start % 65536
            same = r is not NONE and all(memory.at(r + i) == memory.at(self.record_start + i) for i in range(self.column))
            return r if same else NONE

        self.column += 1
        if self.column <= 4:
            self.head = context_hash(self.head, v + 1)
        if self.column == 2:
            self.two = swap(memory.r2, self.head >> 22)
        if self.column == 4:
            self.four = swap(memory.r4, self.head >> 22)

    def end_record(self):
        self.memory.record_before, self.memory.last_record = self.memory.last_record, self.record_start

    def begin_field(self):
        memory = self.memory
        self.field_start, self.content, self.offset = memory.position, 0, 0
        self.runs, self.value, self.digits = True, 0, 0
        self.key = context_hash(3 * self.name + min(self.number - self.name_number, 200), self.type)
        self.slot = self.key >> 24
        self.before = memory.find(memory.field_start[self.slot]) if memory.field_check[self.slot] == self.key % 256 else NONE
        number, step = memory.field_number[self.slot], memory.field_step[self.slot]
        self.expected = NONE
        if self.before is not NONE and number >= 0 and step != 0 and number + step >= 0:
            width = 0
            while width < 20 and memory.at(self.before + width) in b"0123456789":
                width += 1
            self.expected = str(number + step).zfill(width).encode()

    def update_field(self, v):
        if self.runs:
            if v in b"0123456789" and self.digits < 18:
                self.value, self.digits = 10 * self.value + v - 48, self.digits + 1
            else:
                self.end_number()
        if v not in DELIMITERS:
            self.content = context_hash(self.content, v + 1)
            self.offset += 1
            return
        closed = self.previous
        self.end_field()
        if v == ord(":") and self.b(2) == ord('"'):
            self.name, self.name_number = closed, self.number
        elif v == ord(","):
            self.name = self.name_number = 0
        if self.number == 0 and self.memory.at(self.record_start) in b"$!":
            self.type = self.previous
        self.number += 1
        if v != 10 or self.profile["binary"]:
            self.begin_field()

    def end_field(self):
        if self.runs:
            self.end_number()
        self.memory.field_start[self.slot] = self.field_start % 65536
        self.memory.field_check[self.slot] = self.key % 256
        self.previous = self.content

    def end_number(self):
        memory, slot = self.memory, self.slot
        self.runs = False
        valid = 1 <= self.digits <= 15
        known = memory.field_check[slot] == self.key % 256 and memory.field_start[slot] != 0 and memory.field_number[slot] >= 0
        memory.field_step[slot] = self.value - memory.field_number[slot] if valid and known else 0
        memory.field_number[slot] = self.value if valid else -1

    def update_period(self):
        if self.length < 3:
            return
        entry = context_hash(self.last4 % 2**16, 21) >> 22
        y = self.pairs[entry]
        d = (self.length - y) % 65536
        if y != 0 and 1 <= d <= 511:
            self.votes[d] += 16
            if self.period == 0 or self.votes[d] > self.votes[self.period]:
                self.period = d
        self.pairs[entry] = self.length % 65536
        if self.length % 32 == 0:
            self.votes = [x - (x >> 2) for x in self.votes]

    # 10.7

    def update_dictionary(self, v):
        text, index, (q, n) = self.model["dictionary"], self.model["index"], self.dictionary
        q, n = (q + 1, min(n + 1, 63)) if 0 < q < len(text) and text[q] == v else (0, 0)
        if self.length >= 5 and n < 24:
            p = index.get(context_hash(self.last4, self.b(5) + 99) >> 10, 0)
            m = 0
            while m < min(32, self.length, p) and text[p - 1 - m] == self.message[-1 - m]:
                m += 1
            if p > 0 and m >= 5 and m > n:
                q, n = p, m
        self.dictionary = q, n


def dictionary_index(text):
    index = {}
    for p in range(5, len(text)):
        c = text[p - 1] | text[p - 2] << 8 | text[p - 3] << 16 | text[p - 4] << 24
        index[context_hash(c, text[p - 5] + 99) >> 10] = p
    return index


# 10.9

def detect(model, message, hint, last):
    profiles, table = model["profiles"], model["table"]
    seen = message[:512]
    form = min(31, (len(message) + 1).bit_length() - 1) + (32 if 10 in seen else 0)
    first = message[0] if message else 256
    second = message[1] if len(message) > 1 else 256
    traits = (2048 + form, 2112 + (context_hash(first, 31) >> 26), 2176 + (context_hash(second, 32) >> 26))
    pairs = [context_hash(before, byte) >> 21 for before, byte in zip([256, *seen], seen)]
    sums = []
    for i, profile in enumerate(profiles):
        total = 12 * sum(table[len(profiles) * row + i] for row in traits) + sum(table[len(profiles) * row + i] for row in pairs)
        total -= 512 if hint != 0 and profile["hint"] == hint else 0
        total -= 256 if i == last else 0
        sums.append(total)
    return sums.index(min(sums))


def slices(count_, last):
    room = 65536 if last is NONE else 4096
    if count_ <= 4:
        sizes = [room // count_] * count_
    else:
        rest = room - room // 4 - 3 * (room // 10)
        sizes = [room // 4] + [room // 10] * 3 + [rest // (count_ - 4)] * (count_ - 4)
    if last is not NONE:
        sizes[last] += 61440
    sizes[-1] += 65536 - sum(sizes)
    return sizes


def decide(model, memory, message, number):
    """The decisions after the profile's: of each the slots of 0, or of going on. Changes the memory."""
    state = Message(model, memory, number)
    found = []
    for v in message:
        found.append(65536 - state.predict_end())
        state.update_end(0)
        state.begin_byte()
        for shift in range(7, -1, -1):
            found.append(65536 - state.predict_bit())
            state.update_bit(v >> shift & 1)
        state.update_byte(v)
    found.append(65536 - state.predict_end())
    state.update_end(1)
    state.end_message()
    return found


def code(model, memory, message, hint=0):
    """Codes a message for what the memory keeps of it (10.2-5), with the profile that the detector chooses."""
    decide(model, memory, message, detect(model, message, hint, memory.profile))


# 10.10

def read_content(content):
    """A model of the content of context-mixing.bin; ValueError where it must be refused."""
    at = 0

    def take(size):
        nonlocal at
        if len(content) - at < size:
            raise ValueError("too short")
        at += size
        return content[at - size:at]

    def number(size, signed=False):
        return int.from_bytes(take(size), "little", signed=signed)

    def require(holds, fault):
        if not holds:
            raise ValueError(fault)

    require(number(1) == 1, "another layout")
    amount = number(1)
    require(1 <= amount <= 32, "too many profiles, or none")
    profiles = []
    for _ in range(amount):
        size = number(1)
        require(1 <= size <= 32, "the name's length")
        name = take(size)
        require(all(0x21 <= c <= 0x7E for c in name), "the name")
        profile = {"name": name.decode(), "hint": number(1), "network": number(1), "binary": number(1), "rate": number(2), "start_rate": number(2)}
        require(profile["hint"] <= 9, "the hint")
        require(profile["network"] <= 8, "the network")
        require(profile["binary"] <= 1, "the flag")
        require(profile["rate"] + profile["start_rate"] <= 1023, "the rates")
        profile["network"] = profile["network"] - 1 if profile["network"] else NONE
        for part, entries in MAPS:
            data = take(2 * entries)
            profile[part] = [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]
        for part, entries in WEIGHTS:
            profile[part] = [number(4, True) for _ in range(entries)]
            require(all(-2**19 <= w <= 2**19 for w in profile[part]), "a weight")
        profiles.append(profile)
    table = take(ROWS * amount)
    require(at == len(content), "too long")
    return {"profiles": profiles, "table": table}
