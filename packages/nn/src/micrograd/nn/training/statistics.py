"""`layer_statistics`: how large the activations and gradients of each layer are, on one batch.

A layer whose activations are all 0 has died, gradients that shrink from layer to layer vanish, and where they are about
the size of the weights the steps are too long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from micrograd.nn.module import Module
from micrograd.nn.training.array_samples import ArraySamples
from micrograd.nn.training.rehearsal import rehearsal
from micrograd.nn.training.runs import Run
from micrograd.nn.validation import whole_number
from micrograd.nn.watched_modules import outputs_seen


@dataclass(frozen=True)
class LayerStatistics:
    """The numbers of one layer.

    Attributes:
        name: Its path in the model.
        layer: What it is.
        mean: The mean of its activations.
        std: Their standard deviation.
        zeros: The share of them that is 0.
        gradient: The root mean square of the gradient of the loss by its parameters; nan without any.
        weight: That of the parameters themselves.
    """

    name: str
    layer: str
    mean: float
    std: float
    zeros: float
    gradient: float
    weight: float


class StatisticsTable(tuple[LayerStatistics, ...]):
    """The statistics of all layers, in the order in which they compute; it prints as a table.

    Example:
        >>> StatisticsTable([LayerStatistics("0", "Linear(2, 1)", 0.5, 1.0, 0.0, 0.01, 0.3)])
        layer           mean  std  zeros  gradient  weight
        0 Linear(2, 1)   0.5    1     0%      0.01     0.3
    """

    __slots__ = ()

    def __repr__(self) -> str:
        table = [("layer", "mean", "std", "zeros", "gradient", "weight"), *map(_row, self)]
        widths = [max(len(row[k]) for row in table) for k in range(6)]
        return "\n".join(_line(row, widths) for row in table)


def _row(entry: LayerStatistics) -> tuple[str, ...]:
    numbers = (entry.mean, entry.std, entry.gradient, entry.weight)
    mean, std, gradient, weight = ("-" if math.isnan(number) else f"{number:.3g}" for number in numbers)
    return f"{entry.name} {entry.layer}".strip(), mean, std, f"{entry.zeros:.0%}", gradient, weight


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first, *numbers = row
    return "  ".join([first.ljust(widths[0]), *map(str.rjust, numbers, widths[1:])])


def layer_statistics(model: Module, batch: Any, loss: Any) -> StatisticsTable:
    """How large the activations and gradients of each layer are.

    The model computes forward and backward once; its parameters, gradients, buffers and random generators stay as they
    are.

    Args:
        model: A model of Tensors.
        batch: Inputs and targets, a pair of arrays.
        loss: `loss(scores, targets)`.

    Returns:
        One entry for each of the innermost modules, in the order in which they compute.

    Example:
        >>> from micrograd.nn import Linear, ReLU, Sequential, cross_entropy
        >>> model = Sequential(Linear(2, 8, rng=0), ReLU(), Linear(8, 2, rng=1))
        >>> table = layer_statistics(model, (np.eye(2), np.array([0, 1])), cross_entropy)
        >>> [entry.layer for entry in table]
        ['Linear(2, 8)', 'ReLU()', 'Linear(8, 2)']
    """
    samples = ArraySamples(*batch)
    seen: dict[str, tuple[Module, np.ndarray]] = {}

    def see(name: str, module: Module, out: Any) -> None:
        seen[name] = module, _array(out)

    with rehearsal(model), outputs_seen(model, see):
        model.zero_grad()
        X, y = samples.take(range(len(samples)))
        loss(samples.predict(model, X), y).backward()
        return StatisticsTable(_entry(name, module, out) for name, (module, out) in seen.items())


class LayerWatch:
    """A callback of `fit` that looks at the layers every so many steps, on the batch of that step.

    Args:
        every: After how many steps to look; each look costs about as much as a step.

    Attributes:
        steps: When it looked.
        tables: What `layer_statistics` gave.

    Example:
        >>> from micrograd.nn import SGD, Linear, cross_entropy, fit
        >>> model, watch = Linear(2, 2, rng=0), LayerWatch(every=5)
        >>> data, optimizer = (np.eye(2), np.array([0, 1])), SGD(model.parameters(), lr=0.1)
        >>> _ = fit(model, data, cross_entropy, optimizer, steps=10, callbacks=[watch], progress=False)
        >>> watch.steps, [entry.layer for entry in watch.tables[-1]]
        ([5, 10], ['Linear(2, 2)'])
    """

    def __init__(self, every: int = 100) -> None:
        self.every = whole_number(every, "every", "LayerWatch(every=100)")
        self.steps: list[int] = []
        self.tables: list[StatisticsTable] = []

    def on_step(self, run: Run) -> None:
        """Look, if it is time."""
        if run.step % self.every == 0:
            self.steps.append(run.step)
            self.tables.append(layer_statistics(run.model, run.batch, run.loss))


def _array(out: Any) -> np.ndarray:
    first = out[0] if isinstance(out, (tuple, list)) else out
    return np.asarray(getattr(first, "_data", first))


def _entry(name: str, module: Module, out: np.ndarray) -> LayerStatistics:
    own = module.parameters()
    return LayerStatistics(
        name=name,
        layer=module.title(),
        mean=float(out.mean()),
        std=float(out.std()),
        zeros=float((out == 0).mean()),
        gradient=_size([_array(parameter.grad) for parameter in own if parameter.grad is not None]),
        weight=_size([parameter._data for parameter in own]),
    )


def _size(arrays: list[np.ndarray]) -> float:
    """The root mean square of all numbers; nan of none."""
    count = sum(array.size for array in arrays)
    return math.sqrt(sum(float((array**2).sum()) for array in arrays) / count) if count else math.nan
