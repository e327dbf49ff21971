"""`vmap` inside traced code: a row function written for scalars is lifted by itself, then made to act on all rows.

Traced as it stands, on tracers of whole columns, each of its operations would be an instruction on a column: right, but
thousands of them. So one row is traced, as `batched.py` does for `jit(vmap(f))`, and what becomes of it is emitted into
the program around it. Row functions written for arrays are left to `vmap`, which has a rule for every primitive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from micrograd.engine.arguments.trees import flatten, map_leaves
from micrograd.engine.errors import MicrogradError
from micrograd.engine.graph import Node
from micrograd.engine.jit.calls.compiled import traced
from micrograd.engine.jit.compiling.batched import axes_of
from micrograd.engine.jit.compiling.compilation import Compilation, Place
from micrograd.engine.jit.passes.rows import all_of_rows, entry_of_rows, have_rules, over_rows
from micrograd.engine.jit.symbols import Symbol

if TYPE_CHECKING:
    from micrograd.engine.jit.tracing.trace import Trace


def lifted_rows(trace: Trace, mapped: Any, args: tuple[Any, ...]) -> Any:
    """What `mapped(*args)` gives, as Symbols of the trace; NotImplemented where it isn't scalar code over first axes.

    Args:
        trace: The trace around it.
        mapped: What `vmap` returned.
        args: Symbols and arrays.
    """
    axes = axes_of(mapped, args)
    leaves = [leaf for arg in args for leaf in flatten(arg)[0]]
    with_rows = [axis == 0 for arg, axis in zip(args, axes, strict=False) for _ in flatten(arg)[0]]
    if not _are_rows(mapped, axes, leaves, with_rows):
        return NotImplemented
    try:
        row = [map_leaves(_first, arg) if axis == 0 else map_leaves(_numbers, arg) for arg, axis in zip(args, axes)]  # noqa: B905
        one = Compilation(lambda inner: traced(inner, mapped.row_function, row, {}, ()))
    except MicrogradError:
        return NotImplemented  # what can't be traced by itself, such as one that reads a number traced around it
    is_of_scalars = one.stats["sums"] > 0 and all(isinstance(place, Place) for place in one.places)
    if not is_of_scalars or not have_rules(one.forward):
        return NotImplemented
    return _emitted(trace, one, leaves, with_rows)


def _are_rows(mapped: Any, axes: tuple[Any, ...], leaves: list[Any], with_rows: list[bool]) -> bool:
    """Whether these are arrays, as many rows of each that is to be mapped along its first axis."""
    shapes = [leaf.shape if isinstance(leaf, (Symbol, np.ndarray)) else None for leaf in leaves]
    mine = [shape for shape, rows in zip(shapes, with_rows, strict=False) if rows]
    return (
        mapped.out_axes == 0
        and all(axis in (0, None) for axis in axes)
        and len(leaves) == len(with_rows)
        and None not in shapes
        and all(mine)
        and len({shape[0] for shape in mine if shape}) == 1
        and any(isinstance(leaf, Symbol) for leaf in leaves)
    )


def _emitted(trace: Trace, one: Compilation, leaves: list[Any], with_rows: list[bool]) -> Any:
    """The program of one row, made to act on all of them within another."""
    inner = one.trace
    count = next(leaf.shape[0] for leaf, rows in zip(leaves, with_rows, strict=True) if rows)
    made: dict[int, Any] = {
        id(one.parameters[0].instruction): trace.parameters_read([inner.values[n] for n in one.order])
    }
    made |= {id(s.instruction): trace.operand(t) for s, t in zip(inner.tensor_inputs, inner.tensors, strict=True)}
    made |= {id(d.symbol.instruction): trace.drawing(d.draw, d.rng, _given(d.symbol)) for d in inner.draws}
    scalars, *arrays = inner.arguments
    made[id(scalars.instruction)] = np.zeros(scalars.shape)
    made |= {id(symbol.instruction): leaf for symbol, leaf in zip(arrays, leaves, strict=True)}
    mine = {id(symbol.instruction) for symbol, rows in zip(arrays, with_rows, strict=True) if rows}
    becomes = over_rows(one.forward, made, mine, count)
    found = []
    for place in one.places:
        output = one.forward.outputs[place.output]
        array, has_rows = becomes.get(id(output), output), id(output) in mine
        if place.position is not None:
            array = entry_of_rows(array, place.position, has_rows, count)
        else:
            array = all_of_rows(array, has_rows, count)
        found.append(array)
    return one.rebuild(iter(found))


def _given(symbol: Symbol) -> str:
    given: str = symbol.instruction.params["given"]
    return given


def _first(leaf: Any) -> Any:
    return np.asarray(_numbers(leaf)[0])


def _numbers(leaf: Any) -> Any:
    return leaf.example if isinstance(leaf, Symbol) else leaf._data if isinstance(leaf, Node) else leaf
