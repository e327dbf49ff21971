"""What flows into a gradient: at every use of a node, `local derivative x upstream gradient = contribution`.

It computes the gradients of the root anew, by the engine's own sweep and rules, and writes none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.backprop import sweep
from micrograd.engine.errors import GraphError, MicrogradTypeError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.viz.calls import contributions_seen, inputs_seen, without_calls


@dataclass(frozen=True)
class Contribution:
    """What one use of a node adds to its gradient.

    Attributes:
        receiver: The node whose gradient it is.
        user: The operation that used it.
        place: Which of the contributions of that operation it is.
        upstream: The gradient that arrived at the operation.
        amount: What the operation hands back.
    """

    receiver: Node
    user: Node
    place: int
    upstream: Any
    amount: Any

    @property
    def local(self) -> Any:
        """The derivative of the operation by this operand: a number, or of an elementwise operation an array.

        None where it is a Jacobian matrix, which nobody writes down.
        """
        shape = getattr(self.upstream, "shape", ())
        is_single = not shape and all(not getattr(operand._data, "shape", ()) for operand in inputs_seen(self.user))
        if not is_single and not getattr(self.user.op, "elementwise", False):
            return None
        with quiet(self.upstream):
            slope = contributions_seen(self.user, ones(self.upstream))[self.place][1]
        return slope if is_single or getattr(slope, "shape", ()) == shape else None

    @property
    def size(self) -> float:
        """The absolute value of the contribution, of an array the length of the vector."""
        squares = self.amount.astype(float) ** 2 if hasattr(self.amount, "shape") else None
        return abs(float(self.amount)) if squares is None else float(squares.sum()) ** 0.5


class Flow:
    """The gradients of `root` by all that it depends on, and what they are made of.

    Args:
        root: A node that holds a single number, such as a loss.

    Raises:
        MicrogradTypeError: If `root` is no node.
        GraphError: If `root` has no gradient, or isn't a single number.

    Attributes:
        order: The nodes, inputs before their users.
        gradients: The complete gradient by each node that one reaches.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(3.0, label="x")
        >>> flow = Flow(x * x + x)
        >>> [(c.local, c.upstream, c.amount) for c in flow.into(x)]
        [(3.0, 1.0, 3.0), (3.0, 1.0, 3.0), (1.0, 1.0, 1.0)]
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        seed = seed_of(root)
        order = topological_order(root)
        self.order = without_calls(order)
        with quiet(seed):
            self.gradients: dict[Node, Any] = sweep(order, seed)

    def into(self, *receivers: Node) -> list[Contribution]:
        """Every contribution to the gradients of these nodes, those of one node in the order of the expression."""
        wanted = set(receivers)
        users = dict.fromkeys(user for receiver in receivers for user in self._users.get(receiver, ()))
        with quiet(self.gradients[self.root]):
            return [c for user in users for c in self._from(user, wanted)]

    @cached_property
    def _users(self) -> dict[Node, list[Node]]:
        users: dict[Node, list[Node]] = {}
        for node in self.order:
            for operand in inputs_seen(node):
                users.setdefault(operand, []).append(node)
        return users

    def into_leaves(self) -> list[Contribution]:
        """Every contribution to the gradient of a leaf."""
        return self.into(*(node for node in self.order if node.op is None))

    def _from(self, user: Node, wanted: set[Node]) -> Iterable[Contribution]:
        g = self.gradients.get(user)
        if g is None:
            return ()
        return [
            Contribution(receiver, user, place, g, amount)
            for place, (receiver, amount) in enumerate(contributions_seen(user, g))
            if receiver in wanted
        ]


def seed_of(root: Any) -> Any:
    """The gradient that enters at the root: 1.

    Raises:
        MicrogradTypeError: If `root` is no node.
        GraphError: If it has no gradient, or isn't a single number.
    """
    if not isinstance(root, Node):
        raise MicrogradTypeError(
            f"A gradient belongs to the graph of a Value or a Tensor, but this is {kind_of(root)}. Give the "
            "result itself: explain(w, loss)."
        )
    shape = getattr(root._data, "shape", ())
    if not root._requires_grad:
        raise GraphError(
            "There is no gradient to explain: this Tensor depends on nothing with requires_grad=True. Write "
            "Tensor(data, requires_grad=True) for what is to have one."
        )
    if math.prod(shape) != 1:
        raise GraphError(
            f"The gradient of a Tensor of shape {tuple(shape)} isn't one number per parameter. Reduce it first: "
            "explain(w, y.sum()), or explain(w, y[0])."
        )
    return ones(root._data)


def ones(data: Any) -> Any:
    """1.0, or an array of ones in the shape and dtype of the data.

    Example:
        >>> ones(3.0)
        1.0
    """
    if not hasattr(data, "shape"):
        return 1.0
    import numpy as np

    return np.ones_like(data)


def quiet(g: Any) -> Any:
    """No warnings from NumPy, if it is at work: they were given when the expression ran.

    Example:
        >>> with quiet(3.0):
        ...     pass
    """
    if not hasattr(g, "shape"):
        return nullcontext()
    import numpy as np

    return np.errstate(all="ignore")
