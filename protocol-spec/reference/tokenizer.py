"""The tokenizer of section 11.10 and its file. Elements are tokens, and ~b (that is, -1-b) for a raw byte b."""

import struct

NORMAL, BYTE, WHOLE, CONTROL = range(4)
OTHER, WHITE, NUMBER, UPPER, LOWER, LETTER, MARK = range(7)
LETTERS = (UPPER, LOWER, LETTER)
MARKS = (OTHER, MARK)
CAPITALS = (UPPER, LETTER, MARK)
SMALLS = (LOWER, LETTER, MARK)


def require(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)


def is_text(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def spaced(spelling, family):
    return spelling if family == 0 else spelling.replace("\u2581".encode(), b" ")


def read_file(data):
    """A table of a file; ValueError for what is refused. 11.10-1, 11.10-2."""
    require(len(data) >= 26 and data[:8] == b"LCTK\x02\0\0\0", "no file of tokens")
    family, pattern, begin, count, merges, runs = struct.unpack("<BBIIII", data[8:26])
    require(family <= 1 and pattern <= 6, "family or pattern")
    require(1 <= count <= 2**18 and merges <= 2**20 and begin < count, "numbers")
    require(len(data) >= 26 + 3 * count + 6 * merges + 3 * runs, "too short")
    kinds = data[26:26 + count]
    lengths = struct.unpack_from(f"<{count}H", data, 26 + count)
    at = 26 + 3 * count
    require(sum(lengths) <= 2**24 and len(data) == at + sum(lengths) + 6 * merges + 3 * runs, "lengths")
    tokens = []
    for length in lengths:
        tokens.append(data[at:at + length])
        at += length
    normal = {}  # in SentencePiece by the bytes with spaces
    for token, (kind, spelling) in enumerate(zip(kinds, tokens)):
        require(kind <= CONTROL, "kind")
        require((1 <= len(spelling) <= 1024) if kind in (NORMAL, WHOLE) else len(spelling) == (kind == BYTE), "a token's length")
        require(is_text(spelling) if kind == WHOLE or kind == NORMAL and family == 1 else True, "no text")
        if kind == NORMAL:
            spelling = spaced(spelling, family)
            require(spelling not in normal, "twins")
            normal[spelling] = token
    require(normal and sum(kind == WHOLE for kind in kinds) <= 256, "kinds")
    ranks = {}
    for rank in range(merges):
        pair = tuple(int.from_bytes(data[at + i:at + i + 3], "little") for i in (0, 3))
        at += 6
        require(all(one < count and kinds[one] == NORMAL for one in pair), "a merge")
        joined = spaced(tokens[pair[0]] + tokens[pair[1]], family)
        require(joined in normal and pair not in ranks, "a merge")
        ranks[pair] = (rank, normal[joined])
    classes = []
    for _ in range(runs):
        last, kind = struct.unpack_from("<HB", data, at)
        at += 3
        require(kind <= MARK and last >= len(classes) and (not classes or classes[-1] != kind), "a run")
        classes += [kind] * (last + 1 - len(classes))
    require(len(classes) == 2**16 and all(classes[ord(unit)] == WHITE for unit in " \r\n"), "classes")
    require(all(kind == OTHER for kind in classes[0xD800:0xE000]), "halves of characters")
    return Tokenizer(family, pattern, begin, kinds, tokens, normal, ranks, classes)


class Tokenizer:
    def __init__(self, family, pattern, begin, kinds, tokens, normal, ranks, classes):
        self.family, self.pattern, self.begin, self.kinds, self.tokens = family, pattern, begin, kinds, tokens
        self.normal, self.ranks, self.classes = normal, ranks, classes
        self.spellings = [self.spelling(value) for value in range(256)]
        self.characters = {spelling for token, spelling in enumerate(tokens) if kinds[token] == NORMAL}
        whole = [(token, spelling) for token, spelling in enumerate(tokens) if kinds[token] == WHOLE]
        self.whole = sorted(whole, key=lambda one: (-len(one[1]), one[0]))
        self.whole_characters = set("".join(spelling.decode() for _, spelling in whole))

    def spelling(self, value):
        own = [token for token, spelling in enumerate(self.tokens) if spelling == bytes([value])]
        for kind in (BYTE, NORMAL):
            for token in own:
                if self.kinds[token] == kind:
                    return token
        return ~value

    def spell(self, data):
        return [self.spellings[value] for value in data]

    def is_plain(self, character):
        """Whether a character is not spelled. 11.10-3."""
        data = character.encode()
        return character in self.whole_characters or (
            all(self.spellings[value] >= 0 for value in data) if self.family == 0 else data in self.characters)

    def encode(self, message):
        elements = []
        start = at = 0
        while at < len(message):
            size = next((n for n in range(1, 5) if is_text(message[at:at + n]) and len(message[at:at + n]) == n), 0)
            if size == 0:
                elements += self.cut_text(message[start:at]) + self.spell(message[at:at + 1])
                start = at = at + 1
            elif not self.is_plain(message[at:at + size].decode()):
                elements += self.cut_text(message[start:at]) + self.spell(message[at:at + size])
                start = at = at + size
            else:
                if at + size - start > 65536:
                    elements += self.cut_text(message[start:at])
                    start = at
                at += size
        return elements + self.cut_text(message[start:])

    def cut_text(self, text):
        elements = []
        start = at = 0
        while at < len(text):
            whole = next((one for one in self.whole if text.startswith(one[1], at)), None)
            if whole is None:
                at += 1
            else:
                elements += self.cut_part(text[start:at]) + [whole[0]]
                start = at = at + len(whole[1])
        return elements + self.cut_part(text[start:])

    def cut_part(self, part):
        """Words, of UTF-16 units."""
        data = part.decode().encode("utf-16-le")
        units = list(struct.unpack(f"<{len(data) // 2}H", data))
        elements = []
        while units:
            length = self.word(units)
            require(length > 0, "an empty word")
            elements += self.cut_word(units[:length])
            units = units[length:]
        return elements

    def cut_word(self, units):
        elements = []
        while units:
            length = min(256, len(units))
            if length < len(units) and 0xD800 <= units[length - 1] < 0xDC00:
                length = 255
            elements += self.merge(struct.pack(f"<{length}H", *units[:length]).decode("utf-16-le"))
            units = units[length:]
        return elements

    def merge(self, piece):
        data = piece.encode()
        singles = [bytes([value]) for value in data] if self.family == 0 else [spaced(character.encode(), 1) for character in piece]
        parts = [self.normal[single] for single in singles if single in self.normal]
        while True:
            pairs = [(self.ranks[pair][0], at) for at, pair in enumerate(zip(parts, parts[1:])) if pair in self.ranks]
            if not pairs:
                break
            _, at = min(pairs)
            parts[at:at + 2] = [self.ranks[parts[at], parts[at + 1]][1]]
        return parts if b"".join(self.tokens[part] for part in parts) == data else self.spell(data)

    def run(self, units, start, kinds):
        while start < len(units) and self.classes[units[start]] in kinds:
            start += 1
        return start

    def word(self, units):
        """Length of the first word. 11.10-4 to 11.10-8."""
        if self.pattern == 0:
            return len(units)
        if self.pattern == 6:
            start = next((at for at, unit in enumerate(units) if unit != 0x20), len(units))
            return next((at for at in range(start, len(units)) if units[at] == 0x20), len(units))
        if self.pattern <= 4:
            text = "".join(map(chr, units[1:3]))
            text = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text) if self.pattern >= 3 else text
            if units[0] == 0x27:
                if text[:1] and text[0] in "stmd":
                    return 2
                if text in ("re", "ve", "ll"):
                    return 3
        return self.gpt2(units) if self.pattern <= 2 else self.later(units)

    def white(self, units):
        end = self.run(units, 0, (WHITE,))
        at_end = end == len(units) or self.pattern == 2 and self.classes[units[end]] == NUMBER
        return end if at_end or end == 1 else end - 1

    def gpt2(self, units):
        start = 1 if units[0] == 0x20 and len(units) > 1 else 0
        kind = self.classes[units[start]]
        if kind == WHITE:
            return self.white(units)
        if kind == NUMBER and self.pattern == 2:
            return self.white(units) if start else 1
        return self.run(units, start, (NUMBER,) if kind == NUMBER else LETTERS if kind in LETTERS else MARKS)

    def later(self, units):
        first = self.classes[units[0]]
        lead = 1 if units[0] not in (0x0A, 0x0D) and first not in LETTERS + (NUMBER,) else 0
        if self.pattern < 5:
            end = self.run(units, lead, LETTERS)
            if end > lead:
                return end
        else:
            for start in sorted({lead, 0}, reverse=True):
                end = self.small_word(units, start)
                if end:
                    return end
            end = self.run(units, lead, CAPITALS)
            if end > lead:
                return end
        if first == NUMBER:
            return min(self.run(units, 0, (NUMBER,)), 3 if self.pattern == 3 else 1)
        start = 1 if units[0] == 0x20 else 0
        end = self.run(units, start, MARKS)
        if end > start:
            while end < len(units) and units[end] in ((0x0A, 0x0D, 0x2F) if self.pattern == 5 else (0x0A, 0x0D)):
                end += 1
            return end
        white = units[:self.run(units, 0, (WHITE,))]
        lines = max((at + 1 for at, unit in enumerate(white) if unit in (0x0A, 0x0D)), default=0)
        return lines or self.white(units)

    def small_word(self, units, start):
        """Units of CAPITALS and then one or more of SMALLS; the longest first part that leaves one. 0 for none."""
        for middle in range(self.run(units, start, CAPITALS), start - 1, -1):
            end = self.run(units, middle, SMALLS)
            if end > middle:
                return end
        return 0
