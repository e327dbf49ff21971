"""`TracedValue`: what stands for a number while a function is traced.

The operators of which scalar code is full write to the tape without the detour over whoever watches, if that is the
trace itself; the other operations take the way of every Value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.graph import Node
from micrograd.engine.jit.comparisons import COMPARISONS
from micrograd.engine.jit.sources import AS_IT_IS, BOTH_SIDES, FROM_WITHIN, refusal
from micrograd.engine.observing.recording import watcher_here
from micrograd.engine.ops import activations, trigonometry
from micrograd.engine.ops import elementwise as ops
from micrograd.engine.ops.op import Op
from micrograd.engine.value import Value

if TYPE_CHECKING:
    from micrograd.engine.jit.tracing.scalar_trace import ScalarTrace


def _binary(op: Op, general: Any, reflected: Any) -> tuple[Any, Any]:
    """An operator with the traced number on the left, and on the right, of another Value."""

    def method(self: TracedValue, other: Any) -> Any:
        trace = self.trace
        if isinstance(other, Value) and watcher_here() is trace:
            return trace.combined(op, self, other)
        return general(self, other)

    def mirrored(self: TracedValue, other: Any) -> Any:
        trace = self.trace
        if isinstance(other, Value) and watcher_here() is trace:
            return trace.combined(op, other, self)
        return reflected(self, other)

    return method, mirrored


def _unary(op: Op, general: Callable[[Any], Any]) -> Any:
    def method(self: TracedValue) -> Any:
        trace = self.trace
        if watcher_here() is trace:
            return trace.combined(op, self)
        return general(self)

    return method


def _comparison(name: str) -> Any:
    """A relation with another number: no branch yet, but something for `where` to choose by."""
    op = COMPARISONS[name]

    def method(self: TracedValue, other: Any) -> Any:
        if not isinstance(other, Value) and not is_real(other):
            return NotImplemented
        return self.trace.combined(op, self, other)

    return method


class TracedValue(Value):
    """A number that a program will compute: a Value that has no data yet, but a place on a tape.

    Attributes:
        trace: The run that it belongs to.
        entry: Where it stands on the tape.
    """

    __slots__ = ()
    _is_traced = True
    # Every operation makes one of these, so that it has little of its own: what can't change is the class's, and the
    # slots in which a Value keeps its operands hold its place. What the tape knows is read there, so that a number that
    # the code has done with is gone, and nothing is left of it for Python's collector to visit.
    _data = 0.0
    grad = 0.0
    label = ""
    trace: ScalarTrace = Node._x
    entry: int = Node._y

    __add__, __radd__ = _binary(ops.add, Value.__add__, Value.__radd__)
    __sub__, __rsub__ = _binary(ops.sub, Value.__sub__, Value.__rsub__)
    __mul__, __rmul__ = _binary(ops.mul, Value.__mul__, Value.__rmul__)
    __truediv__, __rtruediv__ = _binary(ops.div, Value.__truediv__, Value.__rtruediv__)
    __neg__ = _unary(ops.neg, Value.__neg__)
    exp = _unary(ops.exp, Value.exp)
    log = _unary(ops.log, Value.log)
    relu = _unary(activations.relu, Value.relu)
    sigmoid = _unary(activations.sigmoid, Value.sigmoid)
    tanh = _unary(trigonometry.tanh, Value.tanh)

    @property
    def _operands(self) -> tuple[tuple[Value | None, Any], ...]:
        """The node of each operand, None for a plain number, and what it holds: a constant its number."""
        if self.op is None:
            return ()
        trace = self.trace
        entries = trace.tape.operands[self.entry]
        nodes = [trace.node(entry) for entry in entries]
        return tuple(
            [(n, trace.tape.operands[j][0] if n is None else n._data) for j, n in zip(entries, nodes, strict=True)]
        )

    def _slot(self, which: int, part: int) -> Any:
        """What a Value keeps of its operands: of three, or if the first is a constant, a tuple in its place."""
        operands = self._operands
        if len(operands) > 2 or (operands and operands[0][0] is None):
            return None if which else tuple([operand[part] for operand in operands])
        return operands[which][part] if which < len(operands) else None

    _x = property(lambda self: self._slot(0, 0))
    _y = property(lambda self: self._slot(1, 0))
    _x_data = property(lambda self: self._slot(0, 1))
    _y_data = property(lambda self: self._slot(1, 1))

    @property
    def params(self) -> dict[str, Any]:  # type: ignore[override]
        """The primitive's settings."""
        return (self.trace.tape.params[self.entry] if self.op is not None else None) or {}

    def _record_by_hand(self, children: tuple[Any, ...], op: Any) -> None:
        self._fail("an op written by hand on")

    def _fail(self, what: str, advice: str = BOTH_SIDES) -> Any:
        raise refusal(what, advice)

    @property
    def data(self) -> float:
        """Not known while the function is traced."""
        return self._fail("the data of", AS_IT_IS)  # type: ignore[no-any-return]

    @data.setter
    def data(self, data: Any) -> None:
        self._fail("writing to the data of")

    def __float__(self) -> float:
        return self._fail("float() of", AS_IT_IS)  # type: ignore[no-any-return]

    def __int__(self) -> int:
        return self._fail("int() of")  # type: ignore[no-any-return]

    def __bool__(self) -> bool:
        return self._fail("a branch on")  # type: ignore[no-any-return]

    def __index__(self) -> int:
        return self._fail("an index by")  # type: ignore[no-any-return]

    __lt__, __le__ = _comparison("less"), _comparison("less_equal")
    __gt__, __ge__ = _comparison("greater"), _comparison("greater_equal")

    def backward(self, create_graph: bool = False) -> None:
        """Outside the traced function, on its result."""
        self._fail("backward() of", FROM_WITHIN)

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Node:
        return self

    def __repr__(self) -> str:
        return f"TracedValue(entry {self.entry})"
