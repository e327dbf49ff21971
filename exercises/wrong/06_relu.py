"""Mistakes in the backward pass of ReLU."""

from micrograd.engine import Value


def always_passes(a):
    """The gradient goes through where `a` is negative, too. There `out` is 0 and stays 0 when `a` moves a little,
    so nothing comes back.
    """
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        a.grad += out.grad

    out._backward = _backward
    return out


def looks_at_the_gradient(a):
    """You let *gradients* through that are positive. Whether ReLU lets something through depends on its input,
    never on the gradient, which may have either sign.
    """
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        a.grad += max(0.0, out.grad)

    out._backward = _backward
    return out


def scales_by_the_output(a):
    """You multiply by the result. It says whether the gate is open, not how far: where it is open, the slope is 1."""
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        a.grad += out.data * out.grad

    out._backward = _backward
    return out


def forgets_the_chain(a):
    """`out.grad` is missing. You hand on how `out` responds to its operands, but not how the end result responds
    to `out`; along a path, responses multiply. It goes unnoticed as long as `out` is the end result, whose
    gradient is 1.
    """
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        a.grad += float(a.data > 0)

    out._backward = _backward
    return out


def open_at_zero(a):
    """At 0 the convention is that nothing comes back: compare by `>`, not by `>=`. Many neurons stand at 0
    exactly, behind another ReLU.
    """
    out = Value(max(0.0, a.data), (a,), "relu")

    def _backward():
        a.grad += (a.data >= 0) * out.grad

    out._backward = _backward
    return out
