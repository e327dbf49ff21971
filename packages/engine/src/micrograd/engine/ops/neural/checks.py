"""What the neural-network functions refuse, each in one place, with the corrected code in the message.

The checks read shapes, dtypes and settings alone, never the numbers, so that they hold while a function is traced too;
numbers out of range (a label, say) are refused by the forward function that meets them.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError


def require_arrays(name: str, **operands: Any) -> None:
    """Refuse an operand that is neither a Tensor nor an array.

    Raises:
        MicrogradTypeError: Then.
    """
    for argument, operand in operands.items():
        if not hasattr(operand, "shape") or not hasattr(getattr(operand, "dtype", None), "kind"):
            raise MicrogradTypeError(
                f"{name}({argument}=...) was given {kind_of(operand)}: {operand!r:.60}. It takes Tensors and "
                "arrays: write Tensor(...) or np.asarray(...) around it."
            )


def require_same_shape(name: str, **operands: Any) -> None:
    """Refuse operands whose shapes differ: (N, 1) beside (N,) would broadcast to (N, N), and give a wrong number.

    Raises:
        MicrogradTypeError: If an operand is neither a Tensor nor an array.
        MicrogradValueError: If the shapes differ.
    """
    shapes = [getattr(operand, "shape", None) if hasattr(operand, "dtype") else None for operand in operands.values()]
    if shapes[0] is not None and shapes.count(shapes[0]) == len(shapes):
        return
    require_arrays(name, **operands)
    (first, x), *others = operands.items()
    for other, y in others:
        if x.shape != y.shape:
            raise MicrogradValueError(
                f"{name}(): {first} has shape {tuple(x.shape)}, but {other} {tuple(y.shape)}. A loss compares element "
                f"with element and never broadcasts. {_advice(first, x, other, y)}"
            )


def _advice(first: str, x: Any, other: str, y: Any) -> str:
    if math.prod(x.shape) == math.prod(y.shape):
        return f"Write {other}.reshape({first}.shape), or {first}[:, 0] for a column."
    if len(x.shape) == 2 and y.shape == x.shape[:1] and y.dtype.kind in "iu":
        return f"Of labels make rows of 0 and 1: one_hot({other}, {x.shape[-1]})."
    return f"Write broadcast_to({other}, {first}.shape) if each is meant to be compared with several."


def require_numbers(name: str, **settings: Any) -> None:
    """Refuse a setting that isn't one real number, or is nan.

    Raises:
        MicrogradTypeError: If it is no number.
        MicrogradValueError: If it is nan.
    """
    for setting, value in settings.items():
        if value.__class__ is not float and not isinstance(value, Real) and getattr(value, "shape", None) != ():
            raise MicrogradTypeError(
                f"{name}({setting}={value!r:.60}) takes a real number: write {name}({setting}=1.0)"
            )
        if value != value:
            raise MicrogradValueError(f"{name}({setting}={value!r}) is nan, and so would be every result")


def require_choice(name: str, setting: str, value: Any, choices: tuple[str, ...]) -> None:
    """Refuse a setting that isn't one of the choices.

    Raises:
        MicrogradValueError: Then.
    """
    if value not in choices:
        raise MicrogradValueError(f"{name}({setting}={value!r}): choose one of {', '.join(map(repr, choices))}")


def require_floats(name: str, **operands: Any) -> None:
    """Refuse integers and booleans where real numbers are meant.

    Raises:
        MicrogradTypeError: Then, or if an operand is neither a Tensor nor an array.
    """
    for argument, operand in operands.items():
        dtype = getattr(operand, "dtype", None)
        if dtype is None or dtype.kind != "f":
            require_arrays(name, **{argument: operand})
            raise MicrogradTypeError(
                f"{name}({argument}=...) takes real numbers, but was given dtype {dtype}. Make them so first: "
                "Tensor(data, dtype=float)."
            )


def require_integers(name: str, **operands: Any) -> None:
    """Refuse anything but integers, where labels or indices are meant.

    Raises:
        MicrogradTypeError: Then, or if an operand is neither a Tensor nor an array.
    """
    require_arrays(name, **operands)
    for argument, operand in operands.items():
        if operand.dtype.kind not in "iu":
            raise MicrogradTypeError(
                f"{name}({argument}=...) takes integers, but was given dtype {operand.dtype} and shape "
                f"{tuple(operand.shape)}. Convert them: array.astype(int)."
            )


def require_divisible(name: str, channels: int, groups: Any, what: str = "channels") -> None:
    """Refuse a number of groups that doesn't divide the channels evenly.

    Raises:
        MicrogradValueError: Then.
    """
    if type(groups) is not int or groups < 1 or channels % groups:
        raise MicrogradValueError(
            f"{name}(): {channels} {what} can't be divided into {groups} equal groups; choose a number of groups that "
            f"divides {channels}"
        )


def require_channels(name: str, channels: int, **vectors: Any) -> None:
    """Refuse a weight, bias or statistic that hasn't one number for each channel; None passes.

    Raises:
        MicrogradValueError: Then.
    """
    for argument, vector in vectors.items():
        if vector is None:
            continue
        require_arrays(name, **{argument: vector})
        if tuple(vector.shape) != (channels,):
            raise MicrogradValueError(
                f"{name}(): {argument} has shape {tuple(vector.shape)}, but there are {channels} channels: it takes "
                f"shape ({channels},), one number each"
            )


def require_fits(name: str, shape: tuple[int, ...], **factors: Any) -> None:
    """Refuse a factor that doesn't broadcast to a shape, or would enlarge it; None passes.

    Raises:
        MicrogradValueError: Then.
    """
    for argument, factor in factors.items():
        given = tuple(getattr(factor, "shape", ()))
        if any(n not in (1, m) for n, m in zip(given[::-1], shape[::-1], strict=False)) or len(given) > len(shape):
            raise MicrogradValueError(
                f"{name}(): {argument} of shape {given} doesn't broadcast to the input's shape {shape}: count the axes "
                "from the last, each of that length or 1"
            )
