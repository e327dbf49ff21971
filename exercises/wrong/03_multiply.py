"""Mistakes in the backward pass of a multiplication."""

from micrograd.engine import Value


def own_number(a, b):
    """Each receives its own number instead of the other's. If `a` grows by one, `a * b` grows by `b`. It goes
    unnoticed as long as both are the same.
    """
    out = Value(a.data * b.data, (a, b), "*")

    def _backward():
        a.grad += a.data * out.grad
        b.grad += b.data * out.grad

    out._backward = _backward
    return out


def assigns(a, b):
    """`=` where `+=` belongs. In `a * a` both operands are the same Value, and it has to receive twice: the slope
    of a square is `2 * a`. Each way along which a number acts on the result adds its share; `=` keeps only
    the last.
    """
    out = Value(a.data * b.data, (a, b), "*")

    def _backward():
        a.grad = b.data * out.grad
        b.grad = a.data * out.grad

    out._backward = _backward
    return out


def forgets_the_chain(a, b):
    """`out.grad` is missing. You hand on how `out` responds to its operands, but not how the end result responds
    to `out`; along a path, responses multiply. It goes unnoticed as long as `out` is the end result, whose
    gradient is 1.
    """
    out = Value(a.data * b.data, (a, b), "*")

    def _backward():
        a.grad += b.data
        b.grad += a.data

    out._backward = _backward
    return out


def like_a_sum(a, b):
    """That is the rule of addition. How much a product moves when one operand does depends on the other one."""
    out = Value(a.data * b.data, (a, b), "*")

    def _backward():
        a.grad += out.grad
        b.grad += out.grad

    out._backward = _backward
    return out
