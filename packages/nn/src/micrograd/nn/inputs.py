"""One sample on its way into a layer: as many numbers as the layer takes, or an error that names the layer.

micrograd pairs inputs with weights by `zip`, which drops in silence whatever is too many on either side.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any, NoReturn

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value


def as_inputs(x: Any, expected: int, who: str, rebuilt: str) -> list[Any]:
    """The inputs `x` as a list of `expected` numbers or Values.

    Args:
        x: Any iterable, one-dimensional arrays included. A bare number stands for one input: it is what a
            layer of one neuron hands on.
        expected: How many inputs there must be.
        who: The layer's name, for the message.
        rebuilt: Code that builds it for another number of inputs, with `{}` in place of that number.

    Raises:
        MicrogradValueError: There are fewer or more.
        MicrogradTypeError: It isn't a sample at all.

    Example:
        >>> as_inputs((1.0, 2.0), 2, "Neuron", "Neuron({})")
        [1.0, 2.0]
    """
    inputs = x if x.__class__ is list else _listed(x, who)
    if len(inputs) != expected:
        _refuse_count(inputs, expected, who, rebuilt)
    if inputs[0].__class__ is not Value and _is_row(inputs[0]):
        _refuse_batch(who, f"{expected} sequence{'s' * (expected != 1)}")
    return inputs


def _is_row(x: Any) -> bool:
    """Whether this is a sample rather than a feature; a Tensor may be a feature, of many samples."""
    return isinstance(x, (list, tuple)) or (getattr(x, "ndim", 0) > 0 and not hasattr(x, "backward"))


def _listed(x: Any, who: str) -> list[Any]:
    if isinstance(x, (Value, numbers.Real)):
        return [x]
    if getattr(x, "ndim", 1) > 1:
        _refuse_batch(who, f"an array of shape {x.shape}")
    if hasattr(x, "tolist"):
        # Python's floats are several times faster in arithmetic than NumPy's.
        return _listed(x.tolist(), who)
    if not isinstance(x, Iterable) or isinstance(x, (str, bytes, dict, set)):
        raise MicrogradTypeError(
            f"{who} takes a sequence of numbers or Values, one per feature, but was given the "
            f"{type(x).__name__} {x!r:.60}. Write model([x1, x2])."
        )
    return list(x)


def _refuse_count(inputs: list[Any], expected: int, who: str, rebuilt: str) -> NoReturn:
    given = len(inputs)
    if inputs and _is_row(inputs[0]):
        _refuse_batch(who, f"{given} sequences")
    fix = f"Give each sample {expected} feature{'s' * (expected != 1)}"
    if given:
        fix += f", or build it for {given}: {rebuilt.format(given)}"
    raise MicrogradValueError(
        f"{who} takes {expected} input{'s' * (expected != 1)} but was given {given}: {inputs!r:.80}. {fix}."
    )


def _refuse_batch(who: str, given: str) -> NoReturn:
    raise MicrogradValueError(
        f"{who} takes one sample at a time but was given {given}. Write scores = [model(x) for x in X]; "
        "of an MLP, model.to_tensors()(X) takes them all at once, with NumPy."
    )
