"""A `GraphView` as DOT source, for Graphviz and whatever else reads it.

It has the records and the small op nodes of micrograd's notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from micrograd.engine.viz.text import clip
from micrograd.engine.viz.view import EdgeView, GraphView, NodeView

# In a record these have a meaning of their own; besides them Graphviz reads entities like `&lt;` in any label.
_SPECIAL = re.compile(r'[\\{}|<>"]')
_COLUMNS = 60
_ATTRIBUTES = {
    "parameter": 'shape=record style="bold,filled" fillcolor=cornsilk',
    "data": 'shape=record style="rounded,filled" fillcolor=aliceblue',
    "interior": "shape=record",
    "op": "",
}


def dot_source(view: GraphView, rankdir: str = "LR") -> str:
    """Write the view in the DOT language.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz.view import view_graph
        >>> print(dot_source(view_graph(Value(3.0, label="x") ** 2)))
        digraph {
            graph [rankdir=LR]
            node [fontname="Helvetica,Arial,sans-serif" fontsize=11]
            v0 [label="{ x | data 3.0000 | grad 0.0000 }" shape=record style="rounded,filled" fillcolor=aliceblue]
            op1 [label="**2"]
            v1 [label="{ data 9.0000 | grad 0.0000 }" shape=record]
            v0 -> op1
            op1 -> v1
        }
        <BLANKLINE>
    """
    return "\n".join(["digraph {", *(f"    {line}" for line in _lines(view, rankdir)), "}", ""])


def _lines(view: GraphView, rankdir: str) -> Iterator[str]:
    yield f"graph [rankdir={rankdir}]"
    yield 'node [fontname="Helvetica,Arial,sans-serif" fontsize=11]'
    yield from map(_node, view.nodes)
    yield from map(_edge, view.edges)


def _node(node: NodeView) -> str:
    return f'{node.id} [label="{_label(node)}" {_ATTRIBUTES[node.kind]}'.rstrip() + "]"


def _label(node: NodeView) -> str:
    label = _escaped(clip(node.label, _COLUMNS))
    if node.kind == "op":
        return label
    numbers = [f"data {_escaped(node.data)}", f"grad {_escaped(node.grad)}"]
    return f"{{ {' | '.join([label, *numbers] if label else numbers)} }}"


def _escaped(text: str) -> str:
    if not text.isascii():
        # In a record Graphviz loses a plain space that follows a character beyond ASCII.
        text = text.replace(" ", "\N{NO-BREAK SPACE}")
    return _SPECIAL.sub(r"\\\g<0>", text.replace("&", "&amp;"))


def _edge(edge: EdgeView) -> str:
    arrow = f"{edge.source} -> {edge.target}"
    if edge.operand is None or not edge.ordered:
        return arrow
    return f'{arrow} [headlabel="{edge.operand + 1}" labelfontsize=9]'
