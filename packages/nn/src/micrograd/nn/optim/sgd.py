"""`SGD`: stochastic gradient descent, with momentum and Nesterov's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import States, elementwise
from micrograd.nn.validation import nonnegative, yes_or_no


class SGD(Optimizer):
    """Stochastic gradient descent, with PyTorch's names and formulas.

    d = grad + weight_decay * p;  v = momentum * v + (1 - dampening) * d, and v = d at first;  p -= lr * v, or with
    Nesterov's momentum p -= lr * (d + momentum * v).

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate. It may be written later, `optimizer.lr = 0.01`; that is all a schedule does.
        momentum: How much of the last step carries over, from 0 for none.
        dampening: How much less of the gradient joins the momentum.
        weight_decay: How strongly parameters are pulled to 0 (an L2 penalty of half this weight).
        nesterov: Whether to look ahead; needs a momentum, and no dampening.
        maximize: Whether to go up, for more of what the gradients are of.

    Raises:
        MicrogradTypeError: If a parameter is neither a Value nor a Tensor, or a setting isn't a number.
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
        (2013), in the form of PyTorch's `torch.optim.SGD`.
    """

    state_names = ("velocity",)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.heed(weight_decay, maximize)
        example = "SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)"
        self.momentum = nonnegative(momentum, "momentum", example)
        self.dampening = nonnegative(dampening, "dampening", "SGD(model.parameters(), lr=0.1, dampening=0.1)")
        self.nesterov = yes_or_no(nesterov, "nesterov", example)
        self.states = 1 if self.momentum else 0
        if self.nesterov and (self.momentum == 0.0 or self.dampening != 0.0):
            raise MicrogradValueError(
                f"nesterov=True looks ahead along a momentum without dampening, but momentum is {momentum} and "
                f"dampening {dampening}. Write {example}."
            )

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate, and with dampening how much of the gradient joins: all of the first one."""
        if not self.dampening:
            return {"lr": self._lr}
        return {"lr": self._lr, "taken": 1.0 - self.dampening if step > 1 else 1.0}

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        direction = self.downhill(p, g)
        self.require_states(states, 1 if self.momentum else len(states))
        if not states:
            return p - numbers["lr"] * direction, ()
        velocity = self.momentum * states[0]
        velocity += numbers["taken"] * direction if self.dampening else direction  # into the new array, if it is one
        ahead = direction + self.momentum * velocity if self.nesterov else velocity
        return p - numbers["lr"] * ahead, (velocity,)

    def _settings(self) -> dict[str, Any]:
        own = {"momentum": self.momentum, "dampening": self.dampening, "nesterov": self.nesterov}
        return {**own, **super()._settings()}
