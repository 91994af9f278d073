"""Signals of section 13.6: writes their decisions, or reads them."""
from media_audio import BEST, Predictor, densities_of, fan, learn_errors, level_of, start_errors
from context_mixing import clamp
from media_experts import Contexts, Density, Histogram, Histograms
from media_mixing import SIGNAL, Mixer
from media_numbers import level, shift

MORE = ((BEST, 0, BEST), (BEST, 2, BEST), (BEST, 0, 4))  # whose error, its step, and the prediction


class SignalChannel:
    def __init__(self, coder, bits, others, length):
        self.coder, self.half = coder, 2 ** (bits - 1)
        self.levels = 24 + max(0, bits - 8) * 21 // 4
        self.predictor = Predictor(bits, others, 65520)
        self.errors = start_errors(bits)
        self.histograms, self.contexts = Histograms(), Contexts(length)
        self.mixer = Mixer(SIGNAL, 131, [lambda row: (row, row), lambda row: (row // 40, row // 40),
                                         lambda row: (row // 12, row // 12), lambda row: (row // 64, row // 64)])

    def code(self, own, others, value):
        predictions = self.predictor.predict(own, others)
        experts = self.histograms_of(predictions)
        for i in (BEST, 0):
            experts.append(Density((predictions[i] >> 3) + 8 * self.half, self.errors[i][1] >> 14))
        slots = [self.contexts.find(table, numbers) for table, numbers in enumerate(
            self.numbers_of(own, others, predictions[BEST]))]
        densities = densities_of(predictions, self.errors)
        value = self.decide(experts + slots, slots, densities, predictions[BEST], value)
        learn_errors(self.errors, predictions, value)
        for expert in experts + slots:
            expert.learn(value + self.half)
        self.predictor.learn(value)
        return value

    def histograms_of(self, predictions):
        histograms = []
        for number, (of, step, which) in enumerate([*((i, 1, i) for i in range(6)), *MORE]):
            a_level = level(self.errors[of][step] >> 15, self.levels)
            q = (predictions[which] + 4 >> 3) + 8 * self.half
            sums = self.histograms.find(number, a_level, (q & 7) >> 1)
            histograms.append(Histogram(sums, q >> 3, shift(a_level)))
        return histograms

    def numbers_of(self, own, others, best):
        other, second, third = others[:3] if others else (0, 0, 0)
        guess = (best >> 3) + 8 * self.half + 4 >> 3
        sizes = [level(4 * (abs(own[i]) + abs(one)), 60) for i, one in enumerate((other, second, third))]
        return [(own[0], other), (guess, level_of(self.errors[BEST][0] >> 12)), (own[0], own[1]),
                (own[0], other, own[1], second), (guess, *sizes[:2]), (other, second, own[0]), sizes]

    def decide(self, experts, slots, densities, best, value):
        quick, mean = level_of(self.errors[BEST][0] >> 12), self.errors[BEST][1] >> 12
        a_level = level_of(mean)
        ratio = clamp(quick - a_level + 6, 0, 11)
        know = 16 * slots[0].knows() + 4 * slots[1].knows() + slots[2].knows()

        def ask(t, kind):
            middles = [expert.below(t + self.half) for expert in experts] + [one.below(t) for one in densities]
            both = experts + densities
            x = [expert.logit(middle) for expert, middle in zip(both, middles)]
            x.insert(len(experts), 77)
            rows = kind, 40 * kind + a_level, 12 * kind + ratio, 64 * kind + know
            yes, _ = self.mixer.code(self.coder, x, kind, rows, value is not None and value >= t)
            for expert, middle in zip(both, middles):
                if yes:
                    expert.low = middle
                else:
                    expert.high = middle
            return yes

        return fan(ask, best, mean, -self.half)


def code_signal(coder, channels, bits, length, samples):
    """Codes a signal; samples of all channels time by time, None where the coder reads. Gives them."""
    others = [0 if channels == 1 else 8 + max(0, i - 1) for i in range(channels)]
    models = [SignalChannel(coder, bits, count, length) for count in others]
    past = [[0] * 17 for _ in models]  # the last sample first
    out = []
    for time in range(length):
        for i, model in enumerate(models):
            seen = (past[i - 1] if i > 0 else past[1] if channels > 1 else [])[:8]
            seen += [past[k][0] for k in range(i - 2, -1, -1)]
            v = model.code(past[i], seen, None if samples is None else samples[time * channels + i])
            past[i] = [v, *past[i][:16]]
            out.append(v)
    return out
