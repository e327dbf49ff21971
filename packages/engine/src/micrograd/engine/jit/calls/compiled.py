"""A function compiled for one structure of arguments: data in, program run, Values and Tensors out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.arguments.trees import flatten
from micrograd.engine.arrays.data import own_copy
from micrograd.engine.errors import TracingError
from micrograd.engine.graph import Node
from micrograd.engine.jit.backends.choice import build
from micrograd.engine.jit.calls.gathered import GatheredParameters
from micrograd.engine.jit.calls.results import Call, output_of
from micrograd.engine.jit.captures import contents
from micrograd.engine.jit.captures.walk import Captures
from micrograd.engine.jit.compiling.batched import BatchedCompilation, is_batchable
from micrograd.engine.jit.compiling.compilation import Compilation, Place
from micrograd.engine.jit.compiling.stages import Stage
from micrograd.engine.jit.tracing.trace import Trace
from micrograd.engine.observing.recording import is_recording
from micrograd.engine.tensor import Tensor
from micrograd.engine.value import Value


def structure_of(args: Any, kwargs: Any, static: tuple[int, ...]) -> Any:
    """What two calls must have in common to run the same program: nesting, kinds, shapes, dtypes, static arguments."""
    given = [contents.static(arg) if k in static else _structure(arg) for k, arg in enumerate(args)]
    return (*given, *((name, _structure(arg)) for name, arg in kwargs.items()))


def _structure(tree: Any) -> Any:
    kind = type(tree)
    if kind is float or kind is int:
        return float
    if kind in (list, tuple) or isinstance(tree, (list, tuple)):
        return (kind, *map(_structure, tree))
    if isinstance(tree, dict):
        return (kind, *((name, _structure(branch)) for name, branch in tree.items()))
    if isinstance(tree, Value):
        return Value
    if isinstance(tree, (np.ndarray, Tensor)):
        return (kind, tree.shape, tree.dtype, getattr(tree, "_requires_grad", False))
    if is_real(tree) and not isinstance(tree, bool):
        return float
    try:
        hash(tree)
    except TypeError:
        raise TracingError(
            f"jit can't tell calls with different {kind.__name__} arguments apart, since they have no hash. Pass "
            "numbers, arrays, Values, Tensors or nests of them, and settings as strings, booleans or tuples."
        ) from None
    return contents.static(tree)


def traced(
    trace: Trace, f: Callable[..., Any], args: Any, kwargs: Any, static: tuple[int, ...], known: Sequence[Any] = ()
) -> Any:
    """Run `f` on stand-ins for its arguments; what it returns.

    Args:
        trace: Writes down what is computed.
        f: The function.
        args: Its arguments.
        kwargs: Its named arguments.
        static: Positions of those that are handed on as they are.
        known: Parameters that the program is to hold even if `f` doesn't read them.
    """
    for parameter in known:
        if isinstance(parameter, Value):
            trace.entry_of(parameter)
    data = [arg for k, arg in enumerate(args) if k not in static]
    leaves, rebuild = flatten([data, list(kwargs.values())])
    scalars = iter(trace.scalars([leaf for leaf in leaves if _is_data(leaf) and _is_scalar(leaf)]))
    stand_ins = [_stand_in(trace, leaf, scalars) for leaf in leaves]
    positional, named = rebuild(iter(stand_ins))
    fresh = iter(positional)
    given = [arg if k in static else next(fresh) for k, arg in enumerate(args)]
    return trace.run(f, given, dict(zip(kwargs, named, strict=True)))


def _stand_in(trace: Trace, leaf: Any, scalars: Iterator[Any]) -> Any:
    if not _is_data(leaf):
        return leaf
    return next(scalars) if _is_scalar(leaf) else trace.array(leaf)


def arguments(args: Any, kwargs: Any, static: tuple[int, ...]) -> tuple[np.ndarray, list[Any]]:
    """The numbers among the arguments in one array, and the arrays."""
    return _split(_data_leaves(args, kwargs, static))


def _data_leaves(args: Any, kwargs: Any, static: tuple[int, ...]) -> list[Any]:
    data = [arg for k, arg in enumerate(args) if k not in static]
    return [leaf for leaf in flatten([data, list(kwargs.values())])[0] if _is_data(leaf)]


def _split(leaves: list[Any]) -> tuple[np.ndarray, list[Any]]:
    scalars = np.array([_number(leaf) for leaf in leaves if _is_scalar(leaf)], dtype=float)
    return scalars, [_numbers(leaf) for leaf in leaves if not _is_scalar(leaf)]


class Compiled:
    """One program and its parameters.

    Raises:
        Irregular: If it is a function of numbers that lifting doesn't shorten.

    Attributes:
        compilation: How it came to be.
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
        self._backend = backend
        if is_batchable(f, args, kwargs, static):
            self.compilation: Compilation = BatchedCompilation(
                f, args, lambda trace, row, given: traced(trace, row, given, {}, ()), captures
            )
        else:
            is_scalar = all(map(_is_scalar, _data_leaves(args, kwargs, static)))
            self.compilation = Compilation(
                lambda trace: traced(trace, f, args, kwargs, static), may_refuse=is_scalar, captures=captures
            )
        self._forward: Any = None
        self._joint: Any = None
        self._lock = threading.Lock()
        trace = self.compilation.trace
        self._values = [trace.values[number] for number in self.compilation.order]
        self._gathered = GatheredParameters(self._values)
        self._tensors = trace.tensors

    # ---- programs ----------------------------------------------------------------------------------------------------

    @property
    def forward(self) -> Any:
        """What computes the outputs."""
        if self._forward is None:
            self._forward = self._built(self.compilation.forward)
        return self._forward

    @property
    def joint(self) -> Any:
        """What computes the outputs and the gradients."""
        if self._joint is None:
            self._joint = self._built(self.compilation.joint)
        return self._joint

    @property
    def program(self) -> Any:
        """Outputs and gradients."""
        return self.compilation.joint

    @property
    def stats(self) -> dict[str, float]:
        """What each pass left, and the seconds spent."""
        return self.compilation.stats

    @property
    def passes(self) -> dict[str, str]:
        """The program after each pass."""
        return self.compilation.passes

    @property
    def stages(self) -> list[Stage]:
        """The same, with the instructions themselves."""
        return self.compilation.stages

    def _built(self, program: Any) -> Any:
        symbols = self.compilation.trace.builder.symbols
        return build(program, [symbols[id(i)].example for i in program.inputs], self._backend)

    def _load(self, backend: Any, inputs: list[Any]) -> None:
        for buffer, array in zip(backend.inputs, inputs, strict=False):
            if buffer is not array:
                buffer[...] = array

    def _inputs(self, leaves: list[Any], parameters: np.ndarray) -> list[Any]:
        """What the program reads, copied, so that it stands until the backward pass."""
        scalars, arrays = _split(leaves)
        arrays = [np.array(array) for array in arrays]
        hosted = [hosted.read() for hosted in self.compilation.trace.hosted]
        return [parameters, *(t._data.copy() for t in self._tensors), scalars, *arrays, *hosted]

    # ---- a call ------------------------------------------------------------------------------------------------------

    def __call__(self, args: Any, kwargs: Any) -> Any:
        """Run the program on new data."""
        leaves = _data_leaves(args, kwargs, self._static)
        with self._lock:
            backend = self.forward
            numbers = self._gathered.numbers()
            inputs = self._inputs(leaves, numbers.array)
            self._load(backend, inputs)
            backend.run()
            outputs = [np.array(output) for output in backend.outputs]
            returned = self.compilation.returned
            for effect, array in zip(self.compilation.trace.effects, outputs[returned:], strict=True):
                effect.buffer.write(array)
        return self._results(leaves, numbers.floats, inputs, outputs[:returned])

    def _results(
        self, leaves: list[Any], numbers: tuple[float, ...], inputs: list[Any], outputs: list[np.ndarray]
    ) -> Any:
        compilation = self.compilation
        nodes = [leaf for leaf in leaves if isinstance(leaf, Node)]
        is_plain = not (self._values or self._tensors or nodes or compilation.trace.makes_nodes)
        given = [n for n in nodes if n._requires_grad]
        places = {place for place in compilation.places if isinstance(place, Place)}
        # Values are always recorded, as without jit.
        kept = places if is_recording.get() else {place for place in places if place.position is not None}
        call = None
        if kept:
            others = [*(t for t in self._tensors if t._requires_grad), *given]
            parents, held = (*self._values, *others), (*numbers, *(node._data for node in others))
            if parents:
                call = Call(lambda seeds: self._pull_back(seeds.parts, leaves, inputs, outputs), parents, held)
        found = []
        for place in compilation.places:
            if not isinstance(place, Place):
                found.append(place)
                continue
            array = outputs[place.output]
            plain = array if place.position is None else float(array.reshape(-1)[place.position])
            if is_plain:
                is_shared = any(plain is other for other in found)
                found.append(np.array(plain) if is_shared else plain)
                continue
            node = Tensor(plain) if place.position is None else Value(plain)
            is_constant = place not in kept or array.dtype.kind != "f"
            found.append(node if call is None or is_constant else output_of(call, node, place))
        return compilation.rebuild(iter(found))

    def _pull_back(self, seeds: dict[Place, Any], leaves: list[Any], inputs: list[Any], outputs: list[Any]) -> Any:
        """The gradients of parameters and arguments."""
        compilation = self.compilation
        scale: Any = 1.0
        entering = []
        if compilation.is_scalar:
            scale = sum(np.asarray(g).item() for g in seeds.values())
        else:
            entering = [np.zeros(output.shape) for output in outputs]
            for place, g in seeds.items():
                _enter(entering[place.output], place.position, g)
        with self._lock:
            backend = self.joint
            self._load(backend, [*inputs, *entering])
            backend.run()
            found = [None if g is None else np.multiply(g, scale) for g in backend.outputs[len(outputs) :]]
        return self._handed_out(found, leaves)

    def _handed_out(self, found: list[Any], leaves: list[Any]) -> list[tuple[Node, Any]]:
        """The gradient of each parameter and argument, from those of the program's inputs."""
        compilation = self.compilation
        by_input = [
            found[k] if (k := compilation.gradients.get(id(symbol))) is not None else None
            for symbol in compilation.inputs
        ]
        flat, rest = by_input[0], by_input[1:]
        out: list[tuple[Node, Any]] = []
        if flat is not None:
            out += zip(self._values, np.broadcast_to(flat, len(self._values)).tolist(), strict=True)
        elif self._values:
            out += [(v, 0.0) for v in self._values]
        for tensor, g in zip(self._tensors, rest, strict=False):
            if tensor._requires_grad:
                out.append((tensor, tensor._match(np.zeros_like(tensor._data) if g is None else g)))
        scalars, *arrays = rest[len(self._tensors) :][: len(compilation.trace.arguments)]
        out += self._of_arguments(leaves, scalars, arrays)
        return out

    def _of_arguments(self, leaves: list[Any], scalars: Any, arrays: list[Any]) -> list[tuple[Node, Any]]:
        out: list[tuple[Node, Any]] = []
        numbers = [leaf for leaf in leaves if _is_scalar(leaf)]
        for k, leaf in enumerate(numbers):
            if isinstance(leaf, Node):
                out.append((leaf, 0.0 if scalars is None else float(np.broadcast_to(scalars, len(numbers))[k])))
        for leaf, g in zip([leaf for leaf in leaves if not _is_scalar(leaf)], arrays, strict=True):
            if isinstance(leaf, Node) and leaf._requires_grad:
                out.append((leaf, leaf._match(np.zeros_like(leaf._data) if g is None else g)))
        return out


def _enter(seed: np.ndarray, position: int | None, g: Any) -> None:
    """Add the gradient of an output, or of one position of it, to the array that enters the program."""
    if position is None:
        seed += np.reshape(g, seed.shape)
    else:
        seed.reshape(-1)[position] += g


def _is_data(leaf: Any) -> bool:
    return isinstance(leaf, (Node, np.ndarray)) or (is_real(leaf) and not isinstance(leaf, bool))


def _is_scalar(leaf: Any) -> bool:
    return isinstance(leaf, Value) or not hasattr(leaf, "shape") or isinstance(leaf, np.generic)


def _number(leaf: Any) -> float:
    return leaf._data if isinstance(leaf, Value) else float(leaf)


def _numbers(leaf: Any) -> np.ndarray:
    if isinstance(leaf, Tensor):
        return leaf._data
    return leaf if type(leaf) is np.ndarray else own_copy("jit", leaf)
