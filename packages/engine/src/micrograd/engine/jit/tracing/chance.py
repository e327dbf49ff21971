"""Random generators around a function that is run to be traced or looked at: they draw afterwards as if it hadn't.

Random numbers that a trace can't take over are refused.
"""

from __future__ import annotations

import copy
import functools
import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from micrograd.engine.errors import TracingError


@contextmanager
def nothing_drawn(generators: dict[str, Any], names: set[str] | None = None) -> Iterator[None]:
    """Refuse code that draws from generators, by their names, or from those that `random` and NumPy share.

    What is shared may have been drawn from by another thread meanwhile. Where there are several threads, it counts only
    if the code names a function that draws.

    Args:
        generators: The generators that the code knows.
        names: What the code names; None if that isn't known.

    Raises:
        TracingError: At the end, if one of them was drawn from.
    """
    shared = _shared()
    watched = {**generators, **shared}
    before = {name: copy.deepcopy(_state(rng)) for name, rng in watched.items()}
    drawn = []
    try:
        yield
    finally:
        for name, rng in watched.items():
            # By their text, since some states hold arrays, which == doesn't compare as a whole.
            is_moved = repr(_state(rng)) != repr(before[name])
            if is_moved and not (name in shared and _is_of_another_thread(names)):
                drawn.append(name)
                _restore(rng, before[name])
    if drawn:
        raise TracingError(
            f"the function draws random numbers, from {drawn[0]}, and a program would take those of its first run at "
            "every call. Draw them outside and pass them as an argument, or leave jit out; dropout() is drawn anew."
        )


@contextmanager
def unmoved(generators: dict[str, Any], buffers: list[tuple[dict[str, Any], str]]) -> Iterator[None]:
    """Have generators draw again, after the block, what they draw in it, and modules keep the arrays that they had."""
    states = {name: copy.deepcopy(_state(rng)) for name, rng in generators.items()}
    arrays = [(holder, name, holder[name]) for holder, name in buffers]
    try:
        yield
    finally:
        for name, rng in generators.items():
            _restore(rng, states[name])
        for holder, name, array in arrays:
            holder[name] = array


def _shared() -> dict[str, Any]:
    numpy = sys.modules.get("numpy")
    shared = {"random": random}
    return shared if numpy is None else {**shared, "np.random": numpy.random.mtrand._rand}


def _is_of_another_thread(names: set[str] | None) -> bool:
    return names is not None and threading.active_count() > 1 and not names & _drawing()


@functools.cache
def _drawing() -> frozenset[str]:
    """The names of the functions that draw from what is shared."""
    numpy = sys.modules.get("numpy")
    sources = (random,) if numpy is None else (random, numpy.random)
    return frozenset(name for source in sources for name in dir(source) if name[0].islower())


def _state(rng: Any) -> Any:
    if hasattr(rng, "getstate"):
        return rng.getstate()
    return rng.bit_generator.state if hasattr(rng, "bit_generator") else rng.get_state()


def _restore(rng: Any, state: Any) -> None:
    if hasattr(rng, "setstate"):
        rng.setstate(state)
    elif hasattr(rng, "bit_generator"):
        rng.bit_generator.state = state
    else:
        rng.set_state(state)
