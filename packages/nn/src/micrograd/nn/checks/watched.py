"""One training step under watch: every operation of the model and of the loss, and the gradients that came of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from micrograd.engine.graph import Node, topological_order
from micrograd.engine.observing.recording import watching
from micrograd.engine.tensor import Tensor
from micrograd.engine.value import Value
from micrograd.engine.viz.sources import Source, SourceKeeper, keep_sources, source_of
from micrograd.nn.checks.setup import Setup

_NEAR = 400  # nodes, among which the layer of an operation is looked for


@dataclass
class Operation:
    """An operation as it ran."""

    name: str
    operands: tuple[Any, ...]
    out: Node
    phase: Literal["model", "loss"]

    @property
    def nodes(self) -> list[Node]:
        """The operands that are nodes."""
        return [operand for operand in self.operands if isinstance(operand, Node)]


@dataclass
class Step(Setup):
    """A step that was watched.

    Attributes:
        predictions: What the model returned.
        result: What the loss returned.
        operations: Every operation of the two, in order.
        gradients: Of each parameter; None if it wasn't reached.
        caller: The line that had the step checked, which made nothing itself.
    """

    predictions: Any = None
    result: Any = None
    operations: list[Operation] = field(default_factory=list)
    gradients: dict[Node, Any] = field(default_factory=dict)
    caller: Source | None = None

    @property
    def outputs(self) -> np.ndarray:
        """The numbers of the predictions; none if they are no single array, as of a model that returns two things."""
        try:
            return numbers_of(self.predictions)
        except (TypeError, ValueError):
            return np.zeros(0)

    @property
    def value(self) -> float:
        """The loss as a number."""
        return float(numbers_of(self.result).sum())

    @property
    def last(self) -> Node | None:
        """The node of the first prediction."""
        first = self.predictions[0] if isinstance(self.predictions, list) and self.predictions else self.predictions
        return first if isinstance(first, Node) else None

    @property
    def last_op(self) -> str:
        """The name of the operation that made the predictions; '' if none did."""
        return self.last.op.name if self.last is not None and self.last.op is not None else ""

    def of(self, names: str, phase: str | None = None) -> Iterator[Operation]:
        """The operations of these names."""
        known = names.split()
        return (one for one in self.operations if one.name in known and phase in (None, one.phase))

    def layer_of(self, node: Node) -> str:
        """The layer that made a node: that of the nearest parameter; '' if none is near."""
        queue = [node]
        for current in queue:
            if current in self.names:
                name = self.names[current]
                return name.split(".neurons.")[0] if ".neurons." in name else name.rpartition(".")[0]
            if len(queue) < _NEAR:
                queue += current.inputs
        return ""

    def line_of(self, node: Any, otherwise: str) -> str:
        """The user's line that made a node; `otherwise` if it isn't known, or is that of the check itself."""
        source = source_of(node) if isinstance(node, Node) else None
        if source is None or (self.caller is not None and source[:2] == self.caller[:2]):
            return otherwise
        return f"line {source.line} of {source.file}: {source.text}"

    def where(self, node: Any) -> str:
        """The layer that made a node, and its line."""
        layer = self.layer_of(node) if isinstance(node, Node) else ""
        line = self.line_of(node, "")
        if not layer:
            return line or "model"
        return f"layer {layer} ({line})" if line else f"layer {layer}"


def watch(setup: Setup) -> Step:
    """Run the model and the loss, then the reverse sweep; gradients begin at nothing."""
    step = Step(**vars(setup), caller=SourceKeeper().here())
    step.clear()
    with keep_sources(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with watching(_note(step, "model")):
            step.predictions = step.predict()
        with watching(_note(step, "loss")):
            step.result = step.loss_of(step.predictions, step.y)
    if isinstance(step.result, Node) and step.result._requires_grad and numbers_of(step.result).size == 1:
        step.result.backward()  # type: ignore[attr-defined]
        reached = set(topological_order(step.result))
        step.gradients = {p: (p.grad if p in reached else None) for p in step.names}
    return step


def _note(step: Step, phase: Literal["model", "loss"]) -> Callable[..., Any]:
    def note(op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Callable[..., Any]) -> Any:
        out = record(op, operands, params)
        if isinstance(out, Node):
            step.operations.append(Operation(op.name, operands, out, phase))
        return out

    return note


def numbers_of(result: Any) -> np.ndarray:
    """The numbers of a Tensor, a Value, or a nest of them.

    Example:
        >>> numbers_of([Value(1.0), Value(2.0)])
        array([1., 2.])
    """
    if isinstance(result, (list, tuple)):
        return np.array([numbers_of(part) for part in result])
    return np.asarray(result._data if isinstance(result, Node) else result, dtype=float)


def like(predictions: Any, numbers: np.ndarray) -> Any:
    """Other numbers in the form of a model's predictions, as leaves that require a gradient."""
    if isinstance(predictions, (list, tuple)):
        return [like(predictions[0], row) for row in numbers]
    return Value(float(numbers)) if isinstance(predictions, Value) else Tensor(numbers, requires_grad=True)


def gradients_of(leaves: Any) -> np.ndarray:
    """The gradients of what `like` made, as one array; 0 where none arrived."""
    if isinstance(leaves, list):
        return np.array([gradients_of(part) for part in leaves])
    return np.zeros_like(leaves._data) if leaves.grad is None else np.asarray(leaves.grad, dtype=float)
