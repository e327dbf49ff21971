"""What a primitive is, and how a call finds who interprets it.

A primitive is a forward function and one vjp rule per operand:

    @primitive(lambda g, out, x, y: g * y,      # how the gradient g of the output reaches x
               lambda g, out, x, y: g * x,      # ... and y
               symbol="*")
    def mul(x, y):
        return x * y

A rule computes `g * d out / d operand` (a vector-Jacobian product, vjp) with plain operators and other
primitives, so the same line serves floats, Values, arrays and Tensors. Calling a primitive hands it to the
highest-ranking operand, which records it, traces it, or simply computes it; that is all the dispatch there
is.
"""

from __future__ import annotations

import functools
import inspect
import numbers
from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError

Rule = Callable[..., Any]

OPS: dict[str, Op] = {}
"""The table: every primitive by its name."""


class Op:
    """A primitive: a forward function, the symbol that graphs show, and a vjp rule for each operand.

    Attributes:
        name: The key in `OPS`, and the function's name in `micrograd.engine`.
        symbol: What a graph shows, such as `+` or `tanh`.
        forward: Computes the output from plain floats.
        vjps: One rule `(g, out, *operands, **params) -> contribution` per operand; empty if the output is
            piecewise constant, so that no gradient passes.
        arity: How many operands it takes.
        defaults: Static parameters (never differentiated) and their default values.
    """

    __slots__ = ("__dict__", "arity", "defaults", "forward", "name", "symbol", "vjps")

    def __init__(self, forward: Callable[..., Any], vjps: tuple[Rule | None, ...], symbol: str) -> None:
        functools.update_wrapper(self, forward)
        self.name = forward.__name__
        self.symbol = symbol
        self.forward = forward
        self.vjps = vjps
        parameters = inspect.signature(forward).parameters.values()
        self.defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
        self.arity = len(parameters) - len(self.defaults)

    def __call__(self, *operands: Any, **params: Any) -> Any:
        """Apply the primitive to floats, Values or whatever else knows how to interpret one."""
        if len(operands) != self.arity:
            operands, params = self._bind(operands, params)
        leader = max(operands, key=_rank)
        if _rank(leader) == 0:
            return self.forward(*map(self._number, operands), **params)
        return leader._apply(self, operands, params)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        # Pickled and copied as functions are: by reference to the name in the module that defines it.
        return self.name

    def _bind(
        self, operands: tuple[Any, ...], params: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Tell operands from static parameters that were given by position, as in `leaky_relu(x, 0.1)`."""
        settings = operands[self.arity :]
        if len(operands) < self.arity or len(settings) > len(self.defaults):
            names = ", ".join(inspect.signature(self.forward).parameters)
            raise MicrogradTypeError(f"{self.name}({names}) was given {len(operands)} arguments")
        return operands[: self.arity], {**dict(zip(self.defaults, settings, strict=False)), **params}

    def _number(self, operand: object) -> float:
        if isinstance(operand, numbers.Real):
            return float(operand)
        raise MicrogradTypeError(
            f"{self.name}() was given a {type(operand).__name__}: {operand!r:.60}. It takes floats and "
            f"Values; for a list, apply it to each element: [{self.name}(x) for x in xs]."
        )


def _rank(operand: object) -> int:
    """How far up an operand stands in the order of interpreters: 0 for plain numbers."""
    return getattr(operand, "_interpreter_rank", 0)


def primitive(*vjps: Rule | None, symbol: str | None = None) -> Callable[[Callable[..., Any]], Op]:
    """Declare a primitive: decorate its forward function with one vjp rule per operand.

    Args:
        *vjps: `(g, out, *operands, **params) -> contribution` for each operand, in order.
        symbol: What a graph shows; the function's name if not given.
    """

    def declare(forward: Callable[..., Any]) -> Op:
        op = Op(forward, vjps, symbol or forward.__name__)
        OPS[op.name] = op
        return op

    return declare
