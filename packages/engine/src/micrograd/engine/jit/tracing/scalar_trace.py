"""Run a function of numbers once, on stand-ins for them, and write down every operation on a `Tape`.

Values that the function knows from elsewhere are its parameters; those that it makes itself are constants. Needs the
standard library alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.arguments.trees import flatten
from micrograd.engine.errors import MicrogradTypeError, TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.comparisons import BY_RELATION
from micrograd.engine.jit.sources import Lines, reading_refused
from micrograd.engine.jit.tape import ARGUMENT, CONSTANT, PARAMETER, Tape
from micrograd.engine.jit.tracing.chance import nothing_drawn
from micrograd.engine.jit.tracing.traced_value import TracedValue
from micrograd.engine.observing.recording import watching
from micrograd.engine.ops.identity import identity
from micrograd.engine.value import Value


class ScalarTrace:
    """One run of a function: what it was given and what it computed.

    Args:
        captures: What the function knows from elsewhere.

    Attributes:
        tape: The scalar operations.
        values: The scalar parameters, in the order in which they were first read.
        lines: Says which of the user's lines is running.
    """

    def __init__(self, captures: Captures | None = None) -> None:
        self.captures = captures
        self.tape = Tape()
        self.values: list[Value] = []
        self.lines = Lines()
        self._made = 0
        self._entries: dict[int, int] = {}
        self._nodes: dict[int, Value] = {}
        self._born: dict[int, Any] = {}
        self._alive: list[Any] = []  # so that no id is used twice

    def run(self, f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """What `f` returns, as a tree of stand-ins and constants."""
        chance = nothing_drawn(self.captures.generators, self.captures.names) if self.captures else nothing_drawn({})
        try:
            with watching(self), chance:
                return _without_objects(f(*args, **kwargs))
        finally:
            self.lines = Lines()

    def element(self, argument: int, position: int) -> TracedValue:
        """A stand-in for a number among the arguments."""
        return self.traced(self.tape.leaf(ARGUMENT, argument, position))

    # ---- what recording.watched calls --------------------------------------------------------------------------------

    def __call__(self, op: Any, operands: tuple[Any, ...], params: dict[str, Any], record: Any) -> Any:
        """Write down an operation on Values and Tensors."""
        if not op.elementwise:
            return record(op, operands, params)  # which explains what is wrong
        settings = {**op.defaults, **params} if op.defaults else None
        entry = self.tape.append(op, tuple(map(self.entry_of, operands)), settings, self.lines.now())
        out = self.traced(entry, op)
        if op is identity:
            self._nodes[entry] = out
        return out

    def combined(self, op: Any, x: Value, y: Any = None) -> TracedValue:
        """Write down an operation without settings on one Value, or on a second one or number."""
        i = x.entry if x.__class__ is TracedValue and x.trace is self else self.entry_of(x)
        if y is None:
            return self.traced(self.tape.append(op, (i,), None, self.lines.now(_CALLER)), op)
        j = y.entry if y.__class__ is TracedValue and y.trace is self else self.entry_of(y)
        return self.traced(self.tape.append(op, (i, j), None, self.lines.now(_CALLER)), op)

    def comparing(self, relation: Any, x: Any, y: Any) -> Any:
        """A comparison of Values that aren't traced: of constants what it gives, of parameters an entry."""
        if not isinstance(x, Value):
            self.reading(x)
            self.reading(y)
            return NotImplemented
        if id(x) in self._born and id(y) in self._born:
            return NotImplemented
        return self.combined(BY_RELATION[relation], x, y)

    def node(self, entry: int) -> Value | None:
        """The node at an entry for whoever walks back over the graph, as `grad` does; None for a plain number.

        It is the Value itself of a parameter or constant, and the very object that a transform differentiates by; of
        anything else one that stands for it, always the same.
        """
        node = self._nodes.get(entry)
        op = self.tape.ops[entry]
        if node is None and op != CONSTANT:
            made = self.values[self.tape.operands[entry][0]] if op == PARAMETER else self.traced(entry, _computing(op))
            node = self._nodes[entry] = made
        return node

    def born(self, node: Node, data: Any) -> bool:
        """Take note of a leaf that is made during the trace; whether it stands for a traced number."""
        self._made += 1
        self._alive.append(node)
        if isinstance(data, TracedValue):
            node.__class__ = TracedValue
            node.trace, node.entry = data.trace, data.entry  # type: ignore[attr-defined]
            node.op = None
            return True
        self._born[id(node)] = data
        return False

    def implied(self, node: Node) -> None:
        """Take note that the engine made a leaf, and not the function."""
        self._made -= 1

    def reading(self, node: Any) -> None:
        """Refuse the code the numbers of a parameter: the program would hold on to those of today.

        Raises:
            TracingError: If the function knows this leaf from elsewhere.
        """
        if self._is_from_elsewhere(node):
            raise reading_refused()

    def _is_from_elsewhere(self, node: Any) -> bool:
        """Whether this is a leaf that the function knows and didn't make, so that it may hold other numbers later."""
        return isinstance(node, Node) and node.op is None and id(node) not in self._born

    def forget(self) -> None:
        """Let go of the tape, once a program is made of it: it may be the largest thing in memory."""
        self.tape, self._nodes = Tape(), {}

    @property
    def makes_nodes(self) -> bool:
        """Whether the function made Values or Tensors of its own, and so returns some."""
        return self._made > 0

    def entry_of(self, operand: Any) -> int:
        """Where an operand stands on the tape."""
        if isinstance(operand, TracedValue):
            if operand.trace is not self:
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
                made = self.tape.leaf(CONSTANT, 0 if begins_a_sum else operand._data)
                self._entries[id(operand)], self._nodes[made] = made, operand
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

    def traced(self, entry: int, op: Any = None) -> TracedValue:
        """The stand-in for an entry of the tape, with the operation that computes it."""
        out = _new(TracedValue)
        out.trace, out.entry, out.op = self, entry, op
        return out


_new = object.__new__
_CALLER = 3  # the operator of a traced number calls `combined`, which asks for the line


def _without_objects(result: Any) -> Any:
    """What a function returned, if it isn't NumPy's array of traced numbers, which no program computes."""
    for leaf in flatten(result)[0]:
        if getattr(getattr(leaf, "dtype", None), "kind", None) == "O":
            raise TracingError(
                "the function returned an array of objects, which NumPy makes of a traced number and an array. Hand in "
                "the number as an array, jit(f)(np.array(2.0)), or return a list: array.tolist()."
            )
    return result


def _computing(op: Any) -> Any:
    return None if isinstance(op, str) else op
