"""The losses as modules, with PyTorch's names: their settings are given once, and a call takes the numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError
from micrograd.engine.ops.neural import losses, margins
from micrograd.engine.ops.neural.checks import require_choice
from micrograd.nn.losses import arrays
from micrograd.nn.module import Module


class Loss(Module):
    """Base of the losses: a function with settings.

    A setting is an attribute and may be written, `loss.reduction = "sum"`; weights are buffers, as in PyTorch.

    Args:
        function: Takes the numbers, then the settings by name.
        **given: The settings.

    Raises:
        MicrogradTypeError: If weights aren't numbers.
        MicrogradValueError: If the reduction is none that there is.
    """

    def __init__(self, function: Callable[..., Any], **given: Any) -> None:
        reductions = ("mean", "sum", "none", *(("batchmean",) if function is arrays.kl_div else ()))
        require_choice(type(self).__name__, "reduction", given.get("reduction", "mean"), reductions)
        self.function, self._names = function, tuple(given)
        for name, value in given.items():
            if name in ("weight", "pos_weight"):
                self.register_buffer(name, _weights(value, name, type(self).__name__))
            else:
                setattr(self, name, value)

    def forward(self, *numbers: Any, **named: Any) -> Any:
        """The loss; the numbers may be given by name, `loss(input=logits, target=labels)`."""
        return self.function(*numbers, **named, **self._given())

    def settings(self) -> str:
        """Those that were given."""
        return ", ".join(f"{name}={value!r:.40}" for name, value in self._given().items() if value is not None)

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._names}


def _weights(given: Any, name: str, loss: str) -> Any:
    """Weights as an array, or None."""
    array = None if given is None else np.asarray(getattr(given, "_data", given))
    if array is not None and array.dtype.kind not in "fiu":
        raise MicrogradTypeError(
            f"{name} is an array of numbers, not {kind_of(given)}: {given!r:.60}. Write "
            f"{loss}({name}=np.array([1.0, 2.0]))."
        )
    return array


class CrossEntropyLoss(Loss):
    """The cross-entropy of logits with labels or probabilities.

    It takes input, target; the settings are those of `cross_entropy`.

    Example:
        >>> from micrograd.engine import Tensor
        >>> round(CrossEntropyLoss()(Tensor([[0.0, 0.0]]), [1]).item(), 4)
        0.6931
    """

    def __init__(
        self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        super().__init__(
            arrays.cross_entropy,
            weight=weight,
            ignore_index=ignore_index,
            reduction=reduction,
            label_smoothing=label_smoothing,
        )


class NLLLoss(Loss):
    """The negative log-likelihood of labels, from logarithms of probabilities.

    It takes input, target; the settings are those of `nll_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> NLLLoss()(Tensor([[-0.5, -1.0]]), np.array([1])).item()
        1.0
    """

    def __init__(self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(arrays.nll_loss, weight=weight, ignore_index=ignore_index, reduction=reduction)


class BCEWithLogitsLoss(Loss):
    """The cross-entropy of a yes or no, from logits.

    It takes input, target; the settings are those of `binary_cross_entropy_with_logits`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> round(BCEWithLogitsLoss()(Tensor([0.0]), np.array([1.0])).item(), 4)
        0.6931
    """

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(
            arrays.binary_cross_entropy_with_logits, weight=weight, reduction=reduction, pos_weight=pos_weight
        )


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


class CosineEmbeddingLoss(Loss):
    """1 - cos for pairs that belong together, max(0, cos - margin) for those that don't.

    It takes input1, input2, target; the settings are those of `cosine_embedding_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> CosineEmbeddingLoss()(Tensor([[1.0, 0.0]]), Tensor([[0.0, 1.0]]), np.array([1])).item()
        1.0
    """

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(arrays.cosine_embedding_loss, margin=margin, reduction=reduction)


class TripletMarginLoss(Loss):
    """max(0, d(anchor, positive) - d(anchor, negative) + margin).

    It takes anchor, positive, negative; the settings are those of `triplet_margin_loss`.

    Example:
        >>> from micrograd.engine import Tensor
        >>> round(TripletMarginLoss()(Tensor([[0.0]]), Tensor([[0.0]]), Tensor([[0.5]])).item(), 3)
        0.5
    """

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, reduction: str = "mean"
    ) -> None:
        super().__init__(arrays.triplet_margin_loss, margin=margin, p=p, eps=eps, swap=swap, reduction=reduction)


class MarginRankingLoss(Loss):
    """max(0, margin - target * (input1 - input2)): which of two scores is to be the higher one.

    It takes input1, input2, target; the settings are those of `margin_ranking_loss`.

    Example:
        >>> from micrograd.engine import Tensor
        >>> MarginRankingLoss()(Tensor([3.0]), Tensor([1.0]), [-1]).item()
        2.0
    """

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(arrays.margin_ranking_loss, margin=margin, reduction=reduction)


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


class MultiLabelSoftMarginLoss(Loss):
    """A yes or no for each class, from logits: for samples that may belong to several.

    It takes input, target; the settings are those of `multilabel_soft_margin_loss`.

    Example:
        >>> import numpy as np
        >>> from micrograd.engine import Tensor
        >>> round(MultiLabelSoftMarginLoss()(Tensor([[0.0, 0.0]]), np.array([[0.0, 1.0]])).item(), 4)
        0.6931
    """

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(arrays.multilabel_soft_margin_loss, weight=weight, reduction=reduction)
