"""The shape of a set of named weights, without PyTorch."""


def shape_of(weights):
    """(width, layers, inner) of a set of named arrays."""
    count = 0
    while "layers.%d.mu1" % count in weights:
        count += 1
    if not count:
        raise ValueError("these are not weights of this network (no layers.0.mu1)")
    return weights["embed.weight"].shape[1], count, weights["layers.0.up.weight"].shape[0]
