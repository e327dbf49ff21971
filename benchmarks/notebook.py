"""micrograd's demo notebook as contenders run it: ours and micrograd 0.1.0, by the same user code.

Which of the two `micrograd` is here follows from where the process looks for it, and nothing else.
"""

from __future__ import annotations

from typing import Any

from jobs.contract import Chain, Predict, Train
from jobs.problem import Floats, Problem
from micrograd.engine import Value
from micrograd.nn import MLP


def seed(problem: Problem) -> Train:
    model = MLP(2, [problem.hidden, problem.hidden, 1])
    _set_weights(model, problem)
    X, y, alpha = problem.X, problem.y, problem.l2

    def loss() -> Any:
        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = alpha * sum(p * p for p in model.parameters())
        return data_loss + reg_loss

    def train(steps: int) -> float:
        for _ in range(steps):
            total_loss = loss()
            model.zero_grad()
            total_loss.backward()
            for p in model.parameters():
                p.data -= problem.learning_rate * p.grad
        return float(total_loss.data)

    return train


def jit_seed(problem: Problem, backend: str) -> Train:
    """The same model and the same loss, only that X and y are arguments, in a compiled step. Ours alone has that."""
    from micrograd.nn import SGD, jit_train_step

    model = MLP(2, [problem.hidden, problem.hidden, 1])
    _set_weights(model, problem)
    alpha = problem.l2

    def loss(X: Any, y: Any) -> Any:
        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = alpha * sum(p * p for p in model.parameters())
        return data_loss + reg_loss

    X, y = problem.X, problem.y.astype(float)
    step = jit_train_step(loss, SGD(model.parameters(), lr=problem.learning_rate), backend=backend)

    def train(steps: int) -> float:
        for _ in range(steps):
            total = step(X, y)
        return float(total)

    return train


def jit_rows(problem: Problem, backend: str) -> Predict:
    """The model itself, written for one row, over all rows. Ours alone has that."""
    from micrograd.engine import jit, no_grad, vmap

    model = MLP(2, [problem.hidden, problem.hidden, 1])
    _set_weights(model, problem)
    scores = jit(vmap(model), backend=backend)

    def predict(steps: int) -> Floats:
        with no_grad():
            for _ in range(steps):
                found = scores(problem.X)
        return found.data  # type: ignore[no-any-return]

    return predict


def _set_weights(model: Any, problem: Problem) -> None:
    # As Python floats, which is what both draw for themselves; NumPy's would slow micrograd down from the start.
    for layer, W, b in zip(model.layers, problem.weights, problem.biases, strict=True):
        for neuron, column, bias in zip(layer.neurons, W.T.tolist(), b.tolist(), strict=True):
            for p, number in zip([*neuron.w, neuron.b], [*column, bias], strict=True):
                p.data = number


def _record(n: int) -> Any:
    y = Value(1.0)
    for _ in range(n):
        y = y * 1.000001
    return y


chain = Chain(_record, lambda root: root.backward())
