"""What a program is handed anew before every run, beside its arguments: random draws, and arrays that a module keeps.

A traced function that draws numbers gets an input in their place, drawn before each run from the same generator in the
same order. An array that a module keeps, such as a running mean, is an input, too; what the function put in its place
is an output, which becomes the module's own after the run. So a compiled call does to generators and modules what the
same call does without `jit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from micrograd.engine.errors import TracingError
from micrograd.engine.graph import Node

if TYPE_CHECKING:
    from micrograd.engine.jit.captures.walk import Captures
    from micrograd.engine.jit.symbols import Builder, Symbol


class Draw(NamedTuple):
    """Numbers drawn at random.

    Attributes:
        symbol: The input.
        rng: The generator.
        draw: What it is asked for.
    """

    symbol: Symbol
    rng: Any
    draw: Callable[[Any], Any]

    def read(self) -> Any:
        """The numbers of this run."""
        return self.draw(self.rng)


class Buffer(NamedTuple):
    """An array that a module keeps under a name.

    Attributes:
        symbol: The input.
        holder: The attributes of the module.
        name: Its own there.
    """

    symbol: Symbol
    holder: dict[str, Any]
    name: str

    def read(self) -> Any:
        """The array as it is now, copied, for a backward pass that comes later."""
        return np.array(self.holder[self.name])

    def write(self, array: Any) -> None:
        """Keep another array."""
        self.holder[self.name] = array


class Effect(NamedTuple):
    """What a buffer becomes."""

    buffer: Buffer
    becomes: Any


@contextmanager
def standing_in(builder: Builder, captures: Captures) -> Iterator[tuple[list[Buffer], list[Effect]]]:
    """Have inputs stand in the place of the buffers of all modules; at the end, these are what they were.

    Yields:
        The buffers, and a list that holds, once the block is over, what the code in it put in their places.
    """
    before = [(holder, name, holder[name]) for holder, name in captures.buffers]
    buffers = []
    for number, (holder, name, array) in enumerate(before):
        symbol = builder.input(np.array(array), f"b{number}", given=captures.path_of(holder, name))
        buffers.append(Buffer(symbol, holder, name))
    effects: list[Effect] = []
    try:
        for buffer in buffers:
            buffer.write(buffer.symbol)
        yield buffers, effects
        effects += [Effect(b, _array(b)) for b in buffers if b.holder[b.name] is not b.symbol]
    finally:
        for holder, name, array in before:
            holder[name] = array


def _array(buffer: Buffer) -> Any:
    """What a buffer is to become: of its shape and dtype."""
    new = buffer.holder[buffer.name]
    old = buffer.symbol
    fits = getattr(new, "shape", None) == old.shape and getattr(new, "dtype", None) == old.dtype
    if not fits or isinstance(new, Node):
        raise TracingError(
            f"inside jit the buffer {buffer.name!r} of {old.dtype} {list(old.shape)} was set to {_described(new)}: a "
            "program keeps arrays of one shape and dtype. Compute it from the old one, without Tensors that require a "
            "gradient: self.mean = 0.9 * self.mean + 0.1 * stop_gradient(x).mean(axis=0)."
        )
    return new


def _described(new: Any) -> str:
    return f"{new.dtype} {list(new.shape)}" if hasattr(new, "dtype") else f"the {type(new).__name__} {new!r:.40}"


def used(buffers: Sequence[Buffer], effects: Sequence[Effect], builder: Builder) -> list[Buffer]:
    """The buffers that the code read or wrote."""
    read = {id(operand) for instruction in builder.instructions for operand in instruction.inputs}
    written = {id(effect.buffer.symbol) for effect in effects}
    return [b for b in buffers if id(b.symbol.instruction) in read or id(b.symbol) in written]
