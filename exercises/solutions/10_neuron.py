"""A neuron."""


def neuron(w, x, b):
    return (sum(wi * xi for wi, xi in zip(w, x)) + b).relu()
