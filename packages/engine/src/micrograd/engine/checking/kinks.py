"""Where a function bends or jumps: which of its operations does, found by watching it run on either side.

Each operation has local slopes: its vjp rules at the numbers that it was given. Between two inputs close to each other
the slopes of a smooth operation differ by little, and by half as much if the distance is halved. At a kink they differ
by as much, however small the distance: so halving it again and again tells the two apart.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from micrograd.engine.backprop import apply_rule
from micrograd.engine.checking.report import Kink
from micrograd.engine.checking.rules import gradient_change
from micrograd.engine.checking.uneven import uneven_like
from micrograd.engine.graph import Node
from micrograd.engine.observing.recording import watching
from micrograd.engine.ops.choices import flat
from micrograd.engine.ops.op import Op
from micrograd.engine.value import Value

HALVINGS = 12
_LARGEST_OF_SMOOTH = 1e-5  # a smaller relative change of a slope is no suspect
_PERSISTS = 0.4  # the part of a jump that is left in one half: all of it, or half at a tie in the very middle
_BRANCH = -1
_INFINITE = sys.float_info.max  # of which a part can be told


class _Operation(NamedTuple):
    """One operation that ran: what it was given, and what came out."""

    op: Op
    operands: tuple[Any, ...]
    out: Any
    params: dict[str, Any]
    order: int


_Run = list[_Operation]


def find_kink(run: Callable[[float], object], order: int = 1) -> Kink | None:
    """The first operation of a function that bends or jumps somewhere along a short line.

    Args:
        run: Runs the function at a place of the line, from -1 to 1; 0 is the point in question.
        order: 2 to find an operation whose slope bends, as that of relu(x)**2 does at 0.

    Returns:
        The operation, with the numbers that it is given at the point; None if all are smooth.

    Example:
        >>> from micrograd.engine import Value, relu
        >>> str(find_kink(lambda s: relu(Value(1e-6 * s) + 1e-7)))
        'relu(1e-07)'
        >>> find_kink(lambda s: Value(1e-6 * s).exp()) is None
        True
    """
    low, high = -1.0, 1.0
    at_low, at_high = _watched(run, low, order), _watched(run, high, order)
    suspects = _jumps(at_low, at_high)
    for _ in range(HALVINGS):
        if not suspects:
            return None
        middle = (low + high) / 2.0
        at_middle = _watched(run, middle, order)
        left, right = _persisting(suspects, at_low, at_middle), _persisting(suspects, at_middle, at_high)
        if max(left.values(), default=0.0) >= max(right.values(), default=0.0):
            high, at_high, part = middle, at_middle, left
        else:
            low, at_low, part = middle, at_middle, right
        suspects = {position: suspects[position] for position in part}
    return _named(min(suspects), at_low, at_high, _watched(run, 0.0, order)) if suspects else None


def _watched(run: Callable[[float], object], place: float, order: int) -> _Run:
    """Every operation of the function at a place of the line, in the order in which they ran."""
    seen: _Run = []

    def note(op: Op, operands: tuple[Any, ...], params: dict[str, Any], record: Callable[..., Any]) -> Any:
        out = record(op, operands, params)
        seen.append(_Operation(op, tuple(map(_data, operands)), _data(out), {**op.defaults, **params}, order))
        return out

    with watching(note):
        run(place)
    return seen


def _data(operand: Any) -> Any:
    return operand._data if isinstance(operand, Node) else operand


def _jumps(low: _Run, high: _Run) -> dict[int, float]:
    """The operations whose slopes differ between two runs, and by how much."""
    if _is_branch(low, high):
        return {_BRANCH: 1.0}
    jumps = {position: _jump(*pair)[0] for position, pair in enumerate(zip(low, high, strict=True))}
    return {position: jump for position, jump in jumps.items() if jump > 0.0}


def _persisting(suspects: dict[int, float], low: _Run, high: _Run) -> dict[int, float]:
    """The suspects whose slopes still differ, and how much of the difference is left."""
    jumps = _jumps(low, high)
    parts = {position: jumps.get(position, 0.0) / before for position, before in suspects.items()}
    return {position: part for position, part in parts.items() if part >= _PERSISTS}


def _is_branch(low: _Run, high: _Run) -> bool:
    """Whether the function took another path through its code."""
    return [operation.op for operation in low] != [operation.op for operation in high]


def _jump(low: _Operation, high: _Operation) -> tuple[float, int, int]:
    """The largest difference of the slopes of two runs of an operation, by which operand, and at which element."""
    found = (0.0, 0, 0)
    slopes_low, slopes_high = _slopes(low), _slopes(high)
    for operand in slopes_low:
        a, b = _flat(slopes_low[operand]), _flat(slopes_high[operand])
        if len(a) != len(b):
            return _INFINITE, operand, 0
        scale = max(map(_magnitude, (*a, *b)), default=0.0)
        for element, pair in enumerate(zip(a, b, strict=True)):
            difference = _difference(*pair)
            if difference > max(found[0], _LARGEST_OF_SMOOTH * scale):
                found = (difference, operand, element)
    return found


def _slopes(operation: _Operation) -> dict[int, Any]:
    """What the vjp rules give, by operand; of a step, its output, which can only jump."""
    op, operands, out, params, order = operation
    if not op.is_differentiable or flat in op.vjps:
        return {0: out}
    if order == 2:
        return _curvatures(operation)
    weights = uneven_like(out)
    rules = {position: op.rule(position) for position in range(len(operands))}
    return {
        position: apply_rule(rule, weights, out, operands, params)
        for position, rule in rules.items()
        if rule is not None
    }


def _curvatures(operation: _Operation) -> dict[int, Any]:
    """How the slopes change when all operands move: the second derivatives of this operation alone."""
    variables = [_variable(operand) for operand in operation.operands]
    moves = {leaf: uneven_like(leaf._data) for leaf in variables if isinstance(leaf, Node)}
    change = gradient_change(operation.op(*variables, **operation.params), moves) if moves else {}
    return {
        position: _data(change.get(variable, 0.0)) for position, variable in enumerate(variables) if variable in moves
    }


def _variable(operand: Any) -> Any:
    """A leaf with these numbers, if they are real ones that can move."""
    if not hasattr(operand, "shape"):
        return Value(operand) if isinstance(operand, float) else operand
    from micrograd.engine.tensor import Tensor

    return Tensor(operand, requires_grad=True) if operand.dtype.kind == "f" else operand


def _flat(slope: Any) -> list[float]:
    return slope.reshape(-1).tolist() if hasattr(slope, "reshape") else [slope]


def _magnitude(number: float) -> float:
    return abs(number) if math.isfinite(number) else 0.0


def _difference(a: float, b: float) -> float:
    if a == b or (a != a and b != b):
        return 0.0
    return min(abs(a - b), _INFINITE) if math.isfinite(a) and math.isfinite(b) else _INFINITE


def _named(position: int, low: _Run, high: _Run, centre: _Run) -> Kink:
    """The kink at an operation, with the numbers that it was given at the centre."""
    if position == _BRANCH:
        return Kink("a branch in f", ())
    _, operand, element = _jump(low[position], high[position])
    operation = low[position] if _is_branch(low, centre) else centre[position]
    return Kink(operation.op.name, tuple(_decisive(operation, operand, element)))


def _decisive(operation: _Operation, operand: int, element: int) -> list[float]:
    """The numbers that matter to one element of the slope by one operand."""
    if operation.op.elementwise:
        return [_at(given, operation.out, element) for given in operation.operands]
    given = _flat(operation.operands[operand])
    return [float(given[element])] if element < len(given) else []


def _at(operand: Any, out: Any, element: int) -> float:
    """One element of an operand as it is broadcast to the output."""
    if not hasattr(operand, "shape") or not hasattr(out, "shape"):
        return float(operand)
    import numpy as np

    return float(np.broadcast_to(operand, out.shape).reshape(-1)[element])
