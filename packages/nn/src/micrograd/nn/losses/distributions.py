"""The losses of distributions as modules, with PyTorch's names: divergences and likelihoods."""

from __future__ import annotations

from micrograd.nn.losses import arrays
from micrograd.nn.losses.loss import Loss


class KLDivLoss(Loss):
    """The Kullback-Leibler divergence, from logarithms of probabilities.

    It takes input, target; the settings are those of `kl_div`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> round(KLDivLoss(reduction="sum")(Tensor([[-0.6931, -0.6931]]), np.array([[0.5, 0.5]])).item(), 3) + 0.0
        0.0
    """

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(arrays.kl_div, reduction=reduction, log_target=log_target)


class GaussianNLLLoss(Loss):
    """The negative log-likelihood of a normal distribution, from means and variances.

    It takes input, target, var; the settings are those of `gaussian_nll_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> GaussianNLLLoss()(Tensor([1.0, 2.0]), np.array([1.0, 4.0]), np.ones(2)).item()
        1.0
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(arrays.gaussian_nll_loss, full=full, eps=eps, reduction=reduction)


class PoissonNLLLoss(Loss):
    """The negative log-likelihood of counts, from the logarithms of those that are expected.

    It takes input, target; the settings are those of `poisson_nll_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> PoissonNLLLoss()(Tensor([0.0, 0.0]), np.array([1.0, 3.0])).item()
        1.0
    """

    def __init__(self, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean") -> None:
        super().__init__(arrays.poisson_nll_loss, log_input=log_input, full=full, eps=eps, reduction=reduction)
