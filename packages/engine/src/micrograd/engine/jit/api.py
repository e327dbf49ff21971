"""`jit`: a function of scalars or arrays, compiled once for each structure of its arguments."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.errors import MicrogradTypeError, MissingExtraError
from micrograd.engine.jit.captures.versions import Versions
from micrograd.engine.observing.recording import rehearse, watchers

if TYPE_CHECKING:
    from micrograd.engine.jit.calls.compiled import Compiled
    from micrograd.engine.jit.calls.scalar_compiled import ScalarCompiled
    from micrograd.engine.jit.compiling.stages import Stage
    from micrograd.engine.jit.program import Program

BACKENDS = ("auto", "python", "numpy", "numba")


@naming_arguments
def jit(
    f: Callable[..., Any] | None = None, *, backend: str = "auto", static_argnums: int | tuple[int, ...] = ()
) -> Any:
    """Compile `f`: run it once to write down what it computes, lift that to arrays, and from then on run the arrays.

    Args:
        f: Takes numbers, arrays, Values, Tensors or nests of them, and returns a Value, a Tensor or a nest of them. The
            Values and Tensors that it knows from elsewhere are its parameters: later calls see their new data, and the
            result's `backward()` fills their gradients. Other things that it knows from elsewhere, such as numbers,
            lists, arrays and whether a module is in training, are constants; when one is another, `f` is compiled anew.
        backend: "numpy", "numba" (loops as machine code, by LLVM: the extra `jit`), "python" (the standard library
            alone), or "auto".
        static_argnums: Positions of arguments that are no data but say how to compute; a new one traces anew.

    `dropout` draws anew at each call, and arrays that a module keeps, such as running means, are read before and
    written after it: as without `jit`. What else `f` does beside computing, it does once, while it is traced.

    Raises:
        TracingError: If `f` branches on a traced value, asks for its number or for those of a parameter (`w.data`), or
            draws random numbers of its own.

    Warns:
        RuntimeWarning: If a number, list or array that `f` knows from elsewhere is another, for it is compiled anew.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(3.0)
        >>> @jit
        ... def loss(x):
        ...     return (w * x - 1.0) ** 2
        >>> out = loss(2.0)
        >>> out.backward()
        >>> out.data, w.grad
        (25.0, 20.0)
    """
    if f is None:
        return functools.partial(jit, backend=backend, static_argnums=static_argnums)
    require_function("jit", f, "jit(loss)(x)")
    if backend not in BACKENDS:
        raise MicrogradTypeError(
            f'jit(backend={backend!r}): there is no such backend. Write jit(f, backend="auto"), which picks one '
            f"for you, or one of {', '.join(map(repr, BACKENDS[1:]))}."
        )
    static = (static_argnums,) if isinstance(static_argnums, int) else tuple(static_argnums)
    return Jitted(f, backend, static)


class Jitted:
    """A function with the programs that it was compiled to.

    Attributes:
        program: The program of the last call, a `Program`: print it.
        source: The text that runs it.
        stats: How many operations were left after each pass, and the seconds that tracing and lifting took.
        passes: The program after each pass, by its name.
        stages: The same as instructions; `micrograd.engine.viz.show_passes` shows them.
    """

    def __init__(self, f: Callable[..., Any], backend: str, static: tuple[int, ...]) -> None:
        functools.update_wrapper(self, f, updated=())
        self._f = f
        self._backend = backend
        self._static = static
        self._versions = Versions(f)
        self._compiled: dict[Any, Compiled | ScalarCompiled] = {}
        self._last: Compiled | ScalarCompiled | None = None

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        """As a method: bound to its object, compiled for each object by itself."""
        if owner is None:
            return self
        bound = owner.__dict__.get(f"_jit_{self._f.__name__}")
        if bound is None:
            bound = Jitted(self._f.__get__(owner), self._backend, tuple(n - 1 for n in self._static))
            owner.__dict__[f"_jit_{self._f.__name__}"] = bound
        return bound

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the compiled function; the first call for a structure of arguments compiles it."""
        if watchers:
            with self._versions.unmoved():
                rehearse(self._f, args, kwargs)
        compiled = self._last = self._for(args, kwargs)
        return compiled(args, kwargs)  # `_last` may be another thread's by now

    def _for(self, args: Any, kwargs: Any) -> Compiled | ScalarCompiled:
        if self._backend == "python":
            return self._scalar_for(args, kwargs, "python")
        try:
            from micrograd.engine.jit.calls.compiled import Compiled, structure_of
            from micrograd.engine.jit.passes.grouping import Irregular
        except ModuleNotFoundError as error:
            if error.name != "numpy":
                raise
            if self._backend == "auto":
                return self._scalar_for(args, kwargs, "python")
            raise MissingExtraError(
                f'jit(backend={self._backend!r}) needs NumPy: pip install "micrograd-engine[tensor]", or write '
                'backend="python"'
            ) from None
        key = (self._versions.number(), structure_of(args, kwargs, self._static))
        compiled = self._compiled.get(key)
        if compiled is None:
            try:
                compiled = Compiled(self._f, args, kwargs, self._static, self._backend, self._versions.now)
            except Irregular:
                compiled = self._scalar_for(args, kwargs, self._backend)
            self._keep(key, compiled)
        return compiled

    def _keep(self, key: Any, compiled: Compiled | ScalarCompiled) -> None:
        self._versions.traced()
        self._compiled = {**self._versions.kept(self._compiled), key: compiled}

    def _scalar_for(self, args: Any, kwargs: Any, backend: str) -> Compiled | ScalarCompiled:
        """What runs without NumPy, and what doesn't lift."""
        from micrograd.engine.jit.calls.scalar_compiled import ScalarCompiled, scalar_structure_of

        key = (self._versions.number(), scalar_structure_of(args, kwargs, self._static))
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = ScalarCompiled(self._f, args, kwargs, self._static, backend, self._versions.now)
            self._keep(key, compiled)
        return compiled

    @property
    def program(self) -> Program:
        """The program of the last call, forwards and backwards."""
        program: Program = self._known().program
        return program

    @property
    def source(self) -> str:
        """The text that runs the program of the last call, forwards and backwards."""
        source: str = self._known().joint.source
        return source

    @property
    def stats(self) -> dict[str, float]:
        """What each pass left, and the seconds spent."""
        return self._known().stats

    @property
    def passes(self) -> dict[str, str]:
        """The program after each pass."""
        return self._known().passes

    @property
    def stages(self) -> list[Stage]:
        """The same, with the instructions themselves."""
        return self._known().stages

    def _known(self) -> Compiled | ScalarCompiled:
        if self._last is None:
            raise MicrogradTypeError("this function has no program yet: call it once, and it is traced and compiled")
        return self._last
