"""`Loops`: loop nests over flat memory as text, and the workspace whose elements they read and write."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.accesses import Access, Factor, loop_order, product
from micrograd.engine.jit.views import row_major

BLOCK = 16
"""Rows that are summed in one go."""

_LINE = 64  # bytes of a cache line


class Loops:
    """The text of loops, and how long the workspace is that they need.

    Attributes:
        lines: The text so far.
        size: The numbers in the workspace so far.
    """

    def __init__(self, dtype: np.dtype) -> None:
        self.lines: list[str] = []
        self.size = 0
        self._dtype, self._line = dtype, _LINE // dtype.itemsize

    def taken(self) -> list[str]:
        """The lines so far, which are then the caller's."""
        lines, self.lines = self.lines, []
        return lines

    # ---- memory ------------------------------------------------------------------------------------------------------

    def space(self, shape: tuple[int, ...], order: Sequence[int] | None = None) -> Access:
        """Room for an array in the workspace, with its axes in this order in memory, the last one innermost."""
        offset = self.size
        self.size += -(-max(1, math.prod(shape)) // self._line) * self._line
        order = range(len(shape)) if order is None else order
        strides = dict(zip(order, row_major(tuple(shape[axis] for axis in order)), strict=True))
        return Access(offset, shape, tuple(strides[axis] for axis in range(len(shape))))

    def workspace(self) -> np.ndarray:
        """Zeros for all of it, from the start of a cache line: a vector that lies in two lines is read twice."""
        room = np.zeros(self.size + self._line, self._dtype)
        start = -(room.ctypes.data // room.itemsize) % self._line
        return room[start : start + self.size]

    def copied(self, access: Access) -> Access:
        """A copy in which element follows element."""
        copy = self.space(access.shape)
        self.nest(access.shape, lambda i: [f"{copy.at(i)} = {access.at(i)}"])
        return copy

    def repacked(self, factor: Factor, inner: str) -> Factor:
        """A factor; a copy of it if the innermost index would jump through memory."""
        if factor.stride(inner) in (0, 1):
            return factor
        access, letters = factor.access, factor.letters
        order = [k for k, c in enumerate(letters) if c != inner] + [letters.index(inner)]
        copy = self.space(access.shape, order)
        self.nest(access.shape, lambda i: [f"{copy.at(i)} = {access.at(i)}"])
        return Factor(letters, copy)

    # ---- loop nests --------------------------------------------------------------------------------------------------

    def nest(self, shape: tuple[int, ...], body: Any) -> None:
        """Loops over all indices, of lengths known to the compiler, the longest innermost."""
        self.open(loop_order(shape), shape)
        self.lines += ["    " * len(shape) + line for line in body([f"i{axis}" for axis in range(len(shape))])]

    def fill(self, access: Access) -> None:
        """Zeros."""
        self.nest(access.shape, lambda i: [f"{access.at(i)} = 0.0"])

    def gather(self, positions: str, count: int, x: Access, out: Access) -> None:
        """The elements of x at flat positions, which an array of integers has."""
        self.lines += [f"for i0 in range({count}):", f"    w[i0 + {out.offset}] = w[{positions}[i0] + {x.offset}]"]

    def scatter(self, positions: str, count: int, x: Access, out: Access) -> None:
        """The elements of x, added at flat positions."""
        self.lines += [f"for i0 in range({count}):", f"    w[{positions}[i0] + {out.offset}] += w[i0 + {x.offset}]"]

    def products(self, factors: list[Factor], out: Factor, inner: str, sizes: dict[str, int]) -> None:
        """The loop nest: along memory innermost; a few rows side by side, so that what they share is read once."""
        if 0 in sizes.values():
            self.fill(out.access)  # sums of nothing
            return
        summed = [c for c in sizes if c not in out.letters and c != inner]
        outer = [c for c in out.letters if c != inner]
        if inner in out.letters and inner:
            self._rows(factors, out, (outer, summed, inner), sizes)
        else:
            self._dots(factors, out, (outer, [*summed, inner] if inner else summed), sizes)

    def _rows(self, factors: list[Factor], out: Factor, loops: Any, sizes: dict[str, int]) -> None:
        """Each row of results as a sum of rows, up to sixteen of them in one go."""
        outer, summed, inner = loops
        depth = self.open(outer, sizes)
        if not summed:
            pad = "    " * self.open([inner], sizes, depth)
            self.lines.append(f"{pad}{out.at({})} = {product(factors, {})}")
            return
        last = summed[-1]
        width = max(k for k in range(1, min(BLOCK, sizes[last]) + 1) if sizes[last] % k == 0)
        single = math.prod(sizes[c] for c in summed) == width
        if not single:
            pad = "    " * self.open([inner], sizes, depth)
            self.lines.append(f"{pad}{out.at({})} = 0.0")
        deeper = self.open(summed[:-1], sizes, depth)
        self.lines.append("    " * deeper + f"for {last}0 in range(0, {sizes[last]}, {width}):")
        pad = "    " * self.open([inner], sizes, deeper + 1)
        total = " + ".join(product(factors, {last: k}) for k in range(width))
        self.lines.append(f"{pad}{out.at({})} {'=' if single else '+='} {total}")

    def _dots(self, factors: list[Factor], out: Factor, loops: Any, sizes: dict[str, int]) -> None:
        """Sums along memory, four of them at a time where they share an operand."""
        outer, summed = loops
        block = outer[-1] if outer else ""
        width = next((k for k in (4, 2) if block and sizes[block] % k == 0), 1)
        depth = self.open(outer[:-1], sizes)
        if block:
            self.lines.append("    " * depth + f"for {block}0 in range(0, {sizes[block]}, {width}):")
            depth += 1
        pad = "    " * depth
        self.lines += [f"{pad}t{k} = 0.0" for k in range(width)]
        deeper = "    " * self.open(summed, sizes, depth)
        self.lines += [f"{deeper}t{k} += {product(factors, {block: k})}" for k in range(width)]
        self.lines += [f"{pad}{out.at({block: k})} = t{k}" for k in range(width)]

    def open(self, axes: Sequence[Any], sizes: Any, depth: int = 0) -> int:
        """Begin loops over axes, by their letters or numbers; how deep they are."""
        for axis in axes:
            self.lines.append("    " * depth + f"for {_index(axis)} in range({sizes[axis]}):")
            depth += 1
        return depth


def _index(axis: int | str) -> str:
    return f"{axis}0" if isinstance(axis, str) else f"i{axis}"
