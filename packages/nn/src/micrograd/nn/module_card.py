"""What a module shows of itself in a notebook: its parts, with how many parameters each has and in which range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.viz.notebook.frame import card, code, fact, title
from micrograd.engine.viz.text import clip, number_text, one_line, shape_text

_ROWS = 24
_HEADER = ("part", "parameters", "data", "grad")

Row = tuple[str, str, Any]
"""A name, a title, and a module or a parameter."""


def module_card(module: Any) -> str:
    """The card of a module: a table of its parts as deep as there is room, of a single layer one of its parameters.

    Example:
        >>> from micrograd.nn import MLP
        >>> "layers.0" in module_card(MLP(2, [3, 1]))
        True
    """
    parameters = list(module.parameters())
    facts = [title("", type(module).__name__), fact("parameters", f"{sum(map(_size, parameters)):,}")]
    facts.append(fact("mode", "training" if getattr(module, "training", True) else "evaluation"))
    parts = _parts(module)
    shown = parts[:_ROWS]
    total = sum(1 for _ in module.named_modules()) - 1 if any(_is_module(part) for *_, part in parts) else len(parts)
    advice = f"{len(shown):,} of {total:,} parts: {code('print(model)')} shows all." if total > len(shown) else ""
    return card(facts, _table(shown) if shown else "", advice)


def _parts(module: Any) -> list[Row]:
    """The modules below, level by level as long as they fit; without any, the parameters."""
    named = [(name, part) for name, part in module.named_modules() if name]
    if not named:
        return [(name, "", parameter) for name, parameter in module.named_parameters()]
    depths = {name: sum(name.startswith(f"{other}.") for other, _ in named) for name, _ in named}
    fitting = [depth for depth in set(depths.values()) if sum(d <= depth for d in depths.values()) <= _ROWS]
    deepest = max(fitting, default=0)
    return [(name, _title(part), part) for name, part in named if depths[name] <= deepest]


def _title(module: Any) -> str:
    children = [child for name, child in module.named_modules() if name]
    return type(module).__name__ if children else module.title()


def _table(rows: Sequence[Row]) -> str:
    header = "".join(f"<th>{name}</th>" for name in _HEADER)
    return f"<table><tr>{header}</tr>{''.join(map(_row, rows))}</table>"


def _row(row: Row) -> str:
    name, kind, part = row
    parameters = list(part.parameters()) if _is_module(part) else [part]
    label = f'<span class="name">{escape(one_line(name))}</span> {escape(clip(one_line(kind), 60))}'
    shape = shape_text(tuple(getattr(part, "shape", ()))) if not _is_module(part) else ""
    count = f"{sum(map(_size, parameters)):,}" + (f" = {shape}" if "×" in shape else "")
    cells = [count, _range([p._data for p in parameters]), _range([_gradient(p) for p in parameters])]
    return f"<tr><td>{label}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _is_module(part: Any) -> bool:
    return hasattr(part, "named_modules")


def _size(parameter: Any) -> int:
    return math.prod(getattr(parameter, "shape", ()))


def _gradient(parameter: Any) -> Any:
    return parameter.grad._data if isinstance(parameter.grad, Node) else parameter.grad


def _range(parts: Iterable[Any]) -> str:
    """The least and the greatest of numbers and arrays; what is missing is left out."""
    known = [part for part in parts if part is not None and math.prod(getattr(part, "shape", ()))]
    if not known:
        return "none"
    lows = [float(part.min()) if hasattr(part, "shape") else float(part) for part in known]
    highs = [float(part.max()) if hasattr(part, "shape") else float(part) for part in known]
    low, high = number_text(min(lows)), number_text(max(highs))
    return low if low == high else f"{low} … {high}"
