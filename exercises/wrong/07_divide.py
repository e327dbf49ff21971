"""Mistakes in the backward pass of a division."""

from micrograd.engine import Value


def wrong_sign(a, b):
    """If the divisor grows, the quotient shrinks: the slope by `b` is negative."""
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        a.grad += out.grad / b.data
        b.grad += a.data / b.data**2 * out.grad

    out._backward = _backward
    return out


def forgets_the_square(a, b):
    """The slope of `1 / b` is `-1 / b**2`; the square is missing. At 1 it makes no difference."""
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        a.grad += out.grad / b.data
        b.grad -= a.data / b.data * out.grad

    out._backward = _backward
    return out


def like_a_product(a, b):
    """That is the rule of multiplication. `a` acts through `1 / b`, and `b` through `1 / b` as well."""
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        a.grad += b.data * out.grad
        b.grad += a.data * out.grad

    out._backward = _backward
    return out


def forgets_the_chain(a, b):
    """`out.grad` is missing. You hand on how `out` responds to its operands, but not how the end result responds
    to `out`; along a path, responses multiply. It goes unnoticed as long as `out` is the end result, whose
    gradient is 1.
    """
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        a.grad += 1 / b.data
        b.grad -= a.data / b.data**2

    out._backward = _backward
    return out


def assigns(a, b):
    """`=` where `+=` belongs. In `a / a` both operands are the same Value, and what it receives from both sides
    cancels. Each way along which a number acts on the result adds its share; `=` keeps only the last.
    """
    out = Value(a.data / b.data, (a, b), "/")

    def _backward():
        a.grad = out.grad / b.data
        b.grad = -a.data / b.data**2 * out.grad

    out._backward = _backward
    return out
