"""Run a function of numbers once, on stand-ins for them, and write down every operation on a `Tape`.

Values that the function knows from elsewhere are its parameters; those that it makes itself are constants. Needs the
standard library alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradTypeError, TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.captures import Captures
from micrograd.engine.jit.chance import nothing_drawn
from micrograd.engine.jit.sources import refusal, user_source
from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, PARAMETER, Tape
from micrograd.engine.numeric import is_real
from micrograd.engine.recording import watching
from micrograd.engine.value import Value


class TracedValue(Value):
    """A number that a program will compute: a Value that has no data yet, but a place on a tape."""

    __slots__ = ()
    entry: int
    tape: Tape
    _is_traced = True

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

    def __repr__(self) -> str:
        return f"TracedValue(entry {self.entry})"


class ScalarTrace:
    """One run of a function: what it was given and what it computed.

    Args:
        captures: What the function knows from elsewhere.

    Attributes:
        tape: The scalar operations.
        values: The scalar parameters, in the order in which they were first read.
    """

    def __init__(self, captures: Captures | None = None) -> None:
        self.captures = captures
        self.tape = Tape()
        self.values: list[Value] = []
        self._made = 0
        self._entries: dict[int, int] = {}
        self._born: dict[int, Any] = {}
        self._alive: list[Any] = []  # so that no id is used twice

    def run(self, f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """What `f` returns, as a tree of stand-ins and constants."""
        chance = nothing_drawn(self.captures.generators, self.captures.names) if self.captures else nothing_drawn({})
        with watching(self), chance:
            return f(*args, **kwargs)

    def element(self, argument: int, position: int) -> TracedValue:
        """A stand-in for a number among the arguments."""
        return self.traced(self.tape.leaf(ARGUMENT, argument, position))

    # ---- what recording.watched calls --------------------------------------------------------------------------------

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Any) -> Any:
        """Write down an operation on Values and Tensors."""
        settings = {**op.defaults, **params} if op.defaults else None
        if not op.elementwise:
            return record(op, operands, params)  # which explains what is wrong
        entry = self.tape.append(op, tuple(map(self.entry_of, operands)), settings, user_source())
        return _joined(self.traced(entry), op, operands, settings or {})

    def born(self, node: Node, data: Any) -> bool:
        """Take note of a leaf that is made during the trace; whether it stands for a traced number."""
        self._made += 1
        self._alive.append(node)
        if isinstance(data, TracedValue):
            node.__class__ = TracedValue
            node.entry, node.tape = data.entry, data.tape  # type: ignore[attr-defined]
            node._data = 0.0
            node.grad, node.label, node.op = 0.0, "", None
            node._x = node._y = node._x_data = node._y_data = node.params = None
            return True
        self._born[id(node)] = data
        return False

    def implied(self, node: Node) -> None:
        """Take note that the engine made a leaf, and not the function."""
        self._made -= 1

    @property
    def makes_nodes(self) -> bool:
        """Whether the function made Values or Tensors of its own, and so returns some."""
        return self._made > 0

    def entry_of(self, operand: Any) -> int:
        """Where an operand stands on the tape."""
        if isinstance(operand, TracedValue):
            if operand.tape is not self.tape:
                raise TracingError(
                    "a number that is traced around a function is used in a trace of that function alone"
                )
            return operand.entry
        if not isinstance(operand, Value):
            if not is_real(operand):
                raise MicrogradTypeError(f"inside jit, {operand!r:.60} stands where a number or a Value should")
            return self.tape.leaf(CONSTANT, float(operand))
        if id(operand) in self._born:
            # One entry for each Value, not for each use: that is how the lifting sees which uses read the same.
            if id(operand) not in self._entries:
                begins_a_sum = self._born[id(operand)].__class__ is int and operand._data == 0.0
                self._entries[id(operand)] = self.tape.leaf(CONSTANT, 0 if begins_a_sum else operand._data)
            return self._entries[id(operand)]
        if operand.op is not None:
            raise TracingError(
                "a Value that was computed outside the function is used inside jit: the program would hold on to its "
                "number of today. Compute it inside, pass it as an argument, or use Value(number) for a constant."
            )
        entry = self._entries.get(id(operand))
        if entry is None:
            entry = self._entries[id(operand)] = self.tape.leaf(PARAMETER, len(self.values))
            self.values.append(operand)
        return entry

    def traced(self, entry: int) -> TracedValue:
        """The stand-in for an entry of the tape."""
        out = object.__new__(TracedValue)
        out.entry, out.tape = entry, self.tape
        out._data = out.grad = 0.0
        out.label = ""
        out.op = out._x = out._y = out._x_data = out._y_data = out.params = None
        return out


def _joined(out: TracedValue, op: Any, operands: tuple[Any, ...], settings: dict[str, Any]) -> TracedValue:
    """A traced number with its place in the graph, so that `grad` inside a traced function can walk back from it."""
    out.op, out.params = op, settings
    if len(operands) > 2:
        out._x, out._x_data = zip(*map(_node_and_data, operands), strict=True)
        return out
    out._x, out._x_data = _node_and_data(operands[0])
    if len(operands) == 2:
        out._y, out._y_data = _node_and_data(operands[1])
    return out


def _node_and_data(operand: Any) -> tuple[Value | None, Any]:
    return (operand, operand._data) if isinstance(operand, Value) else (None, operand)
