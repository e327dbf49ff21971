"""ReLU lets a gradient through, or not."""

from micrograd.engine import Value


def relu(a):
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        a.grad += (a.data > 0) * out.grad

    out._backward = _backward
    return out
