"""Channels of section 13.5: writes their decisions, or reads them."""
from context_mixing import clamp
from media_mixing import Mixer
from media_numbers import ONE, log256, logistic, logit, signed32, truncated
from media_squares import Fading

STEPS = (7864, 1966, 393)
DISTANCES = (8, 16, 27, 42, 64, 112, 224)
LARGEST = 2**27 - 1
BEST = 3


def clamp16(value):
    return clamp(value, -32768, 32767)


class Filter:
    """A filter of the cascade (13.5-3)."""

    def __init__(self, length, rate):
        self.length, self.rate = length, rate
        self.weights, self.values = [0] * length, [0] * length

    def predict(self):
        s = sum((w >> 12) * value >> 6 for w, value in zip(self.weights, self.values))
        return clamp16(signed32(s) >> 6)

    def learn(self, v, error):
        energy = sum(value * value for value in self.values)
        a, g = 8, truncated(error * self.rate * 2**20, energy + self.length)
        while a > 0 and abs(g) > 65535:
            g, a = g >> 1, a - 1
        g = clamp(g, -65535, 65535)
        self.weights = [clamp(w + (value * g >> a), -LARGEST, LARGEST) for w, value in zip(self.weights, self.values)]
        self.values = [*self.values[1:], v]


class Predictor:
    """The predictions of a channel (13.5-2 to 13.5-5)."""

    def __init__(self, bits, others, slow=65405):
        self.most, self.a, self.others = 2 ** (bits + 5), max(0, bits - 12), others
        inputs = 16 + others
        self.slow, self.fast = Fading(inputs, slow, 2000), Fading(inputs, 64225, 200)
        self.final = Fading(6, 65405, 2048000)
        self.filters = [Filter(128, 524), Filter(32, 262), Filter(16, 262)]

    def predict(self, own, other):
        most = self.most
        self.inputs = own[:16] + other[:self.others]
        slow, fast = self.slow.predict(self.inputs, 64, most), self.fast.predict(self.inputs, 64, most)
        self.y = [one.predict() for one in self.filters]
        r = [slow]
        for y in self.y:
            r.append(clamp(r[-1] + y * 2**self.a, -most, most))
        self.final_inputs = [y * 2**self.a for y in self.y] + [fast - slow, 64 * own[0] - slow, 64]
        best = clamp(slow + self.final.predict(self.final_inputs, 1, most), -most, most)
        self.predictions = [slow, r[1], r[3], best, fast, r[3] + best >> 1]
        return self.predictions

    def learn(self, v):
        left = 64 * v - self.predictions[0]
        self.final.learn(self.final_inputs, left)
        value = clamp16(left >> self.a)
        for y, one in zip(self.y, self.filters):
            error = clamp16(value - y)
            one.learn(value, error)
            value = error
        self.slow.learn(self.inputs, v)
        self.fast.learn(self.inputs, v)


class Density:
    """A logistic density (13.5-7)."""

    def __init__(self, prediction, error, scale):
        self.prediction, self.slope = prediction, 2**26 // max(8, error * scale >> 22)
        self.low, self.high = 0, ONE

    def below(self, t):
        return logistic((64 * t - 32 - self.prediction) * self.slope >> 16)

    def logit(self, middle):
        return logit(middle - self.low + 107, self.high - middle + 107)


def level_of(error):
    return clamp((log256(error + 16) - 1024) // 128, 0, 39)


def start_errors(bits):
    return [[0 if bits == 8 else max(2, 2**bits >> 10) << 18] * 3 for _ in range(6)]  # 13.5-6


def densities_of(predictions, errors):
    densities = [Density(p, error, 737) for p, means in zip(predictions, errors) for error in means]
    return densities + [Density(predictions[BEST], error, 410) for error in errors[BEST]]


def learn_errors(errors, predictions, value):
    for p, means in zip(predictions, errors):
        error = abs(64 * value - p) << 12
        means[:] = [mean + ((error - mean) * step >> 16) for mean, step in zip(means, STEPS)]


def fan(ask, best, mean, least):
    """The sample that the answers of ask(t, kind) lead to (13.5-8)."""
    low, high = least, -least

    def narrow(t, kind):
        nonlocal low, high
        yes = ask(t, kind)
        low, high = (t, high) if yes else (low, t)
        return yes

    centre = clamp(best + 32 >> 6, low + 1, high - 1)
    first = narrow(centre, 0)
    for i, distance in enumerate(DISTANCES):
        d = max(i + 1, distance * max(1, mean) >> 10)
        t = centre + d if first else centre - d
        if not low < t < high or narrow(t, (1 if first else 8) + i) != first:
            break
    kind = 15
    while high - low > 1:
        narrow(low + high >> 1, min(kind, 39))
        kind += 1
    return low


class Channel:
    def __init__(self, coder, channels, bits):
        self.coder, self.least = coder, -2 ** (bits - 1)
        self.predictor = Predictor(bits, 8 if channels > 1 else 0)
        self.errors = start_errors(bits)
        self.mixer = Mixer(3, 131, [lambda row: (row, row), lambda row: (row // 40, row // 40),
                                    lambda row: (row // 12, row // 12)])

    def code(self, own, other, value):
        predictions = self.predictor.predict(own, other)
        value = self.decide(densities_of(predictions, self.errors), predictions[BEST], value)
        learn_errors(self.errors, predictions, value)
        self.predictor.learn(value)
        return value

    def decide(self, densities, best, value):
        quick, mean = self.errors[BEST][0] >> 12, self.errors[BEST][1] >> 12
        a_level = level_of(mean)
        ratio = clamp(level_of(quick) - a_level + 6, 0, 11)

        def ask(t, kind):
            middles = [density.below(t) for density in densities]
            x = [density.logit(middle) for density, middle in zip(densities, middles)] + [77]
            rows = kind, 40 * kind + a_level, 12 * kind + ratio
            yes, _ = self.mixer.code(self.coder, x, kind, rows, value is not None and value >= t)
            for density, middle in zip(densities, middles):
                if yes:
                    density.low = middle
                else:
                    density.high = middle
            return yes

        return fan(ask, best, mean, self.least)


def code_sound(coder, channels, bits, length, samples):
    """Codes a sound; samples of all channels time by time, None where the coder reads. Gives them."""
    models = [Channel(coder, channels, bits) for _ in range(channels)]
    past = [[0] * 17 for _ in models]  # the last sample first
    out = []
    for time in range(length):
        for i, model in enumerate(models):
            other = past[i - 1] if i > 0 else past[1] if channels > 1 else []
            v = model.code(past[i], other, None if samples is None else samples[time * channels + i])
            past[i] = [v, *past[i][:16]]
            out.append(v)
    return out
