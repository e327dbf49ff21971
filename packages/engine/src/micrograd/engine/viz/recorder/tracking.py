"""Which numbers of a model a recording follows: all of a small one, some of each parameter of a large one."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.viz.names.leaves import parameter_names
from micrograd.engine.viz.text import one_line

MOST = 1500
"""The most numbers that are followed."""


class Tracked:
    """The followed numbers of a model, in the order of its parameters.

    Args:
        model: A model, or its parameters: see `parameter_names`.

    Raises:
        MicrogradTypeError: If it is neither.
        MicrogradValueError: If there are no parameters.

    Attributes:
        parameters: The parameters.
        names: One for each number: `layers.0.w.1`, or `weight[2, 0]`.
        groups: For each parameter its name, its shape, and how many of its numbers are followed.
        total: How many numbers there are.

    Example:
        >>> from micrograd.engine import Value
        >>> Tracked({"w": Value(0.5), "b": Value(0.0)}).names
        ['w', 'b']
    """

    def __init__(self, model: Any) -> None:
        named = parameter_names(model)
        if not named:
            raise MicrogradValueError(
                "record() was given nothing that has parameters, so there is nothing to follow. Write record(model), "
                "or record([w, b]) with the leaves themselves."
            )
        self.parameters = list(named)
        sizes = [_size(parameter) for parameter in named]
        self.total = sum(sizes)
        self._places = [_spread(size, _share(size, self.total)) for size in sizes]
        self.groups: list[tuple[str, tuple[int, ...], int]] = []
        self.names: list[str] = []
        for number, (parameter, name) in enumerate(named.items()):
            shape = tuple(getattr(parameter, "shape", ()))
            called = one_line(name or parameter.label or f"parameter {number}")
            self.groups.append((called, shape, len(self._places[number])))
            self.names += [_element(called, shape, place) for place in self._places[number]]

    def __len__(self) -> int:
        return len(self.names)

    def data(self) -> array[float]:
        """What the parameters hold now."""
        return self.read([parameter._data for parameter in self.parameters])

    def gradients(self) -> array[float]:
        """The gradients of now, nan where there is none."""
        return self.read([_plain(parameter.grad) for parameter in self.parameters])

    def read(self, contents: Sequence[Any]) -> array[float]:
        """The followed numbers out of one number or array for each parameter; nan for None."""
        out = array("d")
        for content, places in zip(contents, self._places, strict=True):
            if content is None:
                out.extend([math.nan] * len(places))
            elif getattr(content, "shape", ()):
                out.extend(content.reshape(-1)[places].tolist())
            else:
                out.append(float(content))
        return out


def _size(parameter: Node) -> int:
    return math.prod(getattr(parameter, "shape", ()))


def _share(size: int, total: int) -> int:
    return size if total <= MOST else max(1, MOST * size // total)


def _spread(size: int, count: int) -> list[int]:
    """So many places, as far from each other as there is room."""
    return [place * size // count for place in range(count)] if size else []


def _element(name: str, shape: tuple[int, ...], place: int) -> str:
    if not shape:
        return name
    index = []
    for length in reversed(shape):
        place, rest = divmod(place, length)
        index.append(rest)
    return f"{name}{list(reversed(index))}"


def _plain(grad: Any) -> Any:
    return grad._data if isinstance(grad, Node) else grad
