"""Planes with margins, fixed predictions, and inputs of regressions (13.4-3 to 13.4-5)."""
from context_mixing import clamp

PLACES = {"W": (-1, 0), "N": (0, -1), "E": (1, 0), "S": (0, 1), "NW": (-1, -1), "NE": (1, -1), "SW": (-1, 1),
          "SE": (1, 1), "WW": (-2, 0), "NN": (0, -2), "NEE": (2, -1), "NWW": (-2, -1), "NNE": (1, -2), "NNW": (-1, -2),
          "C": (0, 0), "WWW": (-3, 0), "NNN": (0, -3), "NNEE": (2, -2), "NNWW": (-2, -2)}
OWN = ("W", "N", "NW", "NE", "WW", "NN", "NEE", "NWW", "NNW", "NNE")
ALONE = OWN + ("WWW", "NNN", "NNEE", "NNWW")
OTHER = ("C", "W", "N", "NW", "NE", "E", "S")
SMALL_OWN = ("W", "N", "NW", "NE", "WW", "NN")
DIFFERENCES = ("W", "N", "NW", "NE", "WW", "NN", "NNE")
LARGE_INPUTS, SMALL_INPUTS, FIXED = (14, 19, 26), (6, 10, 13), (14, 15, 22)


class Plane:
    """Samples by row, read beyond the sides too (13.4-3)."""

    def __init__(self, width, height, bits):
        self.width, self.height, self.middle = width, height, 2 ** (bits - 1)
        self.rows = [[]]

    def add(self, value):
        if len(self.rows[-1]) == self.width:
            self.rows.append([])
        self.rows[-1].append(value)

    def read(self, x, y):
        if y == self.height:
            y -= 1
        if y < 0:
            if x < 0 or not self.rows[0]:
                return self.middle
            return self.rows[0][min(x, len(self.rows[0]) - 1)]
        if x < 0:
            return self.rows[y - 1][0] if y > 0 else self.middle
        return self.rows[y][min(x, self.width - 1)]


class Around:
    """The neighbours of a place by their names, those that are asked for."""

    def __init__(self, plane, x, y):
        self.plane, self.x, self.y, self.known = plane, x, y, {}

    def __getattr__(self, name):
        if name not in self.known:
            right, down = PLACES[name]
            self.known[name] = self.plane.read(self.x + right, self.y + down)
        return self.known[name]

    def all(self, names):
        return [getattr(self, name) for name in names]


class Difference:
    def __init__(self, own, other):
        for name in DIFFERENCES:
            setattr(self, name, getattr(own, name) - getattr(other, name))


def med(a):
    return clamp(a.W + a.N - a.NW, min(a.W, a.N), max(a.W, a.N))


def gap(a, edge):
    across = abs(a.W - a.WW) + abs(a.N - a.NW) + abs(a.N - a.NE)
    down = abs(a.W - a.NW) + abs(a.N - a.NN) + abs(a.NE - a.NNE)
    lean = down - across
    smooth = 2 * (2 * a.W + 2 * a.N + a.NE - a.NW)
    towards = 8 * (a.W if lean > 0 else a.N)
    how = abs(lean) // edge
    if how > 80:
        return towards
    if how > 32:
        return smooth + towards >> 1
    return 3 * smooth + towards >> 2 if how > 8 else smooth


def fixed(a, near, far, edge):
    """The fixed predictions (13.4-4), not yet clamped."""
    if near is None:
        return [8 * a.W, 8 * a.N, 8 * med(a), 4 * (a.W + a.NE), gap(a, edge), 8 * (a.W + a.NE - a.N),
                8 * (a.N + a.NE - a.NNE), 8 * (2 * a.N - a.NN), 8 * (2 * a.W - a.WW), 8 * (a.W + a.N - a.NW),
                8 * (a.N + a.NW - a.NNW), 2 * (3 * (a.W + a.N) - a.NN - a.WW), 4 * (a.W + a.NEE),
                8 * (a.W + a.NW - a.NWW)]
    d, here = Difference(a, near), 8 * near.C
    step_w, step_n = near.C - near.W, near.C - near.N
    out = [8 * med(a), gap(a, edge), 8 * (a.W + a.N - a.NW), here + 8 * d.W, here + 8 * d.N, here + 8 * med(d),
           here + gap(d, edge), here + 4 * (d.W + d.NE), here + 2 * (d.W + d.N + d.NW + d.NE),
           here + 8 * (2 * d.N - d.NN), here + 8 * (2 * d.W - d.WW), 8 * a.W + 4 * step_w, 8 * a.N + 4 * step_n,
           8 * (a.W + a.N - a.NW) + 4 * (near.C - near.W - near.N + near.NW),
           4 * (a.W + a.N) + 4 * (2 * near.C - near.W - near.N)]
    if far is not None:
        d, here = Difference(a, far), 8 * far.C
        out += [here + 8 * d.W, here + 8 * d.N, here + 8 * med(d), here + gap(d, edge),
                8 * a.W + 4 * (step_w + far.C - far.W), 8 * a.N + 4 * (step_n + far.C - far.N),
                4 * (a.W + a.N) + 2 * (2 * near.C - near.W - near.N + 2 * far.C - far.W - far.N)]
    return out


def large_inputs(a, near, far):
    if near is None:
        return a.all(ALONE)
    inputs = a.all(OWN) + near.all(OTHER + ("SW", "SE"))
    return inputs + far.all(OTHER) if far else inputs


def small_inputs(a, near, far):
    inputs = a.all(SMALL_OWN)
    if near:
        inputs += near.all(("C", "W", "N", "NW"))
    return inputs + far.all(("C", "W", "N")) if far else inputs


def contexts(a, near, far, guess, phase):
    """The exact contexts (13.4-13)."""
    if near is None:
        return [(a.W, a.N, a.NE), (a.W, a.N, a.NW, a.NE), (guess, a.W, a.N), (a.W, a.NW, a.N), (guess, a.NE)]
    n = near.C
    dw, dn, dne, dnw = n - near.W, n - near.N, n - near.NE, n - near.NW
    ow, on = a.W - near.W, a.N - near.N
    if far is None:
        return [(n, a.W, dw), (n, a.N, dn), (n, guess), (n, ow, on), (a.W, dw, phase), (a.N, dn, phase), (a.NE, dne),
                (n, dw, dn, ow), (n, a.W, a.N), (n, guess, near.E), (guess, dw, dn), (n, a.W, near.W, near.E),
                (n, a.N, near.N, near.S), (n, ow, phase)]
    f = far.C
    fw, fn, fne, fnw = f - far.W, f - far.N, f - far.NE, f - far.NW
    return [(n, f), (a.W, dw, fw), (a.N, dn, fn), (n, f, guess), (n, f, ow), (n, f, on), (a.NE, dne, fne),
            (n - f, ow, on, f), (n, f, a.W), (n, f, a.N), (guess, dw, fw), (n, f, near.E, far.E), (a.NW, dnw, fnw),
            (guess, n - f, phase)]
