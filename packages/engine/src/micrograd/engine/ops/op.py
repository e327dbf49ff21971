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
an axis, which no gradient reaches. What NumPy's function of that name can do beyond is composed of primitives, in a
function that the primitive is extended by:

    @sum.extended
    def _sum_of_some(x, axis=None, dtype=None, keepdims=False, initial=None, where=True):
        ...
"""

from __future__ import annotations

import functools
import inspect
import numbers
from collections.abc import Callable
from pathlib import Path
from typing import Any

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.calls import misuse, naming_arguments
from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.explanations import REFUSALS, raise_explained
from micrograd.engine.ops.naming import PLACES, own_setting

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
            gradient reaches; empty if none reaches any.
        vjp_of_any: For a primitive of any number of operands, `(position, g, out, *operands, **params)`.
        arity: How many operands it takes; None for any number.
        defaults: Static settings and their default values.
        elementwise: Whether each element of the output depends on that element of the operands alone.
        is_differentiable: Whether any gradient passes.
        operand_names: The names of the operands; empty for any number.
        argument_names: The names of operands and settings, in their order in a call.
        extension: What a call with further arguments comes to; None if there are none.
    """

    __slots__ = (
        "__dict__",
        "argument_names",
        "arity",
        "defaults",
        "elementwise",
        "extension",
        "forward",
        "is_differentiable",
        "name",
        "operand_names",
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
        self.operand_names = () if variadic else tuple(p.name for p in parameters if p.default is p.empty)
        self.arity = None if variadic else len(self.operand_names)
        self.is_differentiable = bool(vjps or vjp_of_any)
        self.argument_names = (*self.operand_names, *self.defaults)
        self.extension: Callable[..., Any] | None = None

    def __call__(self, *operands: Any, **params: Any) -> Any:
        """Apply the primitive to floats, arrays, Values, Tensors or whatever else knows how to interpret one."""
        if (len(operands) != self.arity and self.arity is not None) or (
            params and not params.keys() <= self.defaults.keys()
        ):
            operands, params = self._bind(operands, params)
            if self.extension and not params.keys() <= self.defaults.keys():
                return self.extension(*operands, **params)
        place = _places.get(tuple(map(type, operands)))
        if place is None:
            place = _place_of_leader(operands)
        if place >= 0:
            return operands[place]._apply(self, operands, params)
        if place == _ARRAYS:
            try:
                return self.on_arrays(*operands, **params)
            except REFUSALS as error:
                raise_explained(self.name, operands, params, error)
        return self.forward(*map(self._number, operands), **params)

    def extended(self, extension: Callable[..., Any]) -> Callable[..., Any]:
        """Declare what a call comes to that names arguments which NumPy's function has and the primitive has not.

        Its signature is from then on that of the primitive, and gives the order of arguments.
        """
        self.extension, self.__signature__ = extension, inspect.signature(extension)
        self.argument_names = tuple(self.__signature__.parameters)
        return extension

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        # Pickled and copied as functions are: by reference to the name in the module that defines it.
        return self.name

    @functools.cached_property
    def on_arrays(self) -> Callable[..., Any]:
        """The forward function for arrays: the kernel of this name, or else `forward`, which is general enough."""
        from micrograd.engine.ops.kernels import KERNELS

        return KERNELS.get(self.name, self.forward) if OPS.get(self.name) in (None, self) else self.forward

    def rule(self, position: int) -> Rule | None:
        """The vjp rule of the operand at this position; None if no gradient reaches it."""
        if self.vjp_of_any is not None:
            return functools.partial(self.vjp_of_any, position)
        return self.vjps[position] if self.vjps else None

    def rules(self, count: int) -> tuple[Rule | None, ...]:
        """The vjp rules of so many operands."""
        return self.vjps or tuple(map(self.rule, range(count)))

    def _bind(self, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Tell operands from settings: as in `leaky_relu(x, 0.1)`, `clamp_min(x, min=0.0)` or `softmax(x, dim=0)`."""
        operands = given if self.arity is None else given[: self.arity]
        names = self.argument_names
        if self.arity == len(given) - 2 and type(given[-1]) is bool and "keepdims" in names:
            given, named = given[:-1], {**named, "keepdims": given[-1]}  # PyTorch's sum(x, dim, keepdim)
        bound = dict(zip(names, given, strict=False)) if self.arity is not None else {}
        for name, value in named.items():
            own = self._own_name(name)
            if own not in (*names, "out") or own in bound:
                raise self._misuse(f"was given {name!r} twice" if own in bound else f"has no argument {name!r}")
            bound[own] = value
        if bound.pop("out", None) is not None:
            raise self._misuse("can't write into what is given as out=; use what it returns")
        if self.arity is not None and len(given) > len(names):
            raise self._misuse(f"was given {len(given)} arguments")
        if missing := [name for name in self.operand_names if name not in bound]:
            raise self._misuse(f"is missing {', '.join(missing)}")
        return tuple(bound.pop(name) for name in self.operand_names) or operands, bound

    def _own_name(self, name: str) -> str:
        """Our name for an argument that NumPy or PyTorch calls otherwise."""
        if name in self.argument_names:
            return name
        places = [operand for operand in self.operand_names if operand != "condition"]  # which doesn't count
        place = PLACES.get(name, len(places))
        return places[place] if place < len(places) else own_setting(name, self.argument_names)

    def _misuse(self, what: str) -> MicrogradTypeError:
        return misuse(self.name, inspect.signature(self), what)

    def _number(self, operand: object) -> float:
        if isinstance(operand, numbers.Real):
            return float(operand)
        raise MicrogradTypeError(
            f"{self.name}() was given {kind_of(operand)}: {operand!r:.60}. It takes floats, Values, "
            f"arrays and Tensors; for a list, write {self.name}(Tensor(xs)) or [{self.name}(x) for x in xs]."
        )


_ARRAYS, _NUMBERS = -1, -2

_places: dict[tuple[type, ...], int] = {}
"""What `_place_of_leader` found for operands of these types."""


def _place_of_leader(operands: tuple[Any, ...]) -> int:
    """Where the operand of the highest rank stands; where none has any, `_ARRAYS` or `_NUMBERS`."""
    ranks = [getattr(operand, "_interpreter_rank", 0) for operand in operands]
    highest = max(ranks, default=0)
    has_arrays = any(hasattr(operand, "dtype") for operand in operands)
    place = ranks.index(highest) if highest else _ARRAYS if has_arrays else _NUMBERS
    kinds = tuple(map(type, operands))
    # The rank of a tracer is its own and not of its class; and of any number of operands there would be no end.
    if len(kinds) < 5 and all(isinstance(getattr(kind, "_interpreter_rank", 0), int) for kind in kinds):
        _places[kinds] = place
    return place


@naming_arguments
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

    Raises:
        MicrogradTypeError: If there isn't one rule for each operand, or one of them is no function.
        MicrogradValueError: If the engine has a primitive of that name.

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
    example = "@primitive(lambda g, out, x: 3.0 * g) above def triple(x): return 3.0 * x"
    for rule in (*vjps, vjp_of_any):
        if rule is not None:
            require_function("primitive", rule, example)

    def declare(forward: Callable[..., Any]) -> Op:
        require_function("primitive", forward, example)
        op = Op(forward, vjps, symbol, elementwise, vjp_of_any)
        if vjps and len(vjps) != op.arity:
            raise MicrogradTypeError(
                f"primitive(): {op.name} has {op.arity} operands ({', '.join(op.operand_names)}), but was given "
                f"{len(vjps)} rules. Give one for each, None for an operand that no gradient reaches; a setting has a "
                "default."
            )
        if is_own(OPS.get(op.name)) and not is_own(op):
            # Kernels and back ends know an op by its name: they would run ours.
            raise MicrogradValueError(
                f"there is a primitive {op.name!r} already, micrograd.engine.{op.name}. Give yours another name: "
                f"def my_{op.name}(...)"
            )
        OPS[op.name] = op
        return op

    return declare


def is_own(op: Op | None) -> bool:
    """Whether an op is one of the engine's: declared in this folder."""
    code = getattr(op and op.forward, "__code__", None)
    return code is not None and Path(__file__).parent in Path(code.co_filename).parents
