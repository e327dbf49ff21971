"""Primitives that pass their operand on: `identity` marks a variable, `stop_gradient` ends a gradient's way."""

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
