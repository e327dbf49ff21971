"""A program as loops over flat arrays, compiled to machine code: forward, backward and update in one call.

Elementwise instructions over the same indices share a loop, and what only they read is never written to memory. A sum
of few products takes part in such a loop, as a layer's products do in the one that adds the bias and takes the relu.
A product of large matrices is left to BLAS: the loops before it and those after it are then two functions, and the step
is Python that calls one, the product, and the other. So it is with a function such as exp of many numbers, which NumPy
computes for several at a time. Any other contraction is a loop nest whose innermost index runs through memory.
"""

from __future__ import annotations

import functools
import math
import string
from collections.abc import Callable
from typing import Any

import numpy as np

from micrograd.engine.jit.backends.accesses import (
    Access,
    Factor,
    Products,
    Unsupported,
    innermost,
    letters_of,
    loop_order,
    matrix_product,
    viewed,
    within,
)
from micrograd.engine.jit.backends.buffers import clash
from micrograd.engine.jit.backends.label_loops import LABEL_LOOPS, log_softmax
from micrograd.engine.jit.backends.loops import BLOCK, Loops
from micrograd.engine.jit.backends.numpy_source import UFUNCS
from micrograd.engine.jit.backends.pieces import Pieces, view
from micrograd.engine.jit.backends.places import VIEWS, Places
from micrograd.engine.jit.backends.scalar_text import EXPRESSIONS, expression, literal
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import row_major
from micrograd.engine.ops.linear_algebra.contractions import contract
from micrograd.engine.ops.neural.labels import check_labels

_MANY_PRODUCTS = 50_000
"""A product of matrices that takes so many multiplications is left to BLAS."""

_MANY_NUMBERS, _MANY_MORE = 512, 4096
"""A function of C's of so many numbers is left to NumPy, and one that takes NumPy several steps, of so many."""

_FUNCTIONS = {name for name, text in EXPRESSIONS.items() if "math." in text} - {"sqrt", "rsqrt"}
_PRODUCTS = ("contract", "matmul")
_IN_PLACE = ("contract", "matmul", "sum")  # whose results may be computed in their place in a larger array
_OTHERS = ("affine", "assembled", "astype", "broadcast_to", "log_softmax", "mean", "permute_dims", "sum")
_READING_BY_INDEX = {*EXPRESSIONS, *LABEL_LOOPS, *_PRODUCTS, *_OTHERS}


class NumbaSource:
    """A program, written as loops and compiled.

    Args:
        program: What to run.
        examples: Arrays of the shapes of its inputs.

    Attributes:
        source: The text.
        inputs: The arrays that the step reads, in the order of the program's inputs: write into them, then run.
        run: The step: fills the outputs.
        outputs: The arrays that the step fills.
    """

    def __init__(self, program: Program, examples: list[np.ndarray]) -> None:
        self._program = program
        self._dtype = _dtype_of(program)
        self._loops = Loops(self._dtype)
        self._pieces = Pieces()
        self._places = Places(program, self._loops, _READING_BY_INDEX, _IN_PLACE)
        for instruction, example in zip(program.inputs, examples, strict=True):
            if instruction.dtype == np.int64:
                self._pieces.positions[instruction.name] = np.array(example, order="C")
                continue
            self._require_floats(instruction)
            self._places.take(instruction, example)
        self._places.place_parts()
        self._group: list[Instruction] = []
        self._products_of: dict[int, Products] = {}
        self._sums: dict[int, tuple[Instruction, Any]] = {}
        for instruction in program.instructions:
            self._add(instruction)
        self._places.updated = self._written_in_place()
        self._close()
        for target, number in program.updates:
            new = program.outputs[number]
            access = self._places.known[id(target)]
            if self._places.updated.get(id(new)) is not target:
                self._loops.nest(target.shape, lambda i, a=access, n=new: [f"{a.at(i)} = {self._text(n, i)}"])
        self._compile()

    def _compile(self) -> None:
        outputs = [self._returned(output) for output in self._program.outputs]
        self._pieces.loop(self._loops.lines)
        workspace = self._loops.workspace()
        self.source, self.run = self._pieces.compiled(workspace)
        for access, content in self._places.contents:
            view(workspace, access)[...] = content
        positions = self._pieces.positions
        self.inputs = [
            positions[i.name] if i.name in positions else view(workspace, self._places.located(i))
            for i in self._program.inputs
        ]
        self.outputs = tuple(view(workspace, o) if isinstance(o, Access) else o for o in outputs)

    def _returned(self, output: Any) -> Any:
        """Where an output lies, or what it is; truth values, numbers in the workspace, get an array of their own."""
        if not isinstance(output, Instruction):
            return output
        access = self._places.located(output)
        if output.dtype != np.bool_:
            return access
        truths, name = np.zeros(output.shape, bool), f"{output.name}_truths"
        names = {"copyto": np.copyto, output.name: access, name: truths}
        self._pieces.call(self._loops.taken(), f"copyto({name}, {output.name}, casting='unsafe')", **names)
        return truths

    def _text(self, operand: Any, indices: list[str]) -> str:
        if isinstance(operand, Instruction) and id(operand) not in self._places.known:
            return f"{operand.name}_"  # a number of the open loop
        if isinstance(operand, (Instruction, np.ndarray)):
            return self._places.located(operand).at(indices)
        if isinstance(operand, (bool, np.bool_)):
            return repr(bool(operand))
        return literal(operand)

    # ---- instructions ------------------------------------------------------------------------------------------------

    def _require_floats(self, instruction: Instruction) -> None:
        if instruction.dtype != self._dtype and (instruction.dtype.kind != "f" or _has_axes(instruction)):
            raise Unsupported(f"{instruction!r}: the numba back end computes in {self._dtype}")

    def _add(self, instruction: Instruction) -> None:
        name = instruction.op.name
        if instruction.dtype != np.bool_:
            self._require_floats(instruction)
        elif name == "astype":
            raise Unsupported(f"{instruction!r}: the numba back end makes no booleans of numbers")
        if name not in LABEL_LOOPS and any(i.dtype == np.int64 for i in instruction.inputs):
            raise Unsupported(f"{instruction!r}: the numba back end reads integers as labels alone")
        if name in EXPRESSIONS or name == "astype":
            is_large = instruction.size >= (_MANY_NUMBERS if name in UFUNCS else _MANY_MORE)
            (self._leave_to_numpy if is_large and name in _FUNCTIONS else self._join)(instruction)
            return
        if name in VIEWS:
            if any(i is instruction.operands[0] for i in self._group):
                self._close()
            self._view(instruction)
            return
        if name in _PRODUCTS and self._is_left_to_blas(instruction):
            return
        if name in _PRODUCTS and (products := self._few_products(instruction)):
            self._products_of[id(instruction)] = products
            self._join(instruction)
            return
        if name not in _WRITERS:
            raise Unsupported(f"the numba back end has no loop for {name}()")
        self._close()
        _WRITERS[name](self, instruction)

    def _add_affine(self, instruction: Instruction) -> None:
        """A product of matrices, and the loop that adds the bias, which others may share."""
        x, weight, bias = instruction.operands
        terms, result, _ = letters_of(instruction)
        params = {"subscripts": f"{','.join(terms)}->{result}"}
        name = f"{instruction.name}_product"
        product = Instruction(contract, (x, weight), params, instruction.shape, instruction.dtype, name)
        self._add(product)
        self._sums[id(instruction)] = product, bias
        self._join(instruction)

    def _place(self, instruction: Instruction) -> None:
        access = self._places.new(instruction)
        self._loops.fill(access)
        params = instruction.params
        target = within(access, (params["offset"], params["shape"], params["strides"]))
        self._loops.nest(target.shape, lambda i: [f"{target.at(i)} += {self._text(instruction.operands[0], i)}"])

    def _join(self, instruction: Instruction) -> None:
        """Put an elementwise instruction into the open loop, or open another."""
        if self._group:
            same = self._group[0].shape == instruction.shape
            inside = {id(i) for i in self._group}
            fits = all(o.shape == instruction.shape for o in instruction.inputs if id(o) in inside)
            if not (same and fits):
                self._close()
        self._group.append(instruction)

    def _close(self) -> None:
        """Write the open loop."""
        group, self._group = self._group, []
        if not group:
            return
        inside = {id(i) for i in group}
        kept = {id(i) for i in self._program.outputs}
        stored = [i for i in group if id(i) in kept or any(r not in inside for r in self._places.users.get(id(i), ()))]

        def body(indices: list[str]) -> list[str]:
            lines = [f"{i.name}_ = {self._expression(i, indices)}" for i in group]
            return lines + [f"{targets[id(i)].at(indices)} = {i.name}_" for i in stored]

        single = self._read_once(group)
        # What is read here for the last time, each number for its own index, may be written over.
        elsewhere = {id(o) for i in group if id(i) in self._products_of for o in i.operands}
        read = [o for i in group for o in self._sums.get(id(i), i.operands) if id(o) not in elsewhere]
        free = self._places.free(group[0].shape, read, inside)
        targets = {}
        for i in stored:
            targets[id(i)] = self._places.new(i, free)
            free = [access for access in free if access is not targets[id(i)]]
            del self._places.known[id(i)]  # within the loop it is a number of its own
        self._loops.nest(group[0].shape, body)
        self._places.known.update({**targets, **single})

    def _read_once(self, group: list[Instruction]) -> dict[int, Access]:
        """Read single numbers before a loop over many, in which they then are names; where they lie."""
        taken = {}
        for operand in (o for i in group if i.shape for o in i.inputs if o.shape == () and id(o) in self._places.known):
            if id(operand) not in taken:
                taken[id(operand)] = self._places.known[id(operand)]
                self._loops.lines.append(f"{operand.name}_ = {self._text(operand, [])}")
        for key in taken:
            del self._places.known[key]
        return taken

    def _written_in_place(self) -> dict[int, Instruction]:
        """By their ids, results of the last loop that may be written over the inputs that they update.

        Those whose old numbers are read at the same index alone, and by nobody after the loop.
        """
        updates = [(target, self._program.outputs[number]) for target, number in self._program.updates]
        read = [(i, o) for i in self._group for o in self._sums.get(id(i), i.operands)]
        found: dict[int, Instruction] = {}
        for target, new in updates:
            elsewhere = [o for i, o in read if o is not target or id(i) in self._products_of]
            elsewhere += [other for _, other in updates if other is not new]
            is_there = any(i is new for i in self._group) and new.shape == target.shape and id(new) not in found
            if is_there and not any(self._places.lies_in(o, target) for o in elsewhere):
                found[id(new)] = target
        return found

    def _expression(self, instruction: Instruction, indices: list[str]) -> str:
        """One element of the result."""
        if id(instruction) in self._products_of:
            return self._products_of[id(instruction)].at(indices)
        if id(instruction) in self._sums:
            return expression("add", [self._text(o, indices) for o in self._sums[id(instruction)]])
        given = [self._text(o, indices) for o in instruction.operands]
        if instruction.op.name == "astype":
            return given[0]  # all floats of the workspace have one dtype
        if instruction.op.name == "pow" and np.array_equal(instruction.operands[1], 2.0):
            return expression("square", given[:1])
        return expression(instruction.op.name, given, instruction.params)

    def _few_products(self, instruction: Instruction) -> Products | None:
        """A contraction as a sum of few products, if its innermost loop is over more elements than there are products.

        What the open loop computes is needed at other indices: it is closed first.
        """
        terms, result, sizes = letters_of(instruction)
        count = math.prod(n for c, n in sizes.items() if c not in result)
        inner = result[loop_order(instruction.shape)[-1]] if result else ""
        if count > min(BLOCK, sizes.get(inner, 1)):
            return None
        if any(i is o for i in self._group for o in instruction.operands):
            self._close()
        factors = [Factor(term, self._places.located(o)) for term, o in zip(terms, instruction.operands, strict=True)]
        return Products([self._loops.repacked(factor, inner) for factor in factors], result, sizes)

    def _view(self, instruction: Instruction) -> None:
        base = self._places.located(instruction.operands[0])
        if instruction.op.name in ("reshape", "strided") and base.strides != row_major(base.shape):
            base = self._loops.copied(base)
        self._places.known[id(instruction)] = viewed(instruction, base)

    def _sum(self, instruction: Instruction) -> None:
        (x,) = instruction.operands
        axes = instruction.params["axis"]
        letters = string.ascii_letters[: len(x.shape)]
        summed = letters if axes is None else {letters[axis] for axis in np.atleast_1d(axes) if letters}
        out = self._places.new(instruction)
        kept = [k for k, c in enumerate(letters) if c not in summed]
        if instruction.params["keepdims"]:
            out = Access(out.offset, tuple(out.shape[k] for k in kept), tuple(out.strides[k] for k in kept))
        factor = Factor(letters, self._places.located(x))
        result = Factor("".join(letters[k] for k in kept), out)
        sizes = dict(zip(letters, x.shape, strict=True))
        self._loops.products([factor], result, innermost(sizes, [factor], result) if sizes else "", sizes)
        if instruction.op.name == "mean":
            count = f"{math.prod(sizes[c] for c in summed)}.0"
            self._loops.nest(out.shape, lambda i: [f"{out.at(i)} = {out.at(i)} / {count}"])

    def _contract(self, instruction: Instruction) -> None:
        terms, result, sizes = letters_of(instruction)
        factors = [Factor(term, self._places.located(o)) for term, o in zip(terms, instruction.operands, strict=True)]
        out = Factor(result, self._places.new(instruction))
        inner = innermost(sizes, factors, out)
        self._loops.products([self._loops.repacked(factor, inner) for factor in factors], out, inner, sizes)

    def _leave_to_numpy(self, instruction: Instruction) -> None:
        """Write a call of NumPy's function, or of what it takes of them."""
        self._close()
        names: dict[str, Any] = {}
        given = ", ".join(self._named(o, names, f"c{k}_{instruction.name}") for k, o in enumerate(instruction.operands))
        out, name = instruction.name, instruction.op.name
        if name in UFUNCS:
            call = f"{UFUNCS[name]}({given}, out={out})"
            names[UFUNCS[name]] = getattr(np, UFUNCS[name])
        else:
            call = f"copyto({out}, {name}_{out}({given}))"
            function = functools.partial(instruction.op.on_arrays, **instruction.params)
            names.update({"copyto": np.copyto, f"{name}_{out}": function})
        names[out] = self._places.new(instruction)
        self._pieces.call(self._loops.taken(), call, **names)

    def _named(self, operand: Any, names: dict[str, Any], name: str, is_transposed: bool = False) -> str:
        """An operand of a call, by its name or the one given here, which is then known; a number as itself."""
        if not isinstance(operand, (Instruction, np.ndarray)):
            return literal(operand)
        access, name = self._places.located(operand), getattr(operand, "name", name)
        name = f"{name}_T" if is_transposed else name
        names[name] = access.transposed if is_transposed else access
        return name

    def _is_left_to_blas(self, instruction: Instruction) -> bool:
        """Whether this is a large product of matrices; its call is then written."""
        terms, result, sizes = letters_of(instruction)
        found = matrix_product(terms, result) if math.prod(sizes.values()) >= _MANY_PRODUCTS else None
        out = self._places.homes.get(id(instruction))
        if found is None or not (out is None or out.is_matrix):
            return False
        self._close()
        if not all(self._places.located(o).is_matrix for o in instruction.operands):
            return False
        names: dict[str, Any] = {"matmul": np.matmul}
        x, y = (self._named(instruction.operands[k], names, f"c{k}_{instruction.name}", turned) for k, turned in found)
        names[instruction.name] = out or self._loops.space(instruction.shape)
        self._places.known[id(instruction)] = names[instruction.name]
        self._pieces.call(self._loops.taken(), f"matmul({x}, {y}, out={instruction.name})", **names)
        return True

    def _add_log_softmax(self, instruction: Instruction) -> None:
        if len(instruction.shape) != 2 or instruction.params["axis"] not in (1, -1):
            raise Unsupported(f"{instruction!r}: the numba back end takes it along the rows of a matrix")
        x = self._places.located(instruction.operands[0])
        self._loops.lines += log_softmax(x, self._places.new(instruction))

    def _read_labels(self, instruction: Instruction) -> None:
        params = {**instruction.op.defaults, **instruction.params}
        labels = instruction.operands[0 if instruction.op.name == "count_labels" else 1]
        others = [o for o in instruction.operands if o is not labels]
        if getattr(labels, "name", "") not in self._pieces.positions or len(labels.shape) != 1:
            raise Unsupported(f"{instruction!r}: the numba back end takes labels that are an argument, one a sample")
        accesses = [self._places.located(o) for o in others]
        for x in accesses[:1]:
            text = f"check_labels({labels.name}, {x.shape[1]}, {params['ignore_index']})"
            self._pieces.check(text, check_labels=check_labels)
        self._loops.lines += LABEL_LOOPS[instruction.op.name](
            labels.name, labels.size, params, *accesses, self._places.new(instruction)
        )

    def _assemble(self, instruction: Instruction) -> None:
        whole = self._places.known[id(instruction)]
        loose = [
            (part, place)
            for part, place in zip(instruction.operands, instruction.params["places"], strict=True)
            if id(part) not in self._places.homes
        ]
        places = instruction.params["places"]
        clashes = any(clash(place, places) for place in places)
        if loose and clashes:
            for _, place in loose:
                self._loops.fill(within(whole, place))
        for part, place in loose:
            target = within(whole, place)
            sign = "+=" if clashes else "="
            self._loops.nest(target.shape, lambda i, t=target, p=part, s=sign: [f"{t.at(i)} {s} {self._text(p, i)}"])

    def _move(self, instruction: Instruction) -> None:
        positions = instruction.params["positions"]
        name = f"at_{instruction.name}"
        self._pieces.positions[name] = np.ascontiguousarray(positions.reshape(-1), dtype=np.int64)
        out = self._places.known[id(instruction)] = self._loops.space(instruction.shape)
        x = self._places.located(instruction.operands[0])
        if x.strides != row_major(x.shape):
            x = self._loops.copied(x)
        if instruction.op.name == "gathered":
            self._loops.gather(name, positions.size, x, out)
        else:
            self._loops.fill(out)
            self._loops.scatter(name, positions.size, x, out)


def _dtype_of(program: Program) -> np.dtype:
    """Float64 or float32, whichever all arrays of floats have; single numbers, such as a learning rate, join in.

    Raises:
        Unsupported: If they have several, or the program returns another.
    """
    floats = [i for i in (*program.inputs, *program.instructions) if i.dtype.kind == "f"]
    returned = {o.dtype for o in program.outputs if isinstance(o, Instruction) and o.dtype.kind == "f"}
    found: set[np.dtype] = {i.dtype for i in floats if _has_axes(i)} | returned or {np.dtype(np.float64)}
    if len(found) > 1 or not found <= _WORKSPACES:
        raise Unsupported(f"the numba back end computes in float64 or float32, not in {', '.join(map(str, found))}")
    return found.pop()


_WORKSPACES = {np.dtype(np.float64), np.dtype(np.float32)}


def _has_axes(instruction: Instruction) -> bool:
    return instruction.size > 1 or (instruction.size == 1 and len(instruction.shape) > 0)


_WRITERS: dict[str, Callable[[NumbaSource, Instruction], None]] = {
    "affine": NumbaSource._add_affine,
    "assembled": NumbaSource._assemble,
    "contract": NumbaSource._contract,
    "gathered": NumbaSource._move,
    "log_softmax": NumbaSource._add_log_softmax,
    "matmul": NumbaSource._contract,
    "mean": NumbaSource._sum,
    "placed": NumbaSource._place,
    "scattered": NumbaSource._move,
    "sum": NumbaSource._sum,
    **dict.fromkeys(LABEL_LOOPS, NumbaSource._read_labels),
}
