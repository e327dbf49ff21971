"""`TracedValue`: what stands for a number while a function is traced.

The operators of which scalar code is full write to the tape without the detour over whoever watches, if that is the
trace itself; the other operations take the way of every Value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from micrograd.engine.graph import Node
from micrograd.engine.jit.sources import refusal
from micrograd.engine.ops import activations, trigonometry
from micrograd.engine.ops import elementwise as ops
from micrograd.engine.ops.op import Op
from micrograd.engine.recording import watcher_here
from micrograd.engine.value import Value

if TYPE_CHECKING:
    from micrograd.engine.jit.scalar_trace import ScalarTrace


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


class TracedValue(Value):
    """A number that a program will compute: a Value that has no data yet, but a place on a tape.

    Attributes:
        trace: The run that it belongs to.
        entry: Where it stands on the tape.
    """

    __slots__ = ()
    _is_traced = True
    # Every operation makes one of these, so that it has no more of its own than it needs: what can't change is the
    # class's, and what a Value keeps of its operands' data leaves its slots to trace and entry.
    _data = 0.0
    grad = 0.0
    label = ""
    trace: ScalarTrace = Node._x_data
    entry: int = Node._y_data

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
    def _x_data(self) -> Any:
        read = self._data_read()
        return read if type(self._x) is tuple else read[0] if read else None

    @property
    def _y_data(self) -> Any:
        read = self._data_read()
        return read[1] if len(read) == 2 else None

    def _data_read(self) -> tuple[Any, ...]:
        """What the operands hold: constants their numbers, and traced ones none."""
        if self.op is None:
            return ()
        tape, nodes = self.trace.tape, self._x if type(self._x) is tuple else (self._x, self._y)
        entries = tape.operands[self.entry]
        return tuple(
            tape.operands[j][0] if node is None else node._data for j, node in zip(entries, nodes, strict=False)
        )

    def _fail(self, what: str) -> Any:
        raise refusal(what)

    @property
    def data(self) -> float:
        """Not known while the function is traced."""
        return self._fail("the data of")  # type: ignore[no-any-return]

    @data.setter
    def data(self, data: Any) -> None:
        self._fail("writing to the data of")

    def __float__(self) -> float:
        return self._fail("float() of")  # type: ignore[no-any-return]

    def __int__(self) -> int:
        return self._fail("int() of")  # type: ignore[no-any-return]

    def __bool__(self) -> bool:
        return self._fail("a branch on")  # type: ignore[no-any-return]

    def __index__(self) -> int:
        return self._fail("an index by")  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> Any:
        return self._fail("a comparison of")

    __le__ = __gt__ = __ge__ = __lt__

    def backward(self, create_graph: bool = False) -> None:
        """Outside the traced function, on its result."""
        self._fail("backward() of")

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Node:
        return self

    def __repr__(self) -> str:
        return f"TracedValue(entry {self.entry})"
