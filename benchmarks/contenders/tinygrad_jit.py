"""tinygrad in float64 on the CPU, the whole step under TinyJit."""

from __future__ import annotations

import shutil
from typing import Any

from tinygrad import Tensor, TinyJit, dtypes  # type: ignore[attr-defined,import-not-found,unused-ignore]

from jobs.contract import Train, Unavailable
from jobs.problem import Problem

LIBRARIES = ("tinygrad",)

if shutil.which("clang") is None:
    raise Unavailable("no clang, which tinygrad compiles with")


def seed(problem: Problem) -> Train:
    X, y, *parameters = (
        Tensor(data, dtype=dtypes.float64, device="CPU").realize()
        for data in (problem.X, problem.y[:, None] * 1.0, *problem.parameters())
    )
    W0, b0, W1, b1, W2, b2 = parameters

    def loss() -> Any:
        hidden = (X @ W0 + b0).relu()
        hidden = (hidden @ W1 + b1).relu()
        penalty = sum(p.square().sum() for p in parameters)
        return (1 - y * (hidden @ W2 + b2)).relu().mean() + problem.l2 * penalty

    @TinyJit
    def step() -> Any:
        total = loss()
        updated = [p - problem.learning_rate * g for p, g in zip(parameters, total.gradient(*parameters), strict=True)]
        return total.realize(*(p.assign(new) for p, new in zip(parameters, updated, strict=True)))

    def train(steps: int) -> float:
        for _ in range(steps):
            total = step()
        return float(total.item())

    return train
