"""Messages of the family "language", sections 11.1 to 11.8: their decisions, and what a context keeps. Weights, shares and costs are integers."""

import copy
import struct

import context_mixing
import quantiser
from language_network import f32

ONE = 2**24
AUTO, PROSE, JSON, LOG, BINARY, MAIL = 0, 1, 2, 4, 8, 9  # hints, 10.10
END_SHARES = [[64] * 24] + [[int(share) for share in row.split()] for row in (
    "11 11 14 58 167 263 324 452 917 2060 4010 7030 10700 14900 17000 18000 22300 33600 39300 41900 43900 45400 46400 46900",
    "17 39 84 406 886 951 956 1620 2590 3160 3160 3160 3160 3160 4550 8560 16100 23000 29800 39400 43900 45400 46400 46900",
    "2 5 39 82 442 842 894 1760 2490 4720 7910 9500 11300 20200 34800 42900 46700 54000 54900 54900 54900 54900 54900 54900",
    "175 214 426 505 610 884 1340 1620 1740 2650 4470 6320 7540 9050 11300 12800 14700 14700 14700 18200 19300 21200 29400 41400",
    "20 20 37 311 735 735 735 2580 5260 8460 9840 9840 9840 13500 18000 19000 24400 44100 57000 59300 59300 59300 59300 59300")]
LEADS = (1, 13, 8, 31, 64, 115, 166, 192, 225)


def log(value):
    """11.3-1."""
    n = value.bit_length() - 1
    return 256 * n + (value * 2**8 >> n) - 256


def cost(frequency):
    return 256 * 24 - log(frequency)


def bit(no, is_one):
    """The slice of a decision with two outcomes."""
    return (no, ONE - no) if is_one else (0, no)


class Cells:
    """Shares that learn, 11.4-3 and 11.5-9."""

    def __init__(self, shares, count, most):
        self.shares = [min(max(share, 256), ONE - 256) for share in shares]
        self.counts = [count] * len(shares)
        self.most = most

    def learn(self, cell, came):
        n, share = self.counts[cell] + 2, self.shares[cell]
        share = share + (ONE - share) // n if came else share - share // n
        self.shares[cell] = min(max(share, 256), ONE - 256)
        self.counts[cell] = min(self.counts[cell] + 1, self.most)


def first_matches():
    """11.5-8."""
    shares = []
    for lead in LEADS:
        for i in range(29):
            e = ONE // (2**(16 - i) + 1) if i < 16 else ONE - ONE // (2**(i - 16) + 1)
            shares.append(e + ((ONE - e) >> 8) * lead)
    return shares


class Model:
    """shape is (V, W, O, C); preambles are lists of tokens by profile."""

    def __init__(self, network, tokens, mixing, table, shape, preambles):
        self.network, self.tokens, self.mixing, self.table, self.preambles = network, tokens, mixing, table, preambles
        self.vocabulary, self.window, self.overlap, self.context = shape
        self.hints = [profile["hint"] for profile in mixing["profiles"]]
        self.line_ends = [not spelling or spelling[:1] in b"\n\r" for spelling in tokens.tokens]
        line = tokens.encode(b"\n")
        self.joiner = line[0] if len(line) == 1 and line[0] >= 0 else tokens.begin

    def spelled(self, element):
        return self.tokens.tokens[element] if element >= 0 else bytes([~element])

    def first_odds(self):
        """11.3-3."""
        known = {AUTO: 61440, PROSE: 61440, MAIL: 61440, JSON: 32768, LOG: 32768, BINARY: 1024}
        return [known.get(hint, 4096) for hint in self.hints]


class State:
    def __init__(self, model, preamble):
        self.model = model
        self.row = [model.tokens.begin]
        self.caches = model.network.empty()
        self.history = list(preamble)
        self.ends = Cells([256 * share for row in END_SHARES for share in row], 8, 62)
        self.matches = Cells(first_matches(), 8, 254)
        self.row += preamble
        self.foresee([model.network.read(self.caches, token) for token in self.row][-1])

    def clone(self):
        model, self.model = self.model, None
        other = copy.deepcopy(self)
        self.model = other.model = model
        return other

    def keep(self, count):
        """The row becomes the begin token and its last tokens."""
        self.row = [self.model.tokens.begin] + self.row[1:][-count:]
        self.caches = self.model.network.empty()
        for token in self.row:
            self.model.network.read(self.caches, token)

    def read(self, token):
        if len(self.row) == self.model.window:
            self.keep(self.model.overlap)  # 11.6-1
        self.row.append(token)
        if len(self.history) == 16384:
            self.history = self.history[8192:]  # 11.5-5
        self.history.append(token)
        self.foresee(self.model.network.read(self.caches, token))

    def come(self, token):
        """Reads a token of a message."""
        if self.candidate is not None:
            self.matches.learn((self.place + 128) >> 8, token == self.candidate)  # 11.5-9
        self.read(token)

    def foresee(self, logits):
        n = len(self.row)
        k = 40 if n == 1 else 56 if n <= 8 else 61 if n <= 64 else 64
        logits = [round(f32(k * x)) for x in logits]  # 11.5-1
        best = max(logits)
        self.weights = [self.model.table[min(best - l, 1023)] for l in logits]
        total = sum(self.weights)
        ends = sum(weight for weight, is_end in zip(self.weights, self.model.line_ends) if is_end)
        self.bin = min(max(((log(ends + 1) - log(total - ends + 1)) >> 8) + 12, 0), 23)
        self.candidate, length, rival = self.find()
        if self.candidate is not None:
            weight = self.weights[self.candidate]
            x = min(max(log(weight + 1) - log(total - weight + 1) + 4096, 0), 7167)
            lead = length - rival
            kind = (0 if length < 4 else 1) if lead == 0 else next(k for k, most in enumerate((1, 2, 4, 7, 12, 20, 32), 2) if lead <= most)
            self.place = kind * 29 * 256 + x
            s, t = self.matches.shares[self.place >> 8:][:2]
            f = x & 255
            self.no_match = ONE - ((s * (256 - f) + t * f) >> 8)
            self.weights[self.candidate] = 1

    def find(self):
        """Candidate, its length and its rival's, 11.5-6."""
        history = self.history
        places = [i for i in range(1, len(history)) if history[i - 1] == history[-1]][-2048:]
        longest = {}  # by token: its length and its last place
        for i in places:
            length = 1
            while length < min(32, i) and history[i - 1 - length] == history[-1 - length]:
                length += 1
            longest[history[i]] = max(longest.get(history[i], (0, 0)), (length, i))
        if not longest:
            return None, 0, 0
        token = max(longest, key=lambda one: longest[one])
        rival = max((length for one, (length, _) in longest.items() if one != token), default=0)
        return (token if self.model.tokens.tokens[token] else None), longest[token][0], rival

    def end_cell(self, last, elements):
        """11.4-1."""
        if last is None:
            kind = 0
        elif last in b"\n\r":
            kind = 2
        else:
            kind = (3 if last in b".!?\"')]}" else 1) + (0 if elements < 64 else 2 if last in b".!?\"')]}" else 3)
        return 24 * kind + self.bin


def decide_elements(state, ends, elements):
    """The decisions of each element and of the message's end, lists of slices. Changes the state and the cells of ends."""
    model, last, found = state.model, None, []
    for i in range(len(elements) + 1):
        cell = state.end_cell(last, i)
        is_end = i == len(elements)
        decisions = [bit(ONE - ends.shares[cell], is_end)]
        ends.learn(cell, is_end)
        found.append(decisions)
        if is_end:
            return found
        element = elements[i]
        is_match = element == state.candidate
        if state.candidate is not None:
            decisions.append(bit(state.no_match, is_match))
        if not is_match:
            token = element if element >= 0 else model.tokens.begin
            at = quantiser.cumulatives(state.weights, 24)[token:token + 2]
            decisions.append((at[0], at[1] - at[0]))
        if element < 0:
            decisions.append((2**16 * ~element, 2**16))
        else:
            state.come(element)
        last = model.spelled(element)[-1]


def mixing_slices(model, memory, message, profile):
    """The decisions of context mixing on the scale 2^24; changes the memory."""
    no = context_mixing.decide(model.mixing, memory, message, profile)
    bits = [b for v in message for b in (0, *(v >> shift & 1 for shift in range(7, -1, -1)))] + [1]
    return [bit(256 * slots, is_one) for slots, is_one in zip(no, bits)]


def prefers_language(model, state, memory, message, elements, profile, q):
    """11.3-2. Changes nothing that it is given."""
    if 32 * len(elements) > 31 * len(message):
        return False
    state = state.clone()
    own = decide_elements(state, state.ends, elements)
    others = mixing_slices(model, memory.copy(), message, profile)
    a, b = cost(256 * q), cost(ONE - 256 * q)
    at = done = 0
    while True:
        stop = min(len(elements), at + 64)
        ended = stop == len(elements)
        size = sum(len(model.spelled(element)) for element in elements[:stop])
        a += sum(cost(frequency) for decisions in own[at:stop + ended] for _, frequency in decisions)
        b += sum(cost(frequency) for _, frequency in others[done:9 * size + ended])
        at, done = stop, 9 * size
        if ended or at >= 256 or abs(a - b) > 16384:
            return a <= b


class Context:
    """What a chain of messages has left behind, 11.7."""

    def __init__(self, model):
        self.model = model
        self.memory = context_mixing.Memory()
        self.odds = model.first_odds()
        self.state = None  # of the network, once it has read a message

    def learn(self, profile, is_language):
        q = self.odds[profile]
        q = q + ((65536 - q) >> 2) if is_language else q - (q >> 2)
        self.odds[profile] = min(max(q, 1024), 64512)

    def end(self, state, message):
        """Behind a message that the network has read, 11.7-2 and 11.7-3."""
        if len(state.row) > self.model.context:
            state.keep(self.model.context // 2)
        if message[-1:] != b"\n":
            state.read(self.model.joiner)
        self.state = state


def cut(model, message, length):
    """The elements of a message's first bytes, where its sender had cut all of it: 11.2."""
    elements, at = [], 0
    for element in model.tokens.encode(message):
        at += len(model.spelled(element))
        if at > length:
            break
        elements.append(element)
    done = sum(len(model.spelled(element)) for element in elements)
    return elements + [~value for value in message[done:length]]


def decisions(model, message, hint=AUTO, context=None, length=None):
    """The slices of all decisions of a message on the scale 2^24, as the sender of 11.3-2 makes them. The context goes on behind it.
    With a length, the sender ends the message there, having announced all of it."""
    context = context or Context(model)
    memory = context.memory
    profile = context_mixing.detect(model.mixing, message, hint, memory.profile)
    sizes = [256 * size for size in context_mixing.slices(len(model.hints), memory.profile)]
    q = context.odds[profile]
    elements = model.tokens.encode(message)
    state = context.state.clone() if context.state else State(model, model.preambles.get(profile, []))
    is_language = prefers_language(model, state, memory, message, elements, profile, q)
    result = [(sum(sizes[:profile]), sizes[profile]), bit(ONE - 256 * q, is_language)]
    context.learn(profile, is_language)
    if length is not None:
        elements, message = cut(model, message, length), message[:length]
    if not is_language:
        return result + mixing_slices(model, memory, message, profile)
    memory.use(profile, model.mixing["profiles"][profile])
    result += [one for part in decide_elements(state, state.ends, elements) for one in part]
    context.end(state, message)
    return result


def read_preambles(data, profiles, vocabulary, longest):
    """11.8-2; ValueError for what is refused."""
    def require(holds):
        if not holds:
            raise ValueError("no preambles")

    require(len(data) >= 2 and data[0] == 1)
    found, at = {}, 2
    for _ in range(data[1]):
        require(len(data) >= at + 3)
        profile, length = struct.unpack_from("<BH", data, at)
        require(profile < profiles and profile > max(found, default=-1) and 1 <= length <= longest and len(data) >= at + 3 + 4 * length)
        found[profile] = list(struct.unpack_from(f"<{length}I", data, at + 3))
        require(all(token < vocabulary for token in found[profile]))
        at += 3 + 4 * length
    require(at == len(data))
    return found
