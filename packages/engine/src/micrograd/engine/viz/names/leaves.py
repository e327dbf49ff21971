"""Which leaves are parameters, and what they are called.

The engine has no notion of a parameter: whoever draws a graph says which of its leaves are to be learned, or else the
models that are alive do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.graph import Node
from micrograd.engine.viz.names.ownership import owned_names

_EXPECTED = (
    "parameters= takes a model, the nodes themselves, or names with nodes: draw_dot(loss, parameters=model), "
    'draw_dot(loss, parameters=[w, b]) or draw_dot(loss, parameters={"w": w, "b": b}).'
)


def names_among(nodes: Iterable[Node], parameters: Any = None) -> dict[Node, str]:
    """The parameters of a graph and their names: as they were given, or else as the modules call them that have them.

    Args:
        nodes: The nodes of the graph.
        parameters: As `parameter_names` takes it; `()` for no names at all.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(0.5)
        >>> names_among([w]), names_among([w], {"w": w})
        ({}, {Value(data=0.5, grad=0.0): 'w'})
    """
    return owned_names(nodes) if parameters is None else parameter_names(parameters)


def parameter_names(parameters: Any) -> dict[Node, str]:
    """Each parameter and its name, the empty string where there is none.

    Args:
        parameters: Something with `named_parameters()` or `parameters()`, a node, a mapping from names to
            nodes, or an iterable of nodes or of `(name, node)` pairs.

    Raises:
        MicrogradTypeError: It is none of those.

    Example:
        >>> from micrograd.engine import Value
        >>> w, b = Value(0.5), Value(0.0)
        >>> list(parameter_names([("w", w), ("b", b)]).values())
        ['w', 'b']
    """
    names: dict[Node, str] = {}
    for item in _items(parameters):
        name, node = item if isinstance(item, tuple) and len(item) == 2 else ("", item)
        if not isinstance(node, Node):
            raise MicrogradTypeError(f"Among the parameters is {kind_of(node)}, which is no node. {_EXPECTED}")
        # A parameter that two modules share goes by the first of its names.
        names.setdefault(node, str(name))
    return names


def _items(parameters: Any) -> Iterator[Any]:
    if parameters is None:
        return iter(())
    if isinstance(parameters, Node):
        return iter((parameters,))
    for method in ("named_parameters", "parameters"):
        if callable(getattr(parameters, method, None)):
            return iter(getattr(parameters, method)())
    if isinstance(parameters, Mapping):
        return iter(parameters.items())
    if isinstance(parameters, Iterable) and not isinstance(parameters, str):
        return iter(parameters)
    raise MicrogradTypeError(f"parameters= was given {kind_of(parameters)}. {_EXPECTED}")
