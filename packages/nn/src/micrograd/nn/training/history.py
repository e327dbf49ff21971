"""`History`: what happened at each step of a training, and at each look at the validation data."""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from micrograd.engine.arguments.trees import map_leaves
from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.training.curves import draw_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(repr=False)
class History:
    """The record that `fit` returns: one entry per step in `loss`, `lr` and `metrics`.

    Attributes:
        loss: The loss of the step's batch, before the parameters moved.
        lr: The learning rate that the step used.
        metrics: By name, what each metric gave for the scores of that same forward pass.
        validation: By name, "loss" among them, what each look at the validation data gave.
        validated_at: How many steps had been taken at each of these looks.

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
    validation: dict[str, list[float]] = field(default_factory=dict)
    validated_at: list[int] = field(default_factory=list)

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
        _add(self.metrics, metrics)

    def record_validation(self, measured: Mapping[str, float]) -> None:
        """Add what the validation data gave after the last step."""
        self.validated_at.append(len(self))
        _add(self.validation, measured)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the curves of training and validation: the loss and, on a scale at the right, the accuracy.

        Args:
            ax: Where to draw; a new figure unless given.

        Returns:
            The axes of the loss.

        Raises:
            MissingExtraError: If matplotlib isn't installed.
        """
        return draw_curves(self, ax)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a table with a line a step; what wasn't measured at a step stays empty.

        Example:
            >>> import tempfile
            >>> history = History()
            >>> history.record(0.9, lr=1.0, metrics={"accuracy": 0.5})
            >>> history.record_validation({"loss": 1.1})
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     history.to_csv(f"{folder}/history.csv")
            ...     print(Path(f"{folder}/history.csv").read_text())
            step,loss,lr,accuracy,validation_loss
            1,0.9,1.0,0.5,1.1
            <BLANKLINE>
        """
        looks = {step: place for place, step in enumerate(self.validated_at)}
        columns: dict[str, list[Any]] = {"loss": self.loss, "lr": self.lr, **self.metrics}
        for name, values in self.validation.items():
            columns[f"validation_{name}"] = [values[looks[k]] if k in looks else "" for k in range(1, len(self) + 1)]
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["step", *columns])
            writer.writerows(zip(range(1, len(self) + 1), *columns.values(), strict=True))

    def to_json(self, path: str | os.PathLike[str]) -> None:
        """Write all of it; `History.from_json` reads it.

        Of what JSON lacks, null stands for nan, and the texts "inf" and "-inf" for infinities.

        Example:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     History([0.5], [1.0]).to_json(f"{folder}/history.json")
            ...     History.from_json(f"{folder}/history.json") == History([0.5], [1.0])
            True
        """
        Path(path).write_text(json.dumps(map_leaves(_for_json, asdict(self)), allow_nan=False) + "\n", encoding="utf-8")

    @classmethod
    def from_json(cls, path: str | os.PathLike[str]) -> History:
        """What `to_json` wrote."""
        return cls(**map_leaves(_of_json, json.loads(Path(path).read_text(encoding="utf-8"))))

    def state_dict(self) -> dict[str, Any]:
        """All of it, with arrays for the lists, which a checkpoint writes faster."""
        import numpy as np

        return {
            name: {key: np.array(numbers) for key, numbers in kept.items()}
            if isinstance(kept, dict)
            else np.array(kept, dtype=int if name == "validated_at" else float)
            for name, kept in vars(self).items()
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict()` gave."""
        for name, kept in state.items():
            lists = {k: v.tolist() for k, v in kept.items()} if isinstance(kept, dict) else kept.tolist()
            setattr(self, name, lists)

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        looks = {f"validation {name}": values for name, values in self.validation.items()}
        lists = {"loss": self.loss, **self.metrics, **looks}
        courses = [f"{name} {values[0]:.4g} -> {values[-1]:.4g}" for name, values in lists.items() if values]
        steps = f"{len(self)} step{'s' * (len(self) != 1)}"
        return f"<History of {steps}{': ' * bool(courses)}{', '.join(courses)}>"


def _for_json(number: float) -> Any:
    return number if math.isfinite(number) else None if math.isnan(number) else str(number)


def _of_json(number: Any) -> float:
    return math.nan if number is None else float(number) if isinstance(number, str) else number


def _add(lists: dict[str, list[float]], numbers: Mapping[str, float]) -> None:
    for name, number in numbers.items():
        lists.setdefault(name, []).append(number)
