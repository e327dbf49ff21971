"""NumPy's comparisons as primitives without derivative, for numbers as for arrays. Needs the standard library alone."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from micrograd.engine.ops.op import Op


def without_derivative(name: str, relation: Callable[[Any, Any], Any]) -> Op:
    """A function of two as an elementwise primitive."""

    def forward(x, y):  # type: ignore[no-untyped-def]
        return relation(x, y)

    forward.__name__ = name
    return Op(forward, (), elementwise=True)


RELATIONS = {
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
}
"""Python's functions by NumPy's names."""

COMPARISONS = {name: without_derivative(name, relation) for name, relation in RELATIONS.items()}
"""The primitives by NumPy's names."""

BY_RELATION: dict[Callable[[Any, Any], Any], Op] = {RELATIONS[name]: op for name, op in COMPARISONS.items()}
