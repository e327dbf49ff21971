"""Gradient checking: what the rules say, beside what finite differences say.

A derivative is a limit of differences, so any gradient can be checked by moving an input a little to either side and
watching the output. That is slow and good to some ten digits only, which is why we differentiate by rules; but it
knows nothing of the rules, and so it finds their mistakes. The second order is checked in the same way, by moving the
inputs and watching the gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.arguments.trees import flatten
from micrograd.engine.checking.comparison import Comparison
from micrograd.engine.checking.inputs import as_variables, coordinates
from micrograd.engine.checking.report import GradientReport
from micrograd.engine.checking.rules import MODES
from micrograd.engine.differentiation.runs import differentiating_by
from micrograd.engine.errors import GradientMismatch, MicrogradValueError
from micrograd.engine.observing.recording import enable_grad


@naming_arguments
def check_gradients(
    f: Callable[..., Any],
    *inputs: Any,
    order: int | None = None,
    modes: tuple[str, ...] | None = None,
    eps: float = 1e-6,
    rtol: float = 1e-5,
    atol: float = 1e-8,
) -> GradientReport:
    """Compare the derivatives of `f` at `inputs`, by the rules, with central differences.

    The difference quotient is (f(x + h) - f(x - h)) / 2h with h = eps * max(1, abs(x)), for one number at a time. Of an
    `f` that returns an array it is that of a sum of its elements with uneven weights. For the second order all numbers
    move at once, along one slanting line, and the quotient is that of the gradient. Rules and differences agree if they
    differ by at most atol + rtol * (the larger of the two), plus what the quotient itself can't know because its two
    terms are rounded.

    Where an operation bends or jumps within a step of the point, as relu does at 0, max at a tie and floor at an
    integer, differences say nothing. That is no mismatch: the report names the operation, and the numbers that it was
    given.

    Args:
        f: Takes Values for numbers and Tensors for arrays, nested as the inputs are, and returns a Value or a Tensor.
        *inputs: Numbers, Values, arrays, Tensors, or nested lists, tuples and dicts of them. A leaf Value, or a leaf
            Tensor with a gradient, is passed to `f` itself, so that `f` may also reach it otherwise, as a model reaches
            its parameters. Arrays of integers are passed on as they are. All are left as they were.
        order: 1 for the gradient; 2 for the gradient's own derivative too. By default 2, but 1 if `f` uses an op
            that is written by hand or compiled, which can't be differentiated twice.
        modes: `"reverse"`, `"forward"` or both. By default both, but reverse alone for such an `f`.
        eps: The step, relative to inputs beyond 1.
        rtol: The error allowed, relative to the derivative.
        atol: The error allowed where the derivative is nearly 0.

    Returns:
        The report; print it for a table.

    Raises:
        GradientMismatch: If they disagree; the message names the worst entry and holds the table.
        MicrogradTypeError: If an input isn't made of numbers, or of float32, or `f` returns neither Value nor Tensor.
        MicrogradValueError: If there are no inputs, `f` isn't finite there or gives something else each time, or a
            setting makes no sense.

    Example:
        >>> print(check_gradients(lambda x, w: (w[0] * x + w[1]) ** 2, 0.5, [2.0, -3.0], order=1))
        input   at  reverse  forward  numeric  relative error
        x      0.5       -8       -8       -8         0.0e+00
        w[0]     2       -2       -2       -2         5.6e-11  <- worst
        w[1]    -3       -4       -4       -4         0.0e+00
        >>> print(check_gradients(lambda x, y: x.relu() * y, 0.0, 3.0, order=1).kinks[0].kink)
        relu(0)

    Reference:
        W. H. Press et al., Numerical Recipes, section 5.7 (numerical derivatives).
    """
    require_function("check_gradients", f, "check_gradients(f, 0.5)")
    _check_settings(eps, rtol, atol, order, modes)
    arguments = as_variables(list(inputs))
    numbers = coordinates(f, arguments)
    if not numbers:
        empty = [tuple(leaf.shape) for leaf in flatten(arguments)[0] if getattr(leaf, "size", 1) == 0]
        why = f"an input of shape {empty[0]} has no elements" if empty else "no real number and no array of them"
        raise MicrogradValueError(
            f"there is no input to differentiate by, {why}. Give f's arguments after f: "
            "check_gradients(f, 0.5, [2.0, -3.0]); of an array of integers, array.astype(float)."
        )
    with enable_grad(), differentiating_by({number.leaf for number in numbers}):
        comparison = Comparison(lambda: f(*arguments), numbers, eps, rtol, atol)
        chosen, in_modes = comparison.possible(order, modes and [mode for mode in MODES if mode in modes])
        report = GradientReport(comparison.first_order(in_modes))
        if chosen == 2 and report.passed:
            report = replace(report, second_order=comparison.second_order(in_modes, report.entries))
    return _passed_or_raise(report)


def _check_settings(eps: float, rtol: float, atol: float, order: Any, modes: Any) -> None:
    if not (0.0 < eps < math.inf and 0.0 <= rtol < math.inf and 0.0 < atol < math.inf):
        raise MicrogradValueError(
            f"check_gradients can't work with eps={eps!r}, rtol={rtol!r}, atol={atol!r}: eps and atol must be "
            "finite and above 0, rtol finite and not below 0. The defaults are eps=1e-6, rtol=1e-5, atol=1e-8."
        )
    if order not in (None, 1, 2):
        raise MicrogradValueError(f"check_gradients(order={order!r}): choose 1, the gradient, or 2, its derivative too")
    if modes is not None and (isinstance(modes, str) or not modes or not set(modes) <= set(MODES)):
        raise MicrogradValueError(
            f'check_gradients(modes={modes!r}): choose from "reverse" and "forward", as in modes=("reverse", "forward")'
        )


def _passed_or_raise(report: GradientReport) -> GradientReport:
    if report.passed:
        return report
    worst = report.worst
    second = "second derivatives" if worst in report.second_order else "gradients"
    raise GradientMismatch(
        f"analytic and numeric {second} disagree, worst at {worst.name}: {worst.worse:.10g} by the rules, "
        f"{worst.numeric:.10g} by differences. Look for a rule or a hand-written _backward that is wrong, or for a "
        f"Value or Tensor that was made anew inside f, Value(x.data).\n{report}"
    )
