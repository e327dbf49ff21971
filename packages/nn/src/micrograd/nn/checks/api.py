"""`check_training`: the checks in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradError
from micrograd.engine.observing.recording import unwatched
from micrograd.nn.checks import activation_checks, data_checks, loss_checks, parameter_checks
from micrograd.nn.checks.keeping import unchanged
from micrograd.nn.checks.parameter_checks import leftover_gradients, single_sample
from micrograd.nn.checks.report import Problem, Report
from micrograd.nn.checks.setup import set_up
from micrograd.nn.checks.trial_checks import trials, users_step
from micrograd.nn.checks.watched import watch

_FATAL = ("rows without targets",)
_OF_A_STEP = (*parameter_checks.FAMILY, *loss_checks.FAMILY, *activation_checks.FAMILY)


def check_training(
    model: Callable[..., Any],
    loss_fn: Callable[..., Any],
    batch: tuple[Any, Any],
    *,
    optimizer: Any = None,
    parameters: Any = None,
    step: Callable[[], Any] | None = None,
    run_trials: bool = True,
) -> Report:
    """Run one step under watch, and explain what keeps the model from learning.

    Some further steps are tried: with the optimiser, whether its learning rate diverges; and on eight samples, whether
    they can be learned at all. Afterwards parameters, gradients, buffers, random generators and optimiser are as they
    were, also if the model fails on the way.

    Args:
        model: Takes a batch of n rows as a Tensor; a model made of Values a row at a time.
        loss_fn: `loss_fn(predictions, targets)`, which returns one Value or Tensor; the predictions of a model of
            Values come as a list.
        batch: `(X, y)`: n rows and n targets. Of a model of Values the first 32 are taken.
        optimizer: What moves the parameters; without it, its parameters and learning rate aren't checked.
        parameters: What is learned: a module, or a list of Values or Tensors; `model` itself if not given.
        step: Your own training step, taken twice: whether it zeroes gradients and moves anything. What it changes
            beside model and optimiser, such as a schedule, stays changed.
        run_trials: Whether to try further steps, which takes up to five seconds.

    Returns:
        The problems, which print as explanations; empty if there are none.

    Raises:
        MicrogradTypeError: If the batch is no pair of numbers, or there are no parameters.
        MicrogradValueError: If the batch is empty.

    Example:
        >>> import random
        >>> from micrograd.nn import MLP, SGD, mse_loss
        >>> model = MLP(1, [2, 1], rng=random.Random(0))
        >>> optimizer = SGD(model.layers[0].parameters(), lr=0.01)
        >>> report = check_training(model, mse_loss, ([[0.1], [0.5], [0.9]], [0.2, 0.1, 0.4]), optimizer=optimizer)
        >>> print(report[0])
        parameter not in the optimiser: layers.1.neurons.0.w.0, layers.1.neurons.0.w.1, layers.1.neurons.0.b
          What: the optimiser moves 4 parameters, and 3 of the model aren't among them
          Why it matters: they have gradients, and stay as they are
          Instead: SGD(model.parameters(), lr=...), made after the last layer was added

    Reference: Karpathy, "A recipe for training neural networks" (2019), for much of what is checked.
    """
    setup = set_up(model, loss_fn, batch, parameters, optimizer)
    problems = [problem for check in data_checks.FAMILY for problem in check(setup)]
    if any(problem.kind in _FATAL for problem in problems):
        return Report(problems)
    before = {parameter: parameter.grad for parameter in setup.names}
    with unchanged(*setup.kept), unwatched():
        try:
            watched = watch(setup)
        except MicrogradError as error:
            return Report([*problems, *(list(single_sample(setup)) or [_refusal(error)])])
        problems += leftover_gradients(watched, before) if step is None else users_step(watched, step)
        problems += [problem for check in _OF_A_STEP for problem in check(watched)]
        problems += trials(watched) if run_trials else ()
    return Report(problems)


def _refusal(error: MicrogradError) -> Problem:
    what, verb, code = str(error).rpartition("Write ")
    return Problem(
        "step that can't be taken",
        type(error).__name__,
        what.strip() if verb else str(error),
        "nothing can be learned before model and loss run",
        code or "as the message says",
    )
