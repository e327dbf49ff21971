"""`History`: what happened at each step of a training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from micrograd.engine.errors import MicrogradValueError


@dataclass(repr=False)
class History:
    """The record that `fit` returns: one entry per step in every list.

    Attributes:
        loss: The loss of the step's batch, before the parameters moved.
        lr: The learning rate that the step used.
        metrics: By name, what each metric gave for the scores of that same forward pass.

    Example:
        >>> history = History()
        >>> history.record(0.9, lr=1.0, metrics={"accuracy": 0.5})
        >>> history.record(0.2, lr=0.5, metrics={"accuracy": 0.95})
        >>> history
        <History of 2 steps: loss 0.9 -> 0.2, accuracy 0.5 -> 0.95>
    """

    loss: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)

    @property
    def accuracy(self) -> list[float]:
        """The accuracy of each step, from 0 to 1.

        Raises:
            MicrogradValueError: If it wasn't among the metrics.
        """
        if "accuracy" not in self.metrics:
            raise MicrogradValueError(
                f"this history holds no accuracy, but {sorted(self.metrics) or 'no metrics'}. "
                "Write fit(..., metrics=(accuracy,))."
            )
        return self.metrics["accuracy"]

    def record(self, loss: float, lr: float, metrics: Mapping[str, float]) -> None:
        """Add one step."""
        self.loss.append(loss)
        self.lr.append(lr)
        for name, number in metrics.items():
            self.metrics.setdefault(name, []).append(number)

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        lists = {"loss": self.loss, **self.metrics}
        courses = [f"{name} {values[0]:.4g} -> {values[-1]:.4g}" for name, values in lists.items() if values]
        steps = f"{len(self)} step{'s' * (len(self) != 1)}"
        return f"<History of {steps}{': ' * bool(courses)}{', '.join(courses)}>"
