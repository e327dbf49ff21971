"""Summaries composed of the reductions: weighted means, ranges, differences, areas."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_axis, as_operand
from micrograd.engine.ops.arrays.indexing import getitem
from micrograd.engine.ops.arrays.joining import concatenate
from micrograd.engine.ops.arrays.reductions import max, mean, min
from micrograd.engine.ops.arrays.shapes import broadcast_to, permute_dims, reshape, sum
from micrograd.engine.ops.naming import by_any_name


@by_any_name
def average(x: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    """The mean, or sum(weights * x) / sum(weights).

    Args:
        x: An array or Tensor.
        axis: One axis, several (a tuple) or all (None).
        weights: Of x's shape, or one number for each place along the axes; they get a gradient, too.
        returned: Whether to return the sums of the weights, too.
        keepdims: Whether the reduced axes stay, with length 1.

    Raises:
        MicrogradTypeError: If the weights have another shape than x, and no axis is given.
        MicrogradValueError: If they don't fit the axes.

    Example:
        >>> float(average(np.array([1.0, 4.0]), weights=np.array([2.0, 1.0])))
        2.0
    """
    x = as_operand("average", x)
    if weights is None and not returned:
        return mean(x, axis=axis, keepdims=keepdims)
    weights = as_operand("average", 1.0 if weights is None else weights)
    if x.dtype.kind in "iub" and weights.dtype.kind in "iub":
        weights = weights * 1.0  # products of small integers would wrap around
    weights = broadcast_to(weights_along("average", x, axis, weights), shape=tuple(x.shape))
    total = sum(weights, axis=axis, keepdims=keepdims)
    out = sum(weights * x, axis=axis, keepdims=keepdims) / total
    return (out, total) if returned else out


def weights_along(function: str, x: Any, axis: Any, weights: Any) -> Any:
    """Weights for the places along some axes of x, in a shape that broadcasts to that of x.

    Raises:
        MicrogradTypeError: If the weights have another shape than x, and no axis is given.
        MicrogradValueError: If they don't fit the axes.

    Example:
        >>> weights_along("average", np.zeros((2, 3)), 0, np.ones(2)).shape
        (2, 1)
    """
    if not weights.ndim or tuple(weights.shape) == tuple(x.shape):
        return weights
    advice = "give weights of the same shape, or the axes and one weight for each place along them"
    given = f"{function}(axis={axis}) of shape {tuple(x.shape)} with weights of shape {tuple(weights.shape)}: {advice}"
    if axis is None:
        raise MicrogradTypeError(given)
    axes = as_axes(function, axis, x.ndim)
    if tuple(weights.shape) != tuple(x.shape[i] for i in axes):
        raise MicrogradValueError(given)
    in_order = permute_dims(weights, axes=tuple(sorted(range(len(axes)), key=axes.__getitem__)))
    return reshape(in_order, shape=tuple(n if i in axes else 1 for i, n in enumerate(x.shape)))


@by_any_name
def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Peak to peak: the largest element minus the smallest.

    Example:
        >>> float(ptp(np.array([3.0, 1.0, 7.0])))
        6.0
    """
    return max(x, axis=axis, keepdims=keepdims) - min(x, axis=axis, keepdims=keepdims)


@by_any_name
def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Each element minus the one before it along an axis, n times over; of booleans, whether they differ.

    Args:
        x: An array or Tensor.
        n: How many times.
        axis: The axis.
        prepend: What stands before x along the axis: a number, or an array.
        append: What stands behind it.

    Raises:
        MicrogradValueError: If n is negative, or x has no axis.

    Example:
        >>> diff(np.array([1.0, 4.0, 9.0, 16.0]))
        array([3., 5., 7.])
    """
    x = as_operand("diff", x)
    if type(n) is not int or n < 0 or not x.ndim:
        raise MicrogradValueError(f"diff(n={n!r}) of an array of shape {tuple(x.shape)}: it takes an axis, and n >= 0")
    axis = as_axis("diff", axis, x.ndim)
    if not n:
        return x
    x = _extended(x, axis, prepend, append)
    before = (slice(None),) * axis
    for _ in range(n):
        later, earlier = (getitem(x, index=(*before, part)) for part in (slice(1, None), slice(None, -1)))
        x = later != earlier if x.dtype.kind == "b" else later - earlier
    return x


def _extended(x: Any, axis: int, prepend: Any, append: Any) -> Any:
    """x with an array before it and one behind it along an axis, of which a number is one of length 1."""
    parts = [None if part is None else as_operand("diff", part) for part in (prepend, append)]
    edge = tuple(1 if i == axis else n for i, n in enumerate(x.shape))
    first, last = (part if part is None or part.ndim else broadcast_to(part, shape=edge) for part in parts)
    joined = [part for part in (first, x, last) if part is not None]
    return concatenate(joined, axis=axis) if joined[1:] else x


@by_any_name
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """The area under a curve through points, by the trapezoidal rule.

    Args:
        y: The heights.
        x: The places, along the axis or in y's shape; evenly spaced by `dx` if None.
        dx: The spacing.
        axis: The axis along which the points follow each other.

    Example:
        >>> float(trapezoid(np.array([0.0, 1.0, 4.0]), x=np.array([0.0, 1.0, 2.0])))
        3.0

    Reference:
        W. H. Press et al., Numerical Recipes, section 4.1.
    """
    y = as_operand("trapezoid", y)
    place = as_axis("trapezoid", axis, y.ndim)
    if x is not None:
        x = as_operand("trapezoid", x)
        x = x if x.ndim == y.ndim else reshape(x, shape=tuple(-1 if i == place else 1 for i in range(y.ndim)))
    width = dx if x is None else diff(x, axis=place)
    before = (slice(None),) * place
    left, right = (getitem(y, index=(*before, part)) for part in (slice(None, -1), slice(1, None)))
    return sum(width * (left + right) / 2.0, axis=place)
