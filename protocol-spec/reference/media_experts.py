"""The experts on a sample of a plane (13.4-8 to 13.4-14)."""
from functools import lru_cache

from context_mixing import clamp, squash
from media_numbers import least, logit, shift, truncated

D, E, GOLDEN = 0xD6E8FEB86659FD93, 0x9FB21C651E98DF25, 0x9E3779B97F4A7C15
M64 = 2**64 - 1


@lru_cache(maxsize=None)
def start_sums(a_level, fraction):
    k = max(9, (least(a_level) >> shift(a_level)) * 16 // 5 + 9)
    return [(squash(truncated((4 * (j - 127) - 2 - fraction) * 2048, k)) * 1000 >> 16) + (j >> 1) for j in range(256)]


class Histograms:
    """The sums of all histograms, made when they are first needed (13.4-9)."""

    def __init__(self):
        self.known = {}

    def find(self, number, a_level, fraction):
        key = number, a_level, fraction
        if key not in self.known:
            self.known[key] = list(start_sums(a_level, fraction))
        return self.known[key]


class Histogram:
    def __init__(self, sums, origin, width):
        self.sums, self.origin, self.width = sums, origin, width
        self.low, self.high = 0, sums[255]

    def below(self, t):
        d, sums = t - self.origin, self.sums
        j = (d >> self.width) + 127
        if j < 0:
            return 0
        if j >= 255:
            return sums[255]
        return sums[j] + ((sums[j + 1] - sums[j]) * (d & 2**self.width - 1) >> self.width)

    def logit(self, middle):
        return logit(5 * (middle - self.low) + 2, 5 * (self.high - middle) + 2)

    def learn(self, v):
        sums = self.sums
        j = clamp((v - self.origin >> self.width) + 127, 0, 254)
        sums[j + 1:] = [s + 64 for s in sums[j + 1:]]
        if sums[255] > 60000:
            counts = [s - before + 1 >> 1 for s, before in zip(sums, [0, *sums])]
            for i in range(256):
                sums[i] = sum(counts[:i + 1])


class Density:
    """A logistic density (13.4-10)."""

    def __init__(self, prediction, mean):
        self.prediction, self.slope = prediction, 182016 // max(7, mean)
        self.low, self.high = 0, 65536

    def below(self, t):
        return clamp(squash((8 * t - 4 - self.prediction) * self.slope >> 8), self.low, self.high)

    logit = Histogram.logit

    def learn(self, v):
        pass


class Contexts:
    """Tables of slots (13.4-11)."""

    def __init__(self, samples):
        self.bits = clamp(samples.bit_length() - 2, 6, 16)
        self.slots = {}

    def find(self, table, numbers):
        a, b, c, d = [number % 2**32 for number in (*numbers, 0, 0)[:4]]
        z = a * D & M64
        z = (z ^ z >> 29 ^ b) * E & M64
        z = (z ^ z >> 31 ^ c) * D & M64
        z = (z ^ z >> 29 ^ d) * E & M64
        z ^= z >> 32
        z = z * GOLDEN & M64
        place, check = (table, z >> 64 - self.bits), (z >> 8 | 1) % 2**16
        if place not in self.slots or self.slots[place].check != check:
            self.slots[place] = Slot(check)
        return self.slots[place].opened()


class Slot:
    """Values with counts; while a sample is coded also an expert's limits."""

    def __init__(self, check):
        self.check, self.values, self.counts = check, [0] * 7, [0] * 7

    def opened(self):
        self.low, self.high = 0, sum(self.counts)
        return self

    def below(self, t):
        if self.low == self.high:
            return self.low
        return sum(count for value, count in zip(self.values, self.counts) if value < t)

    def logit(self, middle):
        return logit(20 * (middle - self.low) + 3, 20 * (self.high - middle) + 3)

    def knows(self):
        every, most = sum(self.counts), max(self.counts)
        return 0 if every == 0 else 1 if every < 3 else 3 if 4 * most >= 3 * every else 2

    def learn(self, v):
        for i in range(7):
            if self.values[i] == v and self.counts[i]:
                if self.counts[i] >= 120:
                    self.counts = [count >> 1 for count in self.counts]
                self.counts[i] += 1
                return
        i = self.counts.index(min(self.counts))
        self.values[i], self.counts[i] = v, 1
