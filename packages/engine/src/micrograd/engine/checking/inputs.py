"""The numbers that `check_gradients` moves: each with its name, and a way to put another in its place for a while."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from micrograd.engine.arguments.numeric import as_float, is_real
from micrograd.engine.arguments.trees import map_leaves
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.observing.copies import right_copies
from micrograd.engine.value import Value


@dataclass(frozen=True)
class Coordinate:
    """One number among the inputs.

    Attributes:
        name: What the report calls it, such as `w[0]`.
        leaf: The Value or Tensor that holds it.
        index: Where in the Tensor; None for a Value.
    """

    name: str
    leaf: Node
    index: tuple[int, ...] | None

    @property
    def at(self) -> float:
        """The number."""
        return self.of(self.leaf._data)

    def of(self, data: Any) -> float:
        """The number at this place of data like the leaf's: of a gradient, say."""
        return float(data if self.index is None else data[self.index])

    def set_in(self, data: Any, number: float) -> Any:
        """Data like the leaf's with a number put in this place: an array is written, a float replaced."""
        if self.index is None:
            return number
        data[self.index] = number
        return data

    def unit(self) -> Any:
        """The direction in which this number alone moves, as data like the leaf's."""
        return self.set_in(zeros_like(self.leaf), 1.0)


def zeros_like(leaf: Node) -> Any:
    """Zeros in the shape of the leaf's data, of one's own."""
    if isinstance(leaf, Value):
        return 0.0
    zeros = leaf._data.copy()
    zeros.fill(0.0)
    return zeros


@contextmanager
def placed(numbers: Mapping[Coordinate, float]) -> Iterator[None]:
    """Have the leaves hold other numbers in these places; afterwards they hold again what they held."""
    before = {coordinate.leaf: coordinate.leaf._data for coordinate in numbers}
    try:
        for leaf, data in before.items():
            leaf._data = data.copy() if hasattr(data, "copy") else data
        for coordinate, number in numbers.items():
            coordinate.leaf._data = coordinate.set_in(coordinate.leaf._data, number)
        right_copies.clear()
        yield
    finally:
        for leaf, data in before.items():
            leaf._data = data
        right_copies.clear()


def as_variables(inputs: Any) -> Any:
    """The same structure with a Value for each number and a Tensor for each array; a leaf stands for itself.

    Arrays of integers and booleans stay as they are: labels and masks, which no gradient reaches.
    """
    return map_leaves(_as_variable, inputs)


def _as_variable(x: Any) -> Any:
    if isinstance(x, Value):
        # A computed Value can't be moved: its data follows from its inputs. Its number can.
        return x if x.op is None else Value(x.data, label=x.label)
    if not isinstance(x, Node) and (is_real(x) or not hasattr(x, "shape")):
        return Value(as_float(x))
    from micrograd.engine.tensor import Tensor

    tensor = x if isinstance(x, Tensor) else Tensor(x)
    if tensor.dtype.kind != "f":
        return x
    if tensor.dtype.itemsize != 8:
        raise MicrogradTypeError(
            f"check_gradients needs float64, but was given {tensor.dtype}: it has so few digits that differences say "
            "nothing about a derivative. Write Tensor(data, dtype=float), or array.astype(float)."
        )
    is_parameter = tensor.op is None and tensor.requires_grad
    return tensor if is_parameter else Tensor(tensor, requires_grad=True, label=tensor.label)


def coordinates(f: Callable[..., Any], arguments: list[Any]) -> list[Coordinate]:
    """Every number among the arguments of `f`, each once, named after the parameter of `f` that takes it."""
    found: dict[Any, Coordinate] = {}
    for name, argument in _named(f, arguments):
        for coordinate in _of_branch(name, argument):
            found.setdefault((coordinate.leaf, coordinate.index), coordinate)
    return list(found.values())


def _named(f: Callable[..., Any], arguments: list[Any]) -> Iterator[tuple[str, Any]]:
    """The arguments, each with the name of the parameter of `f` that takes it."""
    try:
        bound = inspect.signature(f).bind(*arguments).arguments
    except (TypeError, ValueError):  # no signature, or not one that takes these: calling f will tell
        bound = {"inputs": tuple(arguments)}
    yield from bound.items()


def _of_branch(name: str, branch: Any) -> Iterator[Coordinate]:
    """The numbers in a nested argument; `('w', [a, {"b": c}])` -> w[0]: a, w[1]['b']: c."""
    if isinstance(branch, Node):
        yield from _of_leaf(branch.label or name, branch)
    elif isinstance(branch, (list, tuple, dict)):
        parts = branch.items() if isinstance(branch, dict) else enumerate(branch)
        for key, part in parts:
            yield from _of_branch(f"{name}[{key!r}]", part)


def _of_leaf(name: str, leaf: Node) -> Iterator[Coordinate]:
    if isinstance(leaf, Value):
        yield Coordinate(name, leaf, None)
    elif leaf._requires_grad:
        for index in itertools.product(*map(range, leaf._data.shape)):
            place = f"[{', '.join(map(str, index))}]" if index else ""
            yield Coordinate(name + place, leaf, index)
