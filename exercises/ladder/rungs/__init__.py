"""The exercises in their order, grouped by what they are about."""

from ladder.rungs.arrays import ARRAYS
from ladder.rungs.classification import CLASSIFICATION
from ladder.rungs.craft import CRAFT
from ladder.rungs.graphs import GRAPHS
from ladder.rungs.nets import NETS
from ladder.rungs.operations import OPERATIONS
from ladder.rungs.rung import Rung

RUNGS: tuple[Rung, ...] = (*OPERATIONS, *GRAPHS, *NETS, *ARRAYS, *CLASSIFICATION, *CRAFT)
"""Every exercise, the first one first."""

__all__ = ["RUNGS", "Rung"]
