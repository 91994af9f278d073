"""The context mixing of section 10, plain and slow: a message's decisions, cold or from a memory of messages before it."""

M32 = 2**32 - 1
LARGEST = 2840
NONE = None
DELIMITERS = b'\t\n ,;|:"{}*/=[]()<>'
SET_ROWS = (64, 256, 128, 120, 64, 80)
MAPS = (("runs", 16 * 4096), ("counters", 13 * 1024), ("expected", 12 * 2048), ("end", 4128), ("differences", 2 * 64 * 256))
WEIGHTS = (("weights", 712 * 48), ("final", 128 * 8), ("end_weights", 4 * 8))
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
        self.counters = [32768] * (13 * 1024)
        self.end_counters = [3200] * (4 * 512)
        self.m6, self.m4 = [0] * 4096, [0] * 4096
        self.records, self.earlier_records, self.next_records = [0] * 4096, [0] * 4096, [0] * 4096
        self.last_keys = [0] * 4
        self.field_start, self.field_check = [0] * 256, [0] * 256
        self.field_number, self.field_step, self.field_hits = [0] * 256, [0] * 256, [0] * 256
        self.field_decimals, self.field_change, self.field_source = [0] * 256, [0] * 256, [NONE] * 256
        self.contents = [(0, 0)] * 256
        self.column_hits = {name: [0] * 256 for name in ("above", "alike", "slope", "period", "little slope")}
        self.expected_hits = [0] * 12
        self.scales = [[NONE] * 256, [NONE] * 256]
        self.addresses, self.last_address, self.address_hits = [0] * 256, 0, [0]
        self.trailer_stated, self.trailer_length = [False] * 64, [0] * 64
        self.residues, self.residue_hits = [[0] * 9 for _ in range(64)], [[0] * 9 for _ in range(64)]
        self.position = 1
        self.last_record = self.record_before = 0
        self.learned = 0
        self.profile = NONE
        self.weights = self.final = self.end_weights = []

    def copy(self):
        other = Memory()
        for name, value in vars(self).items():
            if isinstance(value, list):
                value = [list(one) if isinstance(one, list) else one for one in value]
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


def mode_s(data):
    """Format, bytes before the parity, and whether the parity is overlaid with an address; NONE where there is none."""
    form = data[0] >> 3
    overlaid = False if form in (17, 18) else True if form in (0, 4, 5, 16, 20, 21) else NONE
    return form, 11 if form >= 16 else 4, overlaid


def hex_run(record):
    digits = 0
    while digits < len(record) and record[len(record) - 1 - digits] in b"0123456789abcdefABCDEF":
        digits += 1
    return bytes(record[len(record) - digits:])


def parity_of(memory, data, before):
    """The parity that a Mode S message should have; NONE where it is not known."""
    crc, overlaid = crc24(data[:before]), mode_s(data)[2]
    if not overlaid:
        return NONE if overlaid is NONE else crc
    address = memory.addresses[context_hash(int.from_bytes(data[:4], "big"), 41) >> 24]
    address = address or memory.last_address
    return crc ^ address if address else NONE


def learn_mode_s(memory, data):
    """After each whole byte of what may be a Mode S message."""
    form, before, overlaid = mode_s(data)
    if len(data) == 4 and form in (11, 17, 18):
        memory.last_address = int.from_bytes(data[1:4], "big")
    elif len(data) == before + 3 and overlaid:
        address = crc24(data[:before]) ^ int.from_bytes(data[before:], "big")
        memory.addresses[context_hash(int.from_bytes(data[:4], "big"), 41) >> 24] = address
        memory.last_address = address


def checksum_of(memory, record, is_binary):
    """The byte after these of a record where it is a check, its kind, and whether it stands for an address."""
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
            return (a, 0, False) if column == end else (before, 1, False) if column == end + 1 else NONE
        _, before, overlaid = mode_s(record)
        parity = parity_of(memory, bytes(record), before) if 0 <= column - before < 3 else NONE
        if parity is not NONE:
            return parity >> 8 * (2 - column + before) & 0xFF, (5 if overlaid else 2) + column - before, overlaid
        return NONE
    star = star_of(record)
    if star > 0 and column - star in (1, 2):
        xor = 0
        for value in record[1:record.index(ord("*"), 1)]:
            xor ^= value
        left = column - star
        return hex_digit(xor >> 4 if left == 1 else xor, True), 8 + left, False
    run = hex_run(record)
    if len(run) >= 8:
        data = bytes.fromhex(run[:len(run) // 2 * 2].decode())
        _, before, overlaid = mode_s(data)
        place = len(run) - 2 * before
        parity = parity_of(memory, data, before) if 0 <= place < 6 else NONE
        if parity is not NONE:
            upper = any(value in b"ABCDEF" for value in record)
            return hex_digit(parity >> 4 * (5 - place), upper), (25 if overlaid else 16) + place, overlaid
    if column == 68 and record[0] in b"12" and record[1] == ord(" "):
        total = sum(value - 48 if value in b"0123456789" else 1 if value == ord("-") else 0 for value in record)
        return 48 + total % 10, 24, False
    return NONE


def star_of(record):
    """The column of the last star above column 0; 0 for none."""
    return max((i for i in range(1, len(record)) if record[i] == ord("*")), default=0)


# 10.5-11

WIDTHS = (4, 4, 3, 2, 2, 2, 2, 1, 1)
LOW_FIRST = (0, 4, 5)
ADDED = (5, 6, 8)


def reflected(data, polynomial, crc):
    for value in data:
        crc ^= value
        for _ in range(8):
            crc = crc >> 1 ^ (polynomial if crc & 1 else 0)
    return crc


def straight(data, polynomial, bits, crc):
    for value in data:
        crc ^= value << bits - 8
        for _ in range(8):
            crc = (crc << 1 ^ (polynomial if crc >> bits - 1 else 0)) & 2**bits - 1
    return crc


def trailer_sums(data):
    ethernet = reflected(data, 0xEDB88320, 2**32 - 1)
    a = b = xor = 0
    for value in data:
        a = (a + value) % 256
        b = (b + a) % 256
        xor ^= value
    return (ethernet, ethernet, straight(data, 0x864CFB, 24, 0), straight(data, 0x1021, 16, 0xFFFF), reflected(data, 0xA001, 0xFFFF),
            a | b << 8, sum(data) % 65536, xor, sum(data) % 256)


def combined(i, first, second, sign):
    """The sum and a residue, or what two sums differ by."""
    if i not in ADDED:
        return first ^ second
    if i == 5:
        return (first + sign * second) % 256 | ((first >> 8) + sign * (second >> 8)) % 256 << 8
    return (first + sign * second) % 256**WIDTHS[i]


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
        self.carries, self.carry_states, self.references = [0, 0], [3, 3], [NONE, NONE]
        self.all_bits, self.scores, self.width, self.agreed = [], [2048] * 64, 8, 0
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
            kind, stated = self.stated()
            inputs[5] = STRETCH[profile["end"][4096 + 4 * kind + place(stated)]]
        star = 0 if profile["binary"] else star_of(self.record)
        if star and self.column > star:
            inputs[6] = STRETCH[profile["end"][4096 + 24 + min(self.column - star, 4)]]
        elif self.length > 0:
            entry = 20 + place(14) if m(0) >= 128 else 16 + place(7)
            inputs[6] = STRETCH[profile["end"][4096 + entry]]
        inputs[7] = 256
        row = memory.end_weights[8 * self.warmth:8 * self.warmth + 8]
        self.end_inputs = inputs
        self.end_probability = squash(clamp(sum(x * w for x, w in zip(inputs, row)) >> 14, -LARGEST, LARGEST))
        return self.end_probability

    def stated(self):
        """Kind and length by the message's header; of a message shorter than that nothing."""
        m = [self.memory.at(self.start + i) for i in range(6)]
        if self.length < 6:
            return 0, -1
        if m[0] == 0xB5 and m[1] == 0x62:
            return 1, m[4] + 256 * m[5] + 8
        if m[0] == 0xD3 and m[1] < 4:
            return 2, 256 * m[1] + m[2] + 6
        return 3, 256 * m[4] + m[5] + 7

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
        self.make_references()
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
        contexts = self.counter_contexts + (self.packed_contexts() if self.profile["binary"] else [])
        for i, context in enumerate(contexts):
            slot = self.partial if i == 0 else 1024 * i + (context >> 22) if i > 10 else 1024 * i + ((context >> 22) + 0x9E5 * self.partial) % 1024
            counter = self.memory.counters[slot]
            q, n = counter >> 4, counter & 15
            logits.append(STRETCH[self.profile["counters"][1024 * i + 64 * n + (q >> 6)]] if n else 0)
            self.counter_slots.append(slot)
        return logits + [0] * (13 - len(logits))

    # 10.4-4

    def bit_before(self, distance):
        return self.all_bits[-distance] if distance <= min(64, len(self.all_bits)) else 0

    def packed_contexts(self):
        back = self.bit_before(self.width) | self.bit_before(2 * self.width) << 1
        return [context_hash(len(self.all_bits) % self.width | back << 8 | min(self.agreed, 7) << 12, self.width + 51),
                context_hash(back | self.bit_before(self.width - 1) << 2 | self.agreed << 4, 52)]

    def update_packed(self, bit):
        self.agreed = min(self.agreed + 1, 15) if self.bit_before(self.width) == bit else 0
        for d in range(1, 65):
            came = 4096 if self.bit_before(d) == bit else 0
            self.scores[d - 1] += came - self.scores[d - 1] >> 6
        self.all_bits.append(bit)
        if len(self.all_bits) % 8 == 0:
            best = self.width
            for width in range(3, 64):
                if self.scores[width - 1] > self.scores[best - 1] + (32 if best == self.width else 0):
                    best = width
            self.width = best

    # 10.5-9 and 10.5-10

    def make_references(self):
        memory, hits = self.memory, self.memory.expected_hits
        self.references, self.rows_of_differences, self.reference_columns = [NONE, NONE], [0, 0], [0, 0]
        if self.profile["binary"]:
            place = self.alike()
            alike = memory.at(place) if place is not NONE else NONE
            back = memory.at(memory.position - self.period) if self.period and self.length >= self.period else NONE
            self.raw_references = [alike, back]
            self.reference_columns = [min(self.column, 255), self.length % self.period % 256 if self.period else 0]
            for i, reference in enumerate(self.raw_references):
                if reference is not NONE:
                    scale = memory.scales[i][self.reference_columns[i]]
                    size = 0 if scale is NONE else 1 + scale.bit_length()
                    self.references[i] = (reference + self.carries[i]) % 256
                    self.rows_of_differences[i] = 64 * i + 4 * size + self.carry_states[i]
            return
        if self.before is NONE:
            return
        digit = memory.at(self.before + self.offset)
        if digit in b"0123456789":
            last = 0 if memory.at(self.before + self.offset + 1) in b"0123456789" else 1
            changed = memory.field_change[self.slot]
            if self.change == 0:
                at = changed // 4
                relation = 0 if changed == 0 else 1 if self.offset < at else 2 if self.offset == at else 3
                state = 6 * relation + 2 * (changed % 4)
            else:
                state = 24 + 6 * (self.change - 1) + 2 * (min(self.offset - self.change_at, 3) - 1)
            self.references[0], self.rows_of_differences[0] = digit, state + last
        if self.follows_number() and self.expected[self.offset] in b"0123456789":
            self.references[1] = self.expected[self.offset]
            self.rows_of_differences[1] = 64 + 8 * (hits[4] % 4) + 2 * min(self.offset, 3) + (1 if self.offset == len(self.expected) - 1 else 0)

    def predict_differences(self):
        logits = []
        for reference, row in zip(self.references, self.rows_of_differences):
            if reference is NONE:
                logits.append(0)
                continue
            sums = [0, 0]
            for byte in range(256):
                if self.fits(byte):
                    sums[self.expects(byte)] += self.profile["differences"][256 * row + (byte - reference) % 256]
            logits.append(STRETCH[share(sums[1], sums[0])])
        return logits

    def update_scales(self, v):
        for i, reference in enumerate(self.raw_references):
            if reference is NONE:
                self.carries[i], self.carry_states[i] = 0, 3
                continue
            expected = reference + self.carries[i]
            d = (v - expected + 128) % 256 - 128
            column = self.reference_columns[i]
            scale = self.memory.scales[i][column]
            scale = 8 * abs(d) if scale is NONE else scale
            self.memory.scales[i][column] = scale + (8 * abs(d) - scale >> 2)
            self.carries[i] = 1 if expected + d > 255 else -1 if expected + d < 0 else 0
            self.carry_states[i] = 2 if self.carries[i] else 1 if d else 0

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
        inputs += [logit, linear, *self.predict_differences(), 256, 0, 0]
        match = self.expected_bytes[0]
        matched = expected = 0
        if match is not NONE and self.fits(match[0]):
            n = self.match[1]
            matched = 1 if n < 6 else 2 if n < 8 else 3 if n < 12 else 4 if n < 16 else 5 if n < 24 else 6 if n < 32 else 7
            expected = 1 + self.expects(match[0])
        net = clamp(logit + 1280 >> 8, 0, 9)

        def votes(x):
            return x if x < 5 else 4 if x < 6 else 5 if x < 9 else 6 if x < 12 else 7

        def trust(byte, hits):
            return 0 if byte is NONE or not self.fits(byte[0]) else 1 if hits % 2 == 0 else 2 if hits % 4 < 2 else 3

        alike = trust(self.expected_bytes[2], memory.column_hits["alike"][min(self.column, 255)])
        z = self.length % self.period % 256 if self.period else 0
        other = trust(self.expected_bytes[8], memory.column_hits["period"][z]) if self.profile["binary"] else trust(self.expected_bytes[3], memory.field_hits[self.slot])
        rows = [8 * matched + j, self.partial, 8 * (4 * alike + other) + j, 4 * (3 * net + expected) + min(self.longest, 3),
                8 * votes(self.tally[1]) + votes(self.tally[0]), 8 * net + self.loss_class]
        self.rows, self.logits, before = [], [], 0
        for row, size in zip(rows, SET_ROWS):
            at = 48 * (before + row)
            before += size
            weights = memory.weights[at:at + 48]
            self.rows.append(at)
            self.logits.append(clamp(sum(x * w >> 6 for x, w in zip(inputs, weights)) >> 8, -LARGEST, LARGEST))
        self.inputs, self.final_row = inputs, 8 * (32 * self.warmth + 4 * j + self.loss_class // 2)
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
        if self.profile["binary"]:
            self.update_packed(bit)
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
        for g, name in ((1, "above"), (2, "alike"), (5, "slope"), (9, "little slope")):
            if self.expected_bytes[g] is not NONE:
                hit(memory.column_hits[name], x, self.expected_bytes[g][0] == v)
        if self.expected_bytes[3] is not NONE:
            hit(memory.field_hits, self.slot, self.expected_bytes[3][0] == v)
        if self.expected_bytes[8] is not NONE:
            hit(memory.column_hits["period"], self.length % self.period % 256, self.expected_bytes[8][0] == v)
        for g, byte in enumerate(self.expected_bytes):
            if byte is not NONE:
                hit(memory.expected_hits, g, byte[0] == v)
        if self.overlaid:
            hit(memory.address_hits, 0, self.expected_bytes[6][0] == v)
        self.record.append(v)
        if self.profile["binary"]:
            learn_mode_s(memory, bytes(self.record[:14]) if len(self.record) <= 14 else bytes(15))
            self.update_scales(v)
        else:
            run = hex_run(self.record)
            if run and len(run) % 2 == 0 and len(run) <= 28:
                learn_mode_s(memory, bytes.fromhex(run.decode()))
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
            if self.profile["binary"]:
                self.end_trailer()
            self.end_field()
            self.end_record()
        self.memory.append(10)

    # 10.5

    def make_expected_bytes(self):
        memory, hits = self.memory, self.memory.expected_hits
        self.expected_bytes = [NONE] * 12
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
            if self.earlier is not NONE and memory.held(self.earlier):
                big = 0
                for i in (3, 2, 1, 0):
                    big = 2 * memory.at(place + i) - memory.at(self.earlier + self.column + i) + (big >> 8)
                little = 2 * w - memory.at(self.earlier + self.column) + self.carry
                if big % 256 != w:
                    self.expected_bytes[5] = big % 256, 16 * (hits[5] % 4) + memory.column_hits["slope"][x] % 16
                if little % 256 != w:
                    self.expected_bytes[9] = little % 256, 16 * (hits[9] % 4) + memory.column_hits["little slope"][x] % 16
        if self.next is not NONE and self.next + self.column < self.record_start and memory.held(self.next + self.column):
            self.expected_bytes[11] = memory.at(self.next + self.column), 32 * (hits[11] % 8) + 2 * min(self.column, 15) + self.same
        offset = self.offset
        if self.before is not NONE and self.before + offset < self.field_start:
            same = all(memory.at(self.before + i) == memory.at(self.field_start + i) for i in range(max(0, offset - 8), offset))
            confidence = 2 * (8 * (memory.field_hits[self.slot] % 8) + min(offset, 7)) + (1 if same else 0)
            self.expected_bytes[3] = memory.at(self.before + offset), confidence
        if self.follows_number():
            self.expected_bytes[4] = self.expected[offset], 8 * (hits[4] % 4) + min(offset, 7)
        if self.copy is not NONE and self.copies and self.copy + offset < self.field_start:
            newer = 1 if self.before is NONE or self.copy > self.before else 0
            self.expected_bytes[10] = memory.at(self.copy + offset), 16 * (hits[10] % 16) + 8 * newer + min(offset, 7)
        check = checksum_of(memory, self.record, self.profile["binary"])
        self.overlaid = check is not NONE and check[2]
        if check is not NONE:
            self.expected_bytes[6] = check[0], 8 * check[1] + (memory.address_hits[0] if self.overlaid else hits[6]) % 8
        elif self.profile["binary"]:
            self.expect_trailer()
        text, (q, n) = self.model["dictionary"], self.dictionary
        if 0 < q < len(text):
            self.expected_bytes[7] = text[q], 4 * min(n, 31) + hits[7] % 4
        if self.period and self.length >= self.period:
            z = self.length % self.period % 256
            self.expected_bytes[8] = memory.at(memory.position - self.period), 16 * (hits[8] % 16) + memory.column_hits["period"][z] % 16

    def follows_number(self):
        expected = self.expected
        return expected is not NONE and self.offset < len(expected) and all(self.memory.at(self.field_start + i) == expected[i] for i in range(self.offset))

    # 10.5-11

    def kind_of_record(self):
        return context_hash(self.record[1] | self.record[0] << 8, 61) >> 26

    def expect_trailer(self):
        memory, column = self.memory, self.column
        if column < 4:
            return
        kind = self.kind_of_record()
        left = (self.stated()[1] if memory.trailer_stated[kind] else memory.trailer_length[kind]) - column
        if not 1 <= left <= 4:
            return
        best, streak = NONE, 0
        for i, hits in enumerate(memory.residue_hits[kind]):
            if left <= WIDTHS[i] and hits > streak:
                best, streak = i, hits
        if best is NONE:
            return
        done = WIDTHS[best] - left
        whole = combined(best, trailer_sums(self.record[:column - done])[best], memory.residues[kind][best], 1)
        shift = 8 * (done if best in LOW_FIRST else left - 1)
        self.expected_bytes[6] = whole >> shift & 0xFF, 8 * (16 + streak) + memory.expected_hits[6] % 8

    def end_trailer(self):
        memory, column = self.memory, self.column
        if column < 6:
            return
        kind = self.kind_of_record()
        memory.trailer_stated[kind] = self.stated()[1] == column
        memory.trailer_length[kind] = min(column, 65535)
        for i, width in enumerate(WIDTHS):
            came = int.from_bytes(bytes(self.record[column - width:]), "little" if i in LOW_FIRST else "big")
            residue = combined(i, came, trailer_sums(self.record[:column - width])[i], -1)
            same = memory.residues[kind][i] == residue
            memory.residue_hits[kind][i] = min(memory.residue_hits[kind][i] + 1, 7) if same else 0
            memory.residues[kind][i] = residue

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
        memory = self.memory
        self.record_start, self.column, self.head, self.beginning = memory.position, 0, 0, 0
        self.found = self.earlier = self.next = NONE
        self.keys, self.same, self.carry = [0] * 4, 1, 0
        for key in reversed(memory.last_keys):
            if key:
                if self.next is NONE:
                    self.next = memory.find(memory.next_records[key])
                memory.next_records[key] = self.record_start % 65536
        self.record, self.overlaid = [], False
        self.number = self.type = self.name = self.name_number = 0
        self.begin_field()

    def alike(self):
        return self.found + self.column if self.found is not NONE and self.memory.held(self.found + self.column) else NONE

    def update_record(self, v):
        memory = self.memory
        place = self.alike()
        little = 0
        if place is not NONE and self.earlier is not NONE and memory.held(self.earlier):
            little = 2 * memory.at(place) - memory.at(self.earlier + self.column) + self.carry
            little = little >> 8 if little % 256 == v else 0
        self.carry = little
        if self.next is not NONE and memory.at(self.next + self.column) != v:
            self.same = 0
        self.column += 1
        if self.column > 10:
            return
        self.beginning = context_hash(self.beginning, v + 1)
        if self.column <= 4:
            self.head = self.beginning
        levels = (2, 4, 5, 10) if self.profile["binary"] else (2, 4, 6, 10)
        if self.column not in levels:
            return
        level = levels.index(self.column)
        key = max(1, 1024 * level + (self.beginning >> 22))
        self.keys[level] = key

        def alike(entry):
            r = memory.find(entry)
            return r if r is not NONE and all(memory.at(r + i) == memory.at(self.record_start + i) for i in range(self.column)) else NONE

        record = alike(memory.records[key])
        if record is not NONE:
            self.found, self.earlier = record, alike(memory.earlier_records[key])
        memory.earlier_records[key] = memory.records[key]
        memory.records[key] = self.record_start % 65536

    def end_record(self):
        self.memory.record_before, self.memory.last_record = self.memory.last_record, self.record_start
        self.memory.last_keys = list(self.keys)

    def begin_field(self):
        memory = self.memory
        self.field_start, self.content, self.offset = memory.position, 0, 0
        self.runs, self.value, self.digits = True, 0, 0
        self.key = context_hash(3 * self.name + min(self.number - self.name_number, 200), self.type)
        self.slot = self.key >> 24
        self.before = memory.find(memory.field_start[self.slot]) if memory.field_check[self.slot] == self.key % 256 else NONE
        self.negative, self.point, self.change, self.change_at = False, 0, 0, 0
        source = memory.field_source[self.slot]
        self.copy, self.copies = memory.find(memory.field_start[source]) if source is not NONE else NONE, True
        number, step, point = memory.field_number[self.slot], memory.field_step[self.slot], memory.field_decimals[self.slot]
        self.expected = NONE
        if self.before is not NONE and number is not NONE and step != 0:
            width, place = 0, self.before + (1 if memory.at(self.before) == ord("-") else 0)
            while width < 18 and memory.at(place) in b"0123456789.":
                width += 0 if memory.at(place) == ord(".") else 1
                place += 1
            digits = str(abs(number + step)).zfill(max(width, point))
            if point:
                digits = digits[:len(digits) - point + 1] + "." + digits[len(digits) - point + 1:]
            self.expected = (("-" if number + step < 0 else "") + digits).encode()

    def goes_on(self, v):
        """Whether the byte belongs to the field's number."""
        if v in b"0123456789" and self.digits < 18:
            self.value, self.digits = 10 * self.value + v - 48, self.digits + 1
            self.point += 1 if self.point else 0
        elif v == ord(".") and self.point == 0 and self.digits > 0:
            self.point = 1
        elif v == ord("-") and self.offset == 0:
            self.negative = True
        else:
            return False
        return True

    def update_field(self, v):
        memory = self.memory
        if self.runs and not self.goes_on(v):
            self.end_number()
        if v not in DELIMITERS:
            if self.before is not NONE and self.change == 0 and v != memory.at(self.before + self.offset):
                self.change, self.change_at = 1 if v > memory.at(self.before + self.offset) else 2, self.offset
            self.copies = self.copies and self.copy is not NONE and memory.at(self.copy + self.offset) == v
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
        memory, slot = self.memory, self.slot
        if self.offset >= 2:
            check, other = memory.contents[self.content >> 24]
            if check == self.content % 256 and other != slot:
                memory.field_source[slot] = other
            memory.contents[self.content >> 24] = self.content % 256, slot
        changed_at = 15 if self.change == 0 else min(self.change_at, 14)
        memory.field_change[slot] = 0 if self.before is NONE else 4 * changed_at + self.change
        self.memory.field_start[self.slot] = self.field_start % 65536
        self.memory.field_check[self.slot] = self.key % 256
        self.previous = self.content

    def end_number(self):
        memory, slot = self.memory, self.slot
        self.runs = False
        valid = 1 <= self.digits <= 15
        known = memory.field_check[slot] == self.key % 256 and memory.field_start[slot] != 0 and memory.field_number[slot] is not NONE
        value = -self.value if self.negative else self.value
        same_form = memory.field_decimals[slot] == self.point
        memory.field_step[slot] = value - memory.field_number[slot] if valid and known and same_form else 0
        memory.field_number[slot] = value if valid else NONE
        memory.field_decimals[slot] = self.point

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

    require(number(1) == 2, "another layout")
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
