"""Least squares of section 13.3, in Python's floats, which are IEEE 754 binary64 with every operation rounded."""
import math


class Squares:
    """Weights by sums of products; sums are lists of the rows of a lower triangle."""

    def __init__(self, inputs):
        self.n = inputs
        self.weights = [0.0] * inputs

    def sums(self):
        return [[0.0] * min(r + 1, self.n) for r in range(self.n + 1)]

    def add(self, sums, inputs, target):
        v = [float(value) for value in [*inputs, target]]
        for r, row in enumerate(sums):
            by = v[r]
            sums[r] = [s + value * by for s, value in zip(row, v)]

    def solve(self, first, second, ridge):
        n = self.n
        m = [[a + b for a, b in zip(*rows)] for rows in zip(first, second)]
        inverses = []
        for i in range(n):
            m[i][i] = m[i][i] + ridge
        for k in range(n):
            pivot = m[k][k]
            if not pivot > 0.001:
                return
            inverses.append(1 / math.sqrt(pivot))
            for r in range(k + 1, n + 1):
                m[r][k] = m[r][k] * inverses[k]
            column = [m[c][k] for c in range(k + 1, n)]
            for r in range(k + 1, n + 1):
                row = m[r]
                by = row[k]
                row[k + 1:] = [a - c * by for a, c in zip(row[k + 1:], column)]
        z = m[n]
        for r in range(n - 1, -1, -1):
            weight = z[r] * inverses[r]
            self.weights[r] = weight
            for i in range(r):
                z[i] = z[i] - m[r][i] * weight

    def predict(self, inputs, scale, low, high):
        s = 0.0
        for w, x in zip(self.weights, inputs):
            s = s + w * x
        q = math.floor(s * scale + 0.5) if math.isfinite(s) else s
        if not q > low:
            return low
        return q if q < high else high


def faded(sums, by):
    factor = by / 65536
    return [[s * factor for s in row] for row in sums]


def total(first, second):
    return [[a + b for a, b in zip(*rows)] for rows in zip(first, second)]


class Local:
    """A regression of 13.4-5."""

    def __init__(self, inputs, width, across, down):
        self.squares, self.width, self.across, self.down = Squares(inputs), width, across, down
        self.start_plane()

    def start_plane(self):
        self.above = [self.squares.sums() for _ in range(self.width)]

    def start_row(self):
        run, self.around = self.squares.sums(), []
        for above in self.above:
            run = total(faded(run, self.across), above)
            self.around.append(run)
        run = self.squares.sums()
        for x in range(self.width - 1, -1, -1):
            self.around[x] = total(self.around[x], run)
            run = faded(total(run, self.above[x]), self.across)
        self.row = self.squares.sums()
        self.above = [faded(sums, self.down) for sums in self.above]

    def predict(self, x, inputs, most):
        self.squares.solve(self.around[x], self.row, 8)
        return self.squares.predict(inputs, 8, 0, most)

    def learn(self, x, inputs, value):
        self.row = faded(self.row, self.across)
        self.squares.add(self.row, inputs, value)
        self.squares.add(self.above[x], inputs, value)


class Fading:
    """A regression of 13.5-2."""

    def __init__(self, inputs, fade, ridge):
        self.squares, self.fade, self.ridge = Squares(inputs), fade, ridge
        self.sums, self.none = self.squares.sums(), self.squares.sums()

    def predict(self, inputs, scale, most):
        return self.squares.predict(inputs, scale, -most, most)

    def learn(self, inputs, value):
        self.sums = faded(self.sums, self.fade)
        self.squares.add(self.sums, inputs, value)
        self.squares.solve(self.sums, self.none, self.ridge)
