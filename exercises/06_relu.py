"""ReLU lets a gradient through, or not.

`out = max(0, a)`. Where `a` is positive, `out` moves as `a` does; where it is negative, `out` doesn't move at all.
At 0, where both would do, the convention is: not at all.
"""

from micrograd.engine import Value


def relu(a):
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        raise NotImplementedError("Add to a.grad what it receives where a is positive, and nothing elsewhere.")

    out._backward = _backward
    return out
