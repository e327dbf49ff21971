"""`jit(vmap(f))`: one row is traced and lifted, however many there are, and its program made to act on all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from micrograd.engine.arguments.trees import flatten, map_leaves
from micrograd.engine.batching.batched import returned
from micrograd.engine.errors import MicrogradValueError, TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.compiling.compilation import Compilation, Place
from micrograd.engine.jit.passes.rows import all_of_rows, entry_of_rows, over_rows
from micrograd.engine.jit.symbols import Symbol
from micrograd.engine.jit.tracing.trace import Trace
from micrograd.engine.tensor import Tensor


def is_batchable(f: Any, args: tuple[Any, ...], kwargs: Any, static: tuple[int, ...]) -> bool:
    """Whether this is `vmap(f)` over the first axis of arrays, for which one row is enough."""
    if getattr(f, "row_function", None) is None or f.out_axes != 0 or kwargs or static:
        return False
    axes = axes_of(f, args)
    leaves = [leaf for arg, axis in zip(args, axes, strict=True) if axis == 0 for leaf in flatten(arg)[0]]
    shared = [leaf for arg, axis in zip(args, axes, strict=True) if axis is None for leaf in flatten(arg)[0]]
    return (
        all(axis in (0, None) for axis in axes)
        and bool(leaves)
        and all(isinstance(leaf, (np.ndarray, Tensor)) and leaf.ndim > 0 for leaf in leaves)
        and all(isinstance(leaf, (np.ndarray, Tensor)) for leaf in shared)
    )


def axes_of(f: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Along which axis the rows of each argument lie."""
    return tuple(f.in_axes) if isinstance(f.in_axes, (tuple, list)) else (f.in_axes,) * len(args)


class BatchedCompilation(Compilation):
    """A function of one row, traced and lifted, for many rows.

    Args:
        f: What `vmap` returned.
        args: Its arguments.
        run: From the trace and the row's arguments to what the row's function returns.
        captures: What the function knows from elsewhere.
    """

    def __init__(
        self, f: Any, args: tuple[Any, ...], run: Callable[[Trace, Any, Any], Any], captures: Captures | None = None
    ) -> None:
        axes = axes_of(f, args)
        self._with_rows = [axis == 0 for arg, axis in zip(args, axes, strict=True) for _ in flatten(arg)[0]]
        leaves = flatten(list(args))[0]
        counts = {len(leaf) for leaf, rows in zip(leaves, self._with_rows, strict=True) if rows}
        if len(counts) != 1:
            raise MicrogradValueError(
                f"vmap: the arguments must have one common number of rows along in_axes, but have {sorted(counts)}; an "
                "argument that all rows share takes in_axes=None"
            )
        self._count, self._leaves = counts.pop(), leaves
        row = [map_leaves(_first, arg) if axis == 0 else arg for arg, axis in zip(args, axes, strict=True)]
        super().__init__(lambda trace: run(trace, f.row_function, row), captures=captures)
        if self.trace.effects:
            raise TracingError(
                "a module inside jit(vmap(f)) sets an array that it keeps, which would be another one for each row. "
                "Call it on whole batches, without vmap."
            )

    def _lift(self, leaves: list[Any]) -> None:
        start = time.perf_counter()
        super()._lift(leaves)
        row, inputs = self.forward, self.inputs
        self.stages = [replace(stage, name=f"one row: {stage.name}") for stage in self.stages]
        self.stats = {f"one row: {name}": number for name, number in self.stats.items()}
        self.stats["trace"] = self.stats["one row: trace"]
        self._spread(row, inputs)
        self.stats["lift seconds"] = time.perf_counter() - start

    def _spread(self, row: Any, inputs: list[Symbol]) -> None:
        """Put the program of all rows in the place of the program of one."""
        old, new = self.trace, Trace()
        new.values, new.tensors, new._made = old.values, old.tensors, old._made
        made = {
            id(s.instruction): new.builder.input(s.example, s.instruction.name, s.instruction.params.get("given", ""))
            for s in inputs
        }
        self._parameters = made[id(self._parameters.instruction)]
        new.tensor_inputs = [made[id(s.instruction)] for s in old.tensor_inputs]
        with_rows = set()
        scalars, *arrays = old.arguments
        new.arguments = [made[id(scalars.instruction)]]
        for symbol, leaf, rows in zip(arrays, self._leaves, self._with_rows, strict=True):
            if rows:
                with_rows.add(id(symbol.instruction))
                numbers = np.array(leaf._data if isinstance(leaf, Node) else leaf)
                made[id(symbol.instruction)] = new.builder.input(numbers, symbol.instruction.name)
            new.arguments.append(made[id(symbol.instruction)])
        new.draws = [draw._replace(symbol=made[id(draw.symbol.instruction)]) for draw in old.draws]
        new.buffers = [buffer._replace(symbol=made[id(buffer.symbol.instruction)]) for buffer in old.buffers]
        new.effects = old.effects
        new.wanted = [made[id(s.instruction)] for s in old.wanted]
        becomes = over_rows(row, made, with_rows, self._count)
        outputs, places = row.outputs, self.places
        self.trace, self._outputs = new, []
        for k, place in enumerate(places):
            if not isinstance(place, Place):
                constant = all_of_rows(returned(place)._data, False, self._count)
                self.places[k] = Place(self._number(constant), None)
                continue
            output = outputs[place.output]
            array = becomes.get(id(output), output)
            has_rows = id(output) in with_rows
            if place.position is not None:
                array = entry_of_rows(array, place.position, has_rows, self._count)
            else:
                array = all_of_rows(array, has_rows, self._count)
            self.places[k] = Place(self._number(array), None)
        self.forward = self._tidied("all rows", self._outputs)


def _first(leaf: Any) -> Any:
    """The first row of an array, of the same kind: an array even if it is a single number."""
    if not isinstance(leaf, Tensor):
        return np.asarray(leaf[0])
    return Tensor(leaf._data[0], requires_grad=leaf.requires_grad)
