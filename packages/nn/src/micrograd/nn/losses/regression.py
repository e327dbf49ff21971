"""The losses of quantities as modules, with PyTorch's names: how far a number is off."""

from __future__ import annotations

from micrograd.engine.ops.neural import losses
from micrograd.nn.losses import arrays
from micrograd.nn.losses.loss import Loss


class MSELoss(Loss):
    """The mean squared error.

    It takes input, target; the settings are those of `mse_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> MSELoss()(Tensor([1.0, 3.0]), np.array([1.0, 1.0])).item()
        2.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(losses.mse_loss, reduction=reduction)


class L1Loss(Loss):
    """The mean absolute error.

    It takes input, target; the settings are those of `l1_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> L1Loss()(Tensor([1.0, 3.0]), np.array([1.0, 1.0])).item()
        1.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(arrays.l1_loss, reduction=reduction)


class SmoothL1Loss(Loss):
    """The Huber loss divided by its threshold.

    It takes input, target; the settings are those of `smooth_l1_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> SmoothL1Loss()(Tensor([1.0, 3.0]), np.array([1.0, 1.0])).item()
        0.75
    """

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(arrays.smooth_l1_loss, reduction=reduction, beta=beta)


class HuberLoss(Loss):
    """Half the squared error up to delta, straight beyond, so that outliers pull less.

    It takes input, target; the settings are those of `huber_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> HuberLoss()(Tensor([1.0, 3.0]), np.array([1.0, 1.0])).item()
        0.75
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(arrays.huber_loss, reduction=reduction, delta=delta)
