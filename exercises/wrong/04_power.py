"""Mistakes in the backward pass of a power."""

from micrograd.engine import Value


def keeps_the_exponent(a, n):
    """The exponent falls by one: the slope of `a**2` is `2 * a`, not `2 * a**2`. It goes unnoticed at 1."""
    out = Value(a.data**n, (a,), f"**{n}")

    def _backward():
        a.grad += n * a.data**n * out.grad

    out._backward = _backward
    return out


def forgets_the_factor(a, n):
    """The factor `n` in front is missing: a square is two equal factors, and each of them contributes."""
    out = Value(a.data**n, (a,), f"**{n}")

    def _backward():
        a.grad += a.data ** (n - 1) * out.grad

    out._backward = _backward
    return out


def forgets_the_chain(a, n):
    """`out.grad` is missing. You hand on how `out` responds to its operands, but not how the end result responds
    to `out`; along a path, responses multiply. It goes unnoticed as long as `out` is the end result, whose
    gradient is 1.
    """
    out = Value(a.data**n, (a,), f"**{n}")

    def _backward():
        a.grad += n * a.data ** (n - 1)

    out._backward = _backward
    return out


def lowers_the_factor(a, n):
    """The exponent falls by one, and the factor in front is the exponent as it *was*: the slope of `a**2` is `2 *
    a`, not `1 * a`.
    """
    out = Value(a.data**n, (a,), f"**{n}")

    def _backward():
        a.grad += (n - 1) * a.data ** (n - 1) * out.grad

    out._backward = _backward
    return out
