"""Motion fields and moved frames (14.2, 14.3)."""
from context_mixing import clamp

BLOCK, LONGEST = 16, 4095


def blocks(length):
    return -(-length // BLOCK)


def expected(field, across, column, row):
    """The vector expected (14.2-1); field has the vectors before."""
    def at(right, down):
        return field[(row + down) * across + column + right]
    if row == 0:
        return at(-1, 0) if column else (0, 0)
    if column == 0:
        return at(0, -1)
    corner = at(1, -1) if column + 1 < across else at(-1, -1)
    return tuple(sorted(three)[1] for three in zip(at(-1, 0), at(0, -1), corner))


class MotionCoder:
    """Codes the first fields of a part, or the second ones."""

    def __init__(self, coder):
        self.coder, self.probabilities = coder, {}

    def code(self, width, height, wanted):
        """A field; wanted are its vectors, None where the coder reads."""
        across, field, before = blocks(width), [], 0
        for number in range(across * blocks(height)):
            x, y = expected(field, across, number % across, number // across)
            to = wanted[number] if wanted else (x, y)
            differs_x = self.difference(to[0] - x, before)
            differs_y = self.difference(to[1] - y, 3 if differs_x else 2)
            before = 1 if differs_x or differs_y else 0
            field.append((clamp(x + differs_x, -LONGEST, LONGEST), clamp(y + differs_y, -LONGEST, LONGEST)))
        return field

    def difference(self, d, context):
        """Codes d, which nobody looks at where the coder reads (14.2-2)."""
        if not self.ask(context, 0, d != 0):
            return 0
        negative, size, bits = self.ask(context, 1, d < 0), abs(d), 0
        while bits <= 12 and self.ask(context, 3 + bits, size >= 2 ** (bits + 1)):
            bits += 1
        result = 1
        for i in range(bits - 1, -1, -1):
            bit = bool(size >> i & 1)
            bit = self.ask(context, 2, bit) if i == bits - 1 else self.coder.code(32768, bit)
            result = 2 * result + bit
        return -result if negative else result

    def ask(self, context, kind, yes):
        p = self.probabilities.get((context, kind), 32768)
        yes = self.coder.code(p, yes)
        self.probabilities[context, kind] = clamp(p + ((65535 if yes else 0) - p >> 4), 64, 65472)
        return yes


def six(p):
    return p(-2) - 5 * p(-1) + 20 * p(0) + 20 * p(1) - 5 * p(2) + p(3)


def mean(p, q):
    return p + q + 1 >> 1


class Mover:
    """Samples of a plane between its samples; reads beyond its sides too (14.3-1)."""

    def __init__(self, rows, most):
        self.rows, self.most, self.width, self.height = rows, most, len(rows[0]), len(rows)

    def s(self, i, j):
        return self.rows[clamp(j, 0, self.height - 1)][clamp(i, 0, self.width - 1)]

    def round(self, n, k):
        return clamp(n + 2 ** (k - 1) >> k, 0, self.most)

    def f(self, i, j):
        return six(lambda n: self.s(i + n, j))

    def across(self, i, j):
        return self.round(self.f(i, j), 5)

    def down(self, i, j):
        return self.round(six(lambda n: self.s(i, j + n)), 5)

    def both(self, i, j):
        return self.round(six(lambda n: self.f(i, j + n)), 10)

    def quarter(self, u, v):
        i, j, a, c = u >> 2, v >> 2, u & 3, v & 3
        right, below = i + (a >> 1), j + (c >> 1)
        if a % 2 == 0 and c % 2 == 0:
            whole = self.both if a and c else self.across if a else self.down if c else self.s
            return whole(i, j)
        if c == 0:
            return mean(self.across(i, j), self.s(right, j))
        if c == 2:
            return mean(self.both(i, j), self.down(right, j))
        if a == 0:
            return mean(self.down(i, j), self.s(i, below))
        if a == 2:
            return mean(self.both(i, j), self.across(i, below))
        return mean(self.across(i, below), self.down(right, j))

    def eighth(self, u, v):
        i, j, a, c = u >> 3, v >> 3, u & 7, v & 7
        upper = (8 - a) * self.s(i, j) + a * self.s(i + 1, j)
        lower = (8 - a) * self.s(i, j + 1) + a * self.s(i + 1, j + 1)
        return (8 - c) * upper + c * lower + 32 >> 6


def moved(frame, shape, field, most):
    """The planes that a field makes of those of a whole frame (14.3); shape is that of the frame that is coded."""
    out, across = [], blocks(shape.width)
    for number, rows in enumerate(frame):
        mover, (width, height), (a, d) = Mover(rows, most), shape.size(number), shape.steps(number)
        plane = []
        for y in range(height):
            plane.append([])
            for x in range(width):
                vector_x, vector_y = field[y * d // BLOCK * across + x * a // BLOCK]
                if a * d == 1:
                    plane[y].append(mover.quarter(4 * x + vector_x, 4 * (shape.first + y) + vector_y))
                else:
                    v = 8 * (shape.first // d + y) + vector_y * 2 // d
                    plane[y].append(mover.eighth(8 * x + vector_x, v))
        out.append(plane)
    return out
