"""Adam and SGD as scikit-learn has them.

They differ from PyTorch's, which are those of `micrograd.nn`, in where Adam's epsilon and the learning rate of a
momentum stand.
"""

from __future__ import annotations

from typing import Any

from micrograd.engine.ops.elementwise import sqrt
from micrograd.nn.optim import SGD, Adam


class EfficientAdam(Adam):
    """Adam in the order that Kingma & Ba give at the end of their section 2: epsilon joins the uncorrected root.

    It matters for parameters with hardly any gradient, those of a unit that is 0 for all samples: only the penalty
    moves them, and this form moves them less.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import Adam
        >>> x, z = Value(1.0), Value(1.0)
        >>> x.grad = z.grad = 1e-8
        >>> EfficientAdam([x], lr=0.5).step()
        >>> Adam([z], lr=0.5).step()
        >>> round(x.data, 3), round(z.data, 3)
        (0.985, 0.75)

    Reference: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR (2015), arXiv:1412.6980.
    """

    def numbers(self, step: int) -> dict[str, float]:
        """The learning rate, corrected for how much the means fall short at this step."""
        numbers = super().numbers(step)
        return {"lr": numbers["lr"] * numbers["bias2"] / numbers["bias1"]}

    def rule(self, p: Any, g: Any, states: tuple[Any, ...], numbers: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
        """One step of a parameter."""
        mean, square = self._means(g, states)
        return p - numbers["lr"] * mean / (sqrt(square) + self.eps), (mean, square)


class VelocitySGD(SGD):
    """SGD whose momentum is of the moves, each at the rate of its time, rather than of the gradients.

    v = momentum * v - lr * grad;  p += v, or with Nesterov's momentum p += momentum * v - lr * grad. At a constant rate
    it is the same as `SGD`.

    Example:
        >>> from micrograd.engine import Value
        >>> x = Value(1.0)
        >>> optimizer = VelocitySGD([x], lr=1.0, momentum=0.5)
        >>> for optimizer.lr in (1.0, 0.0):
        ...     x.grad = 1.0
        ...     optimizer.step()
        >>> x.data
        -0.5

    Reference: Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML (2013).
    """

    def rule(self, p: Any, g: Any, states: tuple[Any, ...], numbers: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
        """One step of a parameter."""
        move = numbers["lr"] * g
        if not states:
            return p - move, ()
        velocity = self.momentum * states[0] - move
        return p + (self.momentum * velocity - move if self.nesterov else velocity), (velocity,)
