"""PyTorch's ways to select by index or mask, by the primitives that NumPy's names stand for."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.indexing import getitem, plain, take, take_along_axis
from micrograd.engine.ops.arrays.shapes import broadcast_to
from micrograd.engine.ops.choices import where


def gather(x: Any, dim: int, index: Any) -> Any:
    """The element of x at each index along an axis; the index may be shorter than x along the others.

    Raises:
        MicrogradIndexError: If an index is out of range.

    Example:
        >>> gather(np.array([[1.0, 2.0], [3.0, 4.0]]), 1, np.array([[0, 0], [1, 0]]))
        array([[1., 1.],
               [4., 3.]])
    """
    index = plain(as_operand("gather", index))
    stretch = tuple(slice(None) if i == dim % x.ndim else slice(n) for i, n in enumerate(index.shape))
    return take_along_axis(getitem(x, index=stretch), index, axis=dim)


def index_select(x: Any, dim: int, index: Any) -> Any:
    """The slices of x at these places along an axis.

    Example:
        >>> index_select(np.array([[1.0, 2.0], [3.0, 4.0]]), 1, np.array([1]))
        array([[2.],
               [4.]])
    """
    return take(x, plain(as_operand("index_select", index)), axis=dim)


def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """x with a value wherever the mask holds; no gradient reaches x there.

    Raises:
        MicrogradTypeError: If the mask isn't one of booleans.

    Example:
        >>> masked_fill(np.array([1.0, 2.0]), np.array([True, False]), -np.inf)
        array([-inf,   2.])
    """
    return where(_as_mask("masked_fill", mask), value, x)


def masked_select(x: Any, mask: Any) -> Any:
    """The elements of x where the mask holds, along one axis.

    Example:
        >>> masked_select(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([True, False]))
        array([1., 3.])
    """
    mask = _as_mask("masked_select", mask)
    return getitem(x, index=plain(broadcast_to(mask, shape=tuple(x.shape))))


def _as_mask(name: str, mask: Any) -> Any:
    mask = as_operand(name, mask)
    if mask.dtype.kind != "b":
        raise MicrogradTypeError(
            f"{name}(mask=...) takes booleans, but was given dtype {mask.dtype}. Write mask > 0, or mask.astype(bool)."
        )
    return mask
