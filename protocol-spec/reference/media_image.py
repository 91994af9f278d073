"""Planes of section 13.4: writes their decisions, or reads them."""
from context_mixing import clamp, surprisal
from media_experts import Contexts, Density, Histogram, Histograms
from media_mixing import Mixer
from media_numbers import level, shift
from media_predictors import (FIXED, LARGE_INPUTS, SMALL_INPUTS, Around, Plane, contexts, fixed, large_inputs,
                              small_inputs)
from media_squares import Local

DISTANCES = (1, 2, 3, 4, 6, 9, 13, 21, 37, 69)


def order_of(planes):
    return [1, 0, *range(2, planes)] if planes in (3, 4) else list(range(planes))


def make_mixer(kind):
    return Mixer(kind, 164, [
        lambda row: (row, row),
        lambda row: (row % 8, row % 8 if row % 8 < 7 else 31),
        lambda row: (row // 16, row // 16),
        lambda row: (row % 4, row % 4 if row % 4 < 3 else 31),
        lambda row: (row // 16, row // 16),
        lambda row: (row // 64, row // 64)])


class Margins:
    """Lists of numbers by place, with what stands where there is no sample (13.4-6, 13.4-7)."""

    def __init__(self, width, start, rows_back):
        self.width, self.start, self.rows_back, self.rows = width, start, rows_back, []

    def read(self, x, y):
        """Of the row that is coded, the last one, or of one above."""
        if x < 0 and y == len(self.rows) - 1:
            x, y = 0, y - self.rows_back if self.rows_back else -1
        return self.rows[y][clamp(x, 0, self.width - 1)] if y >= 0 else self.start


class PlaneKind:
    """What planes of one kind learn together (13.4-2)."""

    def __init__(self, kind, width, height, mixer, counts=None):
        self.kind, self.mixer = kind, mixer
        self.histograms, self.contexts = Histograms(), Contexts(width * height)
        large, small = counts or (LARGE_INPUTS[kind], SMALL_INPUTS[kind])
        self.large, self.small = Local(large, width, 55706, 52429), Local(small, width, 45875, 39322)

    def regression_inputs(self, arounds):
        own, near, far = (*arounds, None, None)[:3]
        return large_inputs(own, near, far), small_inputs(own, near, far)


class PlaneCoder:
    def __init__(self, coder, model, plane, others, near_costs, bits):
        """others are near and far where they are; of video third and fourth behind them."""
        self.coder, self.model, self.bits, self.most = coder, model, bits, 2**bits - 1
        self.plane, self.others, self.near_costs = plane, others, near_costs
        self.levels = 24 + max(0, bits - 8) * 21 // 4
        self.errors = Margins(plane.width, [24] * (FIXED[model.kind] + 3), 3)
        self.costs = Margins(plane.width, 24, 0)
        model.large.start_plane()
        model.small.start_plane()

    def code(self, samples):
        """Codes a plane; samples are None where the coder reads."""
        for y in range(self.plane.height):
            self.errors.rows.append([])
            self.costs.rows.append([])
            self.model.large.start_row()
            self.model.small.start_row()
            for x in range(self.plane.width):
                self.sample(x, y, None if samples is None else samples[y * self.plane.width + x])

    def sample(self, x, y, value):
        model, most = self.model, self.most
        arounds = [Around(one, x, y) for one in (self.plane, *self.others)]
        own, near, far = (*arounds, None, None)[:3]
        predictions = [clamp(p, 0, 8 * most) for p in fixed(own, near, far, 2 ** max(0, self.bits - 8))]
        large, small = model.regression_inputs(arounds)
        predictions += [model.large.predict(x, large, 8 * most), model.small.predict(x, small, 8 * most)]
        u = [self.errors.read(*place) for place in ((x - 1, y), (x, y - 1), (x - 1, y - 1), (x + 1, y - 1), (x - 2, y),
                                                    (x, y - 2))]
        means = [2 * (w + n) + nw + ne + ww + nn for w, n, nw, ne, ww, nn in zip(*u)]
        predictions.append(blend(predictions, means))
        phase = 2 * (y & 1) + (x & 1)
        experts = self.experts(x, y, predictions, means)
        slots = [model.contexts.find(table, numbers) for table, numbers in enumerate(
            contexts(own, near, far, predictions[-3] + 4 >> 3, phase))]
        value, cost = self.decide(experts + slots, slots, predictions[-1], phase, value)
        for expert in experts + slots:
            expert.learn(value)
        self.errors.rows[y].append([min(65535, abs(8 * value - p) >> 2) for p in predictions])
        self.costs.rows[y].append(min(255, cost >> 4))
        model.large.learn(x, large, value)
        model.small.learn(x, small, value)
        self.plane.add(value)

    def experts(self, x, y, predictions, means):
        """Histograms and densities; keeps what the rows of the mixer need."""
        n, levels, costs = len(predictions), self.levels, self.costs
        around = (2 * (costs.read(x - 1, y) + costs.read(x, y - 1)) + costs.read(x - 1, y - 1)
                  + costs.read(x + 1, y - 1))
        if self.others:
            near_cost = self.near_costs.rows[y][x]
            self.costly = level((around + 2 * near_cost) // 16, 24)
            self.near_level = min(3, level(near_cost // 2, 24) // 5)
        else:
            self.costly, self.near_level = level(around // 12, 24), 0
        self.level = level(means[-1] >> 1, levels)
        experts = []
        for i, (p, mean) in enumerate(zip(predictions, means)):
            own = level(mean >> 1, levels)
            experts.append(Histogram(self.model.histograms.find(i, own, (p & 7) >> 1), p >> 3, shift(own)))
        for i, p in enumerate(predictions[-3:]):
            sums = self.model.histograms.find(n + i, self.costly, (p & 7) >> 1)
            experts.append(Histogram(sums, p >> 3, shift(self.level)))
        return experts + [Density(predictions[-1], means[-1]), Density(predictions[-3], means[-3])]

    def decide(self, experts, slots, best, phase, value):
        """The sample and its cost (13.4-15, 13.4-16)."""
        low, high, cost = 0, self.most + 1, 0
        coarse = self.level * 16 // self.levels
        know = 16 * slots[0].knows() + 4 * slots[1].knows() + slots[2].knows()

        def ask(t, kind):
            nonlocal low, high, cost
            middles = [expert.below(t) for expert in experts]
            x = [expert.logit(middle) for expert, middle in zip(experts, middles)] + [77]
            rows = (kind, 8 * self.level + min(kind, 7), 16 * kind + self.costly * 16 // 24,
                    4 * (16 * self.near_level + coarse) + min(kind, 3), 4 * (4 * kind + phase) + min(3, coarse // 4),
                    64 * kind + know)
            yes, p = self.model.mixer.code(self.coder, x, kind, rows, value is not None and value >= t)
            cost += surprisal(p if yes else 65536 - p)
            for expert, middle in zip(experts, middles):
                if yes:
                    expert.low = middle
                else:
                    expert.high = middle
            low, high = (t, high) if yes else (low, t)
            return yes

        centre, width = min(best >> 3, self.most - 1), shift(self.level)
        first = ask(centre + 1, 0)
        for i, distance in enumerate(DISTANCES):
            t = centre + 1 + (distance << width) * (1 if first else -1)
            if not low < t < high or ask(t, (1 if first else 11) + i) != first:
                break
        while high - low > 1:
            ask(low + high >> 1, min(20 + (high - low - 1).bit_length(), 31))
        return low, cost


def blend(predictions, means, favoured=2):
    smallest = min(means[:-1])
    weights = [((smallest + 2) * 128 // (mean + 2)) ** 4 for mean in means[:-1]]
    weights[-favoured:] = [4 * weight for weight in weights[-favoured:]]
    total = sum(weights)
    return (sum(w * p for w, p in zip(weights, predictions)) + (total >> 1)) // total


def code_image(coder, width, height, planes, bits, samples):
    """Codes the planes of an image; samples plane after plane, None where the coder reads. Gives them."""
    coded, out, model, mixers, near_costs = [], [None] * planes, None, {}, None
    for number in order_of(planes):
        kind = min(len(coded), 2)
        if model is None or model.kind != kind:
            mixers.setdefault(kind, make_mixer(kind))
            model = PlaneKind(kind, width, height, mixers[kind])
        plane = Plane(width, height, bits)
        one = PlaneCoder(coder, model, plane, coded[:-3:-1], near_costs, bits)
        size = width * height
        one.code(None if samples is None else samples[number * size:(number + 1) * size])
        coded.append(plane)
        near_costs, out[number] = one.costs, [value for row in plane.rows for value in row]
    return [value for plane in out for value in plane]
