"""Neurons, what a net is told about its mistakes, and steps that make them smaller."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ladder.cases import Case, lists
from ladder.rungs.rung import Rung


def _neuron(w: Any, x: Any, b: Any) -> Any:
    return (sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b).relu()


def _neurons() -> Iterator[Case]:
    for inputs in ([1.0], [2.0], [-1.0], [1.0, 2.0], [2.0, -1.0], [-1.0, -2.0]):
        weights = "ab"[: len(inputs)]
        for bias in (1.0, 3.0, -1.0):
            leaves = {**dict(zip(weights, (2.0, 1.0), strict=False)), "bias": bias}
            yield Case(f"neuron([{', '.join(weights)}], {inputs}, bias)", leaves)


def _layer(W: Any, x: Any, b: Any) -> Any:
    return [_neuron(row, x, bias) for row, bias in zip(W, b, strict=True)]


def _layers() -> Iterator[Case]:
    yield Case("layer([[a]], [1.0], [0.0])", {"a": 2.0})
    yield Case("layer([[a], [b]], [1.0], [1.0, 2.0])", {"a": 2.0, "b": 3.0})
    yield Case("layer([[a, b]], [1.0, 3.0], [0.5])", {"a": 2.0, "b": 3.0})
    for numbers in ((1.0, 2.0, 3.0, 4.0), (1.0, -2.0, 3.0, 0.5)):
        yield Case("layer([[a, b], [c, d]], [1.0, 2.0], [0.5, 1.0])", dict(zip("abcd", numbers, strict=True)))


def _mean_squared_error(predictions: Any, targets: Any) -> Any:
    return sum((p - t) ** 2 for p, t in zip(predictions, targets, strict=True)) * (1 / len(targets))


def _hinge_loss(scores: Any, labels: Any) -> Any:
    return sum((1 - s * y).relu() for s, y in zip(scores, labels, strict=True)) * (1 / len(labels))


def _losses(function: str, targets: tuple[float, ...]) -> Iterator[Case]:
    for row in lists(2, targets, count=4):
        names = "ab"[: len(row)]
        for numbers in ((2.0, 0.5), (0.5, -2.0), (-3.0, 3.0)):
            yield Case(f"{function}([{', '.join(names)}], {row})", dict(zip(names, numbers, strict=False)))


def _step(parameters: Any, lr: float) -> None:
    for p in parameters:
        p.data -= lr * p.grad


def _steps() -> Iterator[Case]:
    for graph, leaves in (("a * a", {"a": 1.0}), ("a * b", {"a": 2.0, "b": 3.0})):
        for lr in (0.1, 0.5):
            yield Case(f"sgd_step([{', '.join(leaves)}], lr={lr})", leaves, graph)


def _momentum_step(data: float, grad: float, velocity: float, lr: float, momentum: float) -> tuple[float, float]:
    velocity = momentum * velocity + grad
    return data - lr * velocity, velocity


def _momenta() -> Iterator[Case]:
    for velocity in (0.0, 1.0, -2.0):
        for grad in (1.0, 2.0):
            for lr, momentum in ((1.0, 0.5), (0.1, 0.9)):
                yield Case(f"momentum_step(5.0, {grad}, {velocity}, lr={lr}, momentum={momentum})")


NETS = (
    Rung("10_neuron", _neuron, _neurons),
    Rung("11_layer", _layer, _layers),
    Rung("12_mean_squared_error", _mean_squared_error, lambda: _losses("mean_squared_error", (1.0, 2.0, -1.0))),
    Rung("13_hinge_loss", _hinge_loss, lambda: _losses("hinge_loss", (1.0, -1.0))),
    Rung("14_sgd_step", _step, _steps),
    Rung("15_momentum_step", _momentum_step, _momenta),
)
