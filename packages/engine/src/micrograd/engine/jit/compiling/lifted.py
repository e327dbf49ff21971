"""`lift`: a tape through all the passes that make array instructions of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from micrograd.engine.jit.passes.dead_entries import count_readers
from micrograd.engine.jit.passes.folding import fold_constants
from micrograd.engine.jit.passes.grouping import Groups
from micrograd.engine.jit.passes.lifting import Lifting
from micrograd.engine.jit.passes.sums import flatten_sums
from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.symbols import Builder, Symbol
from micrograd.engine.jit.tape import Tape


class Scalars(NamedTuple):
    """Scalar code that was traced.

    Attributes:
        tape: Its operations; the passes write into it.
        roots: The entries that are returned, or that array code reads.
        builder: Receives the instructions.
        values: The numbers of the scalar parameters.
        arguments: The Symbols of the arguments.
        first: The numbers of parameters that stand first in the flat array, in this order.
        may_refuse: Whether to raise `Irregular` if lifting gains nothing.
    """

    tape: Tape
    roots: list[int]
    builder: Builder
    values: list[float]
    arguments: list[Symbol]
    first: Sequence[int] = ()
    may_refuse: bool = False


@dataclass
class Lifted:
    """What became of it.

    Attributes:
        counts: How many entries there were after the passes on the tape.
        order: The numbers of the parameters as they stand in the flat array.
        parameters: The Symbol of that array.
        instructions: The instructions, which are the builder's last.
        origins: For each of them the group that it was made for, `1,600 × mul`, and the first entry of that.
        roots: For each root the array that holds it, and its position there.
    """

    counts: dict[str, int]
    order: list[int]
    parameters: Symbol
    instructions: list[Instruction]
    origins: list[tuple[str, int]]
    roots: list[tuple[Any, int]]


def lift(given: Scalars) -> Lifted:
    """Fold, drop what is dead, flatten sums, group, and lift the groups.

    Raises:
        Irregular: If lifting gains nothing, and this may be said.
    """
    tape, builder = given.tape, given.builder
    roots = fold_constants(tape, given.roots)
    readers = count_readers(tape, roots)
    alive = len(tape) - readers.count(0)
    flatten_sums(tape, readers)
    counts = {"folding": alive, "dead": alive, "sums": len(tape) - readers.count(0)}
    grouping = Groups(tape, readers, given.may_refuse)
    known = len(builder.instructions)
    lifting = Lifting(tape, grouping, roots, builder, given.values, given.arguments, given.first)
    return Lifted(
        counts,
        lifting.order,
        lifting.parameters,
        builder.instructions[known:],
        lifting.origins,
        [lifting.root(root) for root in roots],
    )
