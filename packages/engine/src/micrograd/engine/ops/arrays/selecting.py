"""Selecting by index, condition, mask or rank, by the primitives that `take` and `where` are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axis, as_operand
from micrograd.engine.ops.arrays.axes import broadcast_arrays
from micrograd.engine.ops.arrays.indexing import getitem, plain, take, take_along_axis
from micrograd.engine.ops.arrays.rearranging import flip
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.arrays.sorting import argsort
from micrograd.engine.ops.choices import where
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def gather(x: Any, dim: int, index: Any) -> Any:
    """The element of x at each index along an axis; the index may be shorter than x along the others.

    Raises:
        MicrogradIndexError: If an index is out of range.
        MicrogradValueError: If x and the index differ in the number of axes.

    Example:
        >>> gather(np.array([[1.0, 2.0], [3.0, 4.0]]), 1, np.array([[0, 0], [1, 0]]))
        array([[1., 1.],
               [4., 3.]])
    """
    x, index = as_operand("gather", x), plain(as_operand("gather", index))
    if not x.ndim:
        return take(reshape(x, shape=(1,)), index)
    if x.ndim != index.ndim:
        raise MicrogradValueError(
            f"gather() of shape {tuple(x.shape)} with an index of shape {tuple(index.shape)}: they need as many axes. "
            "For one index for each place write take_along_axis or index_select."
        )
    stretch = tuple(slice(None) if i == dim % x.ndim else slice(n) for i, n in enumerate(index.shape))
    return take_along_axis(getitem(x, index=stretch), index, axis=dim)


@by_any_name
def index_select(x: Any, dim: int, index: Any) -> Any:
    """The slices of x at these places along an axis.

    Example:
        >>> index_select(np.array([[1.0, 2.0], [3.0, 4.0]]), 1, np.array([1]))
        array([[2.],
               [4.]])
    """
    return take(x, plain(as_operand("index_select", index)), axis=dim)


class TopkResult(NamedTuple):
    """What `topk` returns.

    Attributes:
        values: The elements.
        indices: Where each stood along the axis.
    """

    values: Any
    indices: Any


@by_any_name
def topk(x: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> TopkResult:
    """The k largest elements along an axis, the largest first, and where they stood, as in PyTorch.

    Args:
        x: An array or Tensor.
        k: How many.
        dim: The axis.
        largest: False for the k smallest, the smallest first.
        sorted: There for PyTorch's sake: they always are.

    Raises:
        MicrogradValueError: If there are fewer than k.

    Example:
        >>> values, indices = topk(np.array([3.0, 1.0, 4.0, 1.5]), 2)
        >>> values, indices
        (array([4., 3.]), array([2, 0]))
    """
    x = as_operand("topk", x)
    axis = as_axis("topk", dim, x.ndim) if x.ndim else -1
    length = x.shape[axis] if x.ndim else 1
    if not 0 <= k <= length:
        raise MicrogradValueError(f"topk(k={k}, dim={dim}) of shape {tuple(x.shape)}: k goes from 0 to {length}")
    row = x if x.ndim else reshape(x, shape=(1,))
    order = argsort(row, axis=axis)
    first = (*(slice(None),) * (axis % row.ndim), slice(k))
    indices = getitem(flip(order, axis=axis) if largest else order, index=first)
    values = take_along_axis(row, indices, axis=axis)
    return TopkResult(*(out if x.ndim else reshape(out, shape=()) for out in (values, indices)))


@by_any_name
def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """In each place what belongs to the first of several conditions that holds there, by `where`.

    Args:
        condlist: The conditions, arrays of booleans.
        choicelist: What to take where each holds, as many.
        default: What to take where none does.

    Raises:
        MicrogradValueError: If there are none, or not as many of both.
        MicrogradTypeError: If these are no lists, or a condition isn't one of booleans.

    Example:
        >>> x = np.array([-2.0, 0.5, 3.0])
        >>> select([x < 0, x > 1], [-x, x * 10], default=1.0)
        array([ 2.,  1., 30.])
    """
    if not (hasattr(condlist, "__len__") and hasattr(choicelist, "__len__")):
        raise MicrogradTypeError(
            "select() is NumPy's, and takes a list of conditions and one of choices: select([x < 0], [-x], default=x). "
            "For PyTorch's write x[:, i]."
        )
    if not len(condlist) or len(condlist) != len(choicelist):
        raise MicrogradValueError(
            f"select() was given {len(condlist)} conditions and {len(choicelist)} choices: give one choice for each"
        )
    out, *choices = (x if isinstance(x, (int, float)) else as_operand("select", x) for x in (default, *choicelist))
    for condition, choice in reversed(list(zip(condlist, choices, strict=True))):
        out = where(_as_mask("select", condition, "condlist"), choice, out)
    return out


@by_any_name
def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """x with a value wherever the mask holds; no gradient reaches x there.

    Raises:
        MicrogradTypeError: If the mask isn't one of booleans.

    Example:
        >>> masked_fill(np.array([1.0, 2.0]), np.array([True, False]), -np.inf)
        array([-inf,   2.])
    """
    return where(_as_mask("masked_fill", mask), value, x)


@by_any_name
def masked_select(x: Any, mask: Any) -> Any:
    """The elements of x where the mask holds, along one axis; x and mask broadcast.

    Example:
        >>> masked_select(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([True, False]))
        array([1., 3.])
    """
    x, mask = broadcast_arrays(x, _as_mask("masked_select", mask))
    return getitem(x, index=plain(mask))


def _as_mask(name: str, mask: Any, argument: str = "mask") -> Any:
    mask = as_operand(name, mask)
    if mask.dtype.kind != "b":
        raise MicrogradTypeError(
            f"{name}({argument}=...) takes booleans, but was given dtype {mask.dtype}. Write mask > 0, or "
            "mask.astype(bool)."
        )
    return mask
