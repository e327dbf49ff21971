"""`SGD`: stochastic gradient descent, with momentum and Nesterov's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.stepping import States, elementwise
from micrograd.nn.validation import nonnegative


class SGD(Optimizer):
    """Stochastic gradient descent, with PyTorch's names and formulas.

    d = grad + weight_decay * p;  v = momentum * v + d;  p -= lr * v, or with Nesterov's momentum
    p -= lr * (d + momentum * v).

    Args:
        parameters: What to learn: `model.parameters()`.
        lr: The learning rate. It may be written later, `optimizer.lr = 0.01`; that is all a schedule does.
        momentum: How much of the last step carries over, from 0 for none.
        nesterov: Whether to look ahead; needs a momentum.
        weight_decay: How strongly parameters are pulled to 0 (an L2 penalty of half this weight).

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
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = nonnegative(momentum, "momentum", "SGD(model.parameters(), lr=0.1, momentum=0.9)")
        self.nesterov = nesterov
        self.weight_decay = nonnegative(
            weight_decay, "weight_decay", "SGD(model.parameters(), lr=0.1, weight_decay=1e-4)"
        )
        self.states = 1 if self.momentum else 0
        if nesterov and self.momentum == 0.0:
            raise MicrogradValueError(
                "nesterov=True looks ahead along the momentum, but momentum is 0. "
                "Write SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)."
            )

    @elementwise
    def rule(self, p: Any, g: Any, states: States, numbers: dict[str, Any]) -> tuple[Any, States]:
        """One step of a parameter."""
        # Without decay nothing is added: 0 * inf would be nan.
        direction = g + self.weight_decay * p if self.weight_decay else g
        if not states:
            return p - numbers["lr"] * direction, ()
        velocity = self.momentum * states[0] + direction
        ahead = direction + self.momentum * velocity if self.nesterov else velocity
        return p - numbers["lr"] * ahead, (velocity,)

    def _settings(self) -> dict[str, Any]:
        return {"momentum": self.momentum, "nesterov": self.nesterov, "weight_decay": self.weight_decay}
