"""Addition hands its gradient on.

`out = a + b` has been computed, and `out.grad` says how the end result responds to `out`. How does it respond to
`a`, and how to `b`? Add your answers to `a.grad` and `b.grad`: others may have put something there before you.
"""

from micrograd.engine import Value


def add(a, b):
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        raise NotImplementedError("Add to a.grad and to b.grad what each of them receives from out.")

    out._backward = _backward
    return out
