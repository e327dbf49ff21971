"""`Adam`, `AdamW` and `NAdam`: running means of the gradient and of its square decide direction and length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.elementwise import sqrt
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import States, elementwise
from micrograd.nn.validation import nonnegative


class Adam(Optimizer):
    """Adam: m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g²;  p -= lr m̂ / (sqrt(v̂) + eps), both means unbiased.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: How much of the two means carries over, each in [0, 1).
        eps: Keeps the quotient finite.
        weight_decay: An L2 penalty of half this weight, as part of the gradient.

    Raises:
        MicrogradTypeError, MicrogradValueError: If a parameter or a setting can't be used.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = Adam([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        9.9

    Reference: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR (2015), arXiv:1412.6980.
    """

    states = 2
    state_names = ("m", "v")

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        name = type(self).__name__
        self.betas = checked_betas(betas, name)
        self.eps = nonnegative(eps, "eps", f"{name}(model.parameters(), eps=1e-8)")
        self.weight_decay = nonnegative(weight_decay, "weight_decay", f"{name}(model.parameters(), weight_decay=0.01)")

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate, and by how much the means fall short at this step."""
        first, second = self.betas
        return {"lr": self.lr, "bias1": 1.0 - first**step, "bias2": (1.0 - second**step) ** 0.5}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        g = g + self.weight_decay * p if self.weight_decay else g
        mean, square = self._means(g, states)
        return p - numbers["lr"] / numbers["bias1"] * mean / self._scale(square, numbers), (mean, square)

    def _means(self, g: Any, states: States) -> States:
        first, second = self.betas
        mean, square = states
        return mean + (1.0 - first) * (g - mean), second * square + (1.0 - second) * g * g

    def _scale(self, square: Any, numbers: dict[str, Any]) -> Any:
        return sqrt(square) / numbers["bias2"] + self.eps

    def _settings(self) -> dict[str, Any]:
        return {"betas": self.betas, "eps": self.eps, "weight_decay": self.weight_decay}


class AdamW(Adam):
    """Adam with the decay apart from the gradient: p shrinks by lr * weight_decay, however large its gradients are.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: As in `Adam`.
        eps: As in `Adam`.
        weight_decay: How strongly parameters are pulled to 0.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = AdamW([x], lr=0.1, weight_decay=0.5)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        9.4

    Reference: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR (2019), arXiv:1711.05101.
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        mean, square = self._means(g, states)
        shrunk = p * (1.0 - numbers["lr"] * self.weight_decay) if self.weight_decay else p
        return shrunk - numbers["lr"] / numbers["bias1"] * mean / self._scale(square, numbers), (mean, square)


class NAdam(Adam):
    """Adam with Nesterov's look ahead, by a momentum that grows with the steps.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: As in `Adam`.
        eps: As in `Adam`.
        weight_decay: As in `Adam`.
        momentum_decay: How fast the momentum grows.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = NAdam([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> 9.8 < x.data < 10.0
        True

    Reference: Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop (2016), in PyTorch's form.
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)
        self.momentum_decay = nonnegative(momentum_decay, "momentum_decay", "NAdam(model.parameters())")
        self._products = [1.0]

    def _momentum(self, step: int) -> float:
        grown: float = 1.0 - 0.5 * 0.96 ** (step * self.momentum_decay)
        return self.betas[0] * grown

    def numbers(self, step: int) -> dict[str, float]:
        """Beside Adam's, how far the step goes along the gradient and along the mean."""
        while len(self._products) <= step:
            self._products.append(self._products[-1] * self._momentum(len(self._products)))
        now, after, product = self._momentum(step), self._momentum(step + 1), self._products[step]
        along = {"of_g": (1.0 - now) / (1.0 - product), "of_mean": after / (1.0 - product * after)}
        return {**super().numbers(step), **along}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        g = g + self.weight_decay * p if self.weight_decay else g
        mean, square = self._means(g, states)
        ahead = numbers["of_g"] * g + numbers["of_mean"] * mean
        return p - numbers["lr"] * (ahead / self._scale(square, numbers)), (mean, square)


def checked_betas(betas: Any, name: str) -> tuple[float, float]:
    """The two shares that carry over, each in [0, 1)."""
    example = f"{name}(model.parameters(), betas=(0.9, 0.999))"
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise MicrogradTypeError(f"betas is a pair of numbers, but was given {betas!r:.60}. Write {example}.")
    first, second = (nonnegative(beta, "a beta", example) for beta in betas)
    if max(first, second) >= 1.0:
        raise MicrogradValueError(f"betas={betas}: each is a share below 1 that carries over. Write {example}.")
    return first, second
