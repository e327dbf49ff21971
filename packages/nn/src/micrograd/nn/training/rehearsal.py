"""`rehearsal`: having a model compute as in training, and be afterwards as it was, gradients included."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from micrograd.nn.module import Module
from micrograd.nn.random_states import generators_in, restore, state_of


@contextmanager
def rehearsal(model: Module) -> Iterator[None]:
    """Put back, at the end, the parameters, gradients, buffers and random generators of the model.

    Example:
        >>> import numpy as np
        >>> from micrograd.nn import BatchNorm1d
        >>> model = BatchNorm1d(1)
        >>> with rehearsal(model):
        ...     _ = model(np.array([[1.0], [3.0]]))
        >>> model.running_mean
        array([0.])
    """
    numbers, gradients = model.state_dict(), [(p, p.grad) for p in model.parameters()]
    generators = generators_in(model)
    draws = {path: copy.deepcopy(state_of(rng)) for path, rng in generators.items()}
    try:
        yield
    finally:
        model.load_state_dict(numbers)
        for parameter, gradient in gradients:
            parameter.grad = gradient
        for path, rng in generators.items():
            restore(rng, draws[path])
