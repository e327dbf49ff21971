"""Optimisers: how a gradient becomes a change of the parameters, Values or Tensors.

`optimizer.py` is what all have in common; each of the others is a rule, in plain operators, which therefore serves
numbers, arrays and, inside a compiled training step, the symbols of a program. `clipping.py` shortens gradients before
a step, and `averaging.py` averages what the steps come to.
"""

from micrograd.nn.optim.adaptive import Adadelta, Adagrad, RMSprop
from micrograd.nn.optim.moments import Adam, Adamax, AdamW, NAdam
from micrograd.nn.optim.optimizer import Optimizer
from micrograd.nn.optim.rectified import RAdam
from micrograd.nn.optim.sgd import SGD
from micrograd.nn.optim.signs import Lion, Rprop

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Lion",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
]
