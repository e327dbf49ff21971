"""Mistakes in a neuron."""

from micrograd.engine import Value


def forgets_the_bias(w, x, b):
    """The bias is missing: without it, a neuron says 0 whenever all of its inputs are 0."""
    return sum(wi * xi for wi, xi in zip(w, x, strict=True)).relu()


def bias_for_each_input(w, x, b):
    """The bias is added once for each input; it belongs to the neuron, and is added once. With a single input
    nobody notices.
    """
    return sum(wi * xi + b for wi, xi in zip(w, x, strict=True)).relu()


def relu_of_each_product(w, x, b):
    """ReLU comes at the end, once, after the sum. Cut off before, negative products can't speak against positive
    ones.
    """
    return sum((wi * xi).relu() for wi, xi in zip(w, x, strict=True)) + b


def without_relu(w, x, b):
    """ReLU is missing. Sums of sums are nothing but sums: without it a net of any depth is a straight line."""
    return sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b


def of_plain_numbers(w, x, b):
    """You calculate with `.data`, plain numbers that don't remember where they came from. The result is right, but
    no gradient finds its way back to the weights.
    """
    return Value(max(0.0, sum(wi.data * xi for wi, xi in zip(w, x, strict=True)) + b.data))
