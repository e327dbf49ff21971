"""Order: sorting, the places of extrema, the median. A gradient goes where the element came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand
from micrograd.engine.ops.arrays.indexing import getitem, take_along_axis
from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import gathered, reshape, restored
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _to_unsorted(g: Any, out: Any, x: Any, axis: int | None, kind: Any, stable: Any) -> Any:
    """g put back by the inverse permutation, which is the order of the order."""
    along = 0 if axis is None else axis
    places = argsort(argsort(x, axis=axis), axis=along)
    return reshape(take_along_axis(g, places, axis=along), shape=x.shape)


@primitive(_to_unsorted)
def sort(x, axis=-1, kind=None, stable=None):
    """The elements in ascending order along an axis, of the flattened array if that is None; nan comes last.

    Equal elements keep their order, which decides which of them receives what; `kind` and `stable` are there for
    NumPy's sake and change nothing.

    Example:
        >>> sort(np.array([3.0, 1.0, 2.0]))
        array([1., 2., 3.])
    """
    _check_kind("sort", kind)
    return np.sort(x, axis)


@primitive()
def argsort(x, axis=-1, kind=None, stable=None):
    """The places of the elements in ascending order along an axis; equal elements keep their order, see `sort`.

    Example:
        >>> argsort(np.array([3.0, 1.0, 2.0]))
        array([1, 2, 0])
    """
    _check_kind("argsort", kind)
    return np.argsort(x, axis, kind="stable")


def _check_kind(function: str, kind: Any) -> None:
    """Refuse what is no name of an algorithm: PyTorch has `descending` in its place."""
    if kind not in (None, "quicksort", "mergesort", "heapsort", "stable"):
        raise MicrogradValueError(
            f"{function}(kind={kind!r:.60}): it takes one of NumPy's kinds, such as 'stable'. For a descending order "
            "write flip(sort(x, axis), axis), or argsort(-x, axis)."
        )


@by_any_name
def partition(x: Any, kth: Any, axis: int | None = -1, kind: str = "introselect") -> Any:
    """The elements with the k-th smallest at its place, the smaller ones before it and the larger ones behind it.

    In which order these stand is anybody's choice; here they are sorted, too.

    Args:
        x: An array or Tensor.
        kth: A place, or several.
        axis: Along which axis; None for the flattened array.
        kind: There for NumPy's sake.

    Raises:
        MicrogradValueError: If there is no such place, or kind.

    Example:
        >>> float(partition(np.array([3.0, 1.0, 2.0]), 1)[1])
        2.0
    """
    if kind != "introselect":
        raise MicrogradValueError(f"partition(kind={kind!r:.60}): there is 'introselect' alone; leave it out")
    in_order = sort(as_operand("partition", x), axis=axis)
    length = in_order.shape[-1 if axis is None else axis]
    outside = [k for k in np.ravel(kth).tolist() if not -length <= k < length]
    if outside:
        raise MicrogradValueError(
            f"partition(kth={outside[0]}) along an axis of length {length}: places go from 0 to {length - 1}, or "
            "backwards from -1"
        )
    return in_order


@primitive()
def argmax(x, axis=None, keepdims=False):
    """The place of the first largest element along an axis, in the flattened array if that is None.

    Example:
        >>> argmax(np.array([[1.0, 3.0], [5.0, 2.0]]), axis=1)
        array([1, 0])
    """
    return np.argmax(x, axis, keepdims=keepdims)


@primitive()
def argmin(x, axis=None, keepdims=False):
    """The place of the first smallest element along an axis, in the flattened array if that is None.

    Example:
        >>> argmin(np.array([[1.0, 3.0], [5.0, 2.0]]), axis=1)
        array([0, 1])
    """
    return np.argmin(x, axis, keepdims=keepdims)


@by_any_name
def median(x: Any, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Any:
    """The middle element, or the mean of the two in the middle; nan if any element is, and over nothing.

    Example:
        >>> float(median(np.array([3.0, 1.0, 2.0, 10.0])))
        2.5
    """
    x = as_operand("median", x)
    axes = tuple(range(x.ndim)) if axis is None else as_axes("median", axis, x.ndim)
    in_order = sort(gathered(x, axes), axis=-1)
    n = in_order.shape[-1]
    middle = mean(getitem(in_order, index=(..., slice((n - 1) // 2 if n else 0, n // 2 + 1))), axis=-1)
    if n:
        last = getitem(in_order, index=(..., -1))
        middle = where(last == last, middle, last)
    return restored(middle, x, axes, False) if keepdims else middle
