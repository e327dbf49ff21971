"""Scalar parameters in one flat array, into which their `.data` looks: a compiled step moves none of them in or out."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine import copying
from micrograd.engine.graph import Node
from micrograd.engine.value import Value


class StoredValue(Value):
    """A Value whose number stands in an array; in all else an ordinary Value, and a copy of it is one."""

    __slots__ = ()
    store: FlatParameters
    place: int

    @property
    def _data(self) -> float:
        number: float = self.store.array.item(self.place)
        return number

    @_data.setter
    def _data(self, data: float) -> None:
        self.store.array[self.place] = data

    def _released(self) -> Value:
        """The same parameter with its number in its own keeping."""
        number = self._data
        del self.__dict__["store"], self.__dict__["place"]
        self.__class__ = Value  # type: ignore[assignment]
        self._data = number
        return self

    def _ordinary(self) -> Value:
        out = Value(self._data, label=self.label)
        out.grad = self.grad
        return out

    def __copy__(self) -> Node:
        return self._ordinary()

    def __deepcopy__(self, memo: dict[int, Any]) -> Node:
        copied: Node = memo.setdefault(id(self), self._ordinary())
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        return copying.reduce_graph(self._ordinary())


class FlatParameters:
    """The array, and the Values that look into it.

    Args:
        values: Leaves, in the order of the array.

    Attributes:
        array: Their numbers.
        is_home: Whether they look into this array, and no other has taken one of them over.
    """

    def __init__(self, values: list[Value]) -> None:
        self.values = values
        self.array = np.array([value._data for value in values], dtype=float)
        self.is_home = False

    def bind(self) -> None:
        """Have every Value look into this array; if one looked into another, that one must bind anew."""
        if self.is_home:
            return
        for place, value in enumerate(self.values):
            if isinstance(value, StoredValue):
                value.store.is_home = False
                value._released()
            number = value._data
            value.__class__ = StoredValue
            value.__dict__["store"], value.__dict__["place"] = self, place
            self.array[place] = number
        self.is_home = True
