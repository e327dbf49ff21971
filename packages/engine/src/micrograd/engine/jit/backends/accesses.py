"""Where the elements of a value lie in the flat workspace of loops, and sums of products of them, as text."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from micrograd.engine.errors import ProgramError
from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.views import row_major

_LONG_ROW = 24
"""Numbers side by side in memory that are worth a loop of their own, even if other axes are longer."""


class Unsupported(ProgramError):
    """An instruction for which there are no loops."""


class Access:
    """Element (i, j, ...) of a value lies in the workspace at offset + i * strides[0] + j * strides[1] + ..."""

    __slots__ = ("offset", "shape", "strides")

    def __init__(self, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.offset = offset
        self.shape = shape
        self.strides = strides

    @property
    def transposed(self) -> Access:
        """The same with its axes in the reverse order."""
        return Access(self.offset, self.shape[::-1], self.strides[::-1])

    @property
    def is_matrix(self) -> bool:
        """Whether BLAS reads it as it is: a vector, or a matrix whose rows or columns run through memory."""
        steps = sorted(zip(self.strides, self.shape, strict=True))
        return len(steps) < 2 or (len(steps) == 2 and steps[0][0] == 1 and steps[1][0] >= steps[0][1])

    def at(self, indices: list[str]) -> str:
        """The element at these indices, as text; an operand of fewer axes broadcasts."""
        mine = indices[len(indices) - len(self.shape) :] if self.shape else []
        terms = [
            index if s == 1 else f"{index} * {s}"
            for index, s, n in zip(mine, self.strides, self.shape, strict=True)
            if s and n > 1
        ]
        if self.offset or not terms:
            terms.append(str(self.offset))
        return f"w[{' + '.join(terms)}]"


class Factor:
    """A value whose axes have letters: a factor of a contraction, or its result."""

    __slots__ = ("access", "letters")

    def __init__(self, letters: str, access: Access) -> None:
        self.letters = letters
        self.access = access

    def stride(self, letter: str) -> int:
        """How far apart its elements lie along an axis; 0 for an axis that it hasn't, and for none."""
        return self.access.strides[self.letters.index(letter)] if letter and letter in self.letters else 0

    def at(self, shifts: dict[str, int], named: dict[str, str] | None = None) -> str:
        """The element at these shifts from the indices `a0`, `b0`, ...; or from those that `named` has for letters."""
        access = self.access
        names = {c: f"{c}0" for c in self.letters} if named is None else named
        offset = access.offset + sum(k * self.stride(c) for c, k in shifts.items())
        kept = [axis for axis, c in enumerate(self.letters) if c in names]
        shape, strides = (tuple(x[axis] for axis in kept) for x in (access.shape, access.strides))
        return Access(offset, shape, strides).at([names[self.letters[axis]] for axis in kept])


class Products:
    """An element of a contraction, as the text of a sum of products.

    Args:
        factors: What is multiplied.
        result: The letters of the result's axes.
        sizes: How long the axis of each letter is.
    """

    __slots__ = ("_factors", "_result", "_turns")

    def __init__(self, factors: list[Factor], result: str, sizes: dict[str, int]) -> None:
        self._factors = factors
        self._result = result
        summed = [c for c in sizes if c not in result]
        turns = itertools.product(*(range(sizes[c]) for c in summed))
        self._turns = [dict(zip(summed, turn, strict=True)) for turn in turns]

    def at(self, indices: list[str]) -> str:
        """The element at these indices."""
        named = dict(zip(self._result, indices, strict=True))
        return " + ".join(product(self._factors, turn, named) for turn in self._turns) or "0.0"  # a sum of nothing


def product(factors: list[Factor], shifts: dict[str, int], named: dict[str, str] | None = None) -> str:
    """What is multiplied, at these shifts."""
    return " * ".join(factor.at(shifts, named) for factor in factors)


def letters_of(product: Instruction) -> tuple[list[str], str, dict[str, int]]:
    """The letters of the axes of the factors, those of the result, and how long the axis of each is.

    Args:
        product: A contraction, or a `matmul` or `affine` of vectors and matrices.

    Raises:
        Unsupported: If it is a product of stacks of matrices.
    """
    if product.op.name == "contract":
        left_and_right, _, result = product.params["subscripts"].partition("->")
        terms = left_and_right.split(",")
    else:
        ranks = tuple(len(np.shape(operand)) for operand in product.operands[:2])
        if ranks not in _LETTERS[product.op.name]:
            raise Unsupported(f"{product!r}: the numba back end multiplies vectors and matrices, not stacks of them")
        terms, result = _LETTERS[product.op.name][ranks]
    lengths = [n for operand, term in zip(product.operands, terms, strict=False) for n in np.shape(operand)]
    return terms, result, dict(zip("".join(terms), lengths, strict=True))


_LETTERS: dict[str, dict[tuple[int, ...], tuple[list[str], str]]] = {
    "affine": {(1, 2): (["k", "jk"], "j"), (2, 2): (["ik", "jk"], "ij")},
    "matmul": {
        (1, 1): (["k", "k"], ""),
        (1, 2): (["k", "kj"], "j"),
        (2, 1): (["ik", "k"], "i"),
        (2, 2): (["ik", "kj"], "ij"),
    },
}


def matrix_product(terms: list[str], result: str) -> list[tuple[int, bool]] | None:
    """How a contraction is a product of matrices and vectors: for each factor, which operand, and whether transposed.

    Example:
        >>> matrix_product(["ik", "jk"], "ij"), matrix_product(["ik", "jk"], "ji")
        ([(0, False), (1, True)], [(1, False), (0, True)])
    """
    left, right = terms if len(terms) == 2 else ("", "")
    summed = [c for c in left if c in right and c not in result]
    if max(len(left), len(right)) > 2 or len(summed) != 1 or any(c in right and c in result for c in left):
        return None
    (k,) = summed
    rows, columns = left.replace(k, ""), right.replace(k, "")
    first, second = 0, 1
    if rows + columns != result:  # the transpose: (x y)' = y' x'
        first, second, left, right, rows, columns = 1, 0, right, left, columns, rows
    return [(first, left not in (rows + k, k)), (second, right not in (k + columns, k))]


def innermost(sizes: dict[str, int], factors: list[Factor], out: Factor) -> str:
    """The longest index along which the result doesn't jump, rather one along which the factors don't either."""
    smooth = [c for c in sizes if out.stride(c) in (0, 1)] or list(sizes)
    longest = max(sizes[c] for c in smooth)
    as_they_are = [c for c in smooth if all(factor.stride(c) in (0, 1) for factor in [*factors, out])]
    candidates = [c for c in as_they_are if 2 * sizes[c] >= longest] or smooth
    return max(candidates, key=lambda c: (sizes[c], c in out.letters))


def loop_order(shape: tuple[int, ...]) -> list[int]:
    """The axes from the shortest to the longest; the last one, along which memory runs, innermost if it isn't short."""
    last = len(shape) - 1
    return sorted(range(len(shape)), key=lambda axis: (axis == last and shape[axis] >= _LONG_ROW, shape[axis]))


def viewed(view: Instruction, base: Access) -> Access:
    """Where a view of a value lies; a `reshape` or `strided` one of a value in which element follows element.

    Raises:
        Unsupported: If no strides say it.
    """
    name, params, shape = view.op.name, view.params, view.shape
    if name == "permute_dims":
        axes = params["axes"] or tuple(range(len(shape)))[::-1]
        return Access(base.offset, shape, tuple(base.strides[a] for a in axes))
    if name == "broadcast_to":
        extra = len(shape) - len(base.shape)
        strides = (0,) * extra + tuple(0 if n == 1 else s for n, s in zip(base.shape, base.strides, strict=True))
        return Access(base.offset, shape, strides)
    if name == "reshape":
        return Access(base.offset, shape, row_major(shape))
    if name == "strided":
        return Access(base.offset + params["offset"], params["shape"], params["strides"])
    index = params["index"] if isinstance(params["index"], tuple) else (params["index"],)
    if not all(isinstance(i, (int, np.integer)) for i in index):
        raise Unsupported(f"the numba back end can't read {view!r} in place")
    offset = base.offset + sum(int(i) % n * s for i, n, s in zip(index, base.shape, base.strides, strict=False))
    return Access(offset, base.shape[len(index) :], base.strides[len(index) :])


def within(whole: Access, place: Any) -> Access:
    """A place in a contiguous array."""
    offset, shape, strides = place
    return Access(whole.offset + offset, shape, strides)
