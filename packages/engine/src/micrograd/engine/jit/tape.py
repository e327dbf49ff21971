"""`Tape`: the scalar operations of one run, in order, as flat lists of numbers.

An entry is a leaf (a parameter, an element of an argument, a constant) or a primitive with its operands, which are
positions on the tape. Python lists rather than objects: a training step of the smallest net has 65,000 entries.
"""

from __future__ import annotations

from typing import Any

from micrograd.engine.jit.sources import Source

PARAMETER, ARGUMENT, CONSTANT = "parameter", "argument", "constant"
"""The kinds of leaves, in the place of an operation."""


class Tape:
    """What was computed, entry by entry.

    Attributes:
        ops: The primitive of each entry, or the kind of leaf.
        operands: The entries that it reads; of a parameter `(number,)`, of an argument's element `(argument,
            position)`, of a constant `(number,)`.
        params: The primitive's static settings, None for none.
        sources: The user's line, where it is known.
    """

    def __init__(self) -> None:
        self.ops: list[Any] = []
        self.operands: list[tuple[Any, ...]] = []
        self.params: list[dict[str, Any] | None] = []
        self.sources: list[Source | None] = []
        self._leaves: dict[Any, int] = {}

    def __len__(self) -> int:
        return len(self.ops)

    def append(
        self, op: Any, operands: tuple[Any, ...], params: dict[str, Any] | None = None, source: Source | None = None
    ) -> int:
        """Write down an operation; where it stands."""
        self.ops.append(op)
        self.operands.append(operands)
        self.params.append(params)
        self.sources.append(source)
        return len(self.ops) - 1

    def leaf(self, kind: str, *which: Any) -> int:
        """Where this parameter or element stands; a constant stands anew each time."""
        if kind == CONSTANT:
            return self.append(kind, which)
        key = (kind, which)
        if key not in self._leaves:
            self._leaves[key] = self.append(kind, which)
        return self._leaves[key]

    def copy_of(self, kept: list[int]) -> tuple[Tape, list[int]]:
        """The tape of the entries that are kept, all but those with a 0, and where each of the old ones stands now."""
        out = Tape()
        places = [-1] * len(self)
        for i, keep in enumerate(kept):
            if keep:
                operands = self.operands[i]
                moved = operands if isinstance(self.ops[i], str) else tuple([places[j] for j in operands])
                places[i] = out.append(self.ops[i], moved, self.params[i], self.sources[i])
        return out, places
