"""The byte network: a gated linear recurrence with token shift, in operators that have an exact integer form.

Tensors run [T, B, ...]: time first. One layer does

    m = lerp(previous u, u, mu) * gain        u = x / rms(x)
    z, c, g = gates(m)                        z in (0, 1), c in (-1, 1), by softsign
    h = (1 - z) h + z c
    x = x + mix(h * (softsign(g) + 1))
    x = x + down(relu(up(m2)) ** 2)           m2 like m, from the new x

Softsign, relu and a division stand where others use sigmoid, tanh and exp: those differ between processors, these do not.
The backward passes of the three inner functions are written out because autograd over many small nodes is slow on a CPU.
"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from data import START
from net_shape import shape_of

SYMBOLS = 257                  # 256 bytes and END
EPS = 1e-6


class ShiftNorm(torch.autograd.Function):
    """m = a*u + b*keep*previous(u) with u = x/rms(x). Returns m and the last u (the shift's state, before any gain)."""

    @staticmethod
    def forward(ctx, x, a, b, keep, prev):
        r = torch.rsqrt((x * x).mean(-1, keepdim=True).add_(EPS))
        u = x * r
        back = torch.cat([prev.unsqueeze(0), u[:-1]], 0).mul_(keep)
        m = torch.addcmul(u * a, back, b)
        ctx.save_for_backward(u, back, r, a, b, keep)
        last = u[-1].clone()
        ctx.mark_non_differentiable(last)
        return m, last

    @staticmethod
    def backward(ctx, gm, _):
        u, back, r, a, b, keep = ctx.saved_tensors
        ga = (gm * u).sum((0, 1))
        gb = (gm * back).sum((0, 1))
        gu = gm * a
        gu[:-1].add_((gm[1:] * b).mul_(keep[1:]))
        mean = (gu * u).mean(-1, keepdim=True)
        return torch.addcmul(gu, u, mean, value=-1).mul_(r), ga, gb, None, None


class Recurrence(torch.autograd.Function):
    """From the gates' sums (z, c, g) and the state: y = h * (softsign(g) + 1) and the last h."""

    @staticmethod
    def forward(ctx, pre, keep, h0):
        pre = pre.float()
        q = pre.abs().add_(1).reciprocal_()                     # softsign(v) = v*q, its derivative q*q
        z, c, g = (pre * q).chunk(3, -1)
        z = z * .5 + .5
        a = (1 - z).mul_(keep)
        h = z * c
        before = h0
        for at, ht in zip(a.unbind(0), h.unbind(0)):
            ht.addcmul_(at, before)
            before = ht
        g = g + 1
        ctx.save_for_backward(q, z, c, g, a, h, h0, keep)
        last = before.clone()
        ctx.mark_non_differentiable(last)
        return h * g, last

    @staticmethod
    def backward(ctx, gy, _):
        q, z, c, g, a, h, h0, keep = ctx.saved_tensors
        gy = gy.float()
        gh = gy * g
        rows, gates = gh.unbind(0), a.unbind(0)
        for t in range(len(rows) - 2, -1, -1):
            rows[t].addcmul_(gates[t + 1], rows[t + 1])
        d = z.size(-1)
        out = q * q
        ba = torch.cat([h0.unsqueeze(0), h[:-1]], 0).mul_(keep)   # what the kept share multiplies
        out[..., :d].mul_(torch.sub(c, ba).mul_(gh).mul_(.5))
        out[..., d:2 * d].mul_(gh * z)
        out[..., 2 * d:].mul_(gy * h)
        return out, None, None


def linear(x, layer, low):
    """layer(x), in bfloat16 where `low`: several times faster on processors that have it."""
    if not low:
        return layer(x)
    bias = None if layer.bias is None else layer.bias.bfloat16()
    return F.linear(x.bfloat16(), layer.weight.bfloat16(), bias)


class Layer(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.gates = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)
        for name, value in (("gain1", 1.), ("gain2", 1.), ("mu1", .5), ("mu2", .5)):
            setattr(self, name, nn.Parameter(torch.full((width,), value)))
        with torch.no_grad():
            self.gates.bias[:width].uniform_(-4, 1)             # slow and fast channels
            self.mix.weight.mul_(.5)
            self.down.weight.zero_()

    def forward(self, x, state, keep, low):
        h, p1, p2 = state
        m, p1 = ShiftNorm.apply(x, self.gain1 * self.mu1, self.gain1 * (1 - self.mu1), keep, p1)
        y, h = Recurrence.apply(linear(m, self.gates, low), keep, h)
        x = x + linear(y, self.mix, low)
        m, p2 = ShiftNorm.apply(x, self.gain2 * self.mu2, self.gain2 * (1 - self.mu2), keep, p2)
        x = x + linear(F.relu(linear(m, self.up, low)).square(), self.down, low)
        return x, (h, p1, p2)


class Net(nn.Module):
    """Tokens [T, B] in 0..256 (START resets the state) to logits [T, B, 257] of the next symbol, and the state."""

    def __init__(self, width=256, layers=4, inner=512):
        super().__init__()
        self.width, self.inner = width, inner
        self.embed = nn.Embedding(START + 1, width)
        self.layers = nn.ModuleList(Layer(width, inner) for _ in range(layers))
        self.gain = nn.Parameter(torch.ones(width))
        self.head = nn.Linear(width, SYMBOLS)
        nn.init.normal_(self.embed.weight, std=.3)
        with torch.no_grad():
            self.head.weight.mul_(.1)

    def empty_state(self, batch):
        zero = torch.zeros(batch, self.width)
        return [(zero, zero, zero) for _ in self.layers]

    def features(self, tokens, state, low=False):
        keep = (tokens != START).float().unsqueeze(-1)
        x, after = self.embed(tokens), []
        for layer, one in zip(self.layers, state):
            x, one = layer(x, one, keep, low)
            after.append(one)
        r = torch.rsqrt((x * x).mean(-1, keepdim=True) + EPS)
        return x * r * self.gain, after

    def forward(self, tokens, state, low=False):
        x, state = self.features(tokens, state, low)
        return linear(x, self.head, low).float(), state


def from_arrays(weights):
    """A network from named arrays. A head of 256 rows gets a row for END that starts out improbable."""
    weights = {k: np.asarray(v, np.float32) for k, v in weights.items()}
    rows = weights["head.weight"].shape[0]
    if rows == SYMBOLS - 1:
        weights["head.weight"] = np.vstack([weights["head.weight"], np.zeros((1, weights["head.weight"].shape[1]), np.float32)])
        weights["head.bias"] = np.append(weights["head.bias"], np.float32(-5))
    net = Net(*shape_of(weights))
    net.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in weights.items()})
    return net


def to_arrays(net):
    return {k: v.detach().numpy().copy() for k, v in net.state_dict().items()}
