"""The steps that a recording keeps: every one, until the budget is used up; then every second, every fourth ..."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

BASE64 = 4 / 3


@dataclass
class Frame:
    """One step, or what is there after the last one.

    Attributes:
        step: Its number, counted from 0.
        loss: Before the step; nan if it isn't known.
        old: The followed numbers before the step.
        grad: Their gradients, nan where there is none.
        new: The followed numbers after it.
        states: What the optimiser kept for each number before the step.
        numbers: What its rule reads beside that, such as the learning rate, for each group of parameters.
        plane: The scores of the plane.
        graph: The numbers in the graph of one sample.
    """

    step: int
    loss: float
    old: array[float]
    grad: array[float]
    new: array[float] = field(default_factory=lambda: array("d"))
    states: list[array[float]] = field(default_factory=list)
    numbers: list[dict[str, float]] = field(default_factory=list)
    plane: list[int] | None = None
    graph: array[float] | None = None

    @property
    def size(self) -> float:
        """How many bytes of the page it takes."""
        numbers = sum(map(len, (self.old, self.grad, self.new, *self.states, self.graph or ())))
        return BASE64 * (8 * numbers + len(self.plane or ())) + 400


class Frames:
    """Those that are kept.

    Args:
        budget: How many bytes they may take.
        every: Keep every so many-th step from the start.

    Attributes:
        every: Every so many-th step is kept by now.
        kept: The frames, in order.
    """

    def __init__(self, budget: float, every: int) -> None:
        self._budget = budget
        self.every = every
        self.kept: list[Frame] = []

    def wants(self, step: int) -> bool:
        """Whether this step is to be kept."""
        return step % self.every == 0

    def keep(self, frame: Frame) -> None:
        """Keep a frame, and let go of every second one whenever there are too many."""
        self.kept.append(frame)
        while len(self.kept) > 2 and sum(frame.size for frame in self.kept) > self._budget:
            self.every *= 2
            self.kept = [frame for frame in self.kept if self.wants(frame.step)]
