"""Addition hands its gradient on."""

from micrograd.engine import Value


def add(a, b):
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        a.grad += out.grad
        b.grad += out.grad

    out._backward = _backward
    return out
