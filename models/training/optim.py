"""Optimisers: Muon for the matrices between the layers, AdamW for the embedding, the head, biases and vectors."""
import torch


def orthogonal(g, steps=5):
    """About U V^T of g = U S V^T: Newton-Schulz steps, in bfloat16."""
    tall = g.size(0) > g.size(1)
    x = (g.t() if tall else g).bfloat16()
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        a = x @ x.t()
        x = 3.4445 * x + (2.0315 * (a @ a) - 4.7750 * a) @ x
    return (x.t() if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum whose every step is made orthogonal. A stack of square matrices (the gates) is treated one by one."""

    def __init__(self, params, lr, momentum=.95, decay=0.):
        super().__init__(params, dict(lr=lr, momentum=momentum, decay=decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.mul_(group["momentum"]).add_(p.grad)
                ahead = p.grad.add(m, alpha=group["momentum"])
                blocks = 3 if p.size(0) == 3 * p.size(1) else 1
                move = torch.cat([orthogonal(b) for b in ahead.chunk(blocks)])
                scale = max(1., p.size(0) / blocks / p.size(1)) ** .5
                p.mul_(1 - group["lr"] * group["decay"]).add_(move, alpha=-group["lr"] * scale)


class Optimisers:
    """Both optimisers with one schedule: a short warm-up, flat for a share of the time, then linear down to 2 %."""

    def __init__(self, net, muon_rate, adam_rate, decay, flat):
        inner = [p for n, p in net.layers.named_parameters() if p.ndim == 2]
        chosen = {id(p) for p in inner}
        rest = [p for p in net.parameters() if id(p) not in chosen]
        self.flat = flat
        self.all = [(Muon(inner, muon_rate, decay=decay), muon_rate),
                    (torch.optim.AdamW(rest, lr=adam_rate, betas=(.9, .98), weight_decay=0.), adam_rate)]

    def schedule(self, step, done):
        """Sets the rates for a step, `done` being the share of the time that has passed."""
        down = 1. if done < self.flat else max(.02, (1 - done) / (1 - self.flat))
        factor = min(1., (step + 1) / 100) * down
        for optimiser, rate in self.all:
            for group in optimiser.param_groups:
                group["lr"] = rate * factor
        return factor

    def step(self):
        for optimiser, _ in self.all:
            optimiser.step()

    def state(self):
        return [o.state_dict() for o, _ in self.all]

    def restore(self, states):
        for (optimiser, _), state in zip(self.all, states):
            optimiser.load_state_dict(state)
