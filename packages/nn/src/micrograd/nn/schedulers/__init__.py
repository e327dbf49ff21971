"""Learning rates that change with the step; names and formulas are those of `torch.optim.lr_scheduler`.

Each schedule but `ReduceLROnPlateau` is a pure function of the step, `lr_at(step)`. Call `scheduler.step()` after
`optimizer.step()`. An optimiser without a scheduler keeps its rate.
"""

from micrograd.nn.schedulers.base import HasLearningRate, LRScheduler
from micrograd.nn.schedulers.composed import ChainedScheduler, SequentialLR
from micrograd.nn.schedulers.curves import CosineAnnealingLR, CosineAnnealingWarmRestarts, LinearLR, PolynomialLR
from micrograd.nn.schedulers.cyclic import CyclicLR
from micrograd.nn.schedulers.functions import LambdaLR, MultiplicativeLR
from micrograd.nn.schedulers.one_cycle import OneCycleLR
from micrograd.nn.schedulers.plateau import ReduceLROnPlateau
from micrograd.nn.schedulers.stairs import ConstantLR, ExponentialLR, MultiStepLR, StepLR

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "HasLearningRate",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
