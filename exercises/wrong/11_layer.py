"""Mistakes in a layer."""


def by_columns(W, x, b):
    """You took the columns of `W`. Each *row* holds the weights of one neuron, one weight for each input."""
    return [(sum(wi * xi for wi, xi in zip(w, x)) + bias).relu() for w, bias in zip(zip(*W), b)]


def one_bias_for_all(W, x, b):
    """Each neuron has a bias of its own; you gave all of them the first one."""
    return [(sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b[0]).relu() for w in W]


def one_input_each(W, x, b):
    """Neuron i looks at input i alone. In a layer every neuron looks at all inputs."""
    return [(w[i % len(w)] * x[i % len(x)] + bias).relu() for i, (w, bias) in enumerate(zip(W, b, strict=True))]


def without_relu(W, x, b):
    """ReLU is missing. Without it two layers are no more than one: sums of sums."""
    return [sum(wi * xi for wi, xi in zip(w, x, strict=True)) + bias for w, bias in zip(W, b, strict=True)]
