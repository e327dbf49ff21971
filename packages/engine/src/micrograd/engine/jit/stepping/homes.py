"""Where the numbers of a compiled step's parameters stand: Tensors end to end in one array, as scalar parameters do.

An optimiser whose rule is elementwise then moves them all in the operations of one array. It leaves out the rules that
look at a parameter as a whole, and the Tensors of which there is but one of a dtype.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.jit.symbols import Builder, Symbol
from micrograd.engine.jit.views import assembled, row_major, strided
from micrograd.engine.ops.arrays.shapes import broadcast_to


class Home(NamedTuple):
    """Where one parameter stands.

    Attributes:
        key: In which array; its states stand in arrays of the same key.
        cut: Where in there.
        shape: In which shape.
    """

    key: int
    cut: slice
    shape: tuple[int, ...]

    def part(self, array: np.ndarray) -> np.ndarray:
        """The parameter's own part of an array, a view.

        Example:
            >>> Home(0, slice(1, 3), (2, 1)).part(np.array([5.0, 6.0, 7.0]))
            array([[6.],
                   [7.]])
        """
        return array.reshape(-1)[self.cut].reshape(self.shape)


def homes_in_turn(key: int, shapes: list[tuple[int, ...]]) -> list[Home]:
    """The homes of arrays of these shapes, end to end.

    Example:
        >>> homes_in_turn(1, [(2, 3), (4,)])[1]
        Home(key=1, cut=slice(6, 10, None), shape=(4,))
    """
    sizes = [int(np.prod(shape)) for shape in shapes]
    ends = accumulate(sizes)
    return [Home(key, slice(end - n, end), shape) for end, n, shape in zip(ends, sizes, shapes, strict=True)]


def read_from_one(builder: Builder, name: str, parameters: list[Symbol], homes: list[Home]) -> Symbol:
    """Put one input in the place of several, which then read their parts of it."""
    whole = builder.input(np.concatenate([p.example for p in parameters], axis=None), name)
    for p, home in zip(parameters, homes, strict=True):
        read = p.instruction
        read.op, read.operands = strided, (whole.instruction,)
        read.params = {"offset": home.cut.start, "shape": home.shape, "strides": row_major(home.shape)}
    builder.instructions[:0] = [p.instruction for p in parameters]
    return whole


def put_together(builder: Builder, gradients: list[Any], homes: list[Home]) -> Symbol:
    """The gradients end to end."""
    parts = tuple(
        g if getattr(g, "shape", None) == home.shape else broadcast_to(g, shape=home.shape)
        for g, home in zip(gradients, homes, strict=True)
    )
    places = tuple((home.cut.start, home.shape, row_major(home.shape)) for home in homes)
    return builder.emit(assembled, parts, {"places": places, "into": (homes[-1].cut.stop,)})
