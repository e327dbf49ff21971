"""Gradient checking: what `backward()` says, beside what finite differences say.

A derivative is a limit of differences, so any gradient can be checked by moving an input a little to either side and
watching the output. That is slow and good to some ten digits only, which is why we differentiate by rules; but it
knows nothing of the rules, and so it finds their mistakes.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

from micrograd.engine.backprop import sweep
from micrograd.engine.errors import GradientMismatch, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import topological_order
from micrograd.engine.numeric import as_float
from micrograd.engine.value import Value

Input: TypeAlias = Union[float, Value, Sequence["Input"]]  # noqa: UP007 (a string can't stand beside |)
"""What `check_gradients` differentiates by: a number, a Value, or a list or tuple of such, nested at will."""


@dataclass(frozen=True)
class GradientEntry:
    """One input's gradient, computed in both ways.

    Attributes:
        name: Which input: its label, or else the parameter of `f` and the position in it, such as `w[0]`.
        at: The input's number.
        analytic: The derivative by the backward rules.
        numeric: The derivative by central differences.
        tolerance: How far the two may lie apart.

    Example:
        >>> entry = GradientEntry("w[0]", at=2.0, analytic=4.0, numeric=5.0, tolerance=1e-5)
        >>> entry.relative_error, entry.agrees
        (0.2, False)
    """

    name: str
    at: float
    analytic: float
    numeric: float
    tolerance: float

    @property
    def error(self) -> float:
        """The distance between the two, inf unless both are finite."""
        distance = abs(self.analytic - self.numeric)
        return distance if math.isfinite(distance) else math.inf

    @property
    def relative_error(self) -> float:
        """The distance between the two as a fraction of the larger."""
        if self.error in (0.0, math.inf):
            return self.error
        return self.error / max(abs(self.analytic), abs(self.numeric))

    @property
    def excess(self) -> float:
        """The distance as a multiple of the tolerance, above 1 if the two disagree."""
        return self.error / self.tolerance if math.isfinite(self.error) else math.inf

    @property
    def agrees(self) -> bool:
        """Whether the two are as close as can be expected."""
        return self.excess <= 1.0


@dataclass(frozen=True)
class GradientReport:
    """The outcome of `check_gradients`; as text a table, analytic and numeric side by side.

    Attributes:
        entries: One for each number among the inputs, in order.

    Example:
        >>> report = check_gradients(lambda x, w: w * x * x, 3.0, 0.5)
        >>> report.passed, [entry.analytic for entry in report.entries]
        (True, [3.0, 9.0])
    """

    entries: tuple[GradientEntry, ...]

    @property
    def passed(self) -> bool:
        """Whether all entries agree."""
        return all(entry.agrees for entry in self.entries)

    @property
    def worst(self) -> GradientEntry:
        """The entry that exceeds its tolerance by the largest factor, or comes closest to it."""
        return max(self.entries, key=lambda entry: entry.excess)

    def __str__(self) -> str:
        header = ("input", "at", "analytic", "numeric", "relative error")
        rows = [header, *(_cells(entry) for entry in self.entries)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        marks = ["", *(self._mark(entry) for entry in self.entries)]
        return "\n".join(_line(row, widths) + mark for row, mark in zip(rows, marks, strict=True))

    def _mark(self, entry: GradientEntry) -> str:
        words = ["worst"] * (entry is self.worst) + ["disagrees"] * (not entry.agrees)
        return f"  <- {', '.join(words)}" if words else ""


def check_gradients(
    f: Callable[..., Value], *inputs: Input, eps: float = 1e-6, rtol: float = 1e-5, atol: float = 1e-8
) -> GradientReport:
    """Compare the gradient of `f` at `inputs`, by the backward rules, with central differences.

    The difference quotient is (f(x + h) - f(x - h)) / 2h with h = eps * max(1, abs(x)), for one number at a
    time. The two agree if they differ by at most atol + rtol * (the larger of the two), plus what the quotient
    itself can't know because f(x + h) and f(x - h) are rounded.

    Args:
        f: Takes Values, in lists where the inputs are lists, and returns a Value.
        *inputs: Numbers, Values, or nested lists or tuples of them. A leaf Value is passed to `f` itself, so that
            `f` may also reach it otherwise, as a model reaches its parameters. All are left as they were.
        eps: The step, relative to inputs beyond 1.
        rtol: The error allowed, relative to the gradient.
        atol: The error allowed where the gradient is nearly 0.

    Returns:
        The report; print it for a table.

    Raises:
        GradientMismatch: If they disagree; the message names the worst entry and holds the table.
        MicrogradTypeError: If an input isn't a number, a Value or a list of them, or `f` doesn't return a Value.
        MicrogradValueError: If there are no inputs, `f` isn't finite there, or a setting makes no sense.

    Example:
        >>> print(check_gradients(lambda x, w: (w[0] * x + w[1]) ** 2, 0.5, [2.0, -3.0]))
        input   at  analytic  numeric  relative error
        x      0.5        -8       -8         0.0e+00
        w[0]     2        -2       -2         5.6e-11  <- worst
        w[1]    -3        -4       -4         0.0e+00

    Reference:
        W. H. Press et al., Numerical Recipes, section 5.7 (numerical derivatives).
    """
    _check_settings(eps, rtol, atol)
    arguments = [_with_values(value) for value in inputs]
    leaves = [leaf for name, argument in _named(f, arguments) for leaf in _leaves(name, argument)]
    if not leaves:
        raise MicrogradValueError(
            "there is no input to differentiate by. Give f's arguments after f: check_gradients(f, 0.5, [2.0, -3.0])"
        )
    # Straight from the sweep: no .grad is written, neither of the inputs nor of anything else that f uses.
    gradients = sweep(topological_order(_run(f, arguments)), 1.0)
    entries = []
    for name, leaf in leaves:
        analytic = float(gradients.get(leaf, 0.0))
        numeric, noise = _central_difference(lambda: _run(f, arguments), leaf, eps)
        tolerance = atol + rtol * max(abs(analytic), abs(numeric)) + noise
        entries.append(GradientEntry(name, leaf.data, analytic, numeric, tolerance))
    return _passed_or_raise(GradientReport(tuple(entries)))


def _check_settings(eps: float, rtol: float, atol: float) -> None:
    if not (0.0 < eps < math.inf and 0.0 <= rtol < math.inf and 0.0 < atol < math.inf):
        raise MicrogradValueError(
            f"check_gradients can't work with eps={eps!r}, rtol={rtol!r}, atol={atol!r}: eps and atol must be "
            "finite and above 0, rtol finite and not below 0. The defaults are eps=1e-6, rtol=1e-5, atol=1e-8."
        )


def _with_values(value: Any) -> Any:
    """The same structure with a Value in place of each number; a leaf Value stands for itself."""
    if isinstance(value, (list, tuple)):
        make = getattr(value, "_make", type(value))  # a named tuple takes its fields one by one
        return make(map(_with_values, value))
    if not isinstance(value, Value):
        return Value(as_float(value))
    # A computed Value can't be moved: its data follows from its inputs. Its number can.
    return value if value.op is None else Value(value.data, label=value.label)


def _named(f: Callable[..., Any], arguments: list[Any]) -> Iterator[tuple[str, Any]]:
    """The arguments, each with the name of the parameter of `f` that takes it."""
    try:
        bound = inspect.signature(f).bind(*arguments).arguments
    except (TypeError, ValueError):  # no signature, or not one that takes these: calling f will tell
        bound = {"inputs": tuple(arguments)}
    yield from bound.items()


def _leaves(name: str, argument: Any) -> Iterator[tuple[str, Value]]:
    """Every Value in a nested argument, with a name such as `w[0][2]`; `['w', [a, b]]` -> w[0]: a, w[1]: b."""
    if isinstance(argument, Value):
        yield argument.label or name, argument
    else:
        for position, part in enumerate(argument):
            yield from _leaves(f"{name}[{position}]", part)


def _run(f: Callable[..., Any], arguments: list[Any]) -> Value:
    """The output of `f`, a finite Value."""
    output = f(*arguments)
    if not isinstance(output, Value):
        raise MicrogradTypeError(f"f must return a Value, but returned {_what_and_instead(output)}")
    if not math.isfinite(output.data):
        raise MicrogradValueError(
            f"f returned {output.data} at these inputs or a step of eps beside them, where differences say "
            "nothing. Choose inputs further inside its domain, or a smaller step: check_gradients(f, x, eps=1e-8)"
        )
    return output


def _what_and_instead(output: Any) -> str:
    """What was returned instead of a Value, and what to write."""
    if output is None:
        return "None. Perhaps its `return` is missing"
    if isinstance(output, (list, tuple)):
        return f"a {type(output).__name__}. Return one of its elements, or their sum: return sum(outputs)"
    return (
        f"a {type(output).__name__}: {output!r:.60}. Compute with the Values that it is given, by operators, "
        "methods such as x.exp(), and micrograd.engine.exp(x) in place of math.exp(x)"
    )


def _central_difference(run: Callable[[], Value], leaf: Value, eps: float) -> tuple[float, float]:
    """The slope of `run` in the direction of `leaf`, and how much of it may be rounding."""
    at = leaf.data
    step = eps * max(1.0, abs(at))
    # The step as it is after rounding: at + step is a float, too.
    width = (at + step) - (at - step)
    try:
        leaf.data = at - step
        below = run().data
        leaf.data = at + step
        above = run().data
    finally:
        leaf.data = at
    noise = 4.0 * math.ulp(max(abs(below), abs(above))) / width
    return (above - below) / width, noise


def _passed_or_raise(report: GradientReport) -> GradientReport:
    if report.passed:
        return report
    worst = report.worst
    raise GradientMismatch(
        f"analytic and numeric gradients disagree, worst at {worst.name}: {worst.analytic:.10g} by the backward "
        f"rules, {worst.numeric:.10g} by differences. Look for a hand-written _backward that is wrong or a Value "
        "that was made anew inside f, Value(x.data); or, if f has a kink there, as relu(x) at 0, move the "
        f"input off it.\n{report}"
    )


def _cells(entry: GradientEntry) -> tuple[str, ...]:
    numbers = (f"{number:.10g}" for number in (entry.at, entry.analytic, entry.numeric))
    return entry.name, *numbers, f"{entry.relative_error:.1e}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One row: the name flush left, the numbers flush right."""
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
