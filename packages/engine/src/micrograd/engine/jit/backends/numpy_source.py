"""A program as straight-line NumPy that people can read: buffers made once, `out=` everywhere, views for free.

The source is a function that makes the buffers and views and returns the step that fills them. A buffer is used again
as soon as what it holds is dead; what goes to a place of a larger array is computed there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.arrays.integers import check_integers, may_fail
from micrograd.engine.arrays.quiet import without_warnings
from micrograd.engine.jit.backends.accesses import letters_of, matrix_product
from micrograd.engine.jit.backends.buffers import Plan, clash
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import as_strided, row_major
from micrograd.engine.ops.linear_algebra.contractions import contract
from micrograd.engine.ops.op import Op

UFUNCS = {
    "abs": "absolute",
    "add": "add",
    "arccos": "arccos",
    "arccosh": "arccosh",
    "arcsin": "arcsin",
    "arcsinh": "arcsinh",
    "arctan": "arctan",
    "arctan2": "arctan2",
    "arctanh": "arctanh",
    "cbrt": "cbrt",
    "ceil": "ceil",
    "cos": "cos",
    "cosh": "cosh",
    "div": "divide",
    "equal": "equal",
    "exp": "exp",
    "exp2": "exp2",
    "expm1": "expm1",
    "floor": "floor",
    "greater": "greater",
    "greater_equal": "greater_equal",
    "hypot": "hypot",
    "less": "less",
    "less_equal": "less_equal",
    "log": "log",
    "log10": "log10",
    "log1p": "log1p",
    "log2": "log2",
    "logaddexp": "logaddexp",
    "maximum": "maximum",
    "minimum": "minimum",
    "mul": "multiply",
    "neg": "negative",
    "not_equal": "not_equal",
    "reciprocal": "reciprocal",
    "sign": "sign",
    "sin": "sin",
    "sinh": "sinh",
    "sqrt": "sqrt",
    "square": "square",
    "sub": "subtract",
    "tan": "tan",
    "tanh": "tanh",
    "trunc": "trunc",
}


_FREE = ("contract", "matmul", "sum")  # whose results may be computed in their place in a larger array
_LONG_ROW = 64


class NumpySource:
    """A program, written as NumPy and compiled.

    Args:
        program: What to run.
        examples: Arrays of the shapes and dtypes of its inputs.

    Attributes:
        source: The text.
        inputs: The arrays that the step reads, in the order of the program's inputs: write into them, then run.
        run: The step: fills the outputs.
        outputs: The arrays (or numbers) that the step fills.
    """

    def __init__(self, program: Program, examples: list[np.ndarray]) -> None:
        self._program = program
        self._setup: list[str] = []
        self._steps: list[str] = []
        self._names: dict[str, Any] = {"np": np, "as_strided": as_strided}
        self._plan = Plan(program)
        self._free: dict[tuple[Any, int], list[str]] = {}
        self._written: set[int] = set()
        self._homes: dict[int, tuple[str, Any]] = {}
        self._over: dict[str, str] = {}
        self.inputs = [np.array(example, order="C") for example in examples]
        for instruction, buffer in zip(program.inputs, self.inputs, strict=True):
            self._names[instruction.name] = buffer
        self._place_parts()
        self._updated = self._plan.updated_in_place(program)
        for index, instruction in enumerate(program.instructions):
            self._write(index, instruction)
            self._release(index)
        for target, number in program.updates:
            if self._updated.get(id(program.outputs[number])) is not target:
                self._steps.append(f"copyto({target.name}, {self._operand(program.outputs[number])})")
        self._finish()

    def _finish(self) -> None:
        given = [i.name for i in self._program.inputs]
        constants = [name for name in self._names if name not in given and name not in ("np", "as_strided")]
        outputs = ", ".join(self._operand(output) for output in self._program.outputs)
        functions = sorted({line.split("(")[0] for line in self._steps if line.split("(")[0] in _IMPORTED})
        lines = [f"def make({', '.join([*given, *constants])}):"]
        if functions:
            lines.append(f"    {', '.join(functions)} = {', '.join(_IMPORTED[f] for f in functions)}")
        lines += [f"    {line}" for line in self._setup]
        lines += ["", "    def step():", *(f"        {line}" for line in self._steps or ["pass"])]
        lines += ["", f"    return step, [{outputs}]"]
        self.source = "\n".join(lines)
        namespace = dict(self._names)
        exec(compile(self.source, "<micrograd.engine.jit: numpy>", "exec"), namespace)
        arguments = [*self.inputs, *(self._names[name] for name in constants)]
        step, self.outputs = namespace["make"](*arguments)
        # As IEEE 754 has it, and in silence, like the engine's own operations.
        self.run = without_warnings(step)

    # ---- buffers -----------------------------------------------------------------------------------------------------

    def _place_parts(self) -> None:
        """Let parts of an assembled array that nobody else reads be computed in their places."""
        for instruction in self._program.instructions:
            if instruction.op.name != "assembled":
                continue
            places = instruction.params["places"]
            for part, place in zip(instruction.operands, places, strict=True):
                single = isinstance(part, Instruction) and self._plan.users[id(part)] == 1
                if single and part.op is not None and part.op.name in _FREE and not clash(place, places):
                    self._homes[id(part)] = (instruction.name, place)
            self._setup.append(f"{instruction.name} = np.zeros({instruction.shape}{_kind(instruction)})")

    def _buffer(self, index: int, instruction: Instruction) -> None:
        """Give an instruction a place for its result: its home, a buffer that is free, or a new one."""
        name = instruction.name
        if id(instruction) in self._homes:
            whole, (offset, shape, strides) = self._homes[id(instruction)]
            self._setup.append(f"{name} = {_strided_text(whole, offset, shape, strides)}")
            return
        if id(instruction) in self._updated:
            self._over[name] = self._updated[id(instruction)].name
            self._setup.append(f"{name} = {self._over[name]}")
            return
        key = (instruction.dtype, instruction.size)
        if instruction.op.elementwise:
            self._release(index, instruction)
        free = self._free.get(key)
        if free:
            other = free.pop()
            self._plan.owners[id(instruction)] = self._plan.owners[id(instruction)]
            self._setup.append(f"{name} = {other}.reshape({instruction.shape})")
            self._over[name] = other
            self._written.add(id(instruction))
            return
        self._setup.append(f"{name} = np.empty({instruction.shape}{_kind(instruction)})")

    def _release(self, index: int, reader: Instruction | None = None) -> None:
        """Hand back the buffers that nobody reads after this instruction (nor, element by element, in it)."""
        for owner in self._plan.dying.get(index, ()):
            if id(owner) in self._homes or id(owner) in self._plan.released:
                continue
            if reader is not None and not self._plan.is_read_whole(owner, reader):
                continue
            self._plan.released.add(id(owner))
            self._free.setdefault((owner.dtype, owner.size), []).append(owner.name)

    # ---- instructions ------------------------------------------------------------------------------------------------

    def _write(self, index: int, instruction: Instruction) -> None:
        name = instruction.op.name
        if self._plan.is_view(instruction):
            self._setup.append(f"{instruction.name} = {self._view(instruction)}")
            return
        if name == "assembled":
            self._assemble(instruction)
            return
        self._buffer(index, instruction)
        is_whole = instruction.dtype.kind in "iu"
        operands = [repr(o) if is_whole and type(o) is int else self._operand(o) for o in instruction.operands]
        if is_whole and may_fail(instruction.op):
            self._call(instruction, operands, _checked(instruction.op))
        else:
            self._compute(instruction, operands)

    def _zeros(self, like: Instruction) -> str:
        """0 for np.maximum, which takes half as long with a row of zeros where rows are long."""
        if len(like.shape) < 2 or like.shape[-1] < _LONG_ROW:
            return "0.0" if like.dtype.kind == "f" else "0"
        line = f"zeros_{like.dtype.name}_{like.shape[-1]} = np.zeros({like.shape[-1]}{_kind(like)})"
        if line not in self._setup:
            self._setup.append(line)
        return line.partition(" ")[0]

    def _compute(self, instruction: Instruction, operands: list[str]) -> None:
        """The step that fills a buffer."""
        name, out = instruction.op.name, instruction.name
        if name in UFUNCS:
            self._steps.append(f"{UFUNCS[name]}({', '.join(operands)}, out={out})")
        elif name == "relu":
            self._steps.append(f"maximum({operands[0]}, {self._zeros(instruction)}, out={out})")
        elif name == "pow" and operands[1] == "2.0":
            self._steps.append(f"square({operands[0]}, out={out})")
        elif name == "where":
            self._where(instruction, operands)
        elif name == "sum":
            axis = instruction.params["axis"]
            keep = ", keepdims=True" if instruction.params["keepdims"] else ""
            self._steps.append(f"add_reduce({operands[0]}, {axis!r}, None, {out}{keep})")
        elif name in ("matmul", "affine") and _is_plain(instruction):
            self._matmul(instruction, operands)
        elif instruction.op is contract and (text := self._product(instruction, operands)):
            self._steps.append(text)
        else:
            self._call(instruction, operands)

    def _where(self, instruction: Instruction, operands: list[str]) -> None:
        """One side everywhere, then the other where it holds: several times as quick as np.where into a buffer."""
        condition, x, y = operands
        out = instruction.name
        if self._over.get(out) != y:
            self._steps.append(f"copyto({out}, {y})")
        given, side, _ = instruction.operands
        if getattr(given, "shape", ()) == instruction.shape and not getattr(side, "shape", ()):
            self._steps.append(f"putmask({out}, {condition}, {x})")  # twice as quick, where nothing broadcasts
        else:
            truth = condition if _is_truth(given) else f"{condition} != 0"  # for `where=` takes no numbers
            self._steps.append(f"copyto({out}, {x}, where={truth})")

    def _matmul(self, instruction: Instruction, operands: list[str]) -> None:
        """A product of matrices where it belongs, and what is added to it."""
        x, y, *bias = operands
        out = instruction.name
        self._steps.append(f"matmul({x}, {self._bound(f'{y}.T') if bias else y}, out={out})")
        self._steps += [f"add({out}, {b}, out={out})" for b in bias]

    def _product(self, instruction: Instruction, operands: list[str]) -> str | None:
        """A contraction of one letter each as a product of matrices and vectors."""
        terms, result, _ = letters_of(instruction)
        if [len(term) for term in terms] == [1, 1] and sorted("".join(terms)) == sorted(result):
            x, y = operands if result == "".join(terms) else operands[::-1]
            return f"multiply({self._column(x)}, {y}, out={instruction.name})"
        found = matrix_product(terms, result)
        if found is None:
            return None
        x, y = (self._bound(f"{operands[number]}{'.T' * is_transposed}") for number, is_transposed in found)
        return f"matmul({x}, {y}, out={instruction.name})"

    def _column(self, text: str) -> str:
        """A vector as a column, under a name of its own, made once."""
        name = f"{text}_column"
        line = f"{name} = {text}[:, None]"
        if line not in self._setup:
            self._setup.append(line)
        return name

    def _bound(self, text: str) -> str:
        """A transpose under a name of its own, made once."""
        if not text.endswith(".T"):
            return text
        name = f"{text[:-2]}_T"
        line = f"{name} = {text}"
        if line not in self._setup:
            self._setup.append(line)
        return name

    def _assemble(self, instruction: Instruction) -> None:
        """Write the parts that weren't computed in their places; where places share elements, add them up there."""
        places = instruction.params["places"]
        parts = zip(instruction.operands, places, strict=True)
        loose = [(part, place, clash(place, places)) for part, place in parts if id(part) not in self._homes]
        names = []
        for number, (_, place, _) in enumerate(loose):
            names.append(f"{instruction.name}_{number}")
            self._setup.append(f"{names[-1]} = {_strided_text(instruction.name, *place)}")
        self._steps += [f"copyto({name}, 0.0)" for name, (_, _, shared) in zip(names, loose, strict=True) if shared]
        for name, (part, _, shared) in zip(names, loose, strict=True):
            operand = self._operand(part)
            self._steps.append(f"add({name}, {operand}, out={name})" if shared else f"copyto({name}, {operand})")

    def _call(self, instruction: Instruction, operands: list[str], function: Any = None) -> None:
        """An operation without an `out=`, or a function in its place."""
        name = f"{instruction.op.name}_{instruction.name}"
        settings = {k: v for k, v in instruction.params.items() if v is not instruction.op.defaults.get(k)}
        text = ""
        for key, setting in settings.items():
            bound = f"{key}_{instruction.name}"
            self._names[bound] = setting
            text += f", {key}={bound}"
        self._names[name] = function or instruction.op.on_arrays
        self._steps.append(f"copyto({instruction.name}, {name}({', '.join(operands)}{text}))")

    def _view(self, instruction: Instruction) -> str:
        """An expression for a part of an array that costs nothing at run time."""
        base = self._operand(instruction.operands[0])
        params = instruction.params
        if instruction.op.name == "reshape":
            return f"{base}.reshape({instruction.shape})"
        if instruction.op.name == "permute_dims":
            return f"{base}.transpose({params['axes']})"
        if instruction.op.name == "broadcast_to":
            return f"np.broadcast_to({base}, {instruction.shape})"
        return _strided_text(base, params["offset"], params["shape"], params["strides"])

    def _operand(self, operand: Any) -> str:
        if isinstance(operand, Instruction):
            return operand.name
        if isinstance(operand, np.ndarray):
            for name, known in self._names.items():
                if known is operand:
                    return name
            name = f"c{sum(n[0] == 'c' and n[1:].isdigit() for n in self._names)}"
            self._names[name] = operand
            return name
        return _literal(operand)


def _checked(op: Op) -> Callable[..., Any]:
    """An op on integers that refuses what they can't hold, as without jit."""

    def compute(*operands: Any, **settings: Any) -> Any:
        result = op.on_arrays(*operands, **settings)
        check_integers(op, operands, {**op.defaults, **settings}, np.asarray(result))
        return result

    return compute


def _is_truth(operand: Any) -> bool:
    """Whether it holds booleans."""
    return np.dtype(getattr(operand, "dtype", type(operand))).kind == "b"


def _literal(constant: Any) -> str:
    """A constant as Python source."""
    if constant is None or isinstance(constant, (bool, np.bool_)):
        return repr(None if constant is None else bool(constant))
    number = float(constant)
    return repr(number) if math.isfinite(number) else f"np.float64({str(number)!r})"


_IMPORTED = {name: f"np.{name}" for name in {*UFUNCS.values(), "matmul", "copyto", "putmask"}} | {
    "add_reduce": "np.add.reduce"
}


def _kind(instruction: Instruction) -> str:
    """The dtype of a buffer, where it isn't NumPy's own."""
    return "" if instruction.dtype == np.float64 else f", np.{instruction.dtype.name}"


def _is_plain(product: Instruction) -> bool:
    """Whether all numbers are floats of one kind, which products can be written into a buffer of."""
    dtypes = {getattr(operand, "dtype", None) for operand in product.operands}
    return dtypes == {product.dtype} and product.dtype.kind == "f"


def _strided_text(base: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> str:
    """Slices where they say it, strides where they don't."""
    if strides == row_major(shape):
        size = int(np.prod(shape))
        part = f"{base}.reshape(-1)[{offset}:{offset + size}]"
        return part if len(shape) == 1 else f"{part}.reshape({shape})"
    return f"as_strided({base}, {offset}, {shape}, {strides})"
