"""The graph of one sample, drawn once, and the numbers in it at each step that is kept."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

from micrograd.engine.backprop import sweep
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.value import Value
from micrograd.engine.viz.flow import seed_of
from micrograd.engine.viz.nearest import count_up_to, opened_near
from micrograd.engine.viz.pictures.scene import arrange
from micrograd.engine.viz.pictures.svg import svg_picture
from micrograd.engine.viz.recorder.boundary import evaluating
from micrograd.engine.viz.view import NodeView, order_of, view_graph

_WHOLE = 120  # nodes; of a larger graph the part nearest to the output is shown
_PART = 50
_WIDEST = "-88.8888"  # number that the page writes
_WIDEST_RANGE = "-0.888 … -0.888"


class SampleGraph:
    """A model on one sample.

    Args:
        model: Takes a list of numbers, or an array of one row if `takes_arrays`.
        sample: The numbers of the sample.
        takes_arrays: Which of the two.

    Attributes:
        svg: The picture, once there is one.
        shown: How many of the nodes are in it, and how many there are.
        is_off: Whether the model has refused, or its graph isn't the same at each step.
    """

    def __init__(self, model: Any, sample: Any, takes_arrays: bool) -> None:
        self._model, self._sample, self._takes_arrays = model, sample, takes_arrays
        self._signature: list[Any] = []
        self.svg = ""
        self.shown = (0, 0)
        self.is_off = False

    def numbers(self) -> array[float] | None:
        """For each node of the picture the least and greatest of its data, then of its gradient."""
        if self.is_off:
            return None
        try:
            with evaluating(self._model):
                return self._numbers(self._output())
        except Exception:  # the training goes on, whatever this model does with one sample
            self.is_off = True
            return None

    def _output(self) -> Node:
        """The output as one number, whose gradients are shown."""
        if not self._takes_arrays:
            given = [Value(x, label=f"x{k}") for k, x in enumerate(self._sample)]
            out = self._model(given)
            first: Node = out[0] if isinstance(out, (list, tuple)) else out
            return first
        from micrograd.engine.tensor import Tensor

        output = self._model(Tensor([self._sample], label="x"))
        root: Node = output if output._data.size == 1 else output.sum()
        return root

    def _numbers(self, root: Node) -> array[float]:
        opened = opened_near(root, _WHOLE if count_up_to(root, _WHOLE + 1) <= _WHOLE else _PART)
        order = order_of(root, opened)
        signature = [(node.op.name if node.op is not None else "", len(node.inputs)) for node in order]
        if not self.svg:
            self._draw(root, opened, order)
            self._signature = signature
        if signature != self._signature:
            self.is_off = True
        gradients = sweep(topological_order(root), seed_of(root))
        out = array("d")
        for node in order:
            out.extend((*_ends(node._data), *_ends(gradients.get(node, 0.0))))
        return out

    def _draw(self, root: Node, opened: set[Node], order: list[Node]) -> None:
        view = view_graph(root, parameters=self._model, opened=opened)
        self.svg = svg_picture(arrange(replace(view, nodes=tuple(map(_with_room, view.nodes)))))
        self.shown = len(order), count_up_to(root, 1_000_000)


def _with_room(node: NodeView) -> NodeView:
    """A card that any number of any step fits into."""
    if node.kind == "op":
        return node
    widest = _WIDEST_RANGE if node.shape else _WIDEST
    return replace(node, detail="", data=widest, grad=widest)


def _ends(data: Any) -> tuple[float, float]:
    if not getattr(data, "shape", ()):
        return float(data), float(data)
    return float(data.min()), float(data.max())
