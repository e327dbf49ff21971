"""The state of random generators, Python's and NumPy's: taken out, put back, and found in a model."""

from __future__ import annotations

import random
from typing import Any

from micrograd.nn.walking import walk


def state_of(rng: Any) -> Any:
    """What decides which numbers a generator draws next.

    Example:
        >>> rng = random.Random(0)
        >>> before = state_of(rng)
        >>> drawn = rng.random()
        >>> restore(rng, before)
        >>> rng.random() == drawn
        True
    """
    return rng.getstate() if isinstance(rng, random.Random) else rng.bit_generator.state


def restore(rng: Any, state: Any) -> None:
    """Have a generator draw what it would have drawn when `state_of` gave its state."""
    if isinstance(rng, random.Random):
        rng.setstate(state)
    else:
        rng.bit_generator.state = state


def generators_in(root: Any) -> dict[str, Any]:
    """The generators that are attributes of modules, by their paths, each once.

    Example:
        >>> from micrograd.nn import Dropout, Sequential
        >>> list(generators_in(Sequential(Dropout(0.5, rng=0))))
        ['0.rng']
    """
    return {path: thing for path, thing in walk(root) if _is_generator(thing)}


def _is_generator(thing: Any) -> bool:
    # Told without importing NumPy: only its generators have a bit_generator.
    return isinstance(thing, random.Random) or hasattr(type(thing), "bit_generator")
