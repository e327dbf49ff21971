"""Mistakes in the backward pass of an addition."""

from micrograd.engine import Value


def assigns(a, b):
    """`=` where `+=` belongs. In `a + a` both operands are the same Value, and it has to receive twice. Each way
    along which a number acts on the result adds its share; `=` keeps only the last.
    """
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        a.grad = out.grad
        b.grad = out.grad

    out._backward = _backward
    return out


def forgets_the_chain(a, b):
    """`out.grad` is missing. You hand on how `out` responds to its operands, but not how the end result responds
    to `out`; along a path, responses multiply. It goes unnoticed as long as `out` is the end result, whose
    gradient is 1.
    """
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        a.grad += 1.0
        b.grad += 1.0

    out._backward = _backward
    return out


def multiplies(a, b):
    """That is the rule of multiplication. A sum moves by as much as either of its operands does, whatever the
    other one is.
    """
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        a.grad += b.data * out.grad
        b.grad += a.data * out.grad

    out._backward = _backward
    return out


def only_the_left(a, b):
    """The right operand receives nothing. The sum responds to both."""
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        a.grad += out.grad

    out._backward = _backward
    return out


def shares(a, b):
    """The gradient is not shared out between the operands: if either one grows by one, the sum grows by one. Each
    receives all of it.
    """
    out = Value(a.data + b.data, (a, b), "+")

    def _backward():
        a.grad += out.grad / 2
        b.grad += out.grad / 2

    out._backward = _backward
    return out
