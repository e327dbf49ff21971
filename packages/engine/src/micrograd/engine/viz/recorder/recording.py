"""The recorder: listens to a training, cuts it into steps, and keeps those that the budget allows.

A step ends when an optimiser has moved the parameters. In a loop that moves them itself, as micrograd's does, nobody
says so; then a step ends where the next backward pass finds other numbers than the last.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

from micrograd.engine.graph import Node
from micrograd.engine.viz.recorder.boundary import Plane
from micrograd.engine.viz.recorder.frames import Frame, Frames
from micrograd.engine.viz.recorder.rules import formulas
from micrograd.engine.viz.recorder.sample_graph import SampleGraph
from micrograd.engine.viz.recorder.tracking import Tracked

Move = tuple[Any, Any, Any]
"""An optimiser, and its snapshots before and after a step."""


class Recorder:
    """What `record` has listen.

    Args:
        model: What is trained.
        data: Samples and targets; None to take those that the training loop tells of.
        every: Keep every so many-th step.
        budget: How many bytes the kept steps may take.
        sample: Whose graph is kept.

    Attributes:
        tracked: The numbers that are followed.
        losses: The loss of every step, kept or not.
        frames: The steps that are kept.
        rules: The formulas of each optimiser, None for one that can't be read.
        plane: What the model says of the plane; None if its inputs aren't two numbers.
        graph: The graph of one sample; None without samples.
        X: The samples; None without.
        y: Their targets.
    """

    def __init__(self, model: Any, data: Any, every: int, budget: float, sample: int) -> None:
        self.model = model
        self.tracked = Tracked(model)
        self.losses: list[float] = []
        self.frames = Frames(budget, every)
        self.rules: list[Any] = []
        self.plane: Plane | None = None
        self.graph: SampleGraph | None = None
        self.X: Any = None
        self.y: Any = None
        self.sample = sample
        self._optimizers: list[Any] = []
        self._pending: Frame | None = None
        if data is not None:
            self._take_data(*data)

    # ---- events ------------------------------------------------------------------------------------------------------

    def given(self, X: Any, y: Any) -> None:
        """A loop is about to learn from these samples."""
        if self.X is None:
            self._take_data(X, y)

    def swept(self, root: Node) -> None:
        """A backward pass has filled the gradients."""
        data = self.tracked.data()
        if self._pending is not None and self._pending.old != data:
            self._finish(data, [])
        self._begin(data, _number(root))

    def starting(self) -> None:
        """A compiled step is about to run."""
        self._begin(self.tracked.data(), 0.0)

    def stepped(self, moves: Sequence[Move], loss: float | None) -> None:
        """Optimisers have moved their parameters."""
        known = set(self.tracked.parameters)
        moves = [move for move in moves if known.intersection(move[0].parameters)]
        if not moves or self._pending is None:
            return
        if loss is not None:
            self._pending.loss = loss
            self._pending.grad = array("d", [math.nan] * len(self.tracked))  # they stay inside the program
        else:
            self._pending.grad = self.tracked.gradients()
        self._finish(self.tracked.data(), moves)

    def ended(self) -> None:
        """The training is over: what there is now is kept as well."""
        data = self.tracked.data()
        if self._pending is not None and self._pending.old != data:
            self._finish(data, [])
        self._pending = None
        last = Frame(len(self.losses), math.nan, data, self.tracked.gradients())
        self._look(last)
        self.frames.kept.append(last)

    # ---- steps -------------------------------------------------------------------------------------------------------

    def _begin(self, data: array[float], loss: float) -> None:
        """Begin a step, or add to one that takes several backward passes."""
        if self._pending is not None:
            self._pending.loss += loss
            self._pending.grad = self.tracked.gradients()
            return
        self._pending = Frame(len(self.losses), loss, data, self.tracked.gradients())
        if self.frames.wants(self._pending.step):
            self._look(self._pending)

    def _finish(self, new: array[float], moves: Sequence[Move]) -> None:
        frame, self._pending = self._pending, None
        if frame is None:
            return
        self.losses.append(frame.loss)
        if not self.frames.wants(frame.step):
            return
        frame.new = new
        self._note_states(frame, moves)
        self.frames.keep(frame)

    def _look(self, frame: Frame) -> None:
        """Ask the model, as it is now."""
        frame.plane = self.plane.scores() if self.plane is not None else None
        frame.graph = self.graph.numbers() if self.graph is not None else None

    def _note_states(self, frame: Frame, moves: Sequence[Move]) -> None:
        """What the optimisers kept for each number, and the numbers that they read."""
        states: dict[Node, tuple[Any, ...]] = {}
        for optimizer, (_, kept, steps, _), _ in moves:
            frame.numbers.append({"rule": self._rule_of(optimizer), **_numbers(optimizer, steps + 1)})
            states.update(zip(optimizer.parameters, kept, strict=True))
        count = max(map(len, states.values()), default=0)
        for place in range(count):
            parts = [states.get(p, ())[place : place + 1] for p in self.tracked.parameters]
            frame.states.append(self.tracked.read([part[0] if part else None for part in parts]))

    def _rule_of(self, optimizer: Any) -> int:
        """The number of an optimiser, whose rule is read when it is first met."""
        for number, known in enumerate(self._optimizers):
            if known is optimizer:
                return number
        self._optimizers.append(optimizer)
        places = {p: place for place, p in enumerate(self.tracked.parameters)}
        rule = {"name": repr(optimizer), "parameters": [places[p] for p in optimizer.parameters if p in places]}
        self.rules.append({**rule, "formulas": formulas(optimizer)})
        return len(self.rules) - 1

    # ---- data --------------------------------------------------------------------------------------------------------

    def _take_data(self, X: Any, y: Any) -> None:
        if not callable(self.model):
            return
        rows, self.y = _listed(X), _listed(y)
        if not rows or not isinstance(rows[0], list) or any(isinstance(x, list) for x in rows[0]):
            return
        self.X = rows
        takes_arrays = any(hasattr(p, "dtype") for p in self.tracked.parameters)
        self.graph = SampleGraph(self.model, rows[self.sample % len(rows)], takes_arrays)
        if len(rows[0]) == 2:
            self.plane = Plane(self.model, rows, takes_arrays)


def _number(root: Any) -> float:
    data = root._data
    return float(data.sum()) if hasattr(data, "shape") else float(data)


def _numbers(optimizer: Any, step: int) -> dict[str, float]:
    return {name: float(number) for name, number in optimizer.numbers(step).items()}


def _listed(part: Any) -> Any:
    """Numbers as Python's own, rows as lists."""
    part = part._data if isinstance(part, Node) else part
    if hasattr(part, "tolist"):
        return part.tolist()
    return [list(row) if isinstance(row, (list, tuple)) else row for row in part]
