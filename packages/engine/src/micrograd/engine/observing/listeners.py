"""What happens in a training, told to whoever listens: a backward pass, a step of an optimiser, the data of a loop.

While nobody listens, each of these pays for one look at an empty list. Single operations are watched elsewhere, in
`recording.py`, for they are a thousand times as many.

The events: `given(X, y)`, the samples that a training loop is about to learn from; `swept(root)`, a backward pass has
filled the gradients; `starting()`, a compiled step is about to run, in which nothing is seen; `stepped(moves, loss)`,
optimisers have moved their parameters: `moves` holds an `(optimizer, before, after)` for each, with snapshots as
`Optimizer.snapshot` takes them, and `loss` is that of a compiled step, else None.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

listeners: list[Any] = []
"""Those at work in any thread; whoever has something to tell looks here first."""

_mine: ContextVar[tuple[Any, ...]] = ContextVar("listeners", default=())


@contextmanager
def listening(listener: Any) -> Iterator[None]:
    """Have `listener` told of this thread's trainings: each event calls its method of that name, if it has one.

    Example:
        >>> from micrograd.engine import Value
        >>> class Losses:
        ...     def swept(self, root):
        ...         print(root.data)
        >>> with listening(Losses()):
        ...     (Value(3.0) * 2.0).backward()
        6.0
    """
    listeners.append(listener)
    token = _mine.set((*_mine.get(), listener))
    try:
        yield
    finally:
        _mine.reset(token)
        listeners.remove(listener)


def tell(event: str, *details: Any) -> None:
    """Tell the listeners of this context; what one of them computes itself isn't told to anybody."""
    mine = _mine.get()
    token = _mine.set(())
    try:
        for listener in mine:
            hear = getattr(listener, event, None)
            if hear is not None:
                hear(*details)
    finally:
        _mine.reset(token)
