"""A function of numbers compiled with nothing lifted: where there is no NumPy, and where lifting gains nothing.

The tape becomes straight-line Python, which needs the standard library alone, or arrays for one compiled loop.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from typing import Any

from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.arguments.trees import flatten
from micrograd.engine.errors import TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.backends.python_source import python_source
from micrograd.engine.jit.calls.results import Call, output_of
from micrograd.engine.jit.captures import contents
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.compiling.stages import Stage
from micrograd.engine.jit.passes.dead_entries import drop_dead_entries
from micrograd.engine.jit.passes.folding import fold_constants
from micrograd.engine.jit.passes.scalar_reverse import differentiate_tape
from micrograd.engine.jit.tape import ARGUMENT, PARAMETER
from micrograd.engine.jit.tracing.scalar_trace import ScalarTrace
from micrograd.engine.observing.recording import is_recording
from micrograd.engine.value import Value


def scalar_structure_of(args: Any, kwargs: Any, static: tuple[int, ...]) -> Any:
    """What two calls must have in common: nesting, kinds and static arguments."""
    given = [contents.static(arg) if k in static else _structure(_listed(arg)) for k, arg in enumerate(args)]
    return (*given, *((name, _structure(_listed(arg))) for name, arg in kwargs.items()))


def _structure(tree: Any) -> Any:
    if isinstance(tree, (list, tuple)):
        return (type(tree), *map(_structure, tree))
    if isinstance(tree, dict):
        return (dict, *((name, _structure(branch)) for name, branch in tree.items()))
    return Value if isinstance(tree, Value) else float if _is_number(tree) else contents.static(tree)


def _is_number(leaf: Any) -> bool:
    return is_real(leaf) and not isinstance(leaf, bool)


def _listed(tree: Any) -> Any:
    """Arrays as nested lists.

    Raises:
        TracingError: If it is a Tensor of which a gradient is asked, for of its numbers none would reach it.
    """
    if isinstance(tree, (list, tuple)):
        return type(tree)(map(_listed, tree))
    if isinstance(tree, Node) and tree._requires_grad and hasattr(tree, "tolist") and is_recording.get():
        raise TracingError(
            "what is compiled without arrays takes a Tensor as a list of numbers, through which no gradient passes. "
            'Write jit(f, backend="numpy"), hand in Values, or t.detach() for numbers alone.'
        )
    return tree.tolist() if hasattr(tree, "tolist") else tree


def _text_for(backend: str) -> Callable[[Any, list[int]], tuple[str, Any]]:
    """What makes a tape run."""
    if backend == "numba" or (backend == "auto" and importlib.util.find_spec("llvmlite")):
        from micrograd.engine.jit.backends.tape_machine import tape_machine

        return tape_machine
    return python_source


class ScalarCompiled:
    """One tape and its functions.

    Args:
        f: The function.
        args: Its arguments.
        kwargs: Its named arguments.
        static: Positions of those that are handed on as they are.
        backend: "numba", or "auto" where `llvmlite` is installed, for the loop; anything else for Python.
        captures: What the function knows from elsewhere.

    Attributes:
        stats: How many operations were left after each pass, and the seconds that tracing took.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        args: Any,
        kwargs: Any,
        static: tuple[int, ...],
        backend: str,
        captures: Captures | None = None,
    ) -> None:
        self._static = static
        self._text = _text_for(backend)
        start = time.perf_counter()
        trace = ScalarTrace(captures)
        leaves, rebuild = self._flat(args, kwargs)
        numbers = iter(range(len(leaves)))
        stand_ins = [trace.element(0, next(numbers)) if _is_data(leaf) else leaf for leaf in leaves]
        positional, named = rebuild(iter(stand_ins))
        fresh = iter(positional)
        given = [arg if k in static else next(fresh) for k, arg in enumerate(args)]
        result = trace.run(f, given, dict(zip(kwargs, named, strict=True)))
        self._returned, self._rebuild = flatten(result)
        self._values, self._makes_nodes = trace.values, trace.makes_nodes
        roots = [trace.entry_of(leaf) for leaf in self._returned if isinstance(leaf, Value)]
        self.stats: dict[str, float] = {"trace": len(trace.tape)}
        roots = fold_constants(trace.tape, roots)
        self._tape, self._roots = drop_dead_entries(trace.tape, roots)
        self.stats["dead"] = len(self._tape)
        self.stats["trace seconds"] = time.perf_counter() - start
        self._forward: Any = None
        self._joint: Any = None
        self._by_leaf: dict[tuple[str, int], int] = {}

    def _flat(self, args: Any, kwargs: Any) -> Any:
        data = [_listed(arg) for k, arg in enumerate(args) if k not in self._static]
        return flatten([data, [_listed(arg) for arg in kwargs.values()]])

    @property
    def forward(self) -> Any:
        """The text that computes the outputs, and its function."""
        if self._forward is None:
            self._forward = self._text(self._tape, self._roots)
        return self._forward

    @property
    def source(self) -> str:
        """The text that computes outputs and gradients."""
        text: str = self._both()[0]
        return text

    @property
    def joint(self) -> ScalarCompiled:
        """What holds `source`, as for the other back ends."""
        return self

    @property
    def program(self) -> Any:
        """There is none: the tape runs as it is."""
        raise TracingError(
            'nothing of this function was lifted, so that there is no Program: either backend is "python", or most of '
            "its operations have no other like them. print(step.source) shows what runs."
        )

    @property
    def passes(self) -> dict[str, str]:
        """The text of the function: nothing else was made of the tape."""
        return {"tape": self.source}

    @property
    def stages(self) -> list[Stage]:
        """None: a tape has no instructions on arrays."""
        return []

    def _both(self) -> Any:
        if self._joint is None:
            _ = self.forward
            tape, roots = self._tape, self._roots
            found = differentiate_tape(tape, roots)
            tape, ends = drop_dead_entries(tape, [*roots, *found.values()])
            kinds = [(self._tape.ops[leaf], self._tape.operands[leaf][-1]) for leaf in found]
            self._by_leaf = {kind: k for k, kind in enumerate(kinds, start=len(roots))}
            self._joint = self._text(tape, ends)
        return self._joint

    def __call__(self, args: Any, kwargs: Any) -> Any:
        """Run the function on new numbers."""
        leaves = [leaf for leaf in self._flat(args, kwargs)[0] if _is_data(leaf)]
        x = [leaf._data if isinstance(leaf, Value) else float(leaf) for leaf in leaves]
        w = [value._data for value in self._values]
        outputs = self.forward[1](w, x, ())
        nodes = [leaf for leaf in leaves if isinstance(leaf, Node)]
        call = None
        if self._values or nodes:
            parents, held = (*self._values, *nodes), (*w, *(node._data for node in nodes))
            call = Call(lambda seeds: self._pull_back(seeds.parts, leaves, w, x), parents, held)
        found, numbers = [], iter(enumerate(outputs))
        for leaf in self._returned:
            if not isinstance(leaf, Value):
                found.append(leaf)
                continue
            place, number = next(numbers)
            if call is not None:
                found.append(output_of(call, Value(number), place))
            else:
                found.append(Value(number) if self._makes_nodes else number)
        return self._rebuild(iter(found))

    def _pull_back(self, seeds: dict[int, Any], leaves: list[Any], w: list[float], x: list[float]) -> Any:
        """The gradients of parameters and arguments."""
        g = [float(seeds.get(k, 0.0)) for k in range(len(self._roots))]
        found = self._both()[1](w, x, g)
        out = [(v, self._gradient(found, PARAMETER, k)) for k, v in enumerate(self._values)]
        return out + [
            (leaf, self._gradient(found, ARGUMENT, k)) for k, leaf in enumerate(leaves) if isinstance(leaf, Node)
        ]

    def _gradient(self, found: tuple[float, ...], kind: str, number: int) -> float:
        place = self._by_leaf.get((kind, number))
        return 0.0 if place is None else float(found[place])


def _is_data(leaf: Any) -> bool:
    return isinstance(leaf, Value) or _is_number(leaf)
