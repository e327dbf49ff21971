"""Problems between model, gradients and optimiser: what isn't reached, isn't moved, or begins wrongly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from micrograd.nn.checks.report import Problem
from micrograd.nn.checks.setup import Setup
from micrograd.nn.checks.watched import Step, numbers_of


def leftover_gradients(step: Step, before: dict[Any, Any]) -> Iterator[Problem]:
    """Gradients of several steps in one: those that were there before are as large as a sum of several."""
    reached = [p for p, gradient in step.gradients.items() if gradient is not None and before[p] is not None]
    if not reached:
        return
    now = np.concatenate([numbers_of(step.gradients[p]).reshape(-1) for p in reached])
    held = np.concatenate([numbers_of(before[p]).reshape(-1) for p in reached])
    # A single gradient, left from the last step or from a look at it, does no harm if a step begins with zero_grad().
    is_alike = now @ held > 0.5 * np.linalg.norm(now) * np.linalg.norm(held) > 0.0
    if is_alike and now @ held > 1.8 * (now @ now):
        yield Problem(
            "gradient not zeroed",
            _listed([step.names[p] for p in reached]),
            f"the gradient that was there before the step is {now @ held / (now @ now):.1f} times that of the step",
            "backward() adds to what is there: each step follows the sum of all gradients so far",
            "optimizer.zero_grad() before loss.backward(), in every step; with check_training(..., step=your_step) the "
            "step itself is tried",
        )


def detached_loss(step: Step) -> Iterator[Problem]:
    """A loss that no gradient leaves."""
    result = step.result
    if numbers_of(result).size != 1:
        yield Problem(
            "loss of many numbers",
            "loss_fn",
            f"the loss has the shape {numbers_of(result).shape}",
            "a gradient is that of a single number, so that backward() refuses",
            "loss_fn(...).mean(), or reduction='mean'",
        )
    elif step.learned and all(step.gradients.get(p) is None for p in step.learned):
        yield Problem(
            "loss without a graph",
            "loss_fn",
            "the loss depends on no parameter: it was computed from numbers (.data, .item(), NumPy) or under no_grad()",
            "there is no gradient, and nothing is learned",
            "compute with the Tensors and Values themselves, from the model's output to the loss",
        )


def missing_gradients(step: Step) -> Iterator[Problem]:
    """Parameters that the loss doesn't depend on, or whose gradient is 0 throughout."""
    learned = step.learned
    unreached = [step.names[p] for p in learned if step.gradients.get(p) is None]
    if len(unreached) == len(learned):
        return
    if unreached:
        yield Problem(
            "parameter without gradient",
            _listed(unreached),
            "the loss doesn't depend on it",
            "it stays as it was drawn: a layer that forward() leaves out, or one whose output was cut off by .data, "
            ".detach() or stop_gradient()",
            "use it in forward(), or leave it out of the model",
        )
    still = [step.names[p] for p in learned if (g := step.gradients.get(p)) is not None and not numbers_of(g).any()]
    if len(still) > len(learned) // 2:
        yield Problem(
            "gradient of 0",
            _listed(still),
            f"the gradient of {len(still)} of {len(learned)} parameters is 0 for every sample",
            "the step moves none of them: what follows is flat here, as a relu below 0 or a clip beyond its bounds",
            "smaller initial weights or learning rate; leaky_relu for relu; no clip() or round() before the loss",
        )


def frozen(step: Step) -> Iterator[Problem]:
    """Parameters that require no gradient, all of them."""
    if not step.learned:
        yield Problem(
            "nothing to learn",
            _listed(list(step.names.values())),
            "no parameter requires a gradient",
            "backward() reaches none, and the optimiser moves none",
            "Tensor(data, requires_grad=True), or model.unfreeze()",
        )


def optimizer_parameters(step: Step) -> Iterator[Problem]:
    """Parameters that the optimiser doesn't know, and others that the model doesn't."""
    known = getattr(step.optimizer, "parameters", None)
    if known is None:
        return
    missing = [name for p, name in step.names.items() if p not in set(known) and p._requires_grad]
    if missing:
        yield Problem(
            "parameter not in the optimiser",
            _listed(missing),
            f"the optimiser moves {len(known)} parameters, and {len(missing)} of the model aren't among them",
            "they have gradients, and stay as they are",
            f"{type(step.optimizer).__name__}(model.parameters(), lr=...), made after the last layer was added",
        )
    strangers = [p for p in known if p not in step.names]
    if strangers:
        yield Problem(
            "optimiser of another model",
            type(step.optimizer).__name__,
            f"{len(strangers)} of the {len(known)} parameters that it moves don't belong to the model",
            "it was made for a model that was replaced since: its steps change what nobody uses",
            f"{type(step.optimizer).__name__}(model.parameters(), lr=...) again, after the model was made or loaded",
        )


def evaluation_mode(step: Step) -> Iterator[Problem]:
    """A model with dropout or batch normalisation that isn't in training mode."""
    asleep = [
        name or type(part).__name__
        for name, part in (step.module.named_modules() if step.module is not None else ())
        if not part.training and type(part).__name__.startswith(("Dropout", "BatchNorm"))
    ]
    if asleep:
        yield Problem(
            "evaluation mode",
            _listed(asleep),
            "dropout and batch normalisation are switched to evaluation",
            "dropout drops nothing, and running statistics are used and never updated",
            "model.train() before training, model.eval() before measuring",
        )


def single_sample(setup: Setup) -> Iterator[Problem]:
    """Batch normalisation over a single sample, which refuses to run."""
    parts = [
        name or type(part).__name__
        for name, part in (setup.module.named_modules() if setup.module is not None else ())
        if part.training and type(part).__name__ == "BatchNorm1d"
    ]
    if parts and len(setup.X) == 1:
        yield Problem(
            "batch of one under batch normalisation",
            _listed(parts),
            "the batch has a single sample",
            "a sample minus its own mean is 0: the layer's output says nothing about the input",
            "larger batches; or LayerNorm, which normalises each sample by itself",
        )


def equal_units(step: Step) -> Iterator[Problem]:
    """Units of a hidden layer that begin with the same weights."""
    layers = _units(step)
    for layer, units in list(layers.items())[:-1]:
        if len(units) > 1 and (units == units[0]).all():
            yield Problem(
                "units that are all alike",
                layer,
                f"its {len(units)} units begin with the same weights",
                "units that are equal have equal gradients, and stay equal for ever: the layer is as good as one unit",
                "random initial weights: micrograd.nn.init.kaiming_uniform_(weight, rng=0), or the layer's own",
            )


def _units(step: Step) -> dict[str, np.ndarray]:
    """The weights of each layer, one row a unit, in the order of the layers."""
    neurons: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    found: dict[str, Any] = {}
    for parameter, name in step.names.items():
        numbers = numbers_of(parameter)
        neuron = re.fullmatch(r"(.*)\.?neurons\.(\d+)\.w\.\d+", name)
        if neuron is not None:
            neurons[neuron[1]][neuron[2]].append(float(numbers))
            found[neuron[1]] = None
        elif numbers.ndim == 2:
            found[name] = numbers
    return {name: np.array(list(neurons[name].values())) if name in neurons else w for name, w in found.items()}


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


FAMILY = (
    frozen,
    detached_loss,
    missing_gradients,
    optimizer_parameters,
    evaluation_mode,
    equal_units,
)
