"""The fast code of images and cubes of section 13.8: writes its decisions, or reads them."""
from context_mixing import STRETCH, clamp, squash
from media_image import Margins, blend, order_of
from media_numbers import level
from media_predictors import Around, Plane, fixed, large_inputs

TAKEN = (0, 1, 2, 3, 5, 6, 9, 11, 12), (0, 3, 4, 5, 7, 8, 13, 14), (0, 3, 4, 5, 7, 8, 13, 14, 15, 16, 17, 21)
BINS = 12


class Filter:
    """The filter over neighbours (13.8-2, 13.8-3)."""

    def __init__(self, kind, bits):
        self.bits = bits
        self.weights = [0] * (14, 19, 26)[kind]
        if kind:
            self.weights[10] = 12288

    def scaled(self, d):
        return d << 12 - self.bits if self.bits <= 12 else d >> self.bits - 12

    def predict(self, arounds):
        middles = [around.W + around.N >> 1 for around in arounds]
        owners = [0] * len(self.weights) if len(arounds) == 1 else [0] * 10 + [1] * 9 + [2] * 7
        inputs = large_inputs(*(*arounds, None, None)[:3])
        self.values = [self.scaled(v - middles[owner]) for v, owner in zip(inputs, owners)]
        total = sum(v * w >> 6 for v, w in zip(self.values, self.weights))
        self.energy = 12800 + sum(v * v for v in self.values)
        self.prediction = clamp(8 * middles[0] + (total >> 17 - self.bits), 0, 8 * (2**self.bits - 1))
        return self.prediction

    def learn(self, sample):
        error = self.scaled(8 * sample - self.prediction) >> 3
        product = error * (1638 << 12)
        gain = abs(product) // self.energy
        gain = clamp(gain if product >= 0 else -gain, -2**17, 2**17)
        self.weights = [clamp(w + (v * gain + 2**11 >> 12), -2**17, 2**17) for v, w in zip(self.values, self.weights)]


class Mixer:
    """Counters in six contexts and two rows of weights (13.8-6 to 13.8-8)."""

    def __init__(self, coder):
        self.coder, self.counters, self.weights = coder, {}, {}

    def select(self, contexts, rows):
        self.contexts, self.rows = list(enumerate(contexts)), list(enumerate(rows))

    def code(self, kind, yes):
        counters = [self.counters.setdefault((*context, kind), [2**21, 0]) for context in self.contexts]
        rows = [self.weights.setdefault((*row, kind), [11469] * 6 + [0]) for row in self.rows]
        x = [STRETCH[p >> 6] * (256 * (5 * n + 1) // (5 * n + 8)) >> 8 for p, n in counters] + [128]
        p = squash(sum(a * (v + w) >> 6 for a, v, w in zip(x, *rows)) >> 10)
        yes = self.coder.code(p, yes)
        error = ((65536 if yes else 0) - p) * 40 >> 10
        for row in rows:
            row[:] = [clamp(w + (a * error + 2**9 >> 10), -2**18, 2**18) for a, w in zip(x, row)]
        for counter in counters:
            q, n = counter
            counter[:] = q + (((2**22 if yes else 0) - q) * (327680 // (5 * n + 8)) >> 16), min(250, n + 1)
        return yes


def size(difference, unit, bits):
    m = abs(difference) >> max(0, bits - 8)
    m = 0 if m == 0 else 1 if m <= unit else 2 if m <= 3 * unit else 3 if m <= 9 * unit else 4
    return 4 - m if difference < 0 else 4 + m


class FastKind:
    """What planes of one kind learn together (13.8-1)."""

    def __init__(self, kind, bits, coder):
        self.kind, self.mixer, self.filter = kind, Mixer(coder), Filter(kind, bits)


class FastPlane:
    def __init__(self, coder, model, planes, errors, bits):
        """planes and errors: of the plane that is coded, then of near and far where they are."""
        self.coder, self.model, self.planes, self.bits = coder, model, planes, bits
        self.errors, self.most = errors, 2**bits - 1
        self.near_errors = Margins(planes[0].width, [24] * (len(TAKEN[model.kind]) + 2), 3)

    def code(self, samples):
        for y in range(self.planes[0].height):
            self.near_errors.rows.append([])
            for x in range(self.planes[0].width):
                self.sample(x, y, None if samples is None else samples[y * self.planes[0].width + x])

    def sample(self, x, y, value):
        model, bits = self.model, self.bits
        arounds = [Around(plane, x, y) for plane in self.planes]
        own, near, far = (*arounds, None, None)[:3]
        every = fixed(own, near, far, 2 ** max(0, bits - 8))
        predictions = [clamp(every[i], 0, 8 * self.most) for i in TAKEN[model.kind]]
        predictions.append(model.filter.predict(arounds))
        u = [self.near_errors.read(*place) for place in ((x - 1, y), (x, y - 1), (x - 1, y - 1), (x + 1, y - 1),
                                                         (x - 2, y), (x, y - 2))]
        means = [2 * (w + n) + nw + ne + ww + nn for w, n, nw, ne, ww, nn in zip(*u)]
        best = blend(predictions, means, 1)
        errors = [Around(plane, x, y) for plane in self.errors]
        energy = means[-1]
        if model.kind > 0:
            e = errors[1]
            energy = 7 * energy + 2 * abs(e.C) + abs(e.W) + abs(e.E) + abs(e.N) + abs(e.S) >> 3
        grades = 24 + max(0, bits - 8) * 21 // 4
        self.level = level(energy >> 1, grades) >> 1
        self.select(x, y, own, predictions, best, errors, grades)
        value = self.decide(clamp(best + 4 >> 3, 1, self.most), value)
        model.filter.learn(value)
        predictions.append(best)
        self.near_errors.rows[y].append([min(65535, abs(8 * value - p) >> 2) for p in predictions])
        self.planes[0].add(value)
        self.errors[0].add(8 * value - best)

    def select(self, x, y, a, predictions, best, errors, grades):
        low, centre, fraction, kind = self.level // 2, best >> 3, best + 4 & 7, self.model.kind

        def sized(difference, unit=6):
            return size(difference, unit, self.bits)

        e = errors[0]
        third = ((sized(e.NE), sized(e.NW)), (sized(errors[1].C), sized(e.W)) if kind else None,
                 (sized(errors[1].C), sized(errors[2].C)) if kind > 1 else None)[kind]
        median = predictions[2 if kind == 0 else 0]
        pattern = tuple(v > centre for v in (a.W, a.N, a.NE, a.NW, 2 * a.N - a.NN, 2 * a.W - a.WW))
        contexts = ((self.level, fraction), (sized(e.W), sized(e.N), low),
                    (sized(median - best, 4), sized(predictions[-1] - best, 4), low), (*third, low),
                    (x & 1, y & 1, fraction >> 1, self.level), (pattern, low))
        known = min(7, level(abs(errors[1].C if kind else e.N), grades) // 3)
        self.model.mixer.select(contexts, (self.level, (known, pattern[:2])))

    def decide(self, centre, value):
        """The sample (13.8-9)."""
        mixer, coder = self.model.mixer, self.coder
        known = value is not None
        above = mixer.code(0, known and value >= centre)
        limit = self.most - centre if above else centre - 1
        distance = 0 if not known else value - centre if above else centre - 1 - value
        shift = max(0, self.level - 3) * 2 // 5
        wanted, number = distance >> shift, 0
        while number < BINS and number + 1 << shift <= limit and mixer.code((1 if above else 13) + number,
                                                                            wanted > number):
            number += 1
        if number == BINS:
            number += self.number(wanted - BINS, (limit >> shift) - BINS)
        inside = 0
        for bit in range(shift - 1, -1, -1):
            is_set, few = distance >> bit & 1 == 1, min(number, 3)
            if bit == shift - 1:
                is_set = mixer.code((29 if above else 33) + few, is_set)
            elif bit == shift - 2:
                is_set = mixer.code(37 + few, is_set)
            else:
                is_set = coder.code(32768, is_set)
            inside |= is_set << bit
        distance = min(limit, (number << shift) + inside)
        return centre + distance if above else centre - 1 - distance

    def number(self, number, limit):
        length, result = 0, 1
        while (2 << length) - 1 <= limit and self.model.mixer.code(25 + min(length, 3), number + 1 >= 2 << length):
            length += 1
        for bit in range(length - 1, -1, -1):
            result = 2 * result + self.coder.code(32768, number + 1 >> bit & 1 == 1)
        return result - 1


class ErrorPlane(Plane):
    """A plane of signed errors: 0 stands where a plane has the middle of its scale."""

    def __init__(self, width, height):
        super().__init__(width, height, 1)
        self.middle = 0


def code_fast(coder, width, height, count, bits, samples):
    """Codes the planes of a tile; samples plane after plane, None where the coder reads. Gives them."""
    planes, errors, out, model, each = [], [], [None] * count, None, width * height
    for number in order_of(count):
        kind = min(len(planes), 2)
        if model is None or model.kind != kind:
            model = FastKind(kind, bits, coder)
        planes.append(Plane(width, height, bits))
        errors.append(ErrorPlane(width, height))
        one = FastPlane(coder, model, planes[:-4:-1], errors[:-4:-1], bits)
        one.code(None if samples is None else samples[number * each:(number + 1) * each])
        out[number] = [value for row in planes[-1].rows for value in row]
    return [value for plane in out for value in plane]
