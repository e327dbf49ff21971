"""`RMSprop`, `Adagrad` and `Adadelta`: the length of a step follows from the gradients so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.ops.activations import relu
from micrograd.engine.ops.elementwise import sqrt
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import States, elementwise
from micrograd.nn.validation import nonnegative, share, yes_or_no


class RMSprop(Optimizer):
    """v = alpha v + (1 - alpha) g²;  p -= lr g / (sqrt(v) + eps), or by a momentum of such steps.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        alpha: How much of the mean of squares carries over.
        eps: Keeps the quotient finite.
        weight_decay: An L2 penalty of half this weight.
        momentum: How much of the last step carries over.
        centered: Whether v is less the square of the gradient's mean: an estimate of its variance.
        maximize: Whether to go up, for more of what the gradients are of.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = RMSprop([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        9.0

    Reference: Tieleman and Hinton, Coursera lecture 6.5 (2012), in PyTorch's form.
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        self.alpha = share(alpha, "alpha", "RMSprop(model.parameters(), alpha=0.99)")
        self.eps = nonnegative(eps, "eps", "RMSprop(model.parameters(), eps=1e-8)")
        self.momentum = nonnegative(momentum, "momentum", "RMSprop(model.parameters(), momentum=0.9)")
        self.centered = yes_or_no(centered, "centered", "RMSprop(model.parameters(), centered=True)")
        self.states = self._needed()

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        g = self.downhill(p, g)
        self.require_states(states, self._needed())
        kept = [self.alpha * states[0] + (1.0 - self.alpha) * g * g]
        spread = kept[0]
        if self.centered:
            kept.append(states[-1] + (1.0 - self.alpha) * (g - states[-1]))
            spread = relu(spread - kept[-1] * kept[-1])  # rounding may take it below 0
        step = g / (sqrt(spread) + self.eps)
        if len(states) > len(kept):
            step = self.momentum * states[1] + step
            kept.insert(1, step)
        return p - numbers["lr"] * step, tuple(kept)

    def _needed(self) -> int:
        return 1 + bool(self.momentum) + self.centered

    def _settings(self) -> dict[str, Any]:
        own = {"alpha": self.alpha, "eps": self.eps, "momentum": self.momentum, "centered": self.centered}
        return {**own, **super()._settings()}


class Adagrad(Optimizer):
    """v = v + g²;  p -= lr g / (sqrt(v) + eps).

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        lr_decay: The rate of step t is lr / (1 + (t - 1) lr_decay).
        weight_decay: An L2 penalty of half this weight.
        initial_accumulator_value: What v begins at.
        eps: Keeps the quotient finite.
        maximize: Whether to go up, for more of what the gradients are of.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = Adagrad([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        9.9

    Reference: Duchi et al., "Adaptive subgradient methods", JMLR 12 (2011).
    """

    states = 1

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        self.lr_decay = nonnegative(lr_decay, "lr_decay", "Adagrad(model.parameters())")
        self.initial_accumulator_value = nonnegative(
            initial_accumulator_value,
            "initial_accumulator_value",
            "Adagrad(model.parameters(), initial_accumulator_value=0.1)",
        )
        self.eps = nonnegative(eps, "eps", "Adagrad(model.parameters(), eps=1e-10)")

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate of this step."""
        return {"lr": self.lr / (1.0 + (step - 1) * self.lr_decay)}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        g = self.downhill(p, g)
        square = states[0] + g * g
        begun = square + self.initial_accumulator_value if self.initial_accumulator_value else square
        return p - numbers["lr"] * (g / (sqrt(begun) + self.eps)), (square,)

    def _settings(self) -> dict[str, Any]:
        own = {"lr_decay": self.lr_decay, "eps": self.eps, "initial_accumulator_value": self.initial_accumulator_value}
        return {**own, **super()._settings()}


class Adadelta(Optimizer):
    """v = rho v + (1 - rho) g²;  d = g sqrt(u + eps) / sqrt(v + eps);  u = rho u + (1 - rho) d²;  p -= lr d.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        rho: How much of the means of squares carries over.
        eps: Keeps the quotient finite, and the first step from being 0.
        weight_decay: An L2 penalty of half this weight.
        maximize: Whether to go up, for more of what the gradients are of.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = Adadelta([x])
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        9.996838

    Reference: Zeiler, "ADADELTA: an adaptive learning rate method" (2012), arXiv:1212.5701.
    """

    states = 2

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        self.rho = share(rho, "rho", "Adadelta(model.parameters(), rho=0.9)")
        self.eps = nonnegative(eps, "eps", "Adadelta(model.parameters(), eps=1e-6)")

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        g = self.downhill(p, g)
        square = self.rho * states[0] + (1.0 - self.rho) * g * g
        step = sqrt(states[1] + self.eps) / sqrt(square + self.eps) * g
        moved = self.rho * states[1] + (1.0 - self.rho) * (step * step)
        return p - numbers["lr"] * step, (square, moved)

    def _settings(self) -> dict[str, Any]:
        return {"rho": self.rho, "eps": self.eps, **super()._settings()}
