"""NumPy's functions on Tensors: `np.exp(t)`, `np.sum(t, axis=0)`, `array @ t` record and differentiate.

NumPy hands a call that has one of our Tensors among its arguments to `__array_ufunc__` or `__array_function__`; here
it is passed on to our function of the same name. One that we don't differentiate is an error, never a silent cast.
"""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arguments.trees import map_leaves
from micrograd.engine.arrays import functions
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import reading, watchers

_OUR_NAMES = {
    "absolute": "abs",
    "concat": "concatenate",
    "copy": "identity",
    "divide": "div",
    "conjugate": "identity",
    "fabs": "abs",
    "fix": "trunc",
    "float_power": "pow",
    "multiply": "mul",
    "negative": "neg",
    "positive": "identity",
    "real": "identity",
    "power": "pow",
    "remainder": "mod",
    "rint": "round",
    "subtract": "sub",
    "transpose": "permute_dims",
    "true_divide": "div",
}
_REDUCTIONS = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}
# What asks about the numbers and gets no gradient by its nature: NumPy answers, in plain arrays.
_QUESTIONS = {
    "argpartition", "argwhere", "array2string", "array_equal", "array_equiv", "array_repr", "array_str", "bincount",
    "can_cast", "diag_indices_from", "digitize", "empty_like", "flatnonzero", "full_like", "histogram", "intersect1d",
    "iscomplexobj", "isin", "isneginf", "isposinf", "isreal", "isrealobj", "lexsort", "logical_and", "logical_not",
    "logical_or", "logical_xor", "matrix_rank", "may_share_memory", "min_scalar_type", "nanargmax", "nanargmin",
    "nonzero", "ones_like", "result_type", "save", "savetxt", "savez", "savez_compressed", "searchsorted",
    "setdiff1d", "setxor1d", "shares_memory", "signbit", "size", "tril_indices_from", "triu_indices_from", "union1d",
    "unique", "unique_counts", "unique_values", "zeros_like",
}  # fmt: skip
# np.linalg's, whose matrices lie along the last axes, where those of np lie along the first.
_MEANT = {f: {"axis1": -2, "axis2": -1} for f in (np.linalg.trace, np.linalg.diagonal)}
_COMPARISONS = {
    np.bitwise_and: "__and__",
    np.bitwise_or: "__or__",
    np.bitwise_xor: "__xor__",
    np.equal: "__eq__",
    np.greater: "__gt__",
    np.greater_equal: "__ge__",
    np.less: "__lt__",
    np.less_equal: "__le__",
    np.not_equal: "__ne__",
}
_MIRRORED = {"__gt__": "__lt__", "__ge__": "__le__", "__lt__": "__gt__", "__le__": "__ge__"}


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`ufunc(*inputs)` or `ufunc.reduce(...)` by our function of the same meaning."""
    if kwargs.pop("out", None) is not None or ("where" in kwargs and method == "__call__"):
        raise _no_writing(ufunc.__name__)
    if ufunc.__name__ in _QUESTIONS:
        return getattr(ufunc, method)(*map_leaves(_plain, inputs), **kwargs)
    if ufunc is np.float_power:
        inputs = tuple(functions.astype(x, dtype=np.float64) if hasattr(x, "dtype") else x for x in inputs)
    if ufunc is np.divmod:
        return functions.floor_divide(*inputs), functions.mod(*inputs)
    if ufunc in _COMPARISONS:
        return _compare(_COMPARISONS[ufunc], *inputs)
    if method == "reduce" and ufunc.__name__ in _REDUCTIONS:
        return _find(_REDUCTIONS[ufunc.__name__])(*inputs, **{"axis": 0, **kwargs})
    if method != "__call__":
        raise MicrogradTypeError(f"np.{ufunc.__name__}.{method} isn't differentiated; see micrograd.engine")
    return _find(ufunc.__name__)(*inputs, **kwargs)


def call_function(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`np.function(*args, **kwargs)` by our function of the same name."""
    if function in (np.shape, np.ndim):
        return getattr(args[0], function.__name__)
    if function.__name__ in _QUESTIONS or (function is np.where and len(args) == 1):
        return function(*map_leaves(_plain, args), **map_leaves(_plain, kwargs))
    if kwargs or len(args) > 1:
        args, kwargs = _by_name(function, args, kwargs)
    return _find(function.__name__)(*args, **{**_MEANT.get(function, {}), **kwargs})


def _by_name(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Operands by position, for NumPy has many names for them, and settings by name, for it has an order of its own."""
    operands, settings = _arguments(function)
    if operands is not None:
        kwargs = {**dict(zip(settings, args[len(operands) :], strict=False)), **kwargs}
        args = (*args[: len(operands)], *(kwargs.pop(name) for name in operands[len(args) :] if name in kwargs))
    if kwargs.pop("out", None) is not None:
        raise _no_writing(function.__name__)
    return args, kwargs


@functools.cache
def _arguments(function: Any) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The names of NumPy's arguments without a default, None if there may be any number; and of those with one."""
    try:
        given = inspect.signature(function).parameters.values()
    except ValueError:  # of some functions in C
        return None, ()
    if any(p.kind is p.VAR_POSITIONAL for p in given):
        return None, ()
    return (
        tuple(p.name for p in given if p.default is p.empty and p.kind is not p.VAR_KEYWORD),
        tuple(p.name for p in given if p.default is not p.empty),
    )


def _no_writing(name: str) -> MicrogradTypeError:
    return MicrogradTypeError(
        f"np.{name}(..., out= or where=) writes into arrays, which a recorded op can't follow. "
        "Use the result that it returns, and micrograd.engine.where(condition, x, y)."
    )


def _plain(operand: Any) -> Any:
    """The numbers of a Tensor; what has none, such as one row inside `vmap`, can't be asked."""
    if not hasattr(operand, "_interpreter_rank"):
        return operand
    if not isinstance(operand, Node):
        raise MicrogradTypeError(
            f"NumPy was asked about {kind_of(operand)}, whose numbers aren't known while its function is "
            "traced. Compute with where(), maximum and the like instead."
        )
    if watchers:
        reading(operand)
    return operand._data


def _compare(operator: str, left: Any, right: Any) -> Any:
    if hasattr(left, "_interpreter_rank"):
        return getattr(left, operator)(right)
    return getattr(right, _MIRRORED.get(operator, operator))(left)


def _find(numpy_name: str) -> Callable[..., Any]:
    name = _OUR_NAMES.get(numpy_name, numpy_name)
    if name not in functions.__all__:
        near = difflib.get_close_matches(name, functions.__all__, n=3, cutoff=0.5)
        raise MicrogradTypeError(
            f"np.{numpy_name}() of a Tensor isn't differentiated, and would cut it off from its graph."
            + (f" The nearest that are: {', '.join(near)}." if near else "")
            + f" For the plain numbers write np.{numpy_name}(t.data)."
        )
    return getattr(functions, name)  # type: ignore[no-any-return]
