"""Softmax and what belongs to it, without overflow. What is right comes from the engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial, reduce
from typing import Any

from ladder.cases import Case, lists
from ladder.rungs.rung import Rung
from micrograd.engine import exp, grad, jacobian, logaddexp

LOGITS = (1.0, 2.0, 0.0, -1.0)


def _log_sum_exp(logits: Any) -> Any:
    return reduce(logaddexp, logits)


def _softmax(logits: Any) -> Any:
    total = _log_sum_exp(logits)
    return [exp(s - total) for s in logits]


def _cross_entropy(logits: Any, label: int) -> Any:
    return _log_sum_exp(logits) - logits[label]


def _logits(function: str, largest: float) -> Iterator[Case]:
    """Small logits, then one that e to the power of overflows, and one of which it is zero."""
    yield from (Case(f"{function}({row})") for row in lists(3, LOGITS, count=5))
    yield from (Case(f"{function}({row})") for row in ([largest], [-largest], [largest, 1.0], [1.0, largest]))


def _labelled(function: str, largest: float) -> Iterator[Case]:
    rows = [*lists(3, LOGITS, count=5), [largest, 0.0], [0.0, largest], [-largest, -largest]]
    yield from (Case(f"{function}({row}, {label})") for row in rows for label in range(len(row)))


CLASSIFICATION = (
    Rung("18_log_sum_exp", _log_sum_exp, partial(_logits, "log_sum_exp", 1000.0)),
    Rung("19_softmax_jacobian", jacobian(_softmax), partial(_logits, "softmax_jacobian", 3.0)),
    Rung("20_cross_entropy", _cross_entropy, partial(_labelled, "cross_entropy", 1000.0)),
    Rung("21_cross_entropy_gradient", grad(_cross_entropy), partial(_labelled, "cross_entropy_gradient", 3.0)),
)
