"""Whether operations on Tensors are recorded, and who watches operations, per thread and asynchronous task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from micrograd.engine.arguments.calls import naming_arguments

is_recording: ContextVar[bool] = ContextVar("is_recording", default=True)

Watcher = Callable[..., Any]
"""`(op, operands, params, record) -> result`, where `record(op, operands, params)` is what happens unwatched."""

watchers: list[Watcher] = []
"""Those at work in any thread: while there are none, an operation pays for one look at an empty list."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)

watcher_here: Callable[[], Any] = _watcher.get
"""The watcher of this context: of several, all in one."""


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Have every operation on Values and Tensors of this thread go through `watcher`.

    While the watcher runs nobody watches, so that it may compute with Values itself. Of several, the innermost comes
    first, and what it records goes through the next one.

    Example:
        >>> from micrograd.engine import Value
        >>> names = []
        >>> def note(op, operands, params, record):
        ...     names.append(op.name)
        ...     return record(op, operands, params)
        >>> with watching(note):
        ...     y = (Value(2.0) * 3.0).tanh()
        >>> names
        ['mul', 'tanh']
    """
    watchers.append(watcher)
    outer = _watcher.get()
    token = _watcher.set(watcher if outer is None else _Nested(watcher, outer))
    try:
        yield
    finally:
        _watcher.reset(token)
        watchers.remove(watcher)


@contextmanager
def unwatched() -> Iterator[None]:
    """Have no watcher from outside of this block see what happens in it.

    Example:
        >>> from micrograd.engine import Value, detect_anomaly
        >>> with detect_anomaly(), unwatched():
        ...     Value(0.0).log().data
        -inf
    """
    token = _watcher.set(None)
    try:
        yield
    finally:
        _watcher.reset(token)


class _Nested:
    """A watcher within the block of another one."""

    def __init__(self, inner: Watcher, outer: Watcher) -> None:
        self._both = inner, outer

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Callable[..., Any]) -> Any:
        inner, outer = self._both
        return inner(op, operands, params, lambda *recorded: outer(*recorded, record))

    def born(self, node: Any, data: Any) -> bool:
        return any(tell(node, data) for tell in self._methods("born"))

    def implied(self, node: Any) -> None:
        for tell in self._methods("implied"):
            tell(node)

    def sweeping(self, order: Any) -> Callable[..., Any] | None:
        visits = [visit for begin in self._methods("sweeping") if (visit := begin(order)) is not None]
        if len(visits) < 2:
            return visits[0] if visits else None
        inner, outer = visits
        return lambda node, g, pass_on: inner(node, g, lambda: outer(node, g, pass_on))

    def drawing(self, draw: Callable[[Any], Any], rng: Any, name: str) -> Any:
        for tell in self._methods("drawing"):
            return tell(draw, rng, name)
        return draw(rng)

    def comparing(self, relation: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
        for tell in self._methods("comparing"):
            return tell(relation, x, y)
        return NotImplemented

    def reading(self, node: Any) -> None:
        for tell in self._methods("reading"):
            tell(node)

    def mapping(self, mapped: Callable[..., Any], args: Any) -> Any:
        for tell in self._methods("mapping"):
            return tell(mapped, args)
        return NotImplemented

    def rehearse(self, f: Any, args: Any, kwargs: Any) -> None:
        for run in self._methods("rehearse"):
            run(f, args, kwargs)

    def _methods(self, name: str) -> list[Callable[..., Any]]:
        return [getattr(watcher, name) for watcher in self._both if hasattr(watcher, name)]


def watched(record: Callable[..., Any], op: Any, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """Let the watcher of this context, if there is one, have the operation; `record` it otherwise."""
    watcher = _watcher.get()
    if watcher is None:
        return record(op, operands, params)
    token = _watcher.set(None)
    try:
        return watcher(op, operands, params, record)
    finally:
        _watcher.reset(token)


@naming_arguments
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
    with _set_recording(False):
        yield


@contextmanager
def enable_grad() -> Iterator[None]:
    """Record what runs here, also within `no_grad()`: whoever differentiates a function needs its graph.

    Example:
        >>> from micrograd.engine import Tensor, no_grad
        >>> w = Tensor([1.0, 2.0], requires_grad=True)
        >>> with no_grad(), enable_grad():
        ...     y = w * 2.0
        >>> y.requires_grad
        True
    """
    with _set_recording(True):
        yield


@contextmanager
def _set_recording(flag: bool) -> Iterator[None]:
    token = is_recording.set(flag)
    try:
        yield
    finally:
        is_recording.reset(token)


def implied(node: Any) -> None:
    """Tell the watcher of this context of a leaf that an operation made for a plain number beside a Value."""
    tell = getattr(_watcher.get(), "implied", None)
    if tell is not None:
        tell(node)


def born(node: Any, data: Any) -> bool:
    """Tell the watcher of this context, if it wants to know, of a leaf that is made; whether it took the leaf over."""
    tell = getattr(_watcher.get(), "born", None)
    return tell is not None and tell(node, data)


def reading(node: Any) -> None:
    """Tell the watcher of this context, if it wants to know, that the code asks for a node's numbers, or sets them."""
    tell = getattr(_watcher.get(), "reading", None)
    if tell is not None:
        tell(node)


def is_traced() -> bool:
    """Whether what runs is taken down for a program, which repeats the operations and nothing else."""
    watcher = _watcher.get()
    return bool(watcher._methods("drawing")) if isinstance(watcher, _Nested) else hasattr(watcher, "drawing")


def drawn(draw: Callable[[Any], Any], rng: Any, name: str) -> Any:
    """The random numbers `draw(rng)`; where a watcher of this context takes that over, what stands for them.

    Args:
        draw: Takes its numbers from the generator that it is given, always as many.
        rng: The generator.
        name: What is drawn, as a program prints it.
    """
    tell = getattr(_watcher.get(), "drawing", None)
    return draw(rng) if tell is None else tell(draw, rng, name)


def compared(relation: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    """What stands for `relation(x, y)`, of Values or of a Tensor, if a watcher wants it to; else NotImplemented."""
    tell = getattr(_watcher.get(), "comparing", None)
    return NotImplemented if tell is None else tell(relation, x, y)


def mapped(f: Callable[..., Any], args: Any) -> Any:
    """What a function that `vmap` made gives, if a watcher of this context sees to it itself; else NotImplemented."""
    watcher = _watcher.get()
    tell = getattr(watcher, "mapping", None)
    if tell is None:
        return NotImplemented
    token = _watcher.set(None)
    try:
        return tell(f, args)
    finally:
        _watcher.reset(token)


def visitor(order: Any) -> Callable[..., Any] | None:
    """What the watcher of this context, if it wants to see a reverse sweep, has every node of it go through.

    Args:
        order: The nodes, in topological order.

    Returns:
        `(node, g, pass_on) -> contributions`, where `pass_on()` is what happens unwatched; None if nobody wants it.
    """
    begin = getattr(_watcher.get(), "sweeping", None)
    return None if begin is None else begin(order)


def rehearse(f: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """Let the watcher of this context, if it wants to, run what is about to run compiled, where it sees nothing."""
    run = getattr(_watcher.get(), "rehearse", None)
    if run is not None:
        run(f, args, kwargs)
