"""Problems that show only when some steps are taken; afterwards everything is put back."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from micrograd.nn.checks.keeping import unchanged
from micrograd.nn.checks.loss_checks import guess_loss
from micrograd.nn.checks.report import Problem
from micrograd.nn.checks.setup import Setup
from micrograd.nn.checks.watched import Step, numbers_of
from micrograd.nn.optim import Adam

_STEPS, _SECONDS = 12, 2.0
_FEW, _OVERFIT_STEPS, _OVERFIT_SECONDS = 8, 300, 3.0
_ENOUGH_STEPS = 60  # after which something must have been learned


def trials(step: Step) -> Iterator[Problem]:
    """Those of a learning rate and of eight samples; a model that runs on its own batch alone isn't tried."""
    for check in (learning_rate, overfitting):
        try:
            yield from check(step)
        except Exception:
            return


def learning_rate(step: Step) -> Iterator[Problem]:
    """A rate that makes the loss grow, or moves nothing."""
    optimizer = step.optimizer
    if not hasattr(optimizer, "lr") or not step.gradients:
        return
    before = [numbers_of(p).copy() for p in step.names]
    with unchanged(*step.kept):
        losses = _train(step, optimizer, _STEPS, _SECONDS)
        moved = max(abs(numbers_of(p) - old).max() for p, old in zip(step.names, before, strict=True))
    size = max(abs(old).max() for old in before)
    name = f"{type(optimizer).__name__}(lr={optimizer.lr:g})"
    if _diverges(losses, guess_loss(step)):
        yield Problem(
            "learning rate too high",
            name,
            f"in {len(losses) - 1} steps on one batch the loss went from {losses[0]:.4g} to {losses[-1]:.4g}",
            "each step overshoots by more than the one before, and the loss grows without end",
            f"optimizer.lr = {optimizer.lr / 10:.3g}, or clip_grad_norm(model.parameters(), 1.0) before each step",
        )
    elif moved <= 1e-9 * size * len(losses):
        yield Problem(
            "learning rate too low",
            name,
            f"{len(losses) - 1} steps moved the parameters by {moved:.1g} at most, of a size of {size:.1g}",
            "nothing is learned in any time that one would wait",
            "optimizer.lr = 0.1 for SGD, 0.001 for Adam, and from there up or down by a factor of 3",
        )


def _diverges(losses: list[float], guess: float | None) -> bool:
    """Whether losses end at their worst, and far above where they began and what a guess costs."""
    last = losses[-1]
    if not math.isfinite(last):
        return math.isfinite(losses[0])
    return last > 3.0 * max(losses[0], guess or 0.0) and last >= 0.9 * max(losses)


def overfitting(step: Step) -> Iterator[Problem]:
    """A model that can't learn even eight samples by heart."""
    guess = guess_loss(step)
    if guess is None or len(step.X) < _FEW or not step.gradients or not step.learned or not _differ(step):
        return
    goal = 0.8 * min(step.value, guess)
    with unchanged(*step.kept):
        few, adam = step.first(_FEW), Adam(step.learned, lr=0.02)
        losses = _train(few, adam, _OVERFIT_STEPS, _OVERFIT_SECONDS, goal)
    best, first = min(losses), losses[0]
    if len(losses) > _ENOUGH_STEPS and best > max(goal, 0.2 * guess):
        yield Problem(
            "can't learn eight samples",
            "model",
            f"{len(losses) - 1} steps of Adam on {_FEW} samples brought the loss from {first:.4g} to {best:.4g} only; "
            f"a constant answer has {guess:.4g}",
            "what can't learn eight samples by heart won't learn more: inputs and targets don't belong together, a "
            "part is cut off from the gradient, or the model is too small",
            "shuffle X and y together; look at the other problems first; then wider layers",
        )


def _differ(step: Step) -> bool:
    """Whether the first samples differ, and their targets too."""
    X = step.X[:_FEW].reshape(_FEW, -1)
    return len(np.unique(X, axis=0)) == _FEW and len(np.unique(step.y[:_FEW], axis=0)) > 1


def _train(setup: Setup, optimizer: Any, steps: int, seconds: float, goal: float = -math.inf) -> list[float]:
    """The losses of some steps, the last one after the last step; fewer if the goal is reached or time is up."""
    losses: list[float] = []
    end = time.monotonic() + seconds
    for number in range(steps + 1):
        setup.clear()
        loss = setup.loss()
        losses.append(float(numbers_of(loss)))
        if not math.isfinite(losses[-1]) or losses[-1] < goal or number == steps or time.monotonic() > end:
            break
        loss.backward()
        optimizer.step()
    return losses


def users_step(step: Step, take_step: Callable[[], Any]) -> Iterator[Problem]:
    """The user's own step, taken twice from the same start: the second time with gradients that were there before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first, has_moved = _taken(step, take_step, None)
        left = [-1000.0 * gradient for gradient in first]
        second, has_moved_again = _taken(step, take_step, left)
    if _point_alike(second, left):
        yield Problem(
            "gradient not zeroed",
            "step",
            "the step was taken with a gradient there from before, and added its own to that",
            "backward() adds to what is there: each step follows the sum of all gradients so far",
            "optimizer.zero_grad() before loss.backward(), in every step",
        )
    if not has_moved and not has_moved_again:
        yield Problem(
            "step that moves nothing",
            "step",
            "after the step every parameter is what it was",
            "nothing is learned: optimizer.step() is missing, comes before backward() or after zero_grad()",
            "optimizer.zero_grad(); loss.backward(); optimizer.step(), in this order",
        )


def _taken(step: Step, take_step: Callable[[], Any], left: list[np.ndarray] | None) -> tuple[list[np.ndarray], bool]:
    """The gradients after a step that began with those `left` there, and whether it moved anything."""
    start = [numbers_of(p).copy() for p in step.names]
    with unchanged(*step.kept):
        step.clear()
        for parameter, gradient in zip(step.names, left or (), strict=False):
            parameter.grad = gradient if gradient.shape or hasattr(parameter, "dtype") else float(gradient)
        take_step()
        has_moved = any((numbers_of(p) != old).any() for p, old in zip(step.names, start, strict=True))
        return [_gradient(p) for p in step.names], has_moved


def _gradient(parameter: Any) -> np.ndarray:
    grad = parameter.grad
    return np.zeros(np.shape(parameter._data)) if grad is None else numbers_of(grad).copy()


def _point_alike(gradients: list[np.ndarray], left: list[np.ndarray]) -> bool:
    """Whether gradients point where those that were left pointed."""
    one, other = (np.concatenate([part.reshape(-1) for part in parts]) for parts in (gradients, left))
    return bool(one @ other > 0.99 * np.linalg.norm(one) * np.linalg.norm(other) > 0.0)
