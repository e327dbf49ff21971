"""What stands in for a number or an array while a function is traced for a whole batch."""

from __future__ import annotations

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
