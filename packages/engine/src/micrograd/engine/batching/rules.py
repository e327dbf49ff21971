"""What `vmap` makes of each primitive: one call that acts on all rows, instead of one for each row.

A rule takes the primitive, its operands, which of them carry rows (along their first axis), and its settings; it
returns the rows of the output, or NotImplemented in a case that it does not know, which then runs row by row.
"""

from __future__ import annotations

import numbers
import string
from collections.abc import Callable
from typing import Any

from micrograd.engine.arrays import functions
from micrograd.engine.errors import MicrogradError, MicrogradIndexError, MicrogradValueError
from micrograd.engine.ops.op import Op

Rule = Callable[[Op, "list[Any]", "list[bool]", "dict[str, Any]"], Any]


def apply_to_rows(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """Apply a primitive to all rows by its rule, or row by row if it has none.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine.ops.arrays.scans import cumsum
        >>> apply_to_rows(cumsum, [np.array([[1.0, 2.0], [3.0, 4.0]])], [True], {"axis": 0})
        array([[1., 3.],
               [3., 7.]])
    """
    try:
        out = apply_at_once(op, values, mine, settings)
    except MicrogradError:
        out = NotImplemented  # what doesn't fit is told of a row: the function sees no more
    return _row_by_row(op, values, mine, settings) if out is NotImplemented else out


def apply_at_once(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """Apply a primitive to all rows by its rule; NotImplemented if there is none for this case.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine.ops.arrays.scans import cumsum
        >>> apply_at_once(cumsum, [np.array([[1.0, 2.0], [3.0, 4.0]])], [True], {"axis": None})
        NotImplemented
    """
    rule = _elementwise if op.elementwise else _RULES.get(op.name)
    return NotImplemented if rule is None else rule(op, values, mine, settings)


def _of_all(axis: Any, ndim: int) -> int:
    """An axis of a row, which has so many, as one of all rows."""
    if not isinstance(axis, numbers.Integral) or not -ndim <= int(axis) < ndim:
        raise MicrogradIndexError(f"axis {axis} of a row of {ndim} axes, numbered from 0 to {ndim - 1}")
    return int(axis) % ndim + 1


def _rank_of(value: Any, is_mine: bool) -> int:
    return len(getattr(value, "shape", ())) - is_mine


def aligned(values: list[Any], mine: list[bool]) -> list[Any]:
    """The operands of an elementwise primitive with the axes of each row lined up from the right."""
    ndim = max(_rank_of(value, m) for value, m in zip(values, mine, strict=True))
    return [
        functions.reshape(v, shape=(v.shape[0], *(1,) * (ndim - _rank_of(v, m)), *v.shape[1:]))
        if m and _rank_of(v, m) < ndim
        else v
        for v, m in zip(values, mine, strict=True)
    ]


def _elementwise(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    return op(*aligned(values, mine), **settings)


def _along_axis(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """A primitive of one operand that acts along `axis`; all axes of the row if that is None."""
    (x,) = values
    axis, ndim = settings["axis"], len(x.shape) - 1
    if ("keepdims" not in settings and axis is None) or not (ndim or axis is None):
        return NotImplemented
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    shifted = tuple(_of_all(a, ndim) for a in axes)
    return op(x, **{**settings, "axis": shifted if axis is None or isinstance(axis, tuple) else shifted[0]})


def _place_along_axis(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """`argmax` and `argmin`, which know one axis alone: a place in the whole row is one in all its elements."""
    (x,) = values
    shape = x.shape[1:]
    if settings["axis"] is not None or 0 in x.shape:
        return _along_axis(op, values, mine, settings)
    places = op(functions.reshape(x, shape=(x.shape[0], -1)), axis=1)
    return functions.reshape(places, shape=(-1, *(1 for _ in shape))) if settings["keepdims"] else places


def _reshape(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    (x,) = values
    shape = settings["shape"]
    rows = shape if isinstance(shape, tuple) else (shape,)
    if -1 in rows and 0 in x.shape:
        return NotImplemented
    return op(x, shape=(x.shape[0], *rows))


def _broadcast_to(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    (x,) = values
    shape = tuple(settings["shape"])
    aligned = functions.reshape(x, shape=(x.shape[0], *(1,) * (len(shape) - len(x.shape) + 1), *x.shape[1:]))
    return op(aligned, shape=(x.shape[0], *shape))


def _permute_dims(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    (x,) = values
    ndim = len(x.shape) - 1
    axes = settings["axes"] or range(ndim - 1, -1, -1)
    return op(x, axes=(0, *(_of_all(axis, ndim) for axis in axes)))


def _getitem(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    (x,) = values
    index = settings["index"]
    parts = index if isinstance(index, tuple) else (index,)
    return NotImplemented if _puts_axes_first(parts) else op(x, index=(slice(None), *parts))


def _puts_axes_first(parts: tuple[Any, ...]) -> bool:
    """Whether NumPy puts the axes of index arrays first, before that of the rows: then something stands between them.

    Beside an array, an integer counts as one.
    """
    places = [i for i, part in enumerate(parts) if isinstance(part, int) or hasattr(part, "dtype")]
    has_array = any(isinstance(part, bool) or getattr(part, "ndim", 0) for part in parts)
    return has_array and places[-1] - places[0] >= len(places)


def _matmul(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    x, y = values
    x_ndim, y_ndim = _rank_of(x, mine[0]), _rank_of(y, mine[1])
    if 0 in (x_ndim, y_ndim):
        return NotImplemented
    if mine[0] and not mine[1] and y_ndim <= 2:
        return op(x, y)  # rows of vectors or matrices times one matrix: one larger product
    if not mine[0] and x_ndim == 2 and y_ndim == 1:
        return op(y, functions.permute_dims(x))
    wide = max(x_ndim, y_ndim, 2)
    out = op(_as_matrices(x, mine[0], wide, 0), _as_matrices(y, mine[1], wide, 1))
    kept = [n for axis, n in enumerate(out.shape) if not (axis == wide - 1 and x_ndim == 1)]
    return functions.reshape(out, shape=tuple(kept[:-1] if y_ndim == 1 else kept)) if 1 in (x_ndim, y_ndim) else out


def _as_matrices(value: Any, is_mine: bool, ndim: int, place: int) -> Any:
    """The operand of a product with so many axes in each row, a vector as a matrix of one row or one column."""
    rows, shape = value.shape[:is_mine], value.shape[is_mine:]
    if len(shape) == 1:
        shape = (*shape, 1) if place else (1, *shape)
    missing = (1,) * (ndim - len(shape)) if is_mine else ()
    return functions.reshape(value, shape=(*rows, *missing, *shape))


def _row_by_row(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    size = next(value.shape[0] for value, is_mine in zip(values, mine, strict=True) if is_mine)
    rows = [
        op(*(value[i] if is_mine else value for value, is_mine in zip(values, mine, strict=True)), **settings)
        for i in range(size)
    ]
    if not rows:
        raise MicrogradValueError(f"vmap of {op.name}() over no rows: the shape of the result is unknown")
    return functions.stack(rows)


def _on_last_axes(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """A primitive that acts on the last axes and takes any number before them."""
    ndims = {_rank_of(value, is_mine) for value, is_mine in zip(values, mine, strict=True)}
    return op(*values, **settings) if all(mine) and len(ndims) == 1 else NotImplemented


def _with_one_axis(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """A primitive whose operands all have rows, and that acts along one `axis`."""
    axis, ndim = settings["axis"], len(values[0].shape) - 1
    if not all(mine) or not isinstance(axis, int) or ndim == 0:
        return NotImplemented
    shape = {"shape": (values[0].shape[0], *settings["shape"])} if "shape" in settings else {}
    return op(*values, **{**settings, **shape, "axis": _of_all(axis, ndim)})


def _roll(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    return NotImplemented if settings["axis"] is None else _along_axis(op, values, mine, settings)


def _pad(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    (x,) = values
    width = settings["pad_width"]
    ndim = len(x.shape) - 1
    if (
        not isinstance(width, (tuple, list))
        or len(width) != ndim
        or not all(isinstance(w, (tuple, list)) for w in width)
    ):
        return NotImplemented
    return op(x, **{**settings, "pad_width": ((0, 0), *map(tuple, width))})


def _joined(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """`concatenate` and `stack`: what all rows share is repeated for each."""
    size = next(value.shape[0] for value, is_mine in zip(values, mine, strict=True) if is_mine)
    axis = settings["axis"]
    if axis is None or any(not hasattr(value, "shape") for value in values):
        return NotImplemented
    rows = [
        value if is_mine else functions.broadcast_to(value, shape=(size, *value.shape))
        for value, is_mine in zip(values, mine, strict=True)
    ]
    ndim = len(rows[0].shape) - 1 + (op.name == "stack_op")
    return op(*rows, axis=_of_all(axis, ndim)) if ndim else NotImplemented


def _affine(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    x, weight, bias = values
    if mine == [True, False, False]:
        return op(x, weight, bias)
    if len(x.shape) - mine[0] != 1:
        return NotImplemented
    terms = [f"{'z' * is_mine}{term}" for term, is_mine in zip(("i", "oi"), mine, strict=False)]
    rows = "z" if mine[0] or mine[1] else ""
    product = functions.einsum(f"{terms[0]},{terms[1]}->{rows}o", x, weight)
    return product + bias


def _contract(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """One more letter, in front, for the rows."""
    terms, _, result = settings["subscripts"].partition("->")
    row = next(letter for letter in string.ascii_letters if letter not in terms)
    parts = [row * is_mine + term for term, is_mine in zip(terms.split(","), mine, strict=True)]
    return op(*values, subscripts=f"{','.join(parts)}->{row}{result}")


def _scatter(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    (x,) = values
    index = settings["index"]
    parts = index if isinstance(index, tuple) else (index,)
    if _puts_axes_first(parts):
        return NotImplemented
    return op(x, index=(slice(None), *parts), shape=(x.shape[0], *settings["shape"]))


def _take(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """The same places of every row, or the places of each row in an array that all share."""
    axis = settings["axis"]
    if mine == [False, True]:
        return op(*values, **settings) if axis == 0 else NotImplemented
    ndim = len(values[0].shape) - 1
    return NotImplemented if all(mine) or axis is None else op(*values, axis=_of_all(axis, ndim))


def _of_shared(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    return op(*values) if mine == [True, False] else NotImplemented


def _take_rows(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    return op(*values) if mine == [False, True] else NotImplemented


def _labelled(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """Rows that are single samples, each with its label, are a batch."""
    is_single = all(mine) and len(values[0].shape) == 2 and len(values[1].shape) == 1
    return op(*values, **settings) if is_single else NotImplemented


def _cross_entropy(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    out = _labelled(op, values, mine, {**settings, "reduction": "none"})
    if settings["reduction"] != "mean" or out is NotImplemented:
        return out
    counts = values[1] != settings["ignore_index"]  # the mean over no sample is 0 / 0
    return out / functions.astype(counts, dtype=out.dtype)


def _slope_of_labels(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    if not mine[2]:  # the same gradient for every row
        values[2], mine = functions.broadcast_to(values[2], shape=values[1].shape[:1]), [*mine[:2], True]
    return _labelled(op, values, mine, {**settings, "reduction": "none"})


def _hinge(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    losses = op(*aligned(values, mine), **{**settings, "reduction": "none"})
    if settings["reduction"] == "none":
        return losses
    reduction = functions.mean if settings["reduction"] == "mean" else functions.sum
    return reduction(losses, axis=tuple(range(1, losses.ndim)))


def _one_batch(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    """A primitive on a batch of samples: those of all rows in one, beside kernels that all rows share."""
    x, *kernels = values
    if not mine[0] or any(mine[1:]):
        return NotImplemented
    rows, samples = x.shape[:2]
    out = op(functions.reshape(x, shape=(rows * samples, *x.shape[2:])), *kernels, **settings)
    return functions.reshape(out, shape=(rows, samples, *out.shape[1:]))


def _standardized(op: Op, values: list[Any], mine: list[bool], settings: dict[str, Any]) -> Any:
    ndim = len(values[0].shape) - 1
    if not all(mine) or any(len(value.shape) - 1 != ndim for value in values):
        return NotImplemented
    return op(*values, **{**settings, "axes": tuple(_of_all(axis, ndim) for axis in settings["axes"])})


_RULES: dict[str, Rule] = {
    "affine": _affine,
    "broadcast_to": _broadcast_to,
    "contract": _contract,
    "cross_entropy_of_labels": _cross_entropy,
    "cross_entropy_slope": _slope_of_labels,
    "getitem": _getitem,
    "hinge": _hinge,
    "matmul": _matmul,
    "pad_constant": _pad,
    "permute_dims": _permute_dims,
    "reshape": _reshape,
    "roll": _roll,
    "scatter": _scatter,
    "take_op": _take,
    "last_knot": _of_shared,
    "take_rows": _take_rows,
    **dict.fromkeys(
        ("astype", "cholesky", "det", "inv", "logabsdet", "detsign", "tril", "triu"),
        _on_last_axes,
    ),
    **dict.fromkeys(("orthonormal", "pinv", "singular_vectors"), _on_last_axes),
    **dict.fromkeys(("window_sum", "window_spread", "window_max"), _on_last_axes),
    **dict.fromkeys(("cofactors", "solve", "window_max_scatter", "window_max_gather"), _on_last_axes),
    **dict.fromkeys(("pick_labels", "scatter_to_labels"), _labelled),
    **dict.fromkeys(("concatenate_op", "stack_op"), _joined),
    **dict.fromkeys(("add_windows", "conv", "conv_transposed", "gather_windows"), _one_batch),
    **dict.fromkeys(("sum", "mean", "prod", "max", "min", "var", "std", "logsumexp", "all", "any"), _along_axis),
    **dict.fromkeys(("softmax", "log_softmax", "masked_softmax", "cumsum", "cumprod", "sort", "flip"), _along_axis),
    **dict.fromkeys(("argsort", "count_nonzero", "power_norm"), _along_axis),
    **dict.fromkeys(("argmax", "argmin"), _place_along_axis),
    **dict.fromkeys(("recurrence", "scatter_along_axis", "take_along_axis"), _with_one_axis),
    **dict.fromkeys(("mean_square_from", "standardize", "standardize_slope"), _standardized),
}
