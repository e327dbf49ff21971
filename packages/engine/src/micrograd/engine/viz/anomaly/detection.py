"""`detect_anomaly`: stop at the first operation that gives a nan or an infinity, forward or backward.

What it leaves out: forward mode (`jvp`), whose tangents nobody looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Real
from typing import Any

from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.arguments.trees import flatten, map_leaves
from micrograd.engine.backprop import sweep
from micrograd.engine.errors import AnomalyError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.observing.recording import watching
from micrograd.engine.value import Value
from micrograd.engine.viz.anomaly.blaming import blame_backward, blame_forward, blame_gradient, blame_node
from micrograd.engine.viz.anomaly.finding import Finding, step_text
from micrograd.engine.viz.anomaly.judging import magnitude, worst
from micrograd.engine.viz.sources import SourceKeeper

_CONSTANT = "_is_constant"


@naming_arguments
@contextmanager
def detect_anomaly(
    *, nan: bool = True, inf: bool = True, vanishing: float | None = None, exploding: float | None = None
) -> Iterator[None]:
    """Stop at the first operation in this block, forward or backward, that gives a nan or an infinity.

    The error names the line, the operation with its operands and their shapes, the path from the loss, what usually
    causes this, and what to write instead. An infinity or nan that an operation was given as it is, such as the -inf of
    a mask, is passed on without alarm as long as it makes no nan. Training in such a block takes a few times as long;
    outside of one it costs nothing.

    Args:
        nan: Whether to stop at a nan.
        inf: Whether to stop at an infinity.
        vanishing: Stop at a gradient whose largest element is smaller than this, and not 0.
        exploding: Stop at a gradient whose largest element is larger than this.

    Raises:
        AnomalyError: At such an operation; no gradient is written then.
        MicrogradTypeError: If a bound is no number.
        MicrogradValueError: If a bound isn't positive.

    Example:
        >>> from micrograd.engine import Value, AnomalyError
        >>> p = Value(0.0, label="p")
        >>> try:
        ...     with detect_anomaly():
        ...         loss = -(p.sqrt() * 2.0).exp() + p.log()
        ... except AnomalyError as error:
        ...     print(str(error).splitlines()[0].partition(", in ")[0])
        log(0.0) gave -inf
    """
    with watching(detector("detect_anomaly(", nan, inf, vanishing, exploding)):
        yield


def detector(call: str, nan: bool, inf: bool, vanishing: float | None, exploding: float | None) -> Detector:
    """The watcher for these settings.

    Args:
        call: How the caller is written, up to the bounds, for the message.
        nan: As of `detect_anomaly`, and the others too.
        inf: Likewise.
        vanishing: Likewise.
        exploding: Likewise.

    Raises:
        MicrogradTypeError: If a bound is no number.
        MicrogradValueError: If it isn't positive.
    """
    for name, bound in (("vanishing", vanishing), ("exploding", exploding)):
        is_number = bound is None or isinstance(bound, Real)
        if not is_number or (bound is not None and not bound > 0):
            raise (MicrogradValueError if is_number else MicrogradTypeError)(
                f"{name}={bound!r:.60} is no bound for the size of a gradient: it is a positive number, or None for no "
                f"bound. Write {call}vanishing=1e-8, exploding=1e4)."
            )
    wanted = [kind for kind, is_wanted in (("nan", nan), ("inf", inf)) if is_wanted]
    return Detector(wanted, vanishing or 0.0, exploding or float("inf"))


class Detector(SourceKeeper):
    """The watcher behind `detect_anomaly`."""

    def __init__(self, wanted: Sequence[str], vanishing: float = 0.0, exploding: float = float("inf")) -> None:
        super().__init__()
        self.wanted = wanted
        self.vanishing, self.exploding = vanishing, exploding
        self.is_in_rule = self.is_rehearsing = False
        self.came_late = False  # whether the graph was recorded before, and constants in it are not known

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Callable[..., Any]) -> Any:
        """Let an operation run, and look at its result."""
        out = super().__call__(op, operands, params, record)
        # The operations of a rule are judged by what the rule hands back.
        if isinstance(out, Node) and not self.is_in_rule and worst(out._data) in self.wanted:
            data = [operand._data if isinstance(operand, Node) else operand for operand in operands]
            finding = blame_forward(op, operands, data, params, out, self.wanted, self.here())
            if finding is not None:
                raise_finding(_origin(operands, self.wanted) or finding)
        return out

    def born(self, node: Node, data: Any) -> bool:
        """Note where a leaf is made; in a rehearsal, take a number of an array for a number, as compiled code does."""
        if self.is_rehearsing and isinstance(node, Value) and isinstance(data, Node):
            Value.__init__(node, data._data)
            return True
        return super().born(node, data)

    def implied(self, node: Node) -> None:
        """Note that a leaf stands for a plain number: how large its gradient is, nobody cares."""
        node.__dict__[_CONSTANT] = True

    def rehearse(self, f: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Run a function that is about to run compiled, forwards and backwards, operation by operation."""
        before, self.is_rehearsing = self.is_rehearsing, True
        try:
            returned = f(*map_leaves(_as_node, args), **map_leaves(_as_node, kwargs))
        except AnomalyError:
            raise
        except Exception:
            return  # what is wrong with it, its compilation is about to say better
        finally:
            self.is_rehearsing = before
        for out in flatten(returned)[0]:
            if isinstance(out, Node) and out._requires_grad:
                sweep_from(out)

    def sweeping(self, order: Sequence[Node]) -> _Sweep:
        """Look at a reverse sweep from its beginning."""
        return _Sweep(self, order)


class _Sweep:
    """A reverse sweep that is looked at, node by node."""

    def __init__(self, detector: Detector, order: Sequence[Node]) -> None:
        self._detector = detector
        self._order = order
        self._users: dict[Node, tuple[float, Node]] = {}
        self._sizes: dict[Node, float] = {}

    def __call__(self, node: Node, g: Any, pass_on: Callable[[], Any]) -> Any:
        """Look at the gradient that arrives at a node, and at what the node hands on."""
        arrived = g._data if isinstance(g, Node) else g
        self._look_at(node, arrived)
        detector, before = self._detector, self._detector.is_in_rule
        detector.is_in_rule = True
        try:
            found = pass_on()
        finally:
            detector.is_in_rule = before
        for operand, contribution in found:
            self._judge(node, arrived, operand, contribution._data if isinstance(contribution, Node) else contribution)
        return found

    def _look_at(self, node: Node, g: Any) -> None:
        detector = self._detector
        self._sizes[node] = size = magnitude(g)
        if (kind := worst(g)) in detector.wanted:
            raise_finding(self._forward() or blame_gradient(node, g, kind, "entered", self._path(node)))
        if _CONSTANT in node.__dict__ or (detector.came_late and _may_be_constant(node)):
            return
        if size > detector.exploding:
            raise_finding(blame_gradient(node, g, "exploding", "exploding", self._path(node)))
        if 0.0 < size < detector.vanishing:
            raise_finding(blame_gradient(node, g, "vanishing", "vanishing", self._path(node)))

    def _judge(self, node: Node, g: Any, operand: Node, contribution: Any) -> None:
        if (kind := worst(contribution)) in self._detector.wanted:
            path = self._path(node)
            raise_finding(self._forward() or blame_backward(node, g, contribution, kind, path))  # type: ignore[arg-type]
        size = magnitude(contribution)
        if operand not in self._users or size > self._users[operand][0]:
            self._users[operand] = size, node

    def _forward(self) -> Finding | None:
        """What went wrong forward already, before anybody looked."""
        return next((found for node in self._order if (found := blame_node(node, self._detector.wanted))), None)

    def _path(self, node: Node) -> tuple[str, ...]:
        """From the root to a node, always by the user that handed back most."""
        nodes = [node]
        while nodes[-1] in self._users:
            nodes.append(self._users[nodes[-1]][1])
        return tuple(step_text(step, f", gradient up to {self._sizes[step]:.3g}") for step in reversed(nodes))


def _may_be_constant(node: Node) -> bool:
    """Whether a leaf may stand for a plain number, as far as one can see afterwards."""
    return node.op is None and isinstance(node, Value) and not node.label


def sweep_from(root: Node) -> None:
    """Compute the gradients of a node, and write none."""
    order = topological_order(root)
    if not hasattr(root._data, "shape"):
        sweep(order, 1.0)
        return
    import numpy as np

    with np.errstate(all="ignore"):
        sweep(order, np.ones_like(root._data))


def _as_node(leaf: Any) -> Any:
    """An argument whose operations can be watched."""
    if type(leaf) is float:
        return Value(leaf)
    if type(leaf).__name__ != "ndarray" or leaf.dtype.kind != "f":
        return leaf
    from micrograd.engine.tensor import Tensor

    return Tensor(leaf)


def _origin(operands: Sequence[Any], wanted: Sequence[str]) -> Finding | None:
    """Where, in the graphs of the operands, a nan began that came in with them."""
    from micrograd.engine.viz.anomaly.search import first_bad_forward

    bad = (operand for operand in operands if isinstance(operand, Node) and worst(operand._data) == "nan")
    return next((found for operand in bad if (found := first_bad_forward(operand, wanted))), None)


def raise_finding(finding: Finding) -> None:
    """Raise the error that carries a finding."""
    error = AnomalyError(str(finding))
    error.finding = finding
    raise error
