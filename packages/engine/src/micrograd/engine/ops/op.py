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

Parameters of the forward function without a default are operands; those with one are static settings such as
an axis, which no gradient reaches.
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
        forward: Computes the output from plain floats, or from arrays where the primitive makes sense only there.
        vjps: One rule `(g, out, *operands, **params) -> contribution` per operand, None for an operand that no
            gradient reaches; empty if the output is piecewise constant.
        vjp_of_any: For a primitive of any number of operands, `(position, g, out, *operands, **params)`.
        arity: How many operands it takes; None for any number.
        defaults: Static settings and their default values.
        elementwise: Whether each element of the output depends on that element of the operands alone.
        is_differentiable: Whether any gradient passes.
    """

    __slots__ = (
        "__dict__",
        "arity",
        "defaults",
        "elementwise",
        "forward",
        "is_differentiable",
        "name",
        "symbol",
        "vjp_of_any",
        "vjps",
    )

    def __init__(
        self,
        forward: Callable[..., Any],
        vjps: tuple[Rule | None, ...],
        symbol: str | None = None,
        elementwise: bool = False,
        vjp_of_any: Rule | None = None,
    ) -> None:
        functools.update_wrapper(self, forward)
        self.name = forward.__name__
        self.symbol = symbol or self.name
        self.forward = forward
        self.vjps = vjps
        self.vjp_of_any = vjp_of_any
        self.elementwise = elementwise
        parameters = inspect.signature(forward).parameters.values()
        self.defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
        variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        self.arity = None if variadic else len(parameters) - len(self.defaults)
        self.is_differentiable = bool(vjps or vjp_of_any)

    def __call__(self, *operands: Any, **params: Any) -> Any:
        """Apply the primitive to floats, arrays, Values, Tensors or whatever else knows how to interpret one."""
        if len(operands) != self.arity and self.arity is not None:
            operands, params = self._bind(operands, params)
        leader: Any = None
        highest = 0
        for operand in operands:
            rank = getattr(operand, "_interpreter_rank", 0)
            if rank > highest:
                leader, highest = operand, rank
        return self._compute(operands, params) if leader is None else leader._apply(self, operands, params)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        # Pickled and copied as functions are: by reference to the name in the module that defines it.
        return self.name

    @functools.cached_property
    def on_arrays(self) -> Callable[..., Any]:
        """The forward function for arrays: the kernel of this name, or else `forward`, which is general enough."""
        from micrograd.engine.ops.kernels import KERNELS

        return KERNELS.get(self.name, self.forward)

    def rule(self, position: int) -> Rule | None:
        """The vjp rule of the operand at this position; None if no gradient reaches it."""
        if self.vjp_of_any is not None:
            return functools.partial(self.vjp_of_any, position)
        return self.vjps[position] if self.vjps else None

    def _bind(self, operands: tuple[Any, ...], params: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Tell operands from settings that were given by position, as in `leaky_relu(x, 0.1)`."""
        settings = operands[self.arity :]
        if len(operands) < (self.arity or 0) or len(settings) > len(self.defaults):
            names = ", ".join(inspect.signature(self.forward).parameters)
            raise MicrogradTypeError(f"{self.name}({names}) was given {len(operands)} arguments")
        return operands[: self.arity], {**dict(zip(self.defaults, settings, strict=False)), **params}

    def _compute(self, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """Apply the primitive to plain numbers or arrays, recording nothing."""
        for operand in operands:
            if hasattr(operand, "dtype"):
                return self.on_arrays(*operands, **params)
        return self.forward(*map(self._number, operands), **params)

    def _number(self, operand: object) -> float:
        if isinstance(operand, numbers.Real):
            return float(operand)
        raise MicrogradTypeError(
            f"{self.name}() was given a {type(operand).__name__}: {operand!r:.60}. It takes floats, Values, "
            f"arrays and Tensors; for a list, write {self.name}(Tensor(xs)) or [{self.name}(x) for x in xs]."
        )


def primitive(
    *vjps: Rule | None, symbol: str | None = None, elementwise: bool = False, vjp_of_any: Rule | None = None
) -> Callable[[Callable[..., Any]], Op]:
    """Declare a primitive: decorate its forward function with one vjp rule per operand.

    Args:
        *vjps: `(g, out, *operands, **params) -> contribution` for each operand, in order.
        symbol: What a graph shows; the function's name if not given.
        elementwise: Whether each element of the output depends on that element of the operands alone.
        vjp_of_any: Instead of `vjps`, for a forward function of `*operands`: the same with the operand's
            position in front.

    Example:
        >>> from micrograd.engine import Value
        >>> @primitive(lambda g, out, x: g * 3.0 * x * x, symbol="cube", elementwise=True)
        ... def cube(x):
        ...     return x * x * x
        >>> x = Value(2.0)
        >>> cube(x).backward()
        >>> x.grad
        12.0
    """

    def declare(forward: Callable[..., Any]) -> Op:
        op = OPS[forward.__name__] = Op(forward, vjps, symbol, elementwise, vjp_of_any)
        return op

    return declare
