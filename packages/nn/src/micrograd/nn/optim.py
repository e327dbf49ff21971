"""Optimisers: how a gradient becomes a change of the parameters. So far there is `SGD`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.value import Value
from micrograd.nn.validation import nonnegative

_FIX = "Write SGD(model.parameters(), lr=0.1)."


class SGD:
    """Stochastic gradient descent, with PyTorch's names and formulas.

    d = grad + weight_decay * p;  v = momentum * v + d, at first v = d;  p -= lr * v, or with Nesterov's
    momentum p -= lr * (d + momentum * v).

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate. It may be written later, `optimizer.lr = 0.01`; that is all a schedule does.
        momentum: How much of the last step carries over, from 0 for none.
        nesterov: Whether to look ahead; needs a momentum.
        weight_decay: How strongly parameters are pulled to 0 (an L2 penalty of half this weight).

    Raises:
        MicrogradTypeError: If a parameter isn't a Value, or a setting isn't a number.
        MicrogradValueError: If there are no parameters or one occurs twice, a setting is negative, nan or
            infinite, or Nesterov's momentum is asked for without any.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = SGD([x], lr=0.1)
        >>> for _ in range(3):
        ...     optimizer.zero_grad()
        ...     (x ** 2).backward()
        ...     optimizer.step()
        >>> round(x.data, 4)
        5.12

    Reference: Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
        (2013), in
    the form of PyTorch's `torch.optim.SGD`.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        self.parameters = _checked(parameters)
        self.lr = lr
        self.momentum = nonnegative(momentum, "momentum", "SGD(model.parameters(), lr=0.1, momentum=0.9)")
        self.nesterov = nesterov
        self.weight_decay = nonnegative(
            weight_decay, "weight_decay", "SGD(model.parameters(), lr=0.1, weight_decay=1e-4)"
        )
        if nesterov and self.momentum == 0.0:
            raise MicrogradValueError(
                "nesterov=True looks ahead along the momentum, but momentum is 0. "
                "Write SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)."
            )
        self._velocity: list[float] | None = None

    @property
    def lr(self) -> float:
        """The learning rate: finite and at least 0."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = nonnegative(lr, "the learning rate lr", "SGD(model.parameters(), lr=0.1)")

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self) -> None:
        """Move every parameter against its gradient; a step that fails, by Ctrl-C too, changes nothing."""
        directions, velocity = self._directions()
        data = [p.data - self.lr * d for p, d in zip(self.parameters, directions, strict=True)]
        before = [p.data for p in self.parameters], self._velocity
        try:
            self._write(data, velocity)
        except BaseException:
            self._write(*before)
            raise

    def _directions(self) -> tuple[list[float], list[float] | None]:
        """Where each parameter goes, and the velocity that is kept for the next step."""
        # Without decay nothing is added: 0 * inf would be nan.
        decay = self.weight_decay
        gradients = [p.grad + decay * p.data if decay else p.grad for p in self.parameters]
        if self.momentum == 0.0:
            return gradients, None
        if self._velocity is None:
            velocity = gradients
        else:
            velocity = [self.momentum * v + g for v, g in zip(self._velocity, gradients, strict=True)]
        if not self.nesterov:
            return velocity, velocity
        return [g + self.momentum * v for g, v in zip(gradients, velocity, strict=True)], velocity

    def _write(self, data: list[float], velocity: list[float] | None) -> None:
        for parameter, number in zip(self.parameters, data, strict=True):
            parameter.data = number
        self._velocity = velocity

    def __repr__(self) -> str:
        return (
            f"SGD({len(self.parameters)} parameters, lr={self.lr}, momentum={self.momentum}, "
            f"nesterov={self.nesterov}, weight_decay={self.weight_decay})"
        )


def _checked(parameters: Any) -> list[Value]:
    if not isinstance(parameters, Iterable) or isinstance(parameters, (str, bytes)):
        raise MicrogradTypeError(f"SGD takes a list of parameters, not a {type(parameters).__name__}. {_FIX}")
    listed = list(parameters)
    for position, parameter in enumerate(listed):
        if not isinstance(parameter, Value):
            raise MicrogradTypeError(f"parameter {position} is a {type(parameter).__name__}. {_FIX}")
        if parameter.op is not None:
            raise MicrogradValueError(
                f"parameter {position} was computed, by {parameter.op.symbol!r}: it can't be set. {_FIX}"
            )
    if not listed:
        raise MicrogradValueError(f"SGD was given no parameters, so there is nothing to learn. {_FIX}")
    if len(set(listed)) < len(listed):
        raise MicrogradValueError(
            "SGD was given a parameter twice, which would take two steps at a time. "
            "Write SGD(dict.fromkeys(parameters), lr=0.1) to keep each once."
        )
    return listed
