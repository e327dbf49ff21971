"""Neural nets on MicroGrad's engine: modules, layers, losses, optimisers, schedules and a training loop.

What works on scalar Values, the names listed in `__all__`, needs the engine and the standard library alone; layers and
losses of Tensors are imported when first used, and need NumPy. `fit` imports tqdm for its progress bar, and the
pictures in `micrograd.nn.plots` want matplotlib.

Example:
    >>> import random
    >>> from micrograd.nn import MLP, SGD, hinge_loss
    >>> random.seed(1337)
    >>> model = MLP(2, [4, 1])
    >>> optimizer = SGD(model.parameters(), lr=0.1)
    >>> loss = hinge_loss([model([1.0, -2.0])], [1])
    >>> loss.backward()
    >>> optimizer.step()
    >>> hinge_loss([model([1.0, -2.0])], [1]).data < loss.data
    True
"""

import importlib
import sys
import typing

from micrograd.nn.losses.values import hinge_loss, l2_penalty, mse_loss
from micrograd.nn.metrics.accuracies import accuracy
from micrograd.nn.module import Module
from micrograd.nn.optim import SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, Lion, NAdam, RAdam, RMSprop, Rprop
from micrograd.nn.optim.averaging import WeightAverage
from micrograd.nn.optim.clipping import clip_grad_norm, clip_grad_value
from micrograd.nn.pytorch_names import INSTEAD
from micrograd.nn.scalar import MLP, Layer, Neuron
from micrograd.nn.schedulers import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from micrograd.nn.training.callbacks import Callback, EarlyStopping
from micrograd.nn.training.checkpoints import Checkpoint
from micrograd.nn.training.compiled_steps import jit_train_step
from micrograd.nn.training.divergence import DivergedError
from micrograd.nn.training.evaluation import evaluate
from micrograd.nn.training.history import History
from micrograd.nn.training.live import LivePlot
from micrograd.nn.training.loop import fit
from micrograd.nn.training.lr_finder import LRSearch, find_lr

__all__ = [
    "MLP",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Callback",
    "ChainedScheduler",
    "Checkpoint",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "DivergedError",
    "EarlyStopping",
    "ExponentialLR",
    "History",
    "LRScheduler",
    "LRSearch",
    "LambdaLR",
    "Layer",
    "LinearLR",
    "Lion",
    "LivePlot",
    "Module",
    "MultiStepLR",
    "MultiplicativeLR",
    "NAdam",
    "Neuron",
    "OneCycleLR",
    "PolynomialLR",
    "RAdam",
    "RMSprop",
    "ReduceLROnPlateau",
    "Rprop",
    "SequentialLR",
    "StepLR",
    "WeightAverage",
    "accuracy",
    "clip_grad_norm",
    "clip_grad_value",
    "evaluate",
    "find_lr",
    "fit",
    "hinge_loss",
    "jit_train_step",
    "l2_penalty",
    "mse_loss",
]

_OF_ARRAYS = {
    "AdaptiveAvgPool1d": "layers.pooling",
    "AdaptiveAvgPool2d": "layers.pooling",
    "AvgPool1d": "layers.pooling",
    "AvgPool2d": "layers.pooling",
    "BCEWithLogitsLoss": "losses.classification",
    "BatchNorm1d": "layers.normalization",
    "BatchNorm2d": "layers.normalization",
    "CELU": "layers.activation_layers",
    "Conv1d": "layers.convolution",
    "Conv2d": "layers.convolution",
    "ConvTranspose1d": "layers.convolution",
    "ConvTranspose2d": "layers.convolution",
    "CosineEmbeddingLoss": "losses.comparisons",
    "CrossEntropyLoss": "losses.classification",
    "Dropout": "layers.dropout",
    "Dropout1d": "layers.dropout",
    "Dropout2d": "layers.dropout",
    "ELU": "layers.activation_layers",
    "Embedding": "layers.embedding",
    "Flatten": "layers.reshaping",
    "GELU": "layers.activation_layers",
    "GLU": "layers.activation_layers",
    "GRUCell": "layers.recurrent",
    "GaussianNLLLoss": "losses.distributions",
    "GroupNorm": "layers.normalization",
    "Hardsigmoid": "layers.activation_layers",
    "Hardswish": "layers.activation_layers",
    "Hardtanh": "layers.activation_layers",
    "HingeEmbeddingLoss": "losses.comparisons",
    "HingeLoss": "losses.hinges",
    "HuberLoss": "losses.regression",
    "Identity": "layers.reshaping",
    "KLDivLoss": "losses.distributions",
    "L1Loss": "losses.regression",
    "LSTMCell": "layers.recurrent",
    "LayerNorm": "layers.normalization",
    "LeakyReLU": "layers.activation_layers",
    "Linear": "layers.linear",
    "LogSigmoid": "layers.activation_layers",
    "LogSoftmax": "layers.activation_layers",
    "LogitsWarning": "losses.logits",
    "MSELoss": "losses.regression",
    "MarginRankingLoss": "losses.comparisons",
    "MaxPool1d": "layers.pooling",
    "MaxPool2d": "layers.pooling",
    "Mish": "layers.activation_layers",
    "ModuleList": "layers.containers",
    "MultiHeadAttention": "layers.attention",
    "MultiLabelMarginLoss": "losses.hinges",
    "MultiLabelSoftMarginLoss": "losses.classification",
    "MultiMarginLoss": "losses.hinges",
    "NLLLoss": "losses.classification",
    "PReLU": "layers.activation_layers",
    "PixelShuffle": "layers.resizing",
    "PixelUnshuffle": "layers.resizing",
    "PoissonNLLLoss": "losses.distributions",
    "RMSNorm": "layers.normalization",
    "RNNCell": "layers.recurrent",
    "ReLU": "layers.activation_layers",
    "ReLU6": "layers.activation_layers",
    "SELU": "layers.activation_layers",
    "Sequential": "layers.containers",
    "SiLU": "layers.activation_layers",
    "Sigmoid": "layers.activation_layers",
    "SmoothL1Loss": "losses.regression",
    "SoftMarginLoss": "losses.classification",
    "Softmax": "layers.activation_layers",
    "Softplus": "layers.activation_layers",
    "Softsign": "layers.activation_layers",
    "Tanh": "layers.activation_layers",
    "TransformerBlock": "layers.attention",
    "TripletMarginLoss": "losses.comparisons",
    "Unflatten": "layers.reshaping",
    "Upsample": "layers.resizing",
    "ZeroPad2d": "layers.resizing",
    "binary_cross_entropy_with_logits": "losses.arrays",
    "cosine_embedding_loss": "losses.signs",
    "cross_entropy": "losses.arrays",
    "gaussian_nll_loss": "losses.arrays",
    "hinge_embedding_loss": "losses.signs",
    "huber_loss": "losses.arrays",
    "kl_div": "losses.arrays",
    "l1_loss": "losses.arrays",
    "margin_ranking_loss": "losses.signs",
    "multi_margin_loss": "losses.arrays",
    "multilabel_margin_loss": "losses.arrays",
    "multilabel_soft_margin_loss": "losses.arrays",
    "nll_loss": "losses.arrays",
    "poisson_nll_loss": "losses.arrays",
    "smooth_l1_loss": "losses.arrays",
    "soft_margin_loss": "losses.signs",
    "CheckpointError": "serialization",
    "F1": "metrics.reports",
    "LayerWatch": "training.statistics",
    "Precision": "metrics.reports",
    "Recall": "metrics.reports",
    "TopKAccuracy": "metrics.ranking",
    "confusion_matrix": "metrics.reports",
    "layer_statistics": "training.statistics",
    "load": "serialization",
    "load_state": "serialization",
    "save": "serialization",
    "save_state": "serialization",
    "summary": "model_summary",
    "triplet_margin_loss": "losses.arrays",
}


def __getattr__(name: str) -> typing.Any:
    """What needs NumPy, imported when first used."""
    if name == "init":
        return importlib.import_module(f"{__name__}.init")
    if name not in _OF_ARRAYS:
        fix = f", which PyTorch has. Write {INSTEAD[name]}." if name in INSTEAD else ""
        # With these two Python proposes a similar name.
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}{fix}", name=name, obj=sys.modules[__name__]
        )
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_OF_ARRAYS[name]}"), name)
    return found


def __dir__() -> list[str]:
    return [*{*globals(), *_OF_ARRAYS, "init"}]
