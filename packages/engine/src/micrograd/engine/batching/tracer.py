"""What stands in for a number or an array while a function is traced for a whole batch."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any


class Tracer:
    """One row, as far as the traced function can see.

    Attributes:
        rows: All rows, along the first axis.
    """

    __slots__ = ("_interpreter_rank", "rows")

    rows: Any
    _interpreter_rank: int

    def spread(self, leaf: Any) -> Tracer:
        """Something that all rows share, once for each row."""
        raise NotImplementedError


def core(x: Any) -> Any:
    """What a tracer carries, through any number of nested batches; anything else as it is."""
    while isinstance(x, Tracer):
        x = x.rows
    return x


def lacks_rows(x: Any, others: Iterable[Any]) -> bool:
    """Whether some of the others differ from row to row of a batch in which x is the same for all rows."""
    return not set().union(*map(_ranks, others)) <= _ranks(x)


def _ranks(x: Any) -> set[int]:
    return {x._interpreter_rank, *_ranks(x.rows)} if isinstance(x, Tracer) else set()


def spread_over(x: Any, others: Iterable[Any]) -> Any:
    """x, once for each row of every batch in which some of the others differ from row to row."""
    return functools.reduce(_spread, others, x)


def _spread(x: Any, other: Any) -> Any:
    if not isinstance(other, Tracer):
        return x
    rank, own = other._interpreter_rank, x._interpreter_rank if isinstance(x, Tracer) else 0
    if own < rank:
        return other.spread(_spread(x, other.rows))
    return type(x)(_spread(x.rows, other.rows if own == rank else other), own)
