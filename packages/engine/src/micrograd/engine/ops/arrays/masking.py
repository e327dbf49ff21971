"""`where=` of the reductions: what the mask leaves out is replaced by what changes nothing, such as 0 in a sum.

So there is no rule here: `where` is a primitive, and knows that no gradient reaches what was left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops import choices
from micrograd.engine.ops.arguments import as_operand


def chosen(function: str, x: Any, mask: Any, otherwise: Any) -> Any:
    """x where the mask holds, and elsewhere what changes nothing.

    Args:
        function: Who takes the mask, for the message.
        x: An array.
        mask: Booleans that broadcast to x's shape; True for all.
        otherwise: What to put in place of what is left out.

    Raises:
        MicrogradTypeError: If the mask isn't of booleans.
        MicrogradValueError: If it doesn't fit.

    Example:
        >>> chosen("sum", np.array([1.0, 2.0, 3.0]), np.array([True, False, True]), 0)
        array([1., 0., 3.])
    """
    x = as_operand(function, x)
    if mask is True:
        return x
    mask = as_operand(function, mask)
    if mask.dtype.kind != "b":
        raise MicrogradTypeError(
            f"{function}(where=...) takes booleans, and was given {mask.dtype}: write where=mask != 0, or where=x > 0"
        )
    if not _fits(tuple(mask.shape), tuple(x.shape)):
        raise MicrogradValueError(
            f"{function}(where=...): a mask of shape {tuple(mask.shape)} doesn't broadcast to the shape "
            f"{tuple(x.shape)}. Give one element of the mask for each element of the array, or for each along some "
            "of its axes."
        )
    return choices.where(mask, x, otherwise)


def _fits(mask: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(mask, shape) == shape
    except ValueError:
        return False
