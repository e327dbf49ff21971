"""The table of causes: what usually makes an operation give a nan or an infinity, and what to write instead.

A row names operations, a condition on their operands, the cause and the cure. The first row that fits counts. In the
conditions an operand is a number: of an elementwise operation the one at the place of the first bad result, of any
other the operand as it is, an array mostly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from micrograd.engine.viz.anomaly.judging import worst


class Cause(NamedTuple):
    """Why, and what to do about it."""

    why: str
    instead: str


class _Row(NamedTuple):
    names: str
    fits: Callable[..., bool]
    why: str
    instead: str


_ALWAYS: Callable[..., bool] = lambda *_: True  # noqa: E731 - a row reads better with it

_IN_FORWARD = [
    _Row(
        "log log2 log10", lambda x: x == 0,
        "the logarithm of 0 is -inf; most often a probability has become 0 by rounding",
        "log_softmax(logits) for softmax(logits).log(), logsumexp(x) for exp(x).sum().log(), "
        "logsigmoid(x) for sigmoid(x).log(); or keep away from 0: x.clamp_min(1e-12).log()",
    ),
    _Row(
        "log log2 log10 log1p", lambda x: x < 0,
        "a negative number has no real logarithm",
        "find out why it is negative; to make it positive: softplus(x).log(), or x.clamp_min(1e-12).log()",
    ),
    _Row(
        "sqrt rsqrt", lambda x: x < 0,
        "a negative number has no real root; a variance computed as mean(x²) - mean(x)² may fall below 0 by rounding",
        "x.var(), or mean((x - mean)²), which can't; or clamp_min(x, 0.0).sqrt()",
    ),
    _Row("rsqrt", lambda x: x == 0, "1/sqrt(0) is inf; most often a variance of 0", "rsqrt(variance + 1e-5)"),
    _Row(
        "div", lambda x, y: x == 0 and y == 0,
        "0/0 is nan; most often a normalisation of something that is all zeros",
        "x / (norm + 1e-8), or x / norm.clamp_min(1e-8)",
    ),
    _Row("div reciprocal", lambda *xs: xs[-1] == 0, "a division by 0", "divide by (y + 1e-8), or by y.clamp_min(1e-8)"),
    _Row(
        "div", lambda x, y: math.isinf(y),
        "inf/inf is nan; most often exp overflowed on both sides of the bar",
        "softmax(x) for exp(x) / exp(x).sum(), sigmoid(x) for exp(x) / (1 + exp(x))",
    ),
    _Row(
        "exp exp2 expm1 sinh cosh", _ALWAYS,
        "exp overflows from 709.8 on, in float32 from 88.7 on",
        "softmax(x) for exp(x) / exp(x).sum(), logsumexp(x) for its log, sigmoid(x) for 1 / (1 + exp(-x)), "
        "softplus(x) for log(1 + exp(x)); or subtract the largest first: exp(x - x.max())",
    ),
    _Row(
        "pow", lambda x, y: x < 0 and y != round(y),
        "a negative number to a fractional power isn't real",
        "abs(x) ** p, clamp_min(x, 0.0) ** p, or cbrt(x) for x ** (1/3)",
    ),
    _Row("pow", lambda x, y: x == 0 and y < 0, "0 to a negative power is inf: a division by 0", "(x + 1e-8) ** p"),
    _Row(
        "arcsin arccos arctanh", lambda x: abs(x) > 1,
        "it is defined from -1 to 1 only",
        "clip(x, -1 + 1e-7, 1 - 1e-7)",
    ),
    _Row("arctanh", _ALWAYS, "arctanh(±1) is infinite", "clip(x, -1 + 1e-7, 1 - 1e-7)"),
    _Row("arccosh", _ALWAYS, "it is defined from 1 on only", "x.clamp_min(1.0)"),
    _Row("log1p", _ALWAYS, "log1p(-1) is the logarithm of 0, -inf", "log1p(x.clamp_min(-1 + 1e-12))"),
    _Row("mod fmod", lambda x, y: y == 0, "the remainder of a division by 0", "a divisor that isn't 0"),
    _Row(
        "softmax log_softmax logsumexp", lambda x: worst(x) == "inf",
        "a row is -inf throughout (everything is masked), or holds +inf",
        "mask with a large number instead, where(mask, scores, -1e9), or leave out what is masked altogether",
    ),
    _Row(
        "cross_entropy_of_labels", _ALWAYS,
        "a logit is infinite, or every label is ignored: a mean over nothing",
        "batches with at least one label that counts, and finite logits",
    ),
    _Row("mean", lambda x: getattr(x, "size", 1) == 0, "the mean of nothing is 0/0", "skip the empty batch"),
    _Row(
        "var std standardize", _ALWAYS,
        "a spread of a single number (n - 1 is 0), or numbers so large that their squares overflow",
        "more than one number along the axis, or correction=0; and scaled inputs",
    ),
    _Row("mul", lambda *xs: 0.0 in xs, "0 x inf is nan", "where(mask, x, 0.0) for mask * x where x may be infinite"),
    _Row("add sub", lambda x, y: math.isinf(x) and math.isinf(y), "inf - inf is nan", "finite numbers on both sides"),
    _Row("inv solve", _ALWAYS, "the matrix is singular, or nearly so", "A + 1e-6 * eye(n)"),
    _Row("logabsdet", _ALWAYS, "the determinant of a singular matrix is 0, its logarithm -inf", "A + 1e-6 * eye(n)"),
]  # fmt: skip

_IN_BACKWARD = [
    _Row(
        "sqrt", lambda g, x: x == 0 and g == 0,
        "a gradient of 0 arrives, and the slope of sqrt at 0 is inf: 0 x inf is nan. "
        "A where() that picks the other branch doesn't help, for both branches are differentiated",
        "a safe operand within: where(ok, where(ok, x, 1.0).sqrt(), 0.0); or (x + 1e-12).sqrt()",
    ),
    _Row(
        "sqrt rsqrt cbrt", lambda g, x: x == 0,
        "the slope of a root at 0 is infinite; most often a distance or norm of 0",
        "(x + 1e-12).sqrt(), or leave the root out where the square will do",
    ),
    _Row(
        "div reciprocal log log2 log10 log1p", lambda g, *xs: g == 0,
        "a gradient of 0 arrives, and the slope is infinite: 0 x inf is nan. "
        "A where() that picks the other branch doesn't help, for both branches are differentiated",
        "a safe operand within: where(x > 0, where(x > 0, x, 1.0).log(), 0.0)",
    ),
    _Row("div reciprocal", _ALWAYS, "the divisor is 0, or so small that its square is", "divide by (y + 1e-8)"),
    _Row("log log2 log10 log1p", _ALWAYS, "the slope of a logarithm at 0 is infinite", "(x + 1e-12).log()"),
    _Row("pow", lambda g, x, y: x == 0, "the slope of x**p at 0 is infinite for p < 1", "(x + 1e-12) ** p"),
    _Row(
        "std power_norm", _ALWAYS,
        "a spread or norm of 0 has no slope: it divides by itself",
        "(x.var() + 1e-8).sqrt() for x.std(), ((x * x).sum() + 1e-12).sqrt() for a norm",
    ),
    _Row(
        "arcsin arccos arctanh arccosh", _ALWAYS,
        "its slope is infinite at the end of its domain",
        "clip(x, -1 + 1e-7, 1 - 1e-7)",
    ),
    _Row("hypot", _ALWAYS, "the distance from (0, 0) has no slope there", "(x*x + y*y + 1e-12).sqrt()"),
    _Row(
        "exp exp2 expm1 sinh cosh", _ALWAYS,
        "the slope of exp grows with exp, and overflows",
        "subtract the largest first, exp(x - x.max()); or softmax, logsumexp, sigmoid, softplus",
    ),
    _Row("inv solve cholesky det logabsdet", _ALWAYS, "the matrix is singular, or nearly so", "A + 1e-6 * eye(n)"),
    _Row("eigvalsh eigenvectors", _ALWAYS, "equal eigenvalues: their vectors have no slope", "a perturbed matrix"),
]  # fmt: skip

_OVERFLOW = Cause(
    "numbers too large for their dtype: float64 ends at 1.8e308, float32 at 3.4e38",
    "scale the inputs, begin with smaller weights, or lower the learning rate",
)
_GIVEN = Cause(
    "the operation was given a nan, and passes it on: it came with the data, or was computed before the watch began",
    "look at the data: numpy.isnan(X).any(axis=0) names the columns; leave such rows out or fill them in",
)
_ENTERED = Cause(
    "the gradient was bad before any operation had it: it came from backward(grad=...), from a hook, or from a sum of "
    "contributions that overflows",
    "look at that hook or gradient; against overflow scale the loss, or clip gradients",
)
_BY_HAND = Cause("a backward that was written by hand", "check_gradients(f, x) on the function that uses it")
_VANISHING = Cause(
    "each operation on the way multiplies by a slope below 1, and there are many of them; saturated tanh and sigmoid "
    "have slopes near 0",
    "relu or gelu for tanh, weights drawn for the width (kaiming, xavier), a normalisation or a skip connection",
)
_EXPLODING = Cause(
    "each operation on the way multiplies by a slope above 1, and there are many of them; or an operand is large",
    "smaller initial weights, scaled inputs, a normalisation, or clipping of gradients before the step",
)
GENERAL = {"given": _GIVEN, "entered": _ENTERED, "vanishing": _VANISHING, "exploding": _EXPLODING}


def cause_forward(name: str, operands: Sequence[Any]) -> Cause:
    """Why an operation gave a bad number.

    Example:
        >>> cause_forward("div", [0.0, 0.0]).why
        '0/0 is nan; most often a normalisation of something that is all zeros'
    """
    return _look_up(_IN_FORWARD, name, operands) or _OVERFLOW


def cause_backward(name: str, g: Any, operands: Sequence[Any], is_by_hand: bool) -> Cause:
    """Why an operation handed a bad gradient to its operands.

    Example:
        >>> cause_backward("sqrt", 1.0, [0.0], is_by_hand=False).instead
        '(x + 1e-12).sqrt(), or leave the root out where the square will do'
    """
    if is_by_hand:
        return _BY_HAND
    return _look_up(_IN_BACKWARD, name, [g, *operands]) or _look_up(_IN_FORWARD, name, operands) or _OVERFLOW


def _look_up(rows: list[_Row], name: str, operands: Sequence[Any]) -> Cause | None:
    for row in rows:
        if name in row.names.split() and _fits(row, operands):
            return Cause(row.why, row.instead)
    return None


def _fits(row: _Row, operands: Sequence[Any]) -> bool:
    try:
        return bool(row.fits(*operands))
    except (TypeError, ValueError, OverflowError):
        return False  # a condition on numbers, and an array of many
