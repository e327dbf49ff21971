"""From groups to array instructions: strided reads, reductions, and contractions where products are summed.

A group is an array of its members. What its members read is a view of another group wherever `affine` finds strides for
it, and a gather otherwise. A sum over products that nobody else reads needs no products: it is a dot, a matrix-vector
or a matrix product of two views.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.jit.passes.affine import View, delinearise, refine
from micrograd.engine.jit.passes.grouping import Group, Groups
from micrograd.engine.jit.passes.layout import parameter_order
from micrograd.engine.jit.passes.sums import SUM_OF_MANY
from micrograd.engine.jit.symbols import Builder, Symbol
from micrograd.engine.jit.tape import CONSTANT, PARAMETER, Tape
from micrograd.engine.jit.views import as_strided, gathered, row_major, strided
from micrograd.engine.ops.arrays.shapes import broadcast_to, reshape, sum
from micrograd.engine.ops.elementwise import add, mul
from micrograd.engine.ops.linear_algebra.contractions import contract


class Lifting:
    """The array instructions for a tape.

    Attributes:
        order: The numbers of the parameters as they stand in the flat array.
        parameters: The Symbol of that array.
        origins: For each instruction the group that it was made for, `1,600 × mul`, and the first entry of that.

    Args:
        tape: Scalar entries, sums flattened.
        grouping: Their groups.
        roots: The entries that are returned.
        builder: Receives the instructions.
        values: The numbers of the scalar parameters.
        arguments: The Symbols of the arguments.
        first: The numbers of parameters that stand first in the flat array, in this order.
    """

    def __init__(
        self,
        tape: Tape,
        grouping: Groups,
        roots: list[int],
        builder: Builder,
        values: list[float],
        arguments: list[Symbol],
        first: Sequence[int] = (),
    ) -> None:
        self.tape = tape
        self.builder = builder
        self.arguments = arguments
        self.order = list(dict.fromkeys([*first, *parameter_order(tape, grouping, len(values))]))
        self.parameters = builder.input(np.array([values[number] for number in self.order]), "P")
        self._places = np.argsort(self.order)
        self.groups = grouping.groups
        self._grouping = grouping
        self._group_of, self._place_of = grouping.group_of, grouping.place_of
        self._bases: dict[int, tuple[Any, np.ndarray]] = {}
        self.origins: list[tuple[str, int]] = []
        fused = self._fused(roots)
        for number, group in enumerate(self.groups):
            if number not in fused:
                entry = int(group.members[0])
                builder.source = lambda source=tape.sources[entry]: source  # type: ignore[misc]
                known = len(builder.instructions)
                self._bases[number] = self._lifted(number, group)
                self.origins += [(group.title, entry)] * (len(builder.instructions) - known)

    def root(self, entry: int) -> tuple[Any, int]:
        """The array that holds an entry, and its position in there."""
        base, places = self._bases[self._group_of[entry]]
        return base, int(places[self._place_of[entry]])

    # ---- groups ------------------------------------------------------------------------------------------------------

    def _fused(self, roots: list[int]) -> set[int]:
        """The groups of products that are read by sums alone, each once: they are never computed by themselves."""
        fused = {number for number, group in enumerate(self.groups) if group.op is mul}
        fused -= {int(self._group_of[root]) for root in roots}
        by_sums = [np.empty(0, dtype=int)]
        for number, group in enumerate(self.groups):
            if group.op is SUM_OF_MANY:
                by_sums.append(self._grouping.read_by(number).reshape(-1))
            elif not group.is_of_leaves:
                fused -= set(group.operands)
        shared = self._group_of[np.flatnonzero(np.bincount(np.concatenate(by_sums)) > 1)]
        return fused - set(np.unique(shared).tolist())

    def _lifted(self, number: int, group: Group) -> tuple[Any, np.ndarray]:
        """The array that holds a group, and the position of each member in it."""
        if group.is_of_leaves:
            which = np.array([self.tape.operands[i][-1] for i in group.members.tolist()])
            if group.op == CONSTANT:
                return which, np.arange(len(which))
            if group.op == PARAMETER:
                return self.parameters, self._places[which]
            return self.arguments[group.operands[0]], which
        read = self._grouping.read_by(number)
        out = self._sum(group, read) if group.op is SUM_OF_MANY else self._elementwise(group, read)
        return out, np.arange(len(group.members))

    def _elementwise(self, group: Group, read: np.ndarray) -> Any:
        """One vector instruction for all members."""
        columns = [self._positions(group.operands[k], read[:, k]) for k in range(read.shape[1])]
        shape, operands = self._aligned(columns, len(read), [])
        return self._full(group.op(*operands, **(group.params or {})), shape)

    def _full(self, out: Any, shape: tuple[int, ...]) -> Any:
        """An array in its own full shape, for views of it to read."""
        return out if getattr(out, "shape", ()) == shape else broadcast_to(_as_array(out), shape=shape)

    # ---- reading -----------------------------------------------------------------------------------------------------

    def _positions(self, number: int, entries: np.ndarray) -> tuple[Any, np.ndarray]:
        """The array that holds a group, and the positions of these of its entries."""
        base, places = self._bases[number]
        if self.groups[number].op == CONSTANT:
            return _constants(base[self._place_of[entries]], entries)
        return base, places[self._place_of[entries]]

    def _aligned(
        self, columns: list[tuple[Any, np.ndarray]], count: int, cuts: list[int]
    ) -> tuple[tuple[int, ...], list[Any]]:
        """Operands over common dimensions, which broadcast to the shape that is returned with them."""
        views = [delinearise(positions) for _, positions in columns]
        known = [view for view in views if view is not None]
        known += [_block_of(base) for base, positions in columns if _is_all_of(base, positions, count)]
        refined = refine([*known, View(0, (count,) if count > 1 else (), (1,) if count > 1 else ())], cuts)
        if refined is None:
            views, refined = [None] * len(columns), [View(0, (count,), (1,))]
        shape = refined[-1].shape
        found = iter(refined)  # one for each view, in order; the shapes of whole arrays and the block come after
        operands = [
            _gather(self.builder, base, positions.reshape(shape))
            if view is None
            else _read(self.builder, base, next(found))
            for (base, positions), view in zip(columns, views, strict=True)
        ]
        return shape, operands

    # ---- sums --------------------------------------------------------------------------------------------------------

    def _sum(self, group: Group, read: np.ndarray) -> Any:
        """A sum of many: reductions and contractions of its runs of equal kind, added up."""
        start = 0
        runs = []
        for number, count in group.operands:
            factors = self._factors(number, read[:, start : start + count])
            runs.append((_sorted(factors) if len(read) == 1 else factors, count))
            start += count
        cuts = _row_cuts(runs)
        terms = [self._term(factors, count, len(read), cuts) for factors, count in runs]
        shape = max((rows for rows, _ in terms), key=len)
        total: Any = None
        for rows, term in reversed(terms):
            fits = rows == shape or getattr(term, "size", 1) == 1
            summand = term if fits else reshape(self._full(term, rows), shape=shape)
            total = summand if total is None else add(summand, total)
        return self._full(total, shape)

    def _factors(self, number: int, entries: np.ndarray) -> list[tuple[Any, np.ndarray]]:
        """What is multiplied to give the summands of a run: two factors, or the summand itself."""
        if number in self._bases:
            return [self._positions(number, entries.reshape(-1))]
        products = self._grouping.read_by(number)[self._place_of[entries.reshape(-1)]]
        return [self._positions(self.groups[number].operands[k], products[:, k]) for k in range(2)]

    def _term(
        self, factors: list[tuple[Any, np.ndarray]], count: int, rows: int, cuts: list[int]
    ) -> tuple[tuple[int, ...], Any]:
        """The shape of the rows, and the sum of one run for every member, which broadcasts to it."""
        boundaries = [count, *(cut * count for cut in cuts)]
        views = [delinearise(positions) for _, positions in factors]
        refined = None if None in views else refine([*views, _block(rows * count)], boundaries)  # type: ignore[list-item]
        if refined is None:
            operands = [_gather(self.builder, base, places.reshape(rows, count)) for base, places in factors]
            return (rows,), sum(operands[0] if len(operands) == 1 else mul(*operands), axis=1)
        shape = refined[-1].shape
        outer = _leading(shape, rows)
        if len(factors) == 2:
            return shape[:outer], self._contraction(factors, refined[:2], outer)
        operand = _read(self.builder, factors[0][0], refined[0])
        axes = tuple(range(outer, len(shape)))
        return shape[:outer], sum(self._full(operand, shape), axis=axes) if axes else operand

    def _contraction(self, factors: list[tuple[Any, np.ndarray]], views: list[View], outer: int) -> Any:
        """A sum of products as a contraction of two views, each without the dimensions that it doesn't vary along."""
        shape = views[0].shape
        letters = string.ascii_letters[: len(shape)]
        left, right = ("".join(c for c, s in zip(letters, v.strides, strict=True) if s) for v in views)
        if all(c in left and c in right for c in letters[outer:]):
            operands = [
                _read(self.builder, base, _compact(view), keep=True)
                for (base, _), view in zip(factors, views, strict=True)
            ]
            rows = "".join(c for c in letters[:outer] if c in left + right)
            out = contract(*operands, subscripts=f"{left},{right}->{rows}")
            wide = tuple(n if c in rows else 1 for c, n in zip(letters[:outer], shape, strict=False))
            return reshape(out, shape=wide) if len(rows) < outer else out
        operands = [_read(self.builder, base, view) for (base, _), view in zip(factors, views, strict=True)]
        return sum(self._full(mul(*operands), shape), axis=tuple(range(outer, len(shape))))


def _constants(numbers: np.ndarray, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The constants that are read, each once, and where each read finds its own.

    Equal numbers count as one if strides are found then, as for an initial state that every sample begins with. Else
    each entry counts by itself, as for data.
    """
    for key in (numbers, entries):
        _, first, positions = np.unique(key, return_index=True, return_inverse=True)
        order = np.argsort(first)
        positions = np.argsort(order)[positions]  # in the order of first reading
        if delinearise(positions) is not None:
            break
    return numbers[first[order]], positions


def _as_array(x: Any) -> Any:
    return x if hasattr(x, "shape") else np.asarray(x)


def _sorted(factors: list[tuple[Any, np.ndarray]]) -> list[tuple[Any, np.ndarray]]:
    """The factors of a single sum in the order in which the first one lies in memory."""
    order = np.argsort(factors[0][1], kind="stable")
    return [(base, positions[order]) for base, positions in factors]


def _block(count: int) -> View:
    return View(0, (count,), (1,)) if count > 1 else View(0, (), ())


def _is_all_of(base: Any, positions: np.ndarray, count: int) -> bool:
    """Whether all of an array is read, in order."""
    return isinstance(base, Symbol) and base.size == count and bool((positions == np.arange(count)).all())


def _block_of(base: Any) -> View:
    shape = tuple(n for n in base.shape if n > 1)
    return View(0, shape, row_major(shape))


def _leading(shape: tuple[int, ...], rows: int) -> int:
    """How many of the first dimensions make up the rows."""
    block, axis = 1, 0
    while block < rows:
        block *= shape[axis]
        axis += 1
    return axis


def _row_cuts(runs: list[tuple[list[tuple[Any, np.ndarray]], int]]) -> list[int]:
    """Sizes of blocks of members that some operand tells apart."""
    cuts: set[int] = set()
    for factors, count in runs:
        for _, positions in factors:
            view = delinearise(positions)
            if view is None:
                continue
            block = 1
            for n in reversed(view.shape):
                block *= n
                if block % count == 0 and block > count:
                    cuts.add(block // count)
    rows = max(len(factors[0][1]) // count for factors, count in runs)
    kept: list[int] = []
    for cut in sorted(cuts):
        if rows % cut == 0 and (not kept or cut % kept[-1] == 0):
            kept.append(cut)
    return kept


def _compact(view: View) -> View:
    """Without the dimensions of stride 0."""
    pairs = [(n, s) for n, s in zip(view.shape, view.strides, strict=True) if s]
    return View(view.offset, tuple(n for n, _ in pairs), tuple(s for _, s in pairs))


def _read(builder: Builder, base: Any, view: View, keep: bool = False) -> Any:
    """A view of an array, with axes of length 1 where it repeats, so that it broadcasts."""
    compact = _compact(view)
    if not isinstance(base, Symbol):
        return _constant(base, compact, view, keep)
    shape = compact.shape
    if compact.offset == 0 and compact.strides == row_major(shape) and base.size == int(np.prod(shape)):
        part = base if base.shape == shape else reshape(base, shape=shape)
    else:
        part = builder.emit(strided, (base,), compact._asdict())
    if keep:
        return part
    wide = tuple(n if s else 1 for n, s in zip(view.shape, view.strides, strict=True))
    while wide and wide[0] == 1:
        wide = wide[1:]
    return part if part.shape == wide else reshape(part, shape=wide)


def _constant(numbers: np.ndarray, compact: View, view: View, keep: bool) -> Any:
    """The part of the constants that a view reads: a single number if they are all the same."""
    part = np.array(as_strided(numbers, *compact))
    if not keep and part.size and (part == part.flat[0]).all():
        return float(part.flat[0])
    wide = tuple(n if s else 1 for n, s in zip(view.shape, view.strides, strict=True))
    return part if keep else part.reshape(wide)


def _gather(builder: Builder, base: Any, positions: np.ndarray) -> Any:
    if not isinstance(base, Symbol):
        return base[positions]
    return builder.emit(gathered, (base,), {"positions": positions})
