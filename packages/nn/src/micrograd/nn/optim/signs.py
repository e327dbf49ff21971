"""`Lion` and `Rprop`: the sign of a gradient decides, not how large it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.choices import maximum, minimum, sign
from micrograd.nn.optim.moments import checked_betas
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import States, elementwise
from micrograd.nn.validation import positive, yes_or_no


class Lion(Optimizer):
    """p -= lr (sign(b1 m + (1 - b1) g) + weight_decay p);  m = b2 m + (1 - b2) g.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate; every number moves by just so much, so that it is smaller than Adam's.
        betas: How much of the mean carries over, into the step and into the next mean.
        weight_decay: How strongly parameters are pulled to 0.
        maximize: Whether to go up, for more of what the gradients are of.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = Lion([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> x.data
        9.9

    Reference: Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS (2023), arXiv:2302.06675.
    """

    states = 1

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        self.betas = checked_betas(betas, "Lion")

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        into_step, into_mean = self.betas
        (mean,) = states
        g = -g if self.maximize else g
        direction = sign(into_step * mean + (1.0 - into_step) * g)
        decay = self.weight_decay * p if self.weight_decay else 0.0
        return p - numbers["lr"] * (direction + decay), (into_mean * mean + (1.0 - into_mean) * g,)

    def _settings(self) -> dict[str, Any]:
        return {"betas": self.betas, **super()._settings()}


class Rprop(Optimizer):
    """A length of its own for each number: longer while its gradient keeps its sign, shorter once that has turned.

    p -= length * sign(g). Where the sign has turned, p stays for one step. It is for whole data sets: from batch to
    batch a sign turns by chance.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: How far each number moves in its first step; a rate that is written later changes nothing.
        etas: What a length is multiplied by when the sign has turned, between 0 and 1, and when it hasn't, above 1.
        step_sizes: The least and the greatest length.
        maximize: Whether to go up, for more of what the gradients are of.

    Raises:
        MicrogradTypeError, MicrogradValueError: If a parameter or a setting can't be used.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = Rprop([x], lr=0.1)
        >>> for _ in range(2):
        ...     optimizer.zero_grad()
        ...     (x ** 2).backward()
        ...     optimizer.step()
        >>> round(x.data, 6)
        9.78

    Reference: Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP
        algorithm", ICNN (1993), in PyTorch's form.
    """

    states = 2
    state_names = ("direction", "length")

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.etas = _pair(etas, "etas")
        if not self.etas[0] < 1.0 < self.etas[1]:
            raise MicrogradValueError(
                f"etas={etas}: the first shortens, below 1, and the second lengthens, above 1. Write "
                "Rprop(model.parameters(), etas=(0.5, 1.2))."
            )
        self.step_sizes = _pair(step_sizes, "step_sizes")
        if self.step_sizes[0] > self.step_sizes[1]:
            raise MicrogradValueError(
                f"step_sizes={step_sizes}: the least length comes first. Write "
                f"Rprop(model.parameters(), step_sizes={self.step_sizes[::-1]})."
            )
        self.maximize = yes_or_no(maximize, "maximize", "Rprop(model.parameters(), maximize=True)")

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate is what a length begins with, and is read at the first step alone."""
        return {"lr": self.lr if step == 1 else 0.0}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        shorter, longer = self.etas
        least, greatest = self.step_sizes
        last, length = states
        direction = -sign(g) if self.maximize else sign(g)
        turn = direction * last  # -1 where the sign has turned, 1 where it is the same
        length = (length + numbers["lr"]) * longer ** maximum(turn, 0.0) * shorter ** maximum(-turn, 0.0)
        length = minimum(maximum(length, least), greatest)
        direction = direction * (1.0 + minimum(turn, 0.0))
        return p - direction * length, (direction, length)

    def _settings(self) -> dict[str, Any]:
        return {"etas": self.etas, "step_sizes": self.step_sizes, **super()._settings()}


def _pair(given: Any, name: str) -> tuple[float, float]:
    """Two numbers above 0."""
    example = "Rprop(model.parameters(), etas=(0.5, 1.2), step_sizes=(1e-6, 50.0))"
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise MicrogradTypeError(f"{name} is a pair of numbers, but was given {given!r:.60}. Write {example}.")
    first, second = (positive(number, f"one of {name}", example) for number in given)
    return first, second
