"""Gradient checking: derivatives by the rules and by finite differences, side by side.

In processing order: `api.py` is `check_gradients` itself; `inputs.py` the numbers that are moved; `rules.py` the
derivatives that are to be tested; `comparison.py` those by differences, and how far the two may lie apart; `kinks.py`
finds the operation that bends where they say nothing; `report.py` is what is handed back. `uneven.py` weighs.
"""

from micrograd.engine.checking.api import check_gradients as check_gradients
from micrograd.engine.checking.report import GradientEntry as GradientEntry
from micrograd.engine.checking.report import GradientReport as GradientReport
from micrograd.engine.checking.report import Kink as Kink
