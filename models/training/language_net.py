"""A language model in PyTorch whose weights stay as they are, with a small adapter beside each matrix that learns."""
import numpy as np
import torch
import torch.nn.functional as F

PARTS = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")
CHUNK = 512        # positions whose logits are held at once


class HeadCost(torch.autograd.Function):
    """The sum of the targets' costs in nats, and its gradient computed along with it: logits over a large vocabulary are not kept."""

    @staticmethod
    def forward(ctx, x, weight, targets):
        cost, gradient = 0., torch.empty_like(x)
        for at in range(0, len(x), CHUNK):
            part, wanted = x[at:at + CHUNK], targets[at:at + CHUNK]
            logits = F.linear(part, weight).float()
            learnt = (wanted >= 0).nonzero().flatten()
            picked = wanted.clamp(min=0)[:, None]
            total = torch.logsumexp(logits, 1, keepdim=True)
            cost += (total - logits.gather(1, picked)).flatten()[learnt].double().sum().item()
            logits.sub_(total).exp_()
            logits.scatter_add_(1, picked, torch.full(picked.shape, -1.))
            gradient[at:at + CHUNK] = torch.matmul(logits.to(weight.dtype), weight) * (wanted >= 0)[:, None].to(x.dtype)
        ctx.save_for_backward(gradient)
        return torch.tensor(cost)

    @staticmethod
    def backward(ctx, scale):
        gradient, = ctx.saved_tensors
        return gradient * scale.to(gradient.dtype), None, None


class Net(torch.nn.Module):
    """From tokens [B, T], T positions from 0 on, to what they cost. `low`: matrix products in bfloat16."""

    def __init__(self, model, rank, alpha, low, seed=1):
        super().__init__()
        c = model.config
        self.heads = c["num_attention_heads"]
        self.groups = c.get("num_key_value_heads") or self.heads
        self.width = c.get("head_dim") or c["hidden_size"] // self.heads
        self.layers, self.epsilon, self.base = c["num_hidden_layers"], c["rms_norm_eps"], c.get("rope_theta") or 10000.
        rotary = c.get("rope_parameters") or {}
        self.base = rotary.get("rope_theta", self.base)
        self.low, self.scale, self.strength = (torch.bfloat16 if low else torch.float32), alpha / rank, 1.
        keep = lambda name, a: torch.from_numpy(a).to(self.low if a.ndim == 2 else torch.float32)
        self.fixed = {name.replace("model.", "", 1): keep(name, a) for name, a in model.weights.items()}
        self.fixed.setdefault("lm_head.weight", self.fixed["embed_tokens.weight"])
        random, adapter = np.random.RandomState(seed), {}
        for layer in range(self.layers):
            for part in PARTS:
                name = "layers.%d.%s" % (layer, part)
                out, into = self.fixed[name + ".weight"].shape
                adapter[name + ".a"] = (random.randn(rank, into) / np.sqrt(into)).astype(np.float32)
                adapter[name + ".b"] = np.zeros((out, rank), np.float32)
        self.names = sorted(adapter)
        self.adapter = torch.nn.ParameterList([torch.nn.Parameter(torch.from_numpy(adapter[n])) for n in self.names])
        self.of = dict(zip(self.names, self.adapter))

    def to_arrays(self):
        """The adapter alone, by name."""
        return {name: self.of[name].detach().numpy().copy() for name in self.names}

    def load_arrays(self, arrays):
        with torch.no_grad():
            for name in self.names:
                self.of[name].copy_(torch.from_numpy(arrays[name]))

    def linear(self, x, name):
        y = F.linear(x, self.fixed[name + ".weight"])
        if self.strength:
            y = y + F.linear(F.linear(x, self.of[name + ".a"].to(x.dtype)), (self.of[name + ".b"] * (self.scale * self.strength)).to(x.dtype))
        bias = self.fixed.get(name + ".bias")
        return y if bias is None else y + bias.to(y.dtype)

    def norm(self, x, name):
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + self.epsilon) * self.fixed[name + ".weight"]

    def features(self, tokens):
        """The last layer's output, after its norm, [B, T, width]."""
        rows, length = tokens.shape
        angle = torch.arange(length)[:, None] * self.base ** (-torch.arange(0, self.width, 2, dtype=torch.float64) / self.width)
        turn = torch.cat([angle, angle], 1)
        cos, sin = turn.cos().float()[:, None], turn.sin().float()[:, None]
        ahead = torch.full((length, length), -torch.inf).triu(1)
        x = self.fixed["embed_tokens.weight"][tokens].float()
        for layer in range(self.layers):
            name = "layers.%d." % layer
            x = x + self.attention(self.norm(x, name + "input_layernorm").to(self.low), name + "self_attn.", rows, length, cos, sin, ahead)
            h = self.norm(x, name + "post_attention_layernorm").to(self.low)
            x = x + self.linear(F.silu(self.linear(h, name + "mlp.gate_proj")) * self.linear(h, name + "mlp.up_proj"), name + "mlp.down_proj")
        return self.norm(x, "norm").to(self.low)

    def attention(self, x, name, rows, length, cos, sin, ahead):
        def turned(part, heads):
            y = self.linear(x, name + part + "_proj").float().view(rows, length, heads, self.width)
            y = self.norm(y, name + part + "_norm") if name + part + "_norm.weight" in self.fixed else y
            a, b = y.chunk(2, -1)
            return (y * cos + torch.cat([-b, a], -1) * sin).to(self.low)
        share = self.heads // self.groups                     # queries that read the same key are rows of one product
        q = turned("q", self.heads).view(rows, length, self.groups, share, self.width).permute(0, 2, 3, 1, 4).reshape(rows, self.groups, -1, self.width)
        k = turned("k", self.groups).permute(0, 2, 3, 1)
        v = self.linear(x, name + "v_proj").view(rows, length, self.groups, self.width).transpose(1, 2)
        scores = torch.matmul(q, k).float().view(rows, self.groups, share, length, length) * self.width ** -.5 + ahead
        y = torch.matmul(scores.softmax(-1).to(self.low).view(rows, self.groups, -1, length), v)
        y = y.view(rows, self.groups, share, length, self.width).permute(0, 3, 1, 2, 4).reshape(rows, length, -1)
        return self.linear(y, name + "o_proj")

    def cost(self, tokens, targets):
        """Nats of all targets together; those below 0 cost nothing."""
        x = self.features(tokens)
        return HeadCost.apply(x.reshape(-1, x.shape[-1]), self.fixed["lm_head.weight"], targets.reshape(-1))
