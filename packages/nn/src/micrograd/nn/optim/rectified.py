"""`RAdam`: Adam that waits with the length of its steps until it has seen enough gradients to judge it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.ops.elementwise import sqrt
from micrograd.nn.optim.moments import Adam
from micrograd.nn.optim.stepping import States, elementwise

_ENOUGH = 5.0  # from this length on of the mean of squares, its variance is said by a formula


class RAdam(Adam):
    """p -= lr m̂ in the first steps, later lr r m̂ / (sqrt(v̂) + eps): r rectifies for how few gradients v knows.

    With rho the number of gradients that v averages over, and rho_max what that comes to in the end,
    r² = (rho - 4) (rho - 2) rho_max / ((rho_max - 4) (rho_max - 2) rho), from rho > 5 on.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: As in `Adam`.
        eps: As in `Adam`; here it is added before the mean is made unbiased.
        weight_decay: As in `Adam`.
        decoupled_weight_decay: As in `Adam`.
        maximize: As in `Adam`.

    Raises:
        MicrogradTypeError, MicrogradValueError: If a parameter or a setting can't be used.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = RAdam([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        8.0

    Reference: Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR (2020), arXiv:1908.03265,
        in PyTorch's form.
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas, eps, weight_decay,
            maximize=maximize, decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip

    def numbers(self, step: int) -> dict[str, float]:
        """Beside Adam's, what the mean is divided by: 1 in the first steps, a part of sqrt(v) + eps later."""
        numbers, second = super().numbers(step), self.betas[1]
        most = 2.0 / (1.0 - second) - 1.0
        length = most - 2.0 * step * second**step / (1.0 - second**step)
        if length <= _ENOUGH:
            return {**numbers, "of_one": 1.0, "of_scale": 0.0}
        squared = (length - 4.0) * (length - 2.0) * most / ((most - 4.0) * (most - 2.0) * length)
        return {**numbers, "of_one": 0.0, "of_scale": 1.0 / (squared**0.5 * numbers["bias2"])}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        p, g = self.decayed(p, g, numbers)
        mean, square = self._means(g, states)
        scale = numbers["of_one"] + numbers["of_scale"] * (sqrt(square) + self.eps)
        return p - numbers["lr"] / numbers["bias1"] * mean / scale, (mean, square)
