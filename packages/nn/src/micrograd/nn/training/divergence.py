"""`DivergedError`: the loss became nan or infinite, and where that began."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import AnomalyError, MicrogradError, MicrogradValueError
from micrograd.nn.module import Module
from micrograd.nn.training.history import History
from micrograd.nn.training.rehearsal import rehearsal


class DivergedError(MicrogradValueError):
    """The loss became nan or infinite.

    Attributes:
        step: The step whose loss it was, counted from 0; the parameters are those before it.
        history: The record up to that step.

    Example:
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> model, data = MLP(1, [1]), ([[1.0], [2.0]], [1.0, 2.0])
        >>> try:
        ...     fit(model, data, mse_loss, SGD(model.parameters(), lr=1e200), steps=9, metrics=(), progress=False)
        ... except DivergedError as error:
        ...     print("step", error.step)
        step 1
    """

    step: int
    history: History


def diverged(loss: float, lr: float, history: History, model: Any, again: Callable[[], Any]) -> DivergedError:
    """The error for a loss that is no number to go on from.

    Args:
        loss: The loss.
        lr: The learning rate.
        history: The record of the steps before.
        model: The model, with the parameters of before the step.
        again: Computes that loss again; whatever it moves in the model is put back.
    """
    advice = (
        f"Most often the learning rate is too high: it is {lr}, try optimizer.lr = {lr / 10:.4g}. Else look for nan in "
        "the data, or for a log of 0 in the loss."
        if len(history)
        else "It is the first one, so look for nan, inf or huge numbers in the data, or for a log of 0 in the loss."
    )
    error = DivergedError(
        f"the loss of step {len(history)} (counted from 0) is {loss}; the parameters are as they were before that "
        f"step. {advice}{_origin(model, again)}"
    )
    error.step, error.history = len(history), history
    return error


def _origin(model: Any, again: Callable[[], Any]) -> str:
    """Where the number that isn't finite came up first, in a sentence or more; empty if nobody can tell."""
    if not isinstance(model, Module):
        return _found(again)
    bad = [name for name, parameter in model.named_parameters() if not _is_finite(parameter._data)]
    if bad:
        return f" Before it, {len(bad)} parameters weren't finite any more, the first of them {bad[0]}."
    with rehearsal(model):
        return _found(again)


def _found(again: Callable[[], Any]) -> str:
    from micrograd.engine.viz.anomaly.detection import detect_anomaly

    try:
        with detect_anomaly():
            again()
    except AnomalyError as error:
        return f"\nIt began here: {error}"
    except MicrogradError:
        return ""
    return ""


def _is_finite(data: Any) -> bool:
    if hasattr(data, "dtype"):
        import numpy as np

        return bool(np.isfinite(data).all())
    return math.isfinite(data)
