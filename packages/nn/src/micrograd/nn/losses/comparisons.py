"""The losses that compare two or three things as modules, with PyTorch's names: what is to be near, or higher."""

from __future__ import annotations

from micrograd.nn.losses import arrays, signs
from micrograd.nn.losses.loss import Loss


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
        super().__init__(signs.cosine_embedding_loss, margin=margin, reduction=reduction)


class HingeEmbeddingLoss(Loss):
    """A distance itself for pairs that belong together, max(0, margin - distance) for those that don't.

    It takes input, target; the settings are those of `hinge_embedding_loss`.

    Example:
        >>> from micrograd.engine import Tensor
        >>> HingeEmbeddingLoss()(Tensor([0.5, 0.25]), [1, -1]).item()
        0.625
    """

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(signs.hinge_embedding_loss, margin=margin, reduction=reduction)


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
        super().__init__(signs.margin_ranking_loss, margin=margin, reduction=reduction)
