"""How good a model's answers are, as a plain number for people to read; nothing here is differentiated.

`accuracies.py` needs the standard library alone.
"""

from micrograd.nn.metrics.accuracies import Metric, accuracy

__all__ = ["Metric", "accuracy"]
