"""`find_bad`: the first bad operation of a graph that has run already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import AnomalyError, MicrogradTypeError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.observing.recording import unwatched, watching
from micrograd.engine.viz.anomaly.blaming import blame_node
from micrograd.engine.viz.anomaly.detection import Detector, detector, sweep_from
from micrograd.engine.viz.anomaly.finding import Finding, step_text


def find_bad(
    root: Node, *, nan: bool = True, inf: bool = True, vanishing: float | None = None, exploding: float | None = None
) -> Finding | None:
    """The first operation of a recorded graph that gave a nan or an infinity, forward or else backward.

    It computes the gradients anew and writes none. Lines are known if the graph was recorded under `keep_sources()`.

    Args:
        root: The last node, such as a loss.
        nan: Whether to look for nan.
        inf: Whether to look for infinities.
        vanishing: Look for a gradient whose largest element is smaller than this, and not 0. Values that are leaves
            without a label, which may stand for constants, are passed over.
        exploding: Look for a gradient whose largest element is larger than this; likewise.

    Returns:
        The finding, which prints as an explanation; None if every number is finite and every gradient within bounds.

    Raises:
        MicrogradTypeError: If `root` is no node, or a bound no number.
        MicrogradValueError: If a bound isn't positive.

    Example:
        >>> from micrograd.engine import Value, where
        >>> x = Value(0.0, label="x")
        >>> y = where(x > 0, x.sqrt(), 0.0)
        >>> y.data
        0.0
        >>> finding = find_bad(y)
        >>> finding.phase, finding.kind, finding.operation
        ('backward', 'nan', 'sqrt(0.0)')
    """
    if not isinstance(root, Node):
        raise MicrogradTypeError(
            f"find_bad() looks through the graph of a Value or a Tensor, but was given {kind_of(root)}. Write "
            "find_bad(loss)."
        )
    watcher = detector("find_bad(loss, ", nan, inf, vanishing, exploding)
    watcher.came_late = True
    return first_bad_forward(root, watcher.wanted) or _first_bad_backward(root, watcher)


def first_bad_forward(root: Node, wanted: Sequence[str]) -> Finding | None:
    """The first bad operation of the forward pass, with the path from the root to it."""
    order = topological_order(root)
    for node in order:
        finding = blame_node(node, wanted)
        if finding is not None:
            return replace(finding, path=_path(order, node), is_from_loss=True)
    return None


def _first_bad_backward(root: Node, watcher: Detector) -> Finding | None:
    if not root._requires_grad:
        return None
    try:
        with unwatched(), watching(watcher):
            sweep_from(root)
    except AnomalyError as error:
        if error.finding is None:
            raise
        return error.finding  # type: ignore[no-any-return]
    return None


def _path(order: Sequence[Node], node: Node) -> tuple[str, ...]:
    """From the last node of an order to another one."""
    users: dict[Node, Node] = {}
    for user in reversed(order):
        for operand in user.inputs:
            users.setdefault(operand, user)
    nodes = [node]
    while nodes[-1] in users:
        nodes.append(users[nodes[-1]])
    return tuple(map(step_text, reversed(nodes)))
