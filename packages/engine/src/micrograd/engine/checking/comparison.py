"""One function at one point: its derivatives by the rules and by differences, and how far they may lie apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.checking import rules
from micrograd.engine.checking.differences import Quotient, attempts, steadiest
from micrograd.engine.checking.inputs import Coordinate, placed
from micrograd.engine.checking.kinks import find_kink
from micrograd.engine.checking.report import GradientEntry
from micrograd.engine.checking.uneven import uneven_like, unit_vector
from micrograd.engine.dropin.handwritten import HandWritten
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.value import Value

_Entries = tuple[GradientEntry, ...]


@dataclass(frozen=True)
class Comparison:
    """One function at one point, and how closely to look."""

    f: Callable[[], Any]
    numbers: list[Coordinate]
    eps: float
    rtol: float
    atol: float

    def possible(self, order: int | None, modes: Sequence[str] | None) -> tuple[int, Sequence[str]]:
        """What was asked for; else all, or what an op that is written by hand or compiled allows."""
        has_rules = not any(isinstance(node.op, HandWritten) for node in topological_order(self.output()))
        return order or (2 if has_rules else 1), modes or rules.MODES[: 2 if has_rules else 1]

    # ---- first order -------------------------------------------------------------------------------------------------

    def first_order(self, modes: Sequence[str]) -> _Entries:
        """The gradient, in the given modes and by differences."""
        out = self.output()
        if not _same(out._data, self.output()._data):
            raise MicrogradValueError(
                "f gives another result each time that it is called, so differences say nothing. Make its random "
                "numbers from a generator with a fixed seed, made inside f."
            )
        by_rules = [rules.gradient(out, self.numbers, mode) for mode in modes]
        return tuple(
            self._first_entry(number, out._data, *slopes)
            for number, *slopes in zip(self.numbers, *by_rules, strict=True)
        )

    def _first_entry(self, number: Coordinate, middle: Any, *by_rules: float) -> GradientEntry:
        step = self._step(number)
        quotient = self._beside(number, step)
        entry = self._entry(number, quotient, *by_rules)
        # Straight on, the slopes to the left and to the right are alike; where they aren't, something may bend.
        bend = abs(rules.total((quotient.high - middle + (quotient.low - middle)) * uneven_like(middle))) / step
        if entry.agrees and bend <= entry.tolerance + quotient.noise:
            return entry
        kink = find_kink(lambda place: self._output_at({number: number.at + place * step}))
        if entry.agrees or kink is not None:
            return entry.at_kink(kink)
        tried = attempts(lambda scale: self._beside(number, scale * step))
        return self._entry(number, steadiest(tried), *by_rules)

    def _beside(self, number: Coordinate, step: float) -> Quotient:
        """The output on either side of one number."""
        below, above = number.at - step, number.at + step
        # The width as it is after rounding: at + step is a float, too.
        return Quotient(self._output_at({number: below}), self._output_at({number: above}), above - below)

    def _output_at(self, numbers: Mapping[Coordinate, float]) -> Any:
        """What `f` computes with other numbers in these places."""
        with placed(numbers):
            return self.output()._data

    # ---- second order ------------------------------------------------------------------------------------------------

    def second_order(self, modes: Sequence[str], first: _Entries) -> _Entries:
        """The derivative of the gradient along one line, off the kinks: the Hessian times a vector."""
        pace = {
            number: 0.0 if entry.kink else self._step(number) / self.eps * part
            for number, entry, part in zip(self.numbers, first, unit_vector(len(first)), strict=True)
        }
        by_rules = [rules.hessian_product(self.output(), pace, mode) for mode in modes]
        entries = self._second_entries(self._along(pace, self.eps), by_rules)
        if all(entry.agrees for entry in entries):
            return entries
        kink = find_kink(lambda place: self._gradient_at(pace, place * self.eps), order=2)
        if kink is not None:
            return tuple(entry if entry.agrees else entry.at_kink(kink) for entry in entries)
        tried = attempts(lambda scale: self._along(pace, scale * self.eps))
        return self._second_entries([steadiest(quotients) for quotients in zip(*tried, strict=True)], by_rules)

    def _second_entries(self, quotients: Sequence[Quotient], by_rules: Sequence[Sequence[float]]) -> _Entries:
        columns = zip(self.numbers, quotients, *by_rules, strict=True)
        return tuple(self._entry(number, quotient, *slopes) for number, quotient, *slopes in columns)

    def _along(self, pace: Mapping[Coordinate, float], time: float) -> list[Quotient]:
        """The gradient on either side, when all numbers move at their paces."""
        sides = zip(self._gradient_at(pace, -time), self._gradient_at(pace, time), strict=True)
        return [Quotient(low, high, 2.0 * time) for low, high in sides]

    def _gradient_at(self, pace: Mapping[Coordinate, float], time: float) -> list[float]:
        with placed({number: number.at + time * speed for number, speed in pace.items()}):
            return rules.gradient(self.output(), self.numbers)

    # ---- both --------------------------------------------------------------------------------------------------------

    def _step(self, number: Coordinate) -> float:
        return self.eps * max(1.0, abs(number.at))

    def _entry(self, number: Coordinate, quotient: Quotient, *by_rules: float) -> GradientEntry:
        analytic, numeric = by_rules[0], quotient.slope
        forward = by_rules[1] if len(by_rules) > 1 else None
        tolerance = self.atol + self.rtol * max(abs(analytic), abs(numeric)) + quotient.noise
        return GradientEntry(number.name, number.at, analytic, numeric, tolerance, forward)

    def output(self) -> Node:
        """What `f` returns: a Value or a Tensor, finite, and of enough digits."""
        output = self.f()
        if not isinstance(output, Node):
            raise MicrogradTypeError(f"f must return a Value or a Tensor, but returned {_what_and_instead(output)}")
        if not isinstance(output, Value) and output._data.dtype != float:
            raise MicrogradTypeError(
                f"f returned a Tensor of {output._data.dtype}: differences need the digits of float64. Use data of "
                "dtype=float all through f, and return real numbers."
            )
        if not rules.total(abs(output._data)) < math.inf:
            raise MicrogradValueError(
                f"f returned {output._data} at these inputs or a step of eps beside them, where differences say "
                "nothing. Choose inputs further inside its domain, or a smaller step: check_gradients(f, x, eps=1e-8)"
            )
        return output


def _same(a: Any, b: Any) -> bool:
    """Whether two runs gave the same numbers."""
    return getattr(a, "shape", None) == getattr(b, "shape", None) and rules.total(abs(a - b)) == 0.0


def _what_and_instead(output: Any) -> str:
    """What was returned instead of a node, and what to write."""
    if output is None:
        return "None. Perhaps its `return` is missing"
    if isinstance(output, (list, tuple)):
        return f"{kind_of(output)}. Return one of its elements, or their sum: return sum(outputs)"
    return (
        f"{kind_of(output)}: {output!r:.60}. Compute with the Values and Tensors that it is given, by "
        "operators, methods such as x.exp(), and micrograd.engine.exp(x) in place of math.exp(x)"
    )
