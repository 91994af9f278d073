"""Frames of video of section 14: writes their decisions, or reads them."""
from context_mixing import clamp
from media_image import PlaneCoder, PlaneKind, make_mixer
from media_motion import MotionCoder, moved
from media_numbers import log256
from media_predictors import ALONE, PLACES, Plane

STEPS = ((1, 1), (2, 2), (2, 1), (1, 1))  # columns and rows of luma for a sample of chroma
FARTHER = {f"{right} {down}": (right, down) for right, down in (
    (3, -1), (-3, -1), (-1, -3), (1, -3), (-4, 0), (0, -4), (3, -2), (-3, -2), (2, -3), (-2, -3))}
PLACES.update(FARTHER)
OWN = ALONE + tuple(FARTHER)
OTHER = ("C", "W", "N", "E", "S", "NW", "NE", "SW", "SE")
TAPS = {  # how many of the plane itself, near, far, third and fourth, large and small (14.4-5)
    (0, False): ((24,), (6,)), (1, False): ((14, 9), (6, 4)), (2, False): ((10, 9, 7), (6, 4, 3)),
    (0, True): ((10, 9, 7), (6, 5, 3)), (1, True): ((6, 9, 5, 5, 5), (6, 4, 3, 0, 1)),
    (2, True): ((6, 9, 5, 5, 5), (6, 4, 3, 0, 1))}


class Shape:
    """A frame of rows of luma from the row `first` on of a whole one."""

    def __init__(self, width, height, chroma, bits, first=0):
        self.width, self.height, self.chroma, self.bits, self.first = width, height, chroma, bits, first
        self.planes = 3 if chroma else 1

    def steps(self, plane):
        return STEPS[self.chroma] if plane else (1, 1)

    def size(self, plane):
        across, down = self.steps(plane)
        return -(-self.width // across), -(-self.height // down)

    def sizes(self):
        return [width * height for width, height in map(self.size, range(self.planes))]

    def cut(self, first, rows):
        return Shape(self.width, min(rows, self.height - first), self.chroma, self.bits, first)

    def split(self, samples):
        """The planes of a frame, each as rows."""
        out, at = [], 0
        for plane in range(self.planes):
            width, height = self.size(plane)
            out.append([samples[at + y * width:at + (y + 1) * width] for y in range(height)])
            at += width * height
        return out


class Known(Plane):
    """A plane that is known whole (14.3-1)."""

    def __init__(self, rows):
        super().__init__(len(rows[0]), len(rows), 1)
        self.rows = rows

    def read(self, x, y):
        return self.rows[clamp(y, 0, self.height - 1)][clamp(x, 0, self.width - 1)]


class Costs:
    def __init__(self, rows):
        self.rows = rows


def inputs(arounds, counts):
    lists = [around.all((OTHER if number else OWN)[:count])
             for number, (around, count) in enumerate(zip(arounds, counts)) if count]
    return [value for values in lists for value in values]


class VideoKind(PlaneKind):
    """One of the six models (14.4-1)."""

    def __init__(self, plane, with_last, width, height):
        kind = 2 if with_last else plane
        self.counts = TAPS[plane, with_last]
        super().__init__(kind, width, height, make_mixer(kind), [sum(counts) for counts in self.counts])

    def regression_inputs(self, arounds):
        return [inputs(arounds, counts) for counts in self.counts]


def four(rows, shape, x, y):
    """The sum of what stands at the samples of luma that make one of the subsampled luma (14.4-2)."""
    across, down = shape.steps(1)
    left, top = across * x, down * y
    right, bottom = min(left + across - 1, shape.width - 1), min(top + down - 1, shape.height - 1)
    return rows[top][left] + rows[top][right] + rows[bottom][left] + rows[bottom][right]


def fours(rows, shape):
    width, height = shape.size(1)
    return [[four(rows, shape, x, y) for x in range(width)] for y in range(height)]


def subsampled(rows, shape):
    return Known([[s + 2 >> 2 for s in row] for row in fours(rows, shape)])


def difference_costs(near, far):
    """The costs of luma by what near and far differ (14.4-4)."""
    def cost(x, y):
        places = [(x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
        s = sum(abs(near.read(*place) - far.read(*place)) for place in places)
        return min(255, log256(4 + (s >> 1)) - 512 >> 4)
    return Costs([[cost(x, y) for x in range(near.width)] for y in range(near.height)])


class VideoCoder:
    def __init__(self, coder, shape):
        self.coder, self.shape, self.models = coder, shape, {}
        self.motion = MotionCoder(coder), MotionCoder(coder)

    def code(self, last, earlier, planes, fields):
        """Codes a frame; planes and fields are None where the coder reads. Gives the planes."""
        shape, most = self.shape, 2**self.shape.bits - 1
        near = far = None
        if last:
            field = self.motion[0].code(shape.width, shape.height, fields and fields[0])
            near = moved(last, shape, field, most)
            if earlier:
                field = self.motion[1].code(shape.width, shape.height, fields and fields[1])
                far = moved(earlier, shape, field, most)
            else:
                far = cut(last, shape)
        out, coded, costs = [], [], None
        for number in range(shape.planes):
            width, height = shape.size(number)
            plane = Plane(width, height, shape.bits)
            others = [Known(near[number]), Known(far[number])] if last else []
            if number == 0:
                near_costs = difference_costs(*others) if last else None
            elif number == 1:
                others += [subsampled(out[0], shape)] + ([subsampled(near[0], shape)] if last else [])
                near_costs = Costs([[s >> 2 for s in row] for row in fours(costs.rows, shape)])
            else:
                others += [coded[1], Known(near[1]) if last else subsampled(out[0], shape)]
                near_costs = costs
            key = number, bool(last)
            if key not in self.models:
                self.models[key] = VideoKind(*key, width, height)
            one = PlaneCoder(self.coder, self.models[key], plane, others, near_costs, shape.bits)
            one.code(planes and [value for row in planes[number] for value in row])
            out.append(plane.rows)
            coded.append(plane)
            costs = one.costs
        return out


def cut(frame, shape):
    out = []
    for number, rows in enumerate(frame):
        start = shape.first // shape.steps(number)[1]
        out.append(rows[start:start + shape.size(number)[1]])
    return out


def code_video(coder, shape, before, frames, samples, fields):
    """Codes a part; before are the whole frames that it needs as lists of planes of rows, samples those of the frames
    one after another and fields the vectors of each, both None where the coder reads. Gives the samples."""
    video, history, out = VideoCoder(coder, shape), list(before), []
    each = sum(shape.sizes())
    for number in range(frames):
        last, earlier = ([None, None] + history)[:-3:-1]
        planes = shape.split(samples[number * each:(number + 1) * each]) if samples else None
        frame = video.code(last, earlier, planes, fields and fields[number])
        history.append(frame)
        out += [value for plane in frame for row in plane for value in row]
    return out
