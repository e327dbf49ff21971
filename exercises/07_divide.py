"""Division hands its gradient on.

`out = a / b` is `a * b**-1`. Its slope by `a` is `1 / b`; its slope by `b` is that of `b**-1`, which is negative,
times `a`.
"""

from micrograd.engine import Value


def divide(a, b):
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        raise NotImplementedError("Add to a.grad and to b.grad what each of them receives from out.")

    out._backward = _backward
    return out
