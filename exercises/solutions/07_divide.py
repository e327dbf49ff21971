"""Division hands its gradient on."""

from micrograd.engine import Value


def divide(a, b):
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        a.grad += out.grad / b.data
        b.grad -= a.data / b.data**2 * out.grad

    out._backward = _backward
    return out
