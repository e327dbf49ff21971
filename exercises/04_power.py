"""A power hands its gradient on.

`out = a**n`, where `n` is a plain number. The slope of `a**n` is `n` times `a` to the power of `n - 1`.
"""

from micrograd.engine import Value


def power(a, n):
    out = Value(a.data**n, (a,), f"**{n}")

    def _backward():
        raise NotImplementedError("Add to a.grad: the slope of a**n, times what out received.")

    out._backward = _backward
    return out
