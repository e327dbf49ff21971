"""A linter for training: one step of it, run under watch, and what is wrong with it in words.

Example:
    >>> import numpy as np
    >>> from micrograd.engine import cross_entropy, softmax
    >>> from micrograd.nn import Linear
    >>> classifier = Linear(4, 3, rng=0)
    >>> X, y = np.random.default_rng(0).normal(size=(12, 4)), np.arange(12) % 3
    >>> report = check_training(lambda x: softmax(classifier(x)), cross_entropy, (X, y), parameters=classifier)
    >>> [problem.kind for problem in report]
    ['softmax before cross-entropy']

`api.py` has `check_training`; `setup.py` brings what is checked into one form, `watched.py` runs the step and keeps
what was seen, `keeping.py` puts everything back. Each of the `..._checks.py` is a family of problems, and `report.py`
puts them into words. It needs NumPy.
"""

from micrograd.nn.checks.api import check_training
from micrograd.nn.checks.report import Problem, Report

__all__ = ["Problem", "Report", "check_training"]
