"""Which line of the user's code made a node.

A recorded graph doesn't know its lines, since to look them up at every operation would cost as much as the operation.
`keep_sources()` has them looked up while it lasts; `source_of(node)` tells what was found. The lines of MicroGrad
itself and of the standard library are skipped: of `sum(losses)` or of a module's call the line counts that the user
wrote.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, NamedTuple

from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import watching
from micrograd.engine.observing.user_code import user_frame

_SLOT = "_source"


class Source(NamedTuple):
    """A place in the user's code.

    Attributes:
        file: The file, as Python names it: `<stdin>` for what was typed.
        line: The line, counted from 1.
        text: That line without its indentation; empty where it can't be read.
        expression: The part of the line that made the node, from Python 3.11 on; else empty.
    """

    file: str
    line: int
    text: str
    expression: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.text else f"{self.file}:{self.line}"


@contextmanager
def keep_sources() -> Iterator[None]:
    """Note, for every node made in this block, the line of code that made it.

    An operation takes some two microseconds longer meanwhile; outside of such a block it costs nothing.

    Example:
        >>> from micrograd.engine import Value
        >>> with keep_sources():
        ...     y = Value(2.0) * 3.0
        >>> source_of(y).text
        'y = Value(2.0) * 3.0'
    """
    with watching(SourceKeeper()):
        yield


def source_of(node: Node) -> Source | None:
    """Where a node was made, if that was in a block of `keep_sources()`; None otherwise.

    Example:
        >>> from micrograd.engine import Value
        >>> source_of(Value(2.0) * 3.0) is None
        True
    """
    return node.__dict__.get(_SLOT)


def lend_source(nodes: Iterable[Node], source: Source | None) -> None:
    """Note a place, if it is known, for nodes that stand for what was made there.

    Example:
        >>> from micrograd.engine import Value
        >>> with keep_sources():
        ...     y = Value(2.0) * 3.0
        >>> z = y + 1.0
        >>> lend_source([z], source_of(y))
        >>> source_of(z).text
        'y = Value(2.0) * 3.0'
    """
    if source is not None:
        for node in nodes:
            node.__dict__[_SLOT] = source


class SourceKeeper:
    """A watcher that notes where the nodes come from. A place in the code is looked up once, however often it runs."""

    def __init__(self) -> None:
        self._places: dict[tuple[CodeType, int], Source] = {}

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Callable[..., Any]) -> Any:
        """Let the operation run, and note where it was called."""
        out = record(op, operands, params)
        if isinstance(out, Node):
            self._note(out)
        return out

    def born(self, node: Node, data: Any) -> bool:
        """Note where a leaf is made."""
        self._note(node)
        return False

    def here(self) -> Source | None:
        """The user's place that is running now."""
        frame = user_frame()
        if frame is None:
            return None
        key = (frame.f_code, frame.f_lasti)
        if key not in self._places:
            self._places[key] = _place(frame)
        return self._places[key]

    def _note(self, node: Node) -> None:
        source = self.here()
        if source is not None:
            node.__dict__[_SLOT] = source


def _place(frame: FrameType) -> Source:
    code = frame.f_code
    line = linecache.getline(code.co_filename, frame.f_lineno, frame.f_globals)
    return Source(code.co_filename, frame.f_lineno, line.strip(), _expression(code, frame.f_lasti, line))


def _expression(code: CodeType, instruction: int, line: str) -> str:
    """The part of a line that an instruction belongs to; empty if it goes over several, or Python doesn't tell."""
    positions = getattr(code, "co_positions", None)
    if positions is None:
        return ""
    for place, (first, last, start, end) in enumerate(positions()):
        if 2 * place == instruction:
            # Columns are counted in bytes.
            return "" if first != last or start is None else line.encode()[start:end].decode(errors="replace")
    return ""
