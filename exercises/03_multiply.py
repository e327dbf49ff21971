"""Multiplication hands its gradient on.

`out = a * b`. If `a` grows by one, `out` grows by `b`. The end result responds to `out` by `out.grad`; so how does
it respond to `a`, and how to `b`?
"""

from micrograd.engine import Value


def multiply(a, b):
    out = Value(a.data * b.data, (a, b), "*")

    def _backward():
        raise NotImplementedError("Add to a.grad and to b.grad what each of them receives from out.")

    out._backward = _backward
    return out
