"""A layer: several neurons that look at the same inputs."""


def layer(W, x, b):
    return [(sum(wi * xi for wi, xi in zip(w, x)) + bias).relu() for w, bias in zip(W, b)]
