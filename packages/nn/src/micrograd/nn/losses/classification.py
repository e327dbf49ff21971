"""The losses of classes as modules, with PyTorch's names: from logits, and labels or probabilities."""

from __future__ import annotations

from typing import Any

from micrograd.nn.losses import arrays, signs
from micrograd.nn.losses.loss import Loss


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


class SoftMarginLoss(Loss):
    """log(1 + exp(-target * input)): the cross-entropy of a yes (1) or no (-1), from logits.

    It takes input, target; the settings are those of `soft_margin_loss`.

    Example:
        >>> from micrograd.engine import Tensor
        >>> round(SoftMarginLoss()(Tensor([0.0, 0.0]), [1, -1]).item(), 4)
        0.6931
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(signs.soft_margin_loss, reduction=reduction)
