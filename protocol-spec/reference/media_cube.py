"""Cubes of section 13.7: writes their decisions, or reads them."""
from context_mixing import clamp
from media_image import PlaneCoder, PlaneKind, make_mixer
from media_predictors import Plane
from media_squares import faded
from media_video import inputs

COUNTS = (6, 5, 5, 1, 1), (4, 4, 3, 1, 0)  # large and small (13.7-3)


class BandKind(PlaneKind):
    """The model of planes with two or more before them."""

    def __init__(self, width, height):
        super().__init__(2, width, height, make_mixer(2), [sum(counts) for counts in COUNTS])

    def regression_inputs(self, arounds):
        return [inputs(arounds, counts) for counts in COUNTS]


class BandCoder(PlaneCoder):
    """Codes a plane whose model's regressions go on."""

    def __init__(self, coder, model, plane, others, near_costs, bits):
        kept = [[faded(sums, 32768) for sums in one.above] for one in (model.large, model.small)]
        super().__init__(coder, model, plane, others, near_costs, bits)
        model.large.above, model.small.above = kept


def code_cube(coder, width, height, bands, bits, samples):
    """Codes the planes of a cube; samples plane after plane, None where the coder reads. Gives them."""
    size, flat, out, known, model, near_costs = width * height, 32768, [], [], None, None
    for number in range(bands):
        mine = None if samples is None else samples[number * size:(number + 1) * size]
        same = coder.code(flat, mine is not None and len(set(mine)) == 1)
        flat = clamp(flat + ((65535 if same else 0) - flat >> 4), 64, 65472)
        if same:
            value = 0
            for bit in range(bits - 1, -1, -1):
                value = 2 * value + coder.code(32768, mine is not None and mine[0] >> bit & 1 == 1)
            out += [value] * size
            continue
        kind = min(len(known), 2)
        goes_on = model is not None and model.kind == kind == 2
        if not goes_on:
            model = BandKind(width, height) if kind == 2 else PlaneKind(kind, width, height, make_mixer(kind))
        plane = Plane(width, height, bits)
        others = known[:-5:-1]
        if kind == 2:
            others += [others[-1]] * (4 - len(others))
        one = (BandCoder if goes_on else PlaneCoder)(coder, model, plane, others, near_costs, bits)
        one.code(mine)
        known.append(plane)
        near_costs = one.costs
        out += [value for row in plane.rows for value in row]
    return out
