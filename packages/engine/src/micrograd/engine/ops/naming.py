"""What NumPy and PyTorch call the same argument.

Ours are named as in the array API standard, the operands x and y and the settings as NumPy's; the other names are taken
as well. `Op` does that for primitives, `by_any_name` for functions composed of them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from micrograd.engine.arguments.calls import check_call, misuse

F = TypeVar("F", bound=Callable[..., Any])

PLACES = {
    **dict.fromkeys(("A", "a", "arr", "array", "ary", "input", "m", "tensors", "tup", "v", "x1"), 0),
    **dict.fromkeys(("b", "exponent", "other", "x2"), 1),
}
"""What NumPy and PyTorch call the first and the second operand."""

SETTINGS = {
    "dim": ("axis",),
    "dim1": ("axis1",),
    "dim2": ("axis2",),
    "dims": ("axis", "axes"),
    "interpolation": ("method",),
    "keepdim": ("keepdims",),
    "rtol": ("rcond",),
    "shifts": ("shift",),
}
"""What NumPy's settings are called by PyTorch, or by other versions of NumPy."""


WITHOUT_EFFECT = ("overwrite_input",)
"""NumPy's settings that allow it to write into its arguments, which never happens here."""


def own_setting(name: str, own: Collection[str]) -> str:
    """A function's own name for a setting, or the given one if it has none.

    Example:
        >>> own_setting("dims", ["x", "y", "axes"])
        'axes'
    """
    return next((known for known in SETTINGS.get(name, ()) if known in own), name)


def by_any_name(function: F) -> F:
    """Let a function take its arguments by NumPy's and PyTorch's names as well, and what of NumPy's has no effect.

    Raises:
        MicrogradTypeError: In a call that doesn't fit the function.

    Example:
        >>> @by_any_name
        ... def twice(x, axis=0):
        ...     return x * 2, axis
        >>> twice(input=3.0, dim=1)
        (6.0, 1)
    """
    names = tuple(inspect.signature(function).parameters)

    @functools.wraps(function)
    def named(*args: Any, **kwargs: Any) -> Any:
        if kwargs and not kwargs.keys() <= frozen:
            kwargs = _renamed(function, names, kwargs)
        try:
            return function(*args, **kwargs)
        except TypeError:
            check_call(function, args, kwargs)
            raise

    frozen = frozenset(names)
    return named  # type: ignore[return-value]


def _renamed(function: Callable[..., Any], names: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the function's own names."""
    own: dict[str, Any] = {}
    for name, value in given.items():
        if name in WITHOUT_EFFECT or (name == "out" and value is None):
            continue
        place = PLACES.get(name, len(names))
        known = name if name in names else names[place] if place < len(names) else own_setting(name, names)
        if known not in names or known in own:
            what = f"was given {name!r} twice" if known in own else f"has no argument {name!r}"
            raise misuse(function.__name__, inspect.signature(function), what)
        own[known] = value
    return own
