"""Everything that a step changes, kept and put back: numbers, gradients, statistics, random numbers, optimiser."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from micrograd.engine.observing.copies import right_copies
from micrograd.nn.walking import buffers_of, is_tensor, walk

_Undo = Callable[[], None]


@contextmanager
def unchanged(holders: Sequence[Any], parameters: Sequence[Any], optimizer: Any) -> Iterator[None]:
    """Have models, parameters and optimiser, after this block, as they were before it, whatever happens within.

    Args:
        holders: Models, and whatever else holds modules and random generators; these and Python's and NumPy's own
            generators go on from where they were.
        parameters: Values and Tensors.
        optimizer: It too, and the parameters that it moves; None if there is none.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> with unchanged([], [w], None):
        ...     w.data, w.grad = 5.0, 2.0
        >>> w.data, w.grad
        (1.0, 0.0)
    """
    moved = dict.fromkeys([*parameters, *getattr(optimizer, "parameters", ())])
    undo = [*map(_of_parameter, moved), *_of_holders(holders), *_of_randomness(), *_of_optimizer(optimizer)]
    try:
        yield
    finally:
        for put_back in undo:
            put_back()


def _of_parameter(parameter: Any) -> _Undo:
    data, grad = _kept(parameter._data), _kept(parameter.grad)
    is_exposed = is_tensor(parameter) and parameter._exposed

    def put_back() -> None:
        parameter._data, parameter.grad = data(), grad()
        right_copies.clear()
        if is_tensor(parameter):
            parameter._exposed = is_exposed

    return put_back


def _kept(content: Any) -> Callable[[], Any]:
    """A function that gives back the very object, with the numbers that it holds now."""
    if not isinstance(content, np.ndarray):
        return lambda: content
    numbers = content.copy()

    def restored() -> Any:
        if content.flags.writeable:
            content[...] = numbers
        return content

    return restored


def _of_optimizer(optimizer: Any) -> Iterator[_Undo]:
    if hasattr(optimizer, "state_dict") and hasattr(optimizer, "load_state_dict"):
        state = optimizer.state_dict()
        yield lambda: optimizer.load_state_dict(state)


def _of_holders(holders: Sequence[Any]) -> Iterator[_Undo]:
    """Of modules their buffers and modes, and of generators on the way their states."""
    for _, module, name, array in buffers_of(list(holders)):
        yield _setting(module, name, _kept(array))
    for _, thing in walk(list(holders)):
        if isinstance(thing, np.random.Generator):
            yield _setting(thing.bit_generator, "state", _kept(thing.bit_generator.state))
        elif isinstance(thing, random.Random):
            yield _call(thing.setstate, thing.getstate())
        elif hasattr(type(thing), "named_parameters"):
            yield _setting(thing, "training", _kept(thing.training))


def _setting(thing: Any, name: str, content: Callable[[], Any]) -> _Undo:
    return lambda: setattr(thing, name, content())


def _call(function: Callable[[Any], Any], argument: Any) -> _Undo:
    return lambda: function(argument)


def _of_randomness() -> list[_Undo]:
    state = np.random.get_state()  # noqa: NPY002 - the old generator, which users' code may draw from
    return [_call(random.setstate, random.getstate()), _call(np.random.set_state, state)]
