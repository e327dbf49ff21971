"""The hyperbolic tangent hands its gradient on."""

import math

from micrograd.engine import Value


def tanh(a):
    out = Value(math.tanh(a.data), (a,), "tanh")

    def _backward():
        a.grad += (1 - out.data**2) * out.grad

    out._backward = _backward
    return out
