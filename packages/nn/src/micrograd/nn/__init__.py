"""Neural nets on MicroGrad's engine: modules, losses, optimisers, schedules and a training loop.

Everything here needs the engine and the standard library alone; `fit` imports tqdm for its progress bar, and
the pictures in `micrograd.nn.plots` want matplotlib.

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

from micrograd.nn.history import History
from micrograd.nn.losses import hinge_loss, l2_penalty, mse_loss
from micrograd.nn.metrics import accuracy
from micrograd.nn.module import Module
from micrograd.nn.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, NAdam, RMSprop
from micrograd.nn.scalar import MLP, Layer, Neuron
from micrograd.nn.schedulers import ConstantLR, CosineAnnealingLR, LinearLR, LRScheduler, StepLR
from micrograd.nn.training import DivergedError, fit, jit_train_step

__all__ = [
    "MLP",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "ConstantLR",
    "CosineAnnealingLR",
    "DivergedError",
    "History",
    "LRScheduler",
    "Layer",
    "LinearLR",
    "Lion",
    "Module",
    "NAdam",
    "Neuron",
    "RMSprop",
    "StepLR",
    "accuracy",
    "fit",
    "hinge_loss",
    "jit_train_step",
    "l2_penalty",
    "mse_loss",
]
