"""A power hands its gradient on."""

from micrograd.engine import Value


def power(a, n):
    out = Value(a.data**n, (a,), f"**{n}")

    def _backward():
        a.grad += n * a.data ** (n - 1) * out.grad

    out._backward = _backward
    return out
