"""A finding: the first bad operation with all that one needs to mend it, as data and in words."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from micrograd.engine.backprop import operands_of
from micrograd.engine.graph import Node
from micrograd.engine.viz.anomaly.causes import Cause
from micrograd.engine.viz.anomaly.judging import worst
from micrograd.engine.viz.sources import Source, source_of
from micrograd.engine.viz.text import clip, exact_text, number_text, one_line, shape_text

_NAME = 32  # columns; a longer expression would hide the call that it stands in
_PATH = 8  # operations; of a longer path the middle is left out


@dataclass(frozen=True)
class Operand:
    """An operand as it was when the operation ran.

    Attributes:
        name: Its label, the expression that made it, or its name in the operation's signature.
        data: A number or an array.
    """

    name: str
    data: Any

    def __str__(self) -> str:
        return f"{self.name} = {data_text(self.data)}"


@dataclass(frozen=True)
class Finding:
    """The first bad operation.

    Attributes:
        kind: What is bad.
        phase: Whether the operation gave it forward, or handed it back as a gradient.
        node: The node of the operation; None if nothing records it, as under `no_grad()`.
        operation: The operation as a call.
        source: The user's line, if sources were kept.
        operands: What the operation was given; backward, the gradient that arrived comes first.
        result: What it gave.
        index: The place of the first bad number in the result, and () in a single number.
        cause: What usually causes this, and what to write instead.
        path: The operations from the loss to this one, each with its line; where no loss is known yet, those that led
            to this one.
        is_from_loss: Which of the two the path is.
    """

    kind: Literal["nan", "inf", "vanishing", "exploding"]
    phase: Literal["forward", "backward"]
    node: Node | None
    operation: str
    source: Source | None
    operands: tuple[Operand, ...]
    result: Any
    cause: Cause
    index: tuple[int, ...] = ()
    path: tuple[str, ...] = ()
    is_from_loss: bool = True

    def __str__(self) -> str:
        return "\n".join([f"{self._headline()}{self._place()}", *self._details()])

    def _headline(self) -> str:
        shown = data_text(self.result)
        where = f" at {list(self.index)}" if self.index else ""
        if self.phase == "forward":
            return f"{self.operation} gave {shown}{where}"
        if self.kind in ("nan", "inf"):
            return f"in the backward pass, {self.operation} handed back {shown}{where}"
        return f"the gradient is {self.kind}: at {self.operation} it is {shown}"

    def _place(self) -> str:
        if self.source is None:
            return "\n  (its line is known if the expression runs under keep_sources() or detect_anomaly())"
        lines = [f", in {self.source.file}, line {self.source.line}"]
        if self.source.text:
            lines.append(f"    {self.source.text}")
            lines += _markers(self.source)
        return "\n".join(lines)

    def _details(self) -> list[str]:
        lines = [f"  {operand}" for operand in self.operands]
        if self.path:
            title = "path from the loss" if self.is_from_loss else "what led to it"
            lines += [f"  {title}:", *(f"    {step}" for step in shortened(self.path))]
        return [*lines, f"  Why: {self.cause.why}.", f"  Instead: {self.cause.instead}."]


def _markers(source: Source) -> list[str]:
    start = source.text.find(source.expression) if source.expression else -1
    return [] if start < 0 or source.expression == source.text else [f"    {' ' * start}{'^' * len(source.expression)}"]


def data_text(data: Any) -> str:
    """A number with all its digits; of an array its shape, its range and how much of it is bad.

    Example:
        >>> import numpy as np
        >>> data_text(0.5), data_text(np.array([1.0, np.nan, 3.0]))
        ('0.5', 'shape 3, 1.0000 … 3.0000, 1 of 3 nan')
    """
    data = data._data if isinstance(data, Node) else data
    shape = tuple(getattr(data, "shape", ()))
    if not shape:
        return exact_text(float(data)) if isinstance(data, (int, float)) or hasattr(data, "dtype") else f"{data!r:.40}"
    parts = [f"shape {shape_text(shape)}", _range(data)]
    return ", ".join([*filter(None, parts), *_counts(data)])


def _range(data: Any) -> str:
    if data.dtype.kind != "f" or not worst(data):
        return number_text(data)
    import numpy as np

    finite = data[np.isfinite(data)]
    return number_text(finite) if finite.size else ""


def _counts(data: Any) -> list[str]:
    if not worst(data):
        return []
    import numpy as np

    counts = {"nan": int(np.isnan(data).sum()), "inf": int(np.isinf(data).sum())}
    return [f"{count} of {data.size} {kind}" for kind, count in counts.items() if count]


def name_of(node: Node | None, data: Any, otherwise: str, here: Source | None = None) -> str:
    """What to call an operand: its label, what computed it elsewhere, its number, or else as it is told."""
    if node is not None and node.label:
        return clip(one_line(node.label), _NAME)
    source = source_of(node) if node is not None and node.op is not None else None
    if source is not None and source != here and source.expression and len(source.expression) <= _NAME:
        return one_line(source.expression)
    return otherwise if getattr(data, "shape", ()) or node is not None else data_text(data)


def named_operands(
    op: Any, nodes: Sequence[Any], data: Sequence[Any], here: Source | None = None
) -> tuple[Operand, ...]:
    """The operands of an operation that was called `here`, with names."""
    names = _parameter_names(op, len(data))
    return tuple(
        Operand(name_of(node if isinstance(node, Node) else None, datum, name, here), datum)
        for node, datum, name in zip(nodes, data, names, strict=True)
    )


def _parameter_names(op: Any, count: int) -> list[str]:
    forward = getattr(op, "forward", None)
    names = list(inspect.signature(forward).parameters) if forward is not None and op.arity is not None else []
    return names[:count] if len(names) >= count else [f"operand {place}" for place in range(1, count + 1)]


def call_text(op: Any, operands: Sequence[Operand], params: dict[str, Any] | None) -> str:
    """An operation as a call: numbers as they are, arrays by name.

    Example:
        >>> from micrograd.engine import log
        >>> call_text(log, [Operand("p", 0.0)], {})
        'log(0.0)'
    """
    arguments = [
        operand.name if getattr(operand.data, "shape", ()) else data_text(operand.data) for operand in operands
    ]
    defaults = getattr(op, "defaults", {})
    changed = {name: s for name, s in (params or {}).items() if s is not None and s is not defaults.get(name)}
    settings = [f"{name}={setting!r:.30}" for name, setting in changed.items()]
    return one_line(f"{op.name}({', '.join([*arguments, *settings])})")


def node_call(node: Node) -> str:
    """The operation of a node as a call; the name or number of a leaf."""
    if node.op is None:
        return name_of(node, node._data, data_text(node._data))
    nodes, data = operands_of(node)
    return call_text(node.op, named_operands(node.op, nodes, data, source_of(node)), node.params)


def step_text(node: Node, note: str = "") -> str:
    """A line of a path: the operation, what is noted beside it, and where it comes from."""
    source = source_of(node)
    return f"{node_call(node)}{note}{f'   line {source.line}: {source.text}' if source else ''}"


def shortened(steps: Sequence[str]) -> tuple[str, ...]:
    """A path without its middle, if it is long."""
    if len(steps) <= _PATH:
        return tuple(steps)
    half = _PATH // 2
    return (*steps[:half], f"… {len(steps) - 2 * half} more …", *steps[-half:])
