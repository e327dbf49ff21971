"""Primitives of programs alone: parts of a flat array, read as strides or by position, and put back.

Their derivatives are linear maps of the same kind: what a `strided` view reads, `placed` puts back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.ops.arrays.shapes import sum
from micrograd.engine.ops.op import Op


def as_strided(x: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
    """A view of the flat elements of x: element (i, j, ...) stands at offset + i * strides[0] + j * strides[1] ...

    Args:
        x: A contiguous array.
        offset: Where the first element stands.
        shape: Of the view.
        strides: Counted in elements.

    Example:
        >>> as_strided(np.arange(6.0), 1, (2, 2), (3, 1))
        array([[1., 2.],
               [4., 5.]])
    """
    flat = x.reshape(-1)[offset:]
    return np.lib.stride_tricks.as_strided(flat, shape, tuple(s * x.itemsize for s in strides))


def row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a contiguous array, counted in elements.

    Example:
        >>> row_major((2, 3, 4))
        (12, 4, 1)
    """
    strides: list[int] = []
    block = 1
    for n in reversed(shape):
        strides.insert(0, block)
        block *= n
    return tuple(strides)


def _strided(x, offset=0, shape=(), strides=()):
    return as_strided(np.ascontiguousarray(x), offset, shape, strides)


def _placed(g, offset=0, shape=(), strides=(), into=()):
    """Zeros of shape `into`, with g added where a view of these strides reads."""
    out = np.zeros(into, dtype=g.dtype)
    view = as_strided(out, offset, shape, strides)
    view += g
    return out


def _gathered(x, positions=None):
    return x.reshape(-1)[positions]


def _scattered(g, positions=None, into=()):
    """Zeros of shape `into`, with g added at flat positions, several times where one occurs several times."""
    flat = np.bincount(positions.reshape(-1), weights=g.reshape(-1), minlength=int(np.prod(into)))
    return flat.reshape(into).astype(g.dtype, copy=False)


def _back_to_view(g: Any, out: Any, x: Any, offset: int, shape: Any, strides: Any) -> Any:
    """Where an axis of stride 0 reads one element again and again, its gradients are added up."""
    repeated = tuple(axis for axis, stride in enumerate(strides) if stride == 0)
    if repeated:
        g = sum(g, axis=repeated)
        shape = tuple(n for n, s in zip(shape, strides, strict=True) if s)
        strides = tuple(s for s in strides if s)
    if overlaps(shape, strides):
        positions = as_strided(np.arange(offset + span(shape, strides)), offset, shape, strides)
        return scattered(g, positions=positions, into=x.shape)
    return placed(g, offset=offset, shape=shape, strides=strides, into=x.shape)


def span(shape: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """How far a view reaches, in elements.

    Example:
        >>> span((2, 2), (3, 1))
        5
    """
    return 1 + int(np.dot(np.subtract(shape, 1), strides))


def overlaps(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether two indices of a view may read the same element (said too often rather than too seldom).

    Example:
        >>> overlaps((2, 2), (3, 1)), overlaps((3, 2), (1, 1))
        (False, True)
    """
    reach = 0
    for stride, n in sorted((s, n) for n, s in zip(shape, strides, strict=True) if n > 1):
        if stride <= reach:
            return True
        reach += stride * (n - 1)
    return False


def _view(forward: Any, name: str, rule: Any) -> Op:
    forward.__name__ = name
    return Op(forward, (rule,))


strided = _view(_strided, "strided", _back_to_view)
placed = _view(
    _placed,
    "placed",
    lambda g, out, x, offset, shape, strides, into: strided(g, offset=offset, shape=shape, strides=strides),
)
gathered = _view(_gathered, "gathered", lambda g, out, x, positions: scattered(g, positions=positions, into=x.shape))
scattered = _view(_scattered, "scattered", lambda g, out, x, positions, into: gathered(g, positions=positions))


def _assembled(*parts, places=(), into=()):
    """Zeros of shape `into`, with each part added at its place."""
    out = np.zeros(into, dtype=np.result_type(*parts))
    for part, place in zip(parts, places, strict=True):
        view = as_strided(out, *place)
        view += part
    return out


def _part_of(position: int, g: Any, out: Any, *parts: Any, places: Any, into: Any) -> Any:
    offset, shape, strides = places[position]
    return strided(g, offset=offset, shape=shape, strides=strides)


_assembled.__name__ = "assembled"
assembled = Op(_assembled, (), vjp_of_any=_part_of)
