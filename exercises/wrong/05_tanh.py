"""Mistakes in the backward pass of tanh."""

import math

from micrograd.engine import Value


def of_the_input(a):
    """The slope of tanh is 1 minus the square of its *result*, `out.data`; you took its input. At 0 the two are
    the same.
    """
    out = Value(math.tanh(a.data), (a,), "tanh")

    def _backward():
        a.grad += (1 - a.data**2) * out.grad

    out._backward = _backward
    return out


def forgets_the_square(a):
    """The square is missing: the slope is `1 - out.data**2`. At 0 it makes no difference."""
    out = Value(math.tanh(a.data), (a,), "tanh")

    def _backward():
        a.grad += (1 - out.data) * out.grad

    out._backward = _backward
    return out


def forgets_the_chain(a):
    """`out.grad` is missing. You hand on how `out` responds to its operands, but not how the end result responds
    to `out`; along a path, responses multiply. It goes unnoticed as long as `out` is the end result, whose
    gradient is 1.
    """
    out = Value(math.tanh(a.data), (a,), "tanh")

    def _backward():
        a.grad += 1 - out.data**2

    out._backward = _backward
    return out


def like_a_sigmoid(a):
    """`s * (1 - s)` is the slope of the sigmoid, whose values lie between 0 and 1; that of tanh is `1 - t * t`."""
    out = Value(math.tanh(a.data), (a,), "tanh")

    def _backward():
        a.grad += out.data * (1 - out.data) * out.grad

    out._backward = _backward
    return out
