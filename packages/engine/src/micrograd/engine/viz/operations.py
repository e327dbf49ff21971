"""What an operation is called on a picture, and which operand goes where.

A constant operand is no node of the graph (see `graph.py`); the symbol of the operation takes it in: `**2`.
"""

from __future__ import annotations

from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.viz.text import exact_text, one_line, shape_text

# With these a reader need not know which operand was the first; with all others, as `-` and `**`, it matters.
_SYMMETRIC = frozenset({"+", "*", "maximum", "minimum"})


def operands(node: Node) -> list[tuple[Node | None, Any]]:
    """Each operand in order: its node, None for a constant, and the data that it held when the operation ran.

    Example:
        >>> from micrograd.engine import Value
        >>> [data for _, data in operands(Value(3.0) ** 2)]
        [3.0, 2.0]
    """
    if node.op is None:
        return []
    if type(node._x) is tuple:
        return list(zip(node._x, node._x_data, strict=True))
    pairs = ((node._x, node._x_data), (node._y, node._y_data))
    return [(operand, data) for operand, data in pairs if operand is not None or data is not None]


def node_operands(node: Node) -> list[tuple[int, Node]]:
    """The operands that are nodes, each with its place among all operands."""
    return [(place, operand) for place, (operand, _) in enumerate(operands(node)) if operand is not None]


def operands_are_ordered(node: Node) -> bool:
    """Whether it matters which of the operands comes first, and a picture has to say so."""
    return node.op is not None and len(node.inputs) > 1 and node.op.symbol not in _SYMMETRIC


def operation_symbol(node: Node) -> str:
    """The symbol of the operation with its constants, a dot for an operand that is drawn; '' for a leaf.

    Example:
        >>> from micrograd.engine import Value, maximum
        >>> x = Value(3.0)
        >>> [operation_symbol(v) for v in (x, x * x, x ** 2, x.relu(), maximum(x, 0.5))]
        ['', '*', '**2', 'ReLU', 'maximum(·, 0.5)']
    """
    if node.op is None:
        return ""
    symbol, slots = one_line(node.op.symbol), [_slot(operand, data) for operand, data in operands(node)]
    if all(slot == "·" for slot in slots):
        return symbol
    if len(slots) == 2 and not symbol.isidentifier():
        return symbol.join(slot.replace("·", "") for slot in slots)
    return f"{symbol}({', '.join(slots)})"


def _slot(operand: Node | None, data: Any) -> str:
    return "·" if operand is not None else _constant(data).removesuffix(".0")


def _constant(data: Any) -> str:
    shape = shape_text(getattr(data, "shape", ()))
    return f"[{shape}]" if shape else exact_text(data)


def operation_call(node: Node) -> str:
    """The operation written as a call, with names where there are any and numbers otherwise.

    Example:
        >>> from micrograd.engine import Value
        >>> operation_call(Value(3.0, label="x") ** 2)
        'pow(x, 2.0)'
    """
    arguments = [_argument(operand, data) for operand, data in operands(node)]
    arguments += [f"{name}={setting}" for name, setting in (node.params or {}).items()]
    return one_line(f"{getattr(node.op, 'name', '')}({', '.join(arguments)})")


def _argument(operand: Node | None, data: Any) -> str:
    return (operand.label if operand is not None else "") or _constant(data)
