"""The hyperbolic tangent hands its gradient on.

`out = tanh(a)`. The slope of tanh can be said by its result alone: `1 - out * out`.
"""

import math

from micrograd.engine import Value


def tanh(a):
    out = Value(math.tanh(a.data), (a,), "tanh")

    def _backward():
        raise NotImplementedError("Add to a.grad: the slope of tanh, times what out received.")

    out._backward = _backward
    return out
