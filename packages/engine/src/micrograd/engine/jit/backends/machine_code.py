"""From the text of a step to machine code by LLVM, kept on disk for the next process that compiles the same text.

LLVM is the compiler under Numba, and `llvmlite` the library that leads to it. Numba's own way from Python to LLVM is
made for all of Python and takes ten seconds for what `lowering.py` does in a hundredth: it isn't taken, nor needed.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from typing import Any

from micrograd.engine.errors import MissingExtraError
from micrograd.engine.jit import kept
from micrograd.engine.jit.backends.lowering import Lowering

_MATHEMATICS = (
    *("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "erf", "erfc", "exp", "exp2", "expm1"),
    *("hypot", "log", "log10", "log1p", "log2", "pow", "sin", "sinh", "tan", "tanh"),
)


def machine_code(source: str) -> dict[str, Any]:
    """The functions that the text defines, by name, each a function of the addresses of its arrays.

    Raises:
        MissingExtraError: If `llvmlite` isn't installed.
    """
    try:
        import llvmlite.binding as llvm  # type: ignore[import-untyped,unused-ignore]
    except ModuleNotFoundError:
        raise MissingExtraError(
            'jit(backend="numba") needs llvmlite: pip install "micrograd-engine[jit]", or write backend="numpy"'
        ) from None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    lowered = Lowering(source)
    machine = llvm.Target.from_default_triple().create_target_machine(
        opt=3, cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), jit=True
    )
    of_machine = f"{machine.triple} {llvm.get_host_cpu_name()} {llvm.llvm_version_info}"
    path = kept.place("step", lowered.text.encode(), of_machine.encode())
    code = kept.read(path) if path else None
    if code is None:
        code = _compiled(llvm, machine, lowered.text)
        if path:
            kept.keep(path, code)
    return _loaded(llvm, machine, code, lowered.arrays)


def on_arrays(step: Any, *arrays: Any) -> Any:
    """A function without arguments that runs a step on these arrays, which it keeps alive."""
    return functools.partial(step, *(array.ctypes.data_as(ctypes.c_void_p) for array in arrays))


def _compiled(llvm: Any, machine: Any, text: str) -> bytes:
    """An object file."""
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    # The loops are written as long as they should be; to unroll them further takes LLVM seconds, and gains nothing.
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization, options.loop_unrolling, options.slp_vectorization = True, False, False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


def _loaded(llvm: Any, machine: Any, code: bytes, arrays: dict[str, list[str]]) -> dict[str, Any]:
    """The functions in an object file."""
    for name, address in _mathematics().items():
        llvm.add_symbol(name, address)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    functions = {}
    for name, names in arrays.items():
        # As a function of Python's own interface, so that no other thread sees a step half done.
        function: Any = ctypes.PYFUNCTYPE(None, *[ctypes.c_void_p] * len(names))(engine.get_function_address(name))
        function.engine = engine  # which owns the code
        functions[name] = function
    return functions


@functools.cache
def _mathematics() -> dict[str, int]:
    """The addresses of C's functions of floats, which LLVM wouldn't find on every system."""
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    return {name: ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0 for name in _MATHEMATICS}
