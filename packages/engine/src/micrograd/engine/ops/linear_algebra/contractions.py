"""`einsum` and `tensordot`: sums of products over named axes.

`einsum` is taken apart into steps on one operand (diagonals for repeated letters, sums over letters that nobody else
has) and contractions of two, the cheapest first. A contraction of two is one primitive, `contract`, and the gradient of
a contraction is a contraction with the letters exchanged: for `ij,jk->ik` and g, x receives `ik,jk->ij`.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
import string
from typing import Any, NamedTuple

import numpy as np

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.arguments import as_axes, as_operand, as_operands
from micrograd.engine.ops.arrays.casting import astype, in_dtype_of
from micrograd.engine.ops.arrays.diagonals import diagonal
from micrograd.engine.ops.arrays.shapes import permute_dims, reshape, sum
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.op import primitive


def _exchanged(subscripts: str, position: int) -> str:
    """The contraction that gives the gradient of one of the two operands: `ij,jk->ik`, 0 -> `ik,jk->ij`."""
    operands, out = subscripts.split("->")
    x, y = operands.split(",")
    return f"{out},{y}->{x}" if position == 0 else f"{x},{out}->{y}"


@primitive(
    lambda g, out, x, y, subscripts: contract(g, y, subscripts=_exchanged(subscripts, 0)),
    lambda g, out, x, y, subscripts: contract(x, g, subscripts=_exchanged(subscripts, 1)),
    symbol="einsum",
)
def contract(x, y, subscripts=","):
    """The sum of products of two operands, by a matrix product. Every letter stands at most once in each term.

    A letter of only one operand must be in the output; `einsum` sees to that.

    Example:
        >>> contract(np.array([[1.0, 2.0]]), np.array([3.0, 4.0]), subscripts="ij,j->i")
        array([11.])
    """
    plan = _planned(subscripts)
    sizes = dict(zip(plan.letters, (*x.shape, *y.shape), strict=True))
    batch, rows, summed, columns = ([sizes[c] for c in group] for group in plan.groups)
    x = x.transpose(plan.left).reshape([*batch, math.prod(rows), math.prod(summed)])
    y = y.transpose(plan.right).reshape([*batch, math.prod(summed), math.prod(columns)])
    if not summed:
        product = x * y
    elif rows or columns:
        product = np.matmul(x, y)
    else:
        product = np.vecdot(x[..., 0, :], y[..., 0])  # a matmul of 1 x n by n x 1 for each of the batch is slow
    return product.reshape([*batch, *rows, *columns]).transpose(plan.out)


class _Plan(NamedTuple):
    """How two operands become stacks of matrices: the letters of all axes, their groups, and orders of axes."""

    letters: str
    groups: tuple[list[str], list[str], list[str], list[str]]
    left: list[int]
    right: list[int]
    out: list[int]


@functools.lru_cache(maxsize=256)
def _planned(subscripts: str) -> _Plan:
    """Which letters make up the stack, the rows, what is summed over, and the columns: `bij,bjk->bik` -> b, i, j, k."""
    operands, _, out = subscripts.partition("->")
    left, right = operands.split(",")
    batch = [c for c in left if c in right and c in out]
    summed = [c for c in left if c in right and c not in out]
    rows, columns = [c for c in left if c not in right], [c for c in right if c not in left]
    found = [*batch, *rows, *columns]
    return _Plan(
        left + right,
        (batch, rows, summed, columns),
        [left.index(c) for c in (*batch, *rows, *summed)],
        [right.index(c) for c in (*batch, *summed, *columns)],
        [found.index(c) for c in out],
    )


# ---- tensordot ---------------------------------------------------------------------------------------------


@by_any_name
def tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    """The sum of products over axes of x paired with axes of y; the others follow in order, those of x first.

    Args:
        x: An array.
        y: An array.
        axes: How many of the last axes of x to pair with the first of y; or a pair of axes, or of tuples of axes.

    Raises:
        MicrogradValueError: If paired axes differ in length.

    Example:
        >>> tensordot(np.ones((2, 3)), np.ones((3, 4)), axes=1).shape
        (2, 4)
    """
    x, y = as_operand("tensordot", x), as_operand("tensordot", y)
    left, right = _paired(axes, x.ndim, y.ndim)
    if len(left) != len(right) or any(x.shape[i] != y.shape[j] for i, j in zip(left, right, strict=True)):
        raise MicrogradValueError(
            f"tensordot(axes={axes}) of shapes {tuple(x.shape)} and {tuple(y.shape)}: axes {left} can't be paired with "
            f"{right}; they must be as many, and as long"
        )
    x_letters, y_letters = list(_LETTERS[: x.ndim]), list(_LETTERS[x.ndim : x.ndim + y.ndim])
    for i, j in zip(left, right, strict=True):
        y_letters[j] = x_letters[i]
    out = [c for c in x_letters if c not in y_letters] + [c for c in y_letters if c not in x_letters]
    return contract(x, y, subscripts="{},{}->{}".format(*map("".join, (x_letters, y_letters, out))))


def _paired(axes: Any, x_ndim: int, y_ndim: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of x and of y to sum over, counted from the front."""
    if isinstance(axes, (int, np.integer)):
        left, right = tuple(range(-int(axes), 0)), tuple(range(int(axes)))
    else:
        left, right = (tuple(a) if isinstance(a, (tuple, list)) else (a,) for a in axes)
    return as_axes("tensordot", left, x_ndim), as_axes("tensordot", right, y_ndim)


# ---- einsum ------------------------------------------------------------------------------------------------

_LETTERS = string.ascii_letters


@by_any_name
def einsum(subscripts: Any, *operands: Any, optimize: Any = True) -> Any:
    """Sums of products in Einstein's notation, as in NumPy: letters name axes, and those not in the output are summed.

    Args:
        subscripts: One term of letters for each operand, as in `"ij,jk->ik"`. Without `->` the output has the letters
            that occur once, in alphabetical order. A letter twice in one term takes a diagonal; `...` stands for axes
            that broadcast.
        *operands: Arrays, all of which may have gradients. Numbers may name the axes, too, in a list behind each
            operand and one for the output: `einsum(x, [0, 1], y, [1, 2], [0, 2])`.
        optimize: There for NumPy's sake: of several products, those that stay small always come first.

    Raises:
        MicrogradValueError: If terms and operands don't fit.

    Example:
        >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
        >>> float(einsum("ii", x))
        5.0
        >>> einsum("ij,kj->ik", x, x)
        array([[ 5., 11.],
               [11., 25.]])
    """
    if not isinstance(subscripts, str):
        subscripts, operands = _from_lists((subscripts, *operands))
    arrays = as_operands("einsum", operands)
    if len({x.dtype for x in arrays}) > 1:  # first of all, so that sums over one operand have the digits of the result
        common = np.result_type(*(x.dtype for x in arrays))
        arrays = [x if x.dtype == common else astype(x, dtype=common) for x in arrays]
    terms, out = _parsed(subscripts, tuple(x.ndim for x in arrays))
    pairs = [_without_repeats(x, term) for x, term in zip(arrays, terms, strict=True)]
    pairs = _without_ones(pairs, out)
    while len(pairs) > 1:
        choices = itertools.combinations(range(len(pairs)), 2)
        i, j = min(choices, key=lambda ij: _growth(pairs, ij, out)) if len(pairs) > 2 else (0, 1)
        second, first = pairs.pop(j), pairs.pop(i)
        pairs.append(_contracted(first, second, out + "".join(term for _, term in pairs)))
    x, term = _summed(pairs[0], out)
    return permute_dims(x, axes=tuple(term.index(c) for c in out)) if term != out else x


def _from_lists(given: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Subscripts and operands of NumPy's other form, with a list of numbers behind each operand."""
    try:
        terms = ",".join(map(_as_letters, given[1::2]))
        out = f"->{_as_letters(given[-1])}" if len(given) % 2 else ""
    except (TypeError, KeyError):
        raise MicrogradTypeError(
            'einsum() takes the subscripts first, as a string: einsum("ij,jk->ik", x, y); or a list of numbers below '
            f"{len(_LETTERS)} behind each operand: einsum(x, [0, 1], y, [1, 2], [0, 2])"
        ) from None
    return terms + out, given[: len(given) // 2 * 2 : 2]


def _as_letters(term: Any) -> str:
    """The letters of axes that have numbers: in their order, so that an implied output keeps it."""
    letters = dict(enumerate(sorted(_LETTERS)))
    return "".join("..." if i is Ellipsis else letters[operator.index(i)] for i in term)


@functools.lru_cache(maxsize=256)
def _parsed(subscripts: str, ndims: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    """The terms of the operands and of the output, with letters in the place of dots and of an implied output."""
    operands, arrow, out = subscripts.replace(" ", "").partition("->")
    terms = operands.split(",")
    if len(terms) != len(ndims):
        raise MicrogradValueError(f"einsum({subscripts!r}) has {len(terms)} terms for {len(ndims)} operands")
    dotted = [n - len(term) + 3 if "..." in term else 0 for term, n in zip(terms, ndims, strict=True)]
    free = [c for c in reversed(_LETTERS) if c not in subscripts]
    dots = "".join(free[: max(0, *dotted)])[::-1]
    terms = [term.replace("...", dots[len(dots) - n :] if n > 0 else "") for term, n in zip(terms, dotted, strict=True)]
    letters = "".join(terms)
    implied = dots + "".join(sorted(c for c in set(letters) if letters.count(c) == 1 and c not in dots))
    out = out.replace("...", dots) if arrow else implied
    valid = set(out) <= set(letters) <= set(_LETTERS) and len(set(out)) == len(out) and set(dots) <= set(out)
    if not valid or tuple(map(len, terms)) != ndims:
        raise MicrogradValueError(
            f"einsum({subscripts!r}) of operands with {list(ndims)} axes: each term needs one letter for each axis of "
            "its operand (or ... for several), and the output letters of theirs, each once, and ... if they have it"
        )
    return tuple(terms), out


def _without_repeats(x: Any, term: str) -> tuple[Any, str]:
    """The diagonal along letters that stand twice: `iij` -> `ji`."""
    for c in dict.fromkeys(term):
        while term.count(c) > 1:
            first = term.index(c)
            second = term.index(c, first + 1)
            if x.shape[first] != x.shape[second]:
                raise _two_lengths(c, x.shape[first], x.shape[second])
            x = diagonal(x, axis1=first, axis2=second)
            term = term.replace(c, "", 2) + c
    return x, term


def _without_ones(pairs: list[tuple[Any, str]], out: str) -> list[tuple[Any, str]]:
    """Operands without their axes of length 1 where the same letter is longer elsewhere: they broadcast."""
    sizes: dict[str, int] = {}
    for x, term in pairs:
        for c, n in zip(term, x.shape, strict=True):
            if 1 not in (n, sizes.setdefault(c, n)) and n != sizes[c]:
                raise _two_lengths(c, sizes[c], n)
            sizes[c] = n if sizes[c] == 1 else sizes[c]
    return [_trimmed(x, term, sizes) for x, term in pairs]


def _two_lengths(letter: str, one: int, other: int) -> MicrogradValueError:
    return MicrogradValueError(
        f"einsum(): the letter {letter} is both {one} and {other} long, but stands for one length. Write another "
        "letter for one of the two axes, or transpose an operand."
    )


def _trimmed(x: Any, term: str, sizes: dict[str, int]) -> tuple[Any, str]:
    kept = "".join(c for c, n in zip(term, x.shape, strict=True) if n == sizes[c])
    return (x, term) if kept == term else (reshape(x, shape=tuple(sizes[c] for c in kept)), kept)


def _summed(pair: tuple[Any, str], needed: str) -> tuple[Any, str]:
    """An operand summed over the letters that nobody else needs."""
    x, term = pair
    axes = tuple(i for i, c in enumerate(term) if c not in needed)
    return (in_dtype_of(x, sum(x, axis=axes)), "".join(c for c in term if c in needed)) if axes else pair


def _contracted(first: tuple[Any, str], second: tuple[Any, str], needed: str) -> tuple[Any, str]:
    """The product of two operands, summed over the letters that nobody else needs."""
    x, left = _summed(first, needed + second[1])
    y, right = _summed(second, needed + left)
    out = "".join(c for c in dict.fromkeys(left + right) if c in needed)
    return contract(x, y, subscripts=f"{left},{right}->{out}"), out


def _growth(pairs: list[tuple[Any, str]], ij: tuple[int, int], out: str) -> int:
    """By how many elements the product of two operands is larger than they are."""
    (x, left), (y, right) = (pairs[i] for i in ij)
    needed = out + "".join(term for k, (_, term) in enumerate(pairs) if k not in ij)
    sizes = dict(zip(left + right, (*x.shape, *y.shape), strict=True))
    size: int = math.prod(n for c, n in sizes.items() if c in needed)
    return size - int(math.prod(x.shape)) - int(math.prod(y.shape))
