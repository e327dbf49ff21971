"""A recorded graph as plain data: what there is to draw, and nothing about where or how.

Every writer in `pictures/` reads a `GraphView`. It holds text and numbers only, so that a picture shows the graph
as it was when it was taken, and keeps no node alive. Ids and order follow the topological order of the
expression, never memory addresses: the same expression gives the same picture in every process.

A value that an operation computed becomes two nodes, the operation and its result, as in micrograd's
notebook. A constant operand isn't a node of the graph; it is shown with its operation, as in `** 2`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import GraphError, MicrogradTypeError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.viz.names.leaves import names_among
from micrograd.engine.viz.names.paths import as_code
from micrograd.engine.viz.nearest import count_up_to, shown_by
from micrograd.engine.viz.operations import (
    node_operands,
    operands_are_ordered,
    operation_call,
    operation_symbol,
)
from micrograd.engine.viz.text import exact_text, number_text, one_line

Kind = Literal["parameter", "data", "interior", "op"]


@dataclass(frozen=True)
class NodeView:
    """One node of a picture.

    Attributes:
        id: `v3` for the value at place 3 of the topological order, `op3` for the operation that computed it.
        kind: A leaf is a parameter or data; what an operation computed is interior.
        label: The name of a value, or the symbol of an operation.
        data: The value as short text; empty for an operation.
        grad: The gradient as short text; empty for an operation.
        shape: Of an array; empty for a scalar.
        detail: All there is to say about the node, for a tooltip.
    """

    id: str
    kind: Kind
    label: str
    data: str = ""
    grad: str = ""
    shape: tuple[int, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class EdgeView:
    """An arrow from an operand to an operation, or from an operation to its result.

    An operand that is used twice, as in `a + a`, has two edges: its gradient is the sum of two contributions.

    Attributes:
        source: The id of the node where the arrow starts.
        target: The id of the node where it ends.
        operand: The operand's place in the operation, from 0; None between an operation and its result.
        ordered: Whether the places of the operation's operands matter, as in `a - b`.
    """

    source: str
    target: str
    operand: int | None = None
    ordered: bool = False


@dataclass(frozen=True)
class GraphView:
    """Everything that a picture shows: inputs before the operations that use them, the root last."""

    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]


def view_graph(
    root: Node, *, parameters: Any = None, max_nodes: int | None = None, opened: set[Node] | None = None
) -> GraphView:
    """Describe the graph that `root` was computed by.

    Args:
        root: The last node of the expression, such as a loss.
        parameters: Which leaves are parameters, and their names: see `names_among`.
        max_nodes: Refuse a graph of more nodes than this.
        opened: The nodes that are shown with their operands (see `opened_near`); all of them if not given.

    Raises:
        MicrogradTypeError: `root` is no node, or `parameters` holds something else.
        GraphError: There are more than `max_nodes` nodes.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0, label="x")
        >>> [node.label for node in view_graph(x * x).nodes]
        ['x', '*', '']
    """
    _require_small_node(root, max_nodes)
    order = topological_order(root) if opened is None else order_of(root, opened)
    names = names_among(order, parameters)
    places = {node: place for place, node in enumerate(order)}
    uses = Counter(operand for node in order for operand in node.inputs if opened is None)
    nodes: list[NodeView] = []
    edges: list[EdgeView] = []
    for place, node in enumerate(order):
        target = f"v{place}"
        if opened is not None and node.inputs and node not in opened:
            nodes.append(_view_cut(node, target, names))
            continue
        if operation_symbol(node):
            target = f"op{place}"
            nodes.append(NodeView(target, "op", operation_symbol(node), detail=operation_call(node)))
        nodes.append(_view_value(node, f"v{place}", names, uses[node]))
        ordered = operands_are_ordered(node)
        edges += [EdgeView(f"v{places[x]}", target, i, ordered) for i, x in node_operands(node)]
        if target != f"v{place}":
            edges.append(EdgeView(target, f"v{place}"))
    return GraphView(tuple(nodes), tuple(edges))


def trace(root: Node) -> tuple[set[Node], set[tuple[Node, Node]]]:
    """All nodes of a graph and all its `(operand, result)` edges, as in micrograd's `trace_graph.ipynb`.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(2.0)
        >>> nodes, edges = trace(a + a)
        >>> len(nodes), len(edges)
        (2, 1)
    """
    require_node(root)
    nodes = topological_order(root)
    return set(nodes), {(operand, node) for node in nodes for operand in node.inputs}


def require_node(root: object) -> None:
    """Refuse what has no graph.

    Raises:
        MicrogradTypeError: If `root` is no Value or Tensor.
    """
    if isinstance(root, Node):
        return
    hint = "draw_dot(values[0])" if isinstance(root, Sequence) else "y = Value(2.0) * 3; draw_dot(y)"
    raise MicrogradTypeError(
        f"There is no graph to draw in {kind_of(root)}: only a Value or a Tensor remembers how it was "
        f"computed. Give the result itself, for example: {hint}."
    )


def _require_small_node(root: Node, max_nodes: int | None) -> None:
    require_node(root)
    if max_nodes is not None and not has_at_most(root, max_nodes):
        raise GraphError(
            f"The graph has more than {max_nodes} nodes, too many to make out anything in a picture. Draw a part of "
            "it: the output for one sample instead of the loss over all, draw_dot(model(X[0])), or one neuron. If you "
            f"do want all of it, raise the limit: draw_dot(root, max_nodes={10 * max_nodes})."
        )


def has_at_most(root: Node, limit: int) -> bool:
    """Whether the graph has at most `limit` nodes. Looks at no more than that, however large the graph is.

    Example:
        >>> from micrograd.engine import Value
        >>> has_at_most(Value(1.0) + Value(2.0), 3)
        True
    """
    return count_up_to(root, limit + 1) <= limit


def order_of(root: Node, opened: set[Node]) -> list[Node]:
    """The topological order of what the opened nodes show."""
    shown = shown_by(root, opened)
    hidden = {operand for node in shown - opened for operand in node.inputs if operand not in shown}
    return topological_order(root, stop=hidden)


def _view_cut(node: Node, node_id: str, names: dict[Node, str]) -> NodeView:
    """A value that is shown without the operation that computed it."""
    whole = _view_value(node, node_id, names, 0)
    label = f"… {whole.label or operation_symbol(node)}"
    return replace(whole, label=label, detail=f"{whole.detail}\n{operation_call(node)}, of nodes that aren't shown")


def _view_value(node: Node, node_id: str, names: dict[Node, str], uses: int) -> NodeView:
    kind: Kind = "interior" if node.inputs else "parameter" if node in names else "data"
    label = one_line(node.label or as_code(names.get(node, "")))
    lines = [label or "no label", kind, f"data {exact_text(node._data)}", f"grad {exact_text(node.grad)}"]
    if uses > 1:
        lines.append(f"used {uses} times, so its gradient is a sum of {uses} contributions")
    shape = tuple(getattr(node._data, "shape", ()))
    return NodeView(node_id, kind, label, number_text(node._data), number_text(node.grad), shape, "\n".join(lines))
