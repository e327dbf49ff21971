"""Elementwise primitives as expressions on single numbers, for compilers of loops. NaN and inf go as IEEE 754 says."""

from __future__ import annotations

import math
from typing import Any

EXPRESSIONS: dict[str, str] = {
    "abs": "abs({0})",
    "add": "({0} + {1})",
    "arccos": "math.acos({0})",
    "arccosh": "math.acosh({0})",
    "arcsin": "math.asin({0})",
    "arcsinh": "math.asinh({0})",
    "arctan": "math.atan({0})",
    "arctan2": "math.atan2({0}, {1})",
    "arctanh": "math.atanh({0})",
    "ceil": "np.ceil({0})",
    "clamp_max": "({1} if {0} > {1} else {0})",
    "clamp_min": "({1} if {0} < {1} else {0})",
    "cos": "math.cos({0})",
    "cosh": "math.cosh({0})",
    "div": "({0} / {1})",
    "elu": "({0} if {0} > 0.0 else {alpha} * math.expm1({0}))",
    "equal": "({0} == {1})",
    "erf": "math.erf({0})",
    "erfc": "math.erfc({0})",
    "exp": "math.exp({0})",
    "exp2": "(2.0 ** {0})",
    "expm1": "math.expm1({0})",
    "floor": "np.floor({0})",
    "greater": "({0} > {1})",
    "greater_equal": "({0} >= {1})",
    "hardsigmoid": "(0.0 if {0} <= -3.0 else 1.0 if {0} >= 3.0 else ({0} + 3.0) / 6.0)",
    "hardswish": "({0} * (0.0 if {0} <= -3.0 else 1.0 if {0} >= 3.0 else ({0} + 3.0) / 6.0))",
    "hypot": "math.hypot({0}, {1})",
    "identity": "{0}",
    "leaky_relu": "({0} if {0} > 0.0 else {negative_slope} * {0})",
    "less": "({0} < {1})",
    "less_equal": "({0} <= {1})",
    "log": "math.log({0})",
    "log10": "math.log10({0})",
    "log1p": "math.log1p({0})",
    "log2": "math.log2({0})",
    "logsigmoid": "((0.0 if {0} >= 0.0 else {0}) - math.log1p(math.exp(-abs({0}))))",
    "maximum": "({0} if ({0} >= {1}) | ({0} != {0}) else {1})",
    "minimum": "({0} if ({0} <= {1}) | ({0} != {0}) else {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
    "not_equal": "({0} != {1})",
    "pow": "({0} ** {1})",
    "reciprocal": "(1.0 / {0})",
    "relu": "(0.0 if {0} <= 0.0 else {0})",
    "relu6": "(0.0 if {0} <= 0.0 else 6.0 if {0} >= 6.0 else {0})",
    "rsqrt": "(1.0 / math.sqrt({0}))",
    "sigmoid": "((1.0 if {0} >= 0.0 else math.exp({0})) / (1.0 + math.exp(-abs({0}))))",
    "sign": "(1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0})",
    "silu": "({0} * ((1.0 if {0} >= 0.0 else math.exp({0})) / (1.0 + math.exp(-abs({0})))))",
    "sin": "math.sin({0})",
    "sinh": "math.sinh({0})",
    "softplus": (
        "({0} if {beta} * {0} > {threshold} else ((0.0 if {beta} * {0} <= 0.0 "
        "else {beta} * {0}) + math.log1p(math.exp(-abs({beta} * {0})))) / {beta})"
    ),
    "softsign": "({0} / (1.0 + abs({0})))",
    "sqrt": "math.sqrt({0})",
    "square": "({0} * {0})",
    "stop_gradient": "{0}",
    "sub": "({0} - {1})",
    "tan": "math.tan({0})",
    "tanh": "math.tanh({0})",
    "where": "({1} if {0} else {2})",
}


def expression(name: str, operands: Any, params: dict[str, Any] | None = None) -> str:
    """A primitive on the texts of its operands, its settings written in."""
    settings = {key: literal(setting) for key, setting in (params or {}).items()}
    return EXPRESSIONS[name].format(*operands, **settings)


def literal(number: Any) -> str:
    """A constant, in brackets, so that its sign binds as tightly as the number.

    Example:
        >>> literal(-2), literal(math.nan)
        ('(-2.0)', '(math.nan)')
    """
    number = float(number)
    return f"({number!r})" if math.isfinite(number) else "(-math.inf)" if number < 0 else f"(math.{number})"
