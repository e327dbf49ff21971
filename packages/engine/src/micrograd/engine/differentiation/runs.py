"""One run of a function on variables of its own: what goes in, what comes out, and the ways to differentiate it.

`transforms.py` asks for such runs. A run within another one (a gradient of a gradient) gives nodes, so that the outer
one can differentiate them, whether its variables came as arguments or the function knows them from around it; the
outermost gives plain numbers, if it was given any.
"""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.arguments.trees import flatten, map_leaves
from micrograd.engine.backprop import sweep
from micrograd.engine.batching.tracer import Tracer, core, lacks_rows, spread_over
from micrograd.engine.differentiation.forward import push_forward
from micrograd.engine.errors import MicrogradIndexError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node, topological_order
from micrograd.engine.observing.recording import enable_grad, is_recording
from micrograd.engine.ops.identity import identity, stop_gradient
from micrograd.engine.value import Value

Function = Callable[..., Any]

_sought: ContextVar[tuple[Node, ...]] = ContextVar("sought", default=())
"""The variables of all runs whose function is at work in this context."""


@contextmanager
def differentiating_by(variables: Iterable[Node]) -> Iterator[None]:
    """Have transforms within the block return what can be differentiated by these variables.

    Example:
        >>> from micrograd.engine import grad
        >>> x = Value(3.0)
        >>> with differentiating_by([x]):
        ...     slope = grad(lambda y: x * y)(2.0)
        >>> slope.backward()
        >>> x.grad
        1.0
    """
    token = _sought.set((*_sought.get(), *variables))
    try:
        yield
    finally:
        _sought.reset(token)


@contextmanager
def sweeping() -> Iterator[None]:
    """Record what the sweep of a derivative computes, and have NumPy warn of nothing in it, as `backward()` does.

    Example:
        >>> import numpy as np
        >>> with sweeping():
        ...     np.ones(1) / 0.0
        array([inf])
    """
    numpy = sys.modules.get("numpy")  # without it there are no arrays to warn of
    with enable_grad(), numpy.errstate(all="ignore") if numpy else nullcontext():
        yield


class Run:
    """One run of a function on variables: what it was given, and the ways to differentiate what it returned."""

    def __init__(self, chosen: list[Any]) -> None:
        self.chosen = chosen
        self.is_plain = not any(isinstance(core(leaf), Node) for leaf in flatten(chosen)[0])
        self.is_nested = has_variables(chosen)
        self.is_traced = False
        self.variables = map_leaves(_variable, chosen)

    def shares(self, others: Iterable[Any]) -> bool:
        """Whether all rows of a batch, from row to row of which the others differ, share a variable."""
        return any(lacks_rows(variable, others) for variable in flatten(self.variables)[0])

    def ones(self, root: Any, is_nested: bool = False) -> Any:
        """The gradient that enters at a root: as a node if the result is to be differentiated again."""
        node = core(root)
        if not isinstance(node, Node):
            return 1.0
        one = node._probe()
        one._data = one._data + 1.0
        return one if self.is_nested or is_nested or self.is_traced else one._data

    def pull_back(self, root: Any, seed: Any, is_nested: bool = False) -> Any:
        """The gradients by the variables, in the structure of what was given for them.

        With `is_nested` as nodes in any case, for somebody who differentiates them by the seed.
        """
        node = core(root)
        if is_symbolic(node):
            leaves, rebuild = flatten(self.variables)
            gradients = node._gradients(seed, [core(leaf) for leaf in leaves])
            return rebuild(map(like, leaves, gradients))
        depends = isinstance(node, Node) and node._requires_grad
        found = sweep(topological_order(node), seed) if depends else {}
        return map_leaves(lambda variable: self._gradient(found, variable, is_nested), self.variables)

    def _gradient(self, found: dict[Node, Any], variable: Any, is_nested: bool) -> Any:
        """The gradient by one variable; zeros if the output doesn't depend on it."""
        node = core(variable)
        return like(variable, self._result(found.get(node, 0.0 * plain(node)), is_nested))

    def _result(self, x: Any, is_nested: bool = False) -> Any:
        """A result of the kind that was given: plain, a node without gradient, or a node to be differentiated again."""
        if self.is_nested or is_nested:
            return x
        if self.is_plain:
            numbers = plain(x)
            return (
                numbers.copy() if hasattr(numbers, "copy") else numbers
            )  # which the graph or another result may share
        from micrograd.engine.tensor import Tensor

        return Tensor(plain(x))

    def variable_nodes(self) -> list[Node]:
        """The variables without the structure that they are in, and without batches."""
        nodes = map(core, flatten(self.variables)[0])
        return [node for node in nodes if isinstance(node, Node)]

    def leads_further(self, result: Any) -> bool:
        """Whether a result depends, past the variables of this run, on what somebody else differentiates by.

        That is a variable of a run around this one, or an argument of the function that jit traces. What takes Tensors
        is recorded as they are, by any parameter.
        """
        sought = _sought.get()
        if self.is_plain and not (sought or self.is_traced):
            return False
        own = self.variable_nodes()
        roots = [core(root) for root in flatten(result)[0]]
        reached = {node for root in roots if isinstance(root, Node) for node in topological_order(root, own)}
        if not reached.isdisjoint(sought):
            return True
        leaves = [node for node in reached if node.op is None]
        if self.is_plain:
            return any(leaf._is_traced for leaf in leaves)
        return is_recording.get() and any(leaf._requires_grad and not leaf._is_probe for leaf in leaves)

    def tangent_of(self, root: Any, moves: dict[Node, Any]) -> Any:
        """The tangent of one output, given those of the variables."""
        node = core(root)
        if is_symbolic(node):
            return like(root, _symbolic_tangent(node, moves))
        found = push_forward(topological_order(node), moves).get(node) if isinstance(node, Node) else None
        return like(root, self._result(0.0 * plain(node) if found is None else found))

    def rows_of(self, root: Any) -> Any:
        """The gradients of every element of one output, by the variables."""
        shape = getattr(root, "shape", ())
        if shape == ():
            return self.pull_back(root, self.ones(root))
        indices = itertools.product(*map(range, shape))
        rows = [self.pull_back(root[index], self.ones(root[index])) for index in indices]
        if not rows:
            return map_leaves(lambda variable: self._no_rows(variable, shape), self.variables)
        _, rebuild = flatten(rows[0])
        columns = zip(*(flatten(row)[0] for row in rows), strict=True)
        return rebuild(iter([_stacked(column, shape) for column in columns]))

    def _no_rows(self, variable: Any, shape: tuple[int, ...]) -> Any:
        """The gradients of the elements of an output that has none, by one variable."""
        from micrograd.engine.arrays.functions import broadcast_to
        from micrograd.engine.tensor import Tensor

        own = getattr(variable, "shape", ())
        batch = core(variable).shape[: -len(own) or None] if isinstance(variable, Tracer) else ()
        return like(variable, self._result(broadcast_to(Tensor(0.0), shape=(*batch, *shape, *own))))

    def finished(self, out: Any) -> Any:
        """An output as plain numbers, unless a node was given."""
        return out if self.is_nested else like(out, self._result(core(out)))

    def finished_nodes(self, more: Any) -> Any:
        """What a function returned beside its output: anything, in which nodes become what outputs do."""
        leaves, rebuild = flatten(more)
        if not any(isinstance(core(leaf), Node) for leaf in leaves):
            return more
        return rebuild(self.finished(leaf) if isinstance(core(leaf), Node) else leaf for leaf in leaves)


def run_on_variables(f: Function, args: Any, positions: tuple[int, ...], kwargs: dict[str, Any]) -> tuple[Any, Run]:
    """Run `f` with variables for the arguments at these positions.

    Raises:
        MicrogradIndexError: If there is no argument at one of them.
        MicrogradTypeError: If one isn't a position, or an argument can't be differentiated by.

    If the output differs from row to row of a batch, so does its derivative by a variable that all rows share: then
    `f` is run again with one copy of that variable a row.
    """
    positions = _all_different(tuple(_counted_from_zero(position, len(args)) for position in positions))
    chosen = [args[position] for position in positions]
    while True:
        with enable_grad():
            run = Run(chosen)
            given = dict(enumerate(args)) | dict(zip(positions, run.variables, strict=True))
            with differentiating_by(run.variable_nodes()):
                result = f(*given.values(), **kwargs)
        outputs = flatten(result)[0]
        if not run.shares(outputs):
            run.is_traced = any(getattr(core(leaf), "_is_traced", False) for leaf in outputs)
            run.is_nested = run.is_nested or run.leads_further(result)
            return result, run
        chosen = map_leaves(functools.partial(spread_over, others=outputs), chosen)


def _counted_from_zero(position: Any, count: int) -> int:
    """The position of one of so many arguments, of which -1 is the last."""
    if not isinstance(position, int):
        raise MicrogradTypeError(
            f"argnums is the position of an argument, or a tuple of positions, but was given {position!r:.60}. Write "
            "argnums=0, or argnums=(0, 1)."
        )
    if not -count <= position < count:
        or_else = ", or write argnums=0" if count else ""
        raise MicrogradIndexError(
            f"argnums={position}, but the function was called with {count} positional arguments, numbered from 0. "
            f"Arguments given by name aren't differentiated by: hand them in by position{or_else}."
        )
    return position % count


def _all_different(positions: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(positions)) < len(positions):
        raise MicrogradValueError(
            f"argnums names an argument twice: counted from 0 they are {positions}. The derivatives by it are given "
            "once: write argnums=(0, 1)."
        )
    return positions


def _stacked(rows: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """The gradients of all elements of an array of this shape, in one."""
    from micrograd.engine.arrays.functions import reshape, stack
    from micrograd.engine.tensor import Tensor

    if isinstance(core(rows[0]), Value):
        rows = tuple(Tensor(0.0) + row for row in rows)
    return reshape(stack(rows), shape=(*shape, *getattr(rows[0], "shape", ())))


def has_variables(tree: Any) -> bool:
    """Whether any leaf is a node that somebody else may differentiate by."""
    return any(isinstance(core(leaf), Node) and core(leaf)._requires_grad for leaf in flatten(tree)[0])


def like(tracer: Any, result: Any) -> Any:
    """A result wrapped in as many batches as the tracer that it belongs to."""
    if not isinstance(tracer, Tracer):
        return result
    return type(tracer)(like(tracer.rows, result), tracer._interpreter_rank)  # type: ignore[call-arg]


def _variable(leaf: Any) -> Any:
    if isinstance(leaf, Tracer):
        return like(leaf, _variable(core(leaf)))
    if isinstance(leaf, Node):
        # A node of its own: by x itself one would also reach the x that f knows from elsewhere.
        return identity(leaf) if leaf._requires_grad else identity(leaf) + leaf._probe()
    if is_symbolic(leaf):
        return identity(leaf)
    if getattr(leaf, "shape", ()) != ():
        from micrograd.engine.tensor import Tensor

        return Tensor(leaf, requires_grad=True)
    if is_real(leaf):
        return Value(leaf)
    raise MicrogradTypeError(
        f"can't differentiate by {kind_of(leaf)}: {leaf!r:.60}. Differentiate by numbers, arrays, Values, "
        "Tensors or nests of them, and choose others with argnums=."
    )


def _symbolic_tangent(root: Any, moves: dict[Any, Any]) -> Any:
    """Forward mode by reverse mode twice: a gradient is linear in what enters, and its transpose carries tangents.

    Reference:
        J. Townsend, A new trick for calculating Jacobian vector products, 2017.
    """
    seed = 0.0 * root
    gradients = root._gradients(seed, list(moves))
    total = sum((g * move).sum() for g, move in zip(gradients, moves.values(), strict=True))
    return total._gradients(1.0, [seed])[0]


def is_symbolic(x: Any) -> bool:
    """Whether this stands for an array of a program that is being traced."""
    return hasattr(x, "_gradients")


def plain(out: Any) -> Any:
    """A result as a float or an array."""
    if not isinstance(out, Node):
        return out
    return stop_gradient(out) if out._is_traced else out._data
