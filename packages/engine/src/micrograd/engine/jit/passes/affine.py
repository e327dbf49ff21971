"""Delinearisation: which strides a list of positions follows, found by peeling it from the inside.

The products of a layer read the weights at 48, 49, 50, ..., 65, 66, ... and, for the next sample, the same again: over
the dimensions (sample, neuron, input) that is the offset 48 and the strides (0, 17, 1), a view that needs no copy.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np


class View(NamedTuple):
    """Strides over dimensions, counted in elements."""

    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def delinearise(positions: np.ndarray) -> View | None:
    """The view that reads these positions one after the other, or None if no strides give them.

    Example:
        >>> delinearise(np.array([48, 49, 50, 65, 66, 67, 48, 49, 50, 65, 66, 67]))
        View(offset=48, shape=(2, 2, 3), strides=(0, 17, 1))
        >>> delinearise(np.array([0, 1, 5])) is None
        True
    """
    heads = np.asarray(positions).reshape(-1)
    offset = int(heads[0])
    shape: list[int] = []
    strides: list[int] = []
    while len(heads) > 1:
        steps = np.diff(heads)
        changes = np.flatnonzero(steps != steps[0])
        run = int(changes[0]) + 1 if len(changes) else len(heads)
        if len(heads) % run:
            return None
        rows = heads.reshape(-1, run)
        if run > 1 and (np.diff(rows, axis=1) != steps[0]).any():
            return None
        if steps[0] < 0:
            return None
        shape.insert(0, run)
        strides.insert(0, int(steps[0]))
        heads = rows[:, 0]
    return View(offset, tuple(shape), tuple(strides))


def refine(views: list[View], boundaries: list[int]) -> list[View] | None:
    """The same views over common dimensions, the coarsest that all of them can be split to.

    Args:
        views: Of one number of elements each.
        boundaries: Sizes of innermost blocks that are to be separate, such as the number of summands.

    Returns:
        None if the dimensions of one cut across those of another.

    Example:
        >>> refine([View(0, (6,), (1,)), View(0, (2, 3), (0, 1))], [])
        [View(offset=0, shape=(2, 3), strides=(3, 1)), View(offset=0, shape=(2, 3), strides=(0, 1))]
    """
    total = math.prod(views[0].shape)
    cuts = {1, total, *boundaries}
    for view in views:
        block = 1
        for n in reversed(view.shape):
            block *= n
            cuts.add(block)
    blocks = sorted(cuts)
    sizes = []
    for small, large in itertools.pairwise(blocks):
        if large % small:
            return None
        sizes.append(large // small)
    shape = tuple(reversed(sizes))
    return [View(view.offset, shape, _split(view, shape)) for view in views]


def _split(view: View, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a view over finer dimensions."""
    strides: list[int] = []
    remaining = list(zip(view.shape, view.strides, strict=True))
    block = 1
    for n in reversed(shape):
        size, stride = remaining[-1] if remaining else (1, 0)
        strides.insert(0, stride * block)
        block *= n
        if remaining and block == size:
            remaining.pop()
            block = 1
    return tuple(strides)
