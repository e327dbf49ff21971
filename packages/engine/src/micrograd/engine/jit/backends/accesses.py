"""Where the elements of a value lie in the flat workspace of loops, and sums of products of them, as text."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from micrograd.engine.jit.program import Instruction


class Access:
    """Element (i, j, ...) of a value lies in the workspace at offset + i * strides[0] + j * strides[1] + ..."""

    __slots__ = ("offset", "shape", "strides")

    def __init__(self, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.offset = offset
        self.shape = shape
        self.strides = strides

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
        return " + ".join(product(self._factors, turn, named) for turn in self._turns)


def product(factors: list[Factor], shifts: dict[str, int], named: dict[str, str] | None = None) -> str:
    """What is multiplied, at these shifts."""
    return " * ".join(factor.at(shifts, named) for factor in factors)


def letters_of(contraction: Instruction) -> tuple[list[str], str, dict[str, int]]:
    """The letters of the operands' axes, those of the result, and how long the axis of each is."""
    left_and_right, _, result = contraction.params["subscripts"].partition("->")
    terms = left_and_right.split(",")
    lengths = [n for operand in contraction.operands for n in np.shape(operand)]
    return terms, result, dict(zip("".join(terms), lengths, strict=True))


def innermost(sizes: dict[str, int], factors: list[Factor], out: Factor) -> str:
    """The longest index along which the result doesn't jump, rather one along which the factors don't either."""
    smooth = [c for c in sizes if out.stride(c) in (0, 1)] or list(sizes)
    longest = max(sizes[c] for c in smooth)
    as_they_are = [c for c in smooth if all(factor.stride(c) in (0, 1) for factor in [*factors, out])]
    candidates = [c for c in as_they_are if 2 * sizes[c] >= longest] or smooth
    return max(candidates, key=lambda c: (sizes[c], c in out.letters))


def loop_order(shape: tuple[int, ...]) -> list[int]:
    """The axes from the shortest to the longest."""
    return sorted(range(len(shape)), key=shape.__getitem__)


def within(whole: Access, place: Any) -> Access:
    """A place in a contiguous array."""
    offset, shape, strides = place
    return Access(whole.offset + offset, shape, strides)
