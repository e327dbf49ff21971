"""`Batches`: which samples each step takes, in an order that a later run can take up in the middle."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.random_states import restore, state_of


class Batches:
    """The numbers of the samples of each step, without end: a new order at every pass through the data.

    A batch of all samples keeps their own order.

    Args:
        count: How many samples there are.
        size: How many a batch has; the last one of a pass may have fewer.
        rng: What draws the orders: Python's generator, or NumPy's, which is faster.
        shuffle: Whether to draw any; else the samples keep their order.
        drop_last: Whether to leave out a last batch that isn't full.

    Attributes:
        epoch: How many passes have been completed.

    Raises:
        MicrogradValueError: If there isn't one full batch, and others are to be left out.

    Example:
        >>> batches = Batches(5, 2, random.Random(0))
        >>> [next(batches) for _ in range(3)], batches.epoch
        ([[2, 1], [0, 4], [3]], 1)
    """

    def __init__(self, count: int, size: int, rng: Any, *, shuffle: bool = True, drop_last: bool = False) -> None:
        self._count, self._size, self._rng = count, min(size, count), rng
        self._is_shuffled = shuffle and size < count
        self._end = count - count % self._size if drop_last else count
        if drop_last and size > count:
            raise MicrogradValueError(
                f"drop_last=True leaves out every batch that isn't full, and {count} samples don't make one of {size}. "
                "Write a smaller batch_size."
            )
        self._order: Any = list(range(count))
        self._next = 0
        self.epoch = 0

    def __len__(self) -> int:
        """How many batches a pass has."""
        return math.ceil(self._end / self._size)

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> Sequence[int]:
        if self._next == 0 and self._is_shuffled:
            self._shuffle()
        rows: Sequence[int] = self._order[self._next : min(self._next + self._size, self._end)]
        self._next += len(rows)
        if self._next >= self._end:
            self._next, self.epoch = 0, self.epoch + 1
        return rows

    @property
    def is_between_epochs(self) -> bool:
        """Whether a pass was just completed, or none has begun."""
        return self._next == 0

    def _shuffle(self) -> None:
        if isinstance(self._rng, random.Random):
            self._rng.shuffle(self._order)
        else:
            self._order = self._rng.permutation(self._count)

    def state_dict(self) -> dict[str, Any]:
        """What a later run needs to go on with the next batch."""
        order = self._order.copy()
        return {"order": order, "next": self._next, "epoch": self.epoch, "size": self._size, "rng": state_of(self._rng)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave.

        Raises:
            MicrogradValueError: If it is of other data, or of batches of another size; nothing is changed then.
        """
        if len(state["order"]) != self._count or state["size"] != self._size:
            raise MicrogradValueError(
                f"the state is of {len(state['order'])} samples in batches of {state['size']}, but here are "
                f"{self._count} in batches of {self._size}. Go on with the data and the batch_size of before."
            )
        self._order, self._next, self.epoch = state["order"].copy(), int(state["next"]), int(state["epoch"])
        restore(self._rng, state["rng"])
