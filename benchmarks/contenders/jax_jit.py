"""JAX in float64: loss, gradients and update in one jitted function."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jobs.contract import Predict, Train
from jobs.problem import Floats, Problem

LIBRARIES = ("jax", "jaxlib")

for setting, value in (("jax_enable_x64", True), ("jax_platforms", "cpu")):
    jax.config.update(setting, value)  # type: ignore[no-untyped-call,unused-ignore]


def net(parameters: Any, X: Any) -> Any:
    W0, b0, W1, b1, W2, b2 = parameters
    hidden = jax.nn.relu(X @ W0 + b0)
    hidden = jax.nn.relu(hidden @ W1 + b1)
    return hidden @ W2 + b2


def seed(problem: Problem) -> Train:
    X, y = jnp.asarray(problem.X), jnp.asarray(problem.y[:, None], float)
    parameters: Any = [jnp.asarray(p) for p in problem.parameters()]

    def loss(parameters: Any) -> Any:
        penalty = sum(jnp.sum(p * p) for p in parameters)
        return jnp.mean(jax.nn.relu(1 - y * net(parameters, X))) + problem.l2 * penalty

    @jax.jit
    def step(parameters: Any) -> Any:
        total, gradients = jax.value_and_grad(loss)(parameters)
        return total, [p - problem.learning_rate * g for p, g in zip(parameters, gradients, strict=True)]

    def train(steps: int) -> float:
        nonlocal parameters
        for _ in range(steps):
            total, parameters = step(parameters)
        jax.block_until_ready(parameters)  # type: ignore[no-untyped-call,unused-ignore]  # it returns before
        return float(total)

    return train


def rows(problem: Problem) -> Predict:
    X: Any = jnp.asarray(problem.X)
    parameters: Any = [jnp.asarray(p) for p in problem.parameters()]
    scores = jax.jit(net)

    def predict(steps: int) -> Floats:
        for _ in range(steps):
            found = jax.block_until_ready(scores(parameters, X))  # type: ignore[no-untyped-call,unused-ignore]
        return np.asarray(found)[:, 0]

    return predict
