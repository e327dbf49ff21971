"""`Adam` and its kin: running means of the gradient and of its size decide direction and length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.choices import maximum
from micrograd.engine.ops.elementwise import sqrt
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import States, elementwise
from micrograd.nn.validation import nonnegative, yes_or_no


class Adam(Optimizer):
    """Adam: m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g²;  p -= lr m̂ / (sqrt(v̂) + eps), both means unbiased.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: How much of the two means carries over, each in [0, 1).
        eps: Keeps the quotient finite.
        weight_decay: An L2 penalty of half this weight, as part of the gradient.
        amsgrad: Whether the largest v so far takes the place of v, so that steps can't grow again.
        maximize: Whether to go up, for more of what the gradients are of.
        decoupled_weight_decay: Whether the decay is apart from the gradient, as in `AdamW`.

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

    Reference: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR (2015), arXiv:1412.6980; Reddi et al.,
        "On the convergence of Adam and beyond", ICLR (2018), for `amsgrad`.
    """

    state_names = ("m", "v", "largest v")

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        name = type(self).__name__
        self.betas = checked_betas(betas, name)
        self.eps = nonnegative(eps, "eps", f"{name}(model.parameters(), eps=1e-8)")
        self.amsgrad = yes_or_no(amsgrad, "amsgrad", f"{name}(model.parameters(), amsgrad=True)")
        self.decoupled_weight_decay = yes_or_no(
            decoupled_weight_decay, "decoupled_weight_decay", f"{name}(model.parameters(), decoupled_weight_decay=True)"
        )
        self.states = 3 if self.amsgrad else 2

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate, and by how much the means fall short at this step."""
        first, second = self.betas
        return {"lr": self.lr, "bias1": 1.0 - first**step, "bias2": (1.0 - second**step) ** 0.5}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        p, g = self.decayed(p, g, numbers)
        states = self._means(g, states)
        return p - numbers["lr"] / numbers["bias1"] * states[0] / self._scale(states[-1], numbers), states

    def decayed(self, p: Any, g: Any, numbers: dict[str, Any]) -> tuple[Any, Any]:
        """The parameter and what the step goes against, of which one or the other has the weight decay in it."""
        if not self.decoupled_weight_decay:
            return p, self.downhill(p, g)
        shrunk = p * (1.0 - numbers["lr"] * self.weight_decay) if self.weight_decay else p
        return shrunk, -g if self.maximize else g

    def _means(self, g: Any, states: States) -> States:
        """The two means, and with `amsgrad` the largest that the second ever was."""
        self.require_states(states, 3 if self.amsgrad else 2)
        first, second = self.betas
        mean, square, *largest = states
        mean, square = mean + (1.0 - first) * (g - mean), second * square + (1.0 - second) * g * g
        return (mean, square, maximum(largest[0], square)) if largest else (mean, square)

    def _scale(self, square: Any, numbers: dict[str, Any]) -> Any:
        return sqrt(square) / numbers["bias2"] + self.eps

    def _settings(self) -> dict[str, Any]:
        own = {"betas": self.betas, "eps": self.eps, "amsgrad": self.amsgrad}
        return {**own, "decoupled_weight_decay": self.decoupled_weight_decay, **super()._settings()}


class AdamW(Adam):
    """Adam with the decay apart from the gradient: p shrinks by lr * weight_decay, however large its gradients are.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: As in `Adam`.
        eps: As in `Adam`.
        weight_decay: How strongly parameters are pulled to 0.
        amsgrad: As in `Adam`.
        maximize: As in `Adam`.

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
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True
        )


class NAdam(Adam):
    """Adam with Nesterov's look ahead, by a momentum that grows with the steps.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: As in `Adam`.
        eps: As in `Adam`.
        weight_decay: As in `Adam`.
        momentum_decay: How fast the momentum grows.
        decoupled_weight_decay: As in `Adam`.
        maximize: As in `Adam`.

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
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas, eps, weight_decay,
            maximize=maximize, decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip
        self.momentum_decay = nonnegative(momentum_decay, "momentum_decay", "NAdam(model.parameters())")
        self._products, self._settled = [1.0], (self.betas[0], self.momentum_decay)

    def _product(self, step: int) -> float:
        """The product of the momenta of all steps up to this one, those that were taken with the settings of then."""
        known, settings = self._products, (self.betas[0], self.momentum_decay)
        if settings != self._settled:
            del known[self.steps + 1 :]
            self._settled = settings
        while len(known) <= step:
            known.append(known[-1] * self._momentum(len(known)))
        return known[step]

    def _momentum(self, step: int) -> float:
        grown: float = 1.0 - 0.5 * 0.96 ** (step * self.momentum_decay)
        return self.betas[0] * grown

    def numbers(self, step: int) -> dict[str, float]:
        """Beside Adam's, how far the step goes along the gradient and along the mean."""
        now, after, product = self._momentum(step), self._momentum(step + 1), self._product(step)
        along = {"of_g": (1.0 - now) / (1.0 - product), "of_mean": after / (1.0 - product * after)}
        return {**super().numbers(step), **along}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        p, g = self.decayed(p, g, numbers)
        mean, square = self._means(g, states)
        ahead = numbers["of_g"] * g + numbers["of_mean"] * mean
        return p - numbers["lr"] * (ahead / self._scale(square, numbers)), (mean, square)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict()` gave, as if its settings had been those of all its steps."""
        super().load_state_dict(state)
        self._products = [1.0]

    def _settings(self) -> dict[str, Any]:
        return {"momentum_decay": self.momentum_decay, **super()._settings()}


class Adamax(Optimizer):
    """Adam by the largest gradient: m = b1 m + (1 - b1) g;  u = max(b2 u, |g| + eps);  p -= lr m̂ / u, m̂ unbiased.

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate.
        betas: How much of the mean and of the largest carries over, each in [0, 1).
        eps: Keeps the quotient finite.
        weight_decay: An L2 penalty of half this weight, as part of the gradient.
        maximize: Whether to go up, for more of what the gradients are of.

    Raises:
        MicrogradTypeError, MicrogradValueError: If a parameter or a setting can't be used.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(10.0)
        >>> optimizer = Adamax([x], lr=0.1)
        >>> (x ** 2).backward()
        >>> optimizer.step()
        >>> round(x.data, 6)
        9.9

    Reference: Kingma and Ba, "Adam: a method for stochastic optimization", section 7.1, ICLR (2015),
        arXiv:1412.6980, in PyTorch's form.
    """

    states = 2
    state_names = ("m", "u")

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        self.betas = checked_betas(betas, "Adamax")
        self.eps = nonnegative(eps, "eps", "Adamax(model.parameters(), eps=1e-8)")

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate, and by how much the mean falls short at this step."""
        return {"lr": self.lr, "bias1": 1.0 - self.betas[0] ** step}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        g = self.downhill(p, g)
        mean, largest = states
        mean = mean + (1.0 - self.betas[0]) * (g - mean)
        largest = maximum(self.betas[1] * largest, abs(g) + self.eps)
        return p - numbers["lr"] / numbers["bias1"] * mean / largest, (mean, largest)

    def _settings(self) -> dict[str, Any]:
        return {"betas": self.betas, "eps": self.eps, **super()._settings()}


def checked_betas(betas: Any, name: str) -> tuple[float, float]:
    """The two shares that carry over, each in [0, 1)."""
    example = f"{name}(model.parameters(), betas=(0.9, 0.999))"
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise MicrogradTypeError(f"betas is a pair of numbers, but was given {betas!r:.60}. Write {example}.")
    first, second = (nonnegative(beta, "a beta", example) for beta in betas)
    if max(first, second) >= 1.0:
        raise MicrogradValueError(f"betas={betas}: each is a share below 1 that carries over. Write {example}.")
    return first, second
