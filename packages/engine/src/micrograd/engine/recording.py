"""Whether operations on Tensors are recorded, per thread and per asynchronous task."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

is_recording: ContextVar[bool] = ContextVar("is_recording", default=True)


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: no graph, no gradients, less memory; other threads are left alone.

    Example:
        >>> from micrograd.engine import Tensor
        >>> w = Tensor([1.0, 2.0], requires_grad=True)
        >>> with no_grad():
        ...     y = w * 2.0
        >>> y.requires_grad
        False
    """
    token = is_recording.set(False)
    try:
        yield
    finally:
        is_recording.reset(token)
