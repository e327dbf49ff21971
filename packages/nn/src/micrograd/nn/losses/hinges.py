"""The losses that ask a score for a margin as modules, with PyTorch's names where it has them."""

from __future__ import annotations

from typing import Any

from micrograd.engine.ops.neural import margins
from micrograd.nn.losses import arrays
from micrograd.nn.losses.loss import Loss


class HingeLoss(Loss):
    """The mean of max(0, margin - target * input), for labels -1 and +1.

    It takes input, target; the settings are those of `hinge_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> HingeLoss()(Tensor([0.5, -2.0]), np.array([1.0, -1.0])).item()
        0.25
    """

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(margins.hinge_loss, margin=margin, reduction=reduction)


class MultiMarginLoss(Loss):
    """The hinge loss of several classes, from scores and labels.

    It takes input, target; the settings are those of `multi_margin_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> MultiMarginLoss()(Tensor([[0.0, 0.5]]), np.array([1])).item()
        0.25
    """

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(arrays.multi_margin_loss, p=p, margin=margin, weight=weight, reduction=reduction)


class MultiLabelMarginLoss(Loss):
    """The hinge loss of several labels a sample, from scores and the labels with -1 after the last of them.

    It takes input, target; the settings are those of `multilabel_margin_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> MultiLabelMarginLoss()(Tensor([[0.0, 0.5]]), np.array([[1, -1]])).item()
        0.25
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(arrays.multilabel_margin_loss, reduction=reduction)
