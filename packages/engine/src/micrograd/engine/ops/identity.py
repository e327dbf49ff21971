"""Primitives that pass their operand on: to mark a variable of a transform, to end a gradient's way, to weigh it."""

from __future__ import annotations

from micrograd.engine.ops.op import primitive


@primitive(lambda g, out, x: g, symbol="=", elementwise=True)
def identity(x):
    """x itself, as a node of its own: the variable by which a transform differentiates.

    Example:
        >>> identity(2.0)
        2.0
    """
    return x


@primitive(elementwise=True)
def stop_gradient(x):
    """x itself, as a constant: no gradient passes.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0)
        >>> (x * stop_gradient(x)).backward()
        >>> x.grad
        3.0
    """
    return x


@primitive(lambda g, out, x, weight: g * weight, None, elementwise=True)
def weighed(x, weight):
    """x * weight, whose gradient reaches x alone: the sum of outputs, each weighed by the gradient that enters there.

    Unlike `x * stop_gradient(weight)` it passes x a gradient that can be differentiated again by the weight.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0)
        >>> weighed(x, x).backward()
        >>> x.grad
        3.0
    """
    return x * weight
