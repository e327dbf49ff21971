"""A program as loops over flat arrays, compiled to machine code: forward, backward and update in one call.

Elementwise instructions over the same indices share a loop, and what only they read is never written to memory. A sum
of few products takes part in such a loop, as a layer's products do in the one that adds the bias and takes the relu.
Any other contraction is a loop nest whose innermost index runs through memory.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import ProgramError
from micrograd.engine.jit.backends.accesses import (
    Access,
    Factor,
    Products,
    innermost,
    letters_of,
    loop_order,
    product,
    within,
)
from micrograd.engine.jit.backends.buffers import clash
from micrograd.engine.jit.backends.machine_code import machine_code, on_arrays
from micrograd.engine.jit.backends.scalar_text import EXPRESSIONS, expression
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import as_strided, row_major

_BLOCK = 16  # rows that are summed in one go


_READING_BY_INDEX = {*EXPRESSIONS, "contract", "sum", "assembled", "permute_dims", "broadcast_to"}


_VIEWS = ("reshape", "strided", "permute_dims", "broadcast_to", "getitem")


class Unsupported(ProgramError):
    """An instruction that this back end has no loop for."""


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
        self._lines: list[str] = []
        self._size = 0
        self._contents: list[tuple[Access, np.ndarray]] = []
        self._positions: dict[str, np.ndarray] = {}
        self._access: dict[int, Access] = {}
        self._homes: dict[int, Access] = {}
        for instruction, example in zip(program.inputs, examples, strict=True):
            if instruction.dtype != np.float64:
                raise Unsupported(f"{instruction!r}: the numba back end computes in float64")
            self._access[id(instruction)] = access = self._space(example.shape)
            self._contents.append((access, example))
        self._users = _readers(program)
        # -1 stands for the caller; the others read flat memory.
        self._needing_order = {-1} | {id(i) for i in program.instructions if i.op.name not in _READING_BY_INDEX}
        self._place_parts()
        self._loops: list[Instruction] = []
        self._products_of: dict[int, Products] = {}
        for instruction in program.instructions:
            self._add(instruction)
        self._close()
        for target, number in program.updates:
            new = program.outputs[number]
            access = self._access[id(target)]
            self._nest(target.shape, lambda i, a=access, n=new: [f"{a.at(i)} = {self._text(n, i)}"])
        self._compile()

    def _compile(self) -> None:
        names = ["w", *self._positions]
        self.source = "\n".join(
            [f"def step({', '.join(names)}):", *(f"    {line}" for line in self._lines or ["return"])]
        )
        step = machine_code(self.source)
        workspace = np.zeros(self._size)
        self.run = on_arrays(step, workspace, *self._positions.values())
        for access, content in self._contents:
            _view(workspace, access)[...] = content
        self.inputs = [_view(workspace, self._access[id(i)]) for i in self._program.inputs]
        self.outputs = tuple(
            _view(workspace, self._located(o)) if isinstance(o, Instruction) else o for o in self._program.outputs
        )

    # ---- where things lie --------------------------------------------------------------------------------------------

    def _new(self, instruction: Instruction) -> Access:
        """A place for a result: its home in a larger array, or one of its own."""
        access = self._homes.get(id(instruction))
        if access is None:
            access = self._space(
                instruction.shape, loop_order(instruction.shape) if self._is_ours(instruction) else None
            )
        self._access[id(instruction)] = access
        return access

    def _is_ours(self, instruction: Instruction) -> bool:
        """Whether only loops read a result, so that its axes may lie in memory in any order."""
        return not self._users.get(id(instruction), {-1}) & self._needing_order

    def _space(self, shape: tuple[int, ...], order: Sequence[int] | None = None) -> Access:
        """Room for an array in the workspace, with its axes in this order in memory, the last one innermost."""
        offset = self._size
        self._size += -(-max(1, math.prod(shape)) // 8) * 8  # in whole cache lines
        order = range(len(shape)) if order is None else order
        strides = dict(zip(order, row_major(tuple(shape[axis] for axis in order)), strict=True))
        return Access(offset, shape, tuple(strides[axis] for axis in range(len(shape))))

    def _located(self, operand: Any) -> Access:
        if isinstance(operand, Instruction):
            return self._access[id(operand)]
        if id(operand) not in self._access:
            self._access[id(operand)] = access = self._space(np.shape(operand))
            self._contents.append((access, operand))
        return self._access[id(operand)]

    def _text(self, operand: Any, indices: list[str]) -> str:
        if isinstance(operand, Instruction) and id(operand) not in self._access:
            return f"{operand.name}_"  # a number of the open loop
        if isinstance(operand, (Instruction, np.ndarray)):
            return self._located(operand).at(indices)
        if isinstance(operand, (bool, np.bool_)):
            return repr(bool(operand))
        number = float(operand)
        return (
            f"({number!r})"
            if math.isfinite(number)
            else f"math.{'nan' if number != number else 'inf'}"
            if (number > 0 or number != number)
            else "(-math.inf)"
        )

    def _place_parts(self) -> None:
        for instruction in self._program.instructions:
            if instruction.op.name != "assembled":
                continue
            places = instruction.params["places"]
            whole = self._access[id(instruction)] = self._space(instruction.shape)
            for part, place in zip(instruction.operands, places, strict=True):
                mine = isinstance(part, Instruction) and self._users.get(id(part)) == {id(instruction)}
                if mine and part.op is not None and part.op.name in ("contract", "sum") and not clash(place, places):
                    self._homes[id(part)] = within(whole, place)

    # ---- instructions ------------------------------------------------------------------------------------------------

    def _add(self, instruction: Instruction) -> None:
        name = instruction.op.name
        if name in EXPRESSIONS:
            if instruction.dtype.kind not in "fb" or instruction.dtype.itemsize not in (1, 8):
                raise Unsupported(f"{instruction!r}: the numba back end computes in float64")
            self._join(instruction)
            return
        if name in _VIEWS:
            if any(i is instruction.operands[0] for i in self._loops):
                self._close()
            self._view(instruction)
            return
        if name == "contract" and (products := self._few_products(instruction)):
            self._products_of[id(instruction)] = products
            self._join(instruction)
            return
        if name not in _WRITERS:
            raise Unsupported(f"the numba back end has no loop for {name}()")
        self._close()
        _WRITERS[name](self, instruction)

    def _place(self, instruction: Instruction) -> None:
        access = self._new(instruction)
        self._fill(access)
        params = instruction.params
        target = within(access, (params["offset"], params["shape"], params["strides"]))
        self._nest(target.shape, lambda i: [f"{target.at(i)} += {self._text(instruction.operands[0], i)}"])

    def _join(self, instruction: Instruction) -> None:
        """Put an elementwise instruction into the open loop, or open another."""
        if self._loops:
            same = self._loops[0].shape == instruction.shape
            inside = {id(i) for i in self._loops}
            fits = all(o.shape == instruction.shape for o in instruction.inputs if id(o) in inside)
            if not (same and fits):
                self._close()
        self._loops.append(instruction)

    def _close(self) -> None:
        """Write the open loop."""
        group, self._loops = self._loops, []
        if not group:
            return
        inside = {id(i) for i in group}
        kept = {id(i) for i in self._program.outputs}
        stored = [i for i in group if id(i) in kept or any(r not in inside for r in self._users.get(id(i), ()))]

        def body(indices: list[str]) -> list[str]:
            lines = [f"{i.name}_ = {self._expression(i, indices)}" for i in group]
            return lines + [f"{targets[id(i)].at(indices)} = {i.name}_" for i in stored]

        targets = {}
        for i in stored:
            targets[id(i)] = self._new(i)
            del self._access[id(i)]  # within the loop it is a number of its own
        self._nest(group[0].shape, body)
        self._access.update(targets)

    def _expression(self, instruction: Instruction, indices: list[str]) -> str:
        """One element of the result."""
        if id(instruction) in self._products_of:
            return self._products_of[id(instruction)].at(indices)
        given = [self._text(o, indices) for o in instruction.operands]
        if instruction.op.name == "pow" and instruction.operands[1] == 2.0:
            return expression("square", given[:1])
        return expression(instruction.op.name, given, instruction.params)

    def _few_products(self, instruction: Instruction) -> Products | None:
        """A contraction as a sum of few products, if its innermost loop is over more elements than there are products.

        What the open loop computes is needed at other indices: it is closed first.
        """
        terms, result, sizes = letters_of(instruction)
        count = math.prod(n for c, n in sizes.items() if c not in result)
        inner = result[loop_order(instruction.shape)[-1]] if result else ""
        if count > min(_BLOCK, sizes.get(inner, 1)):
            return None
        if any(i is o for i in self._loops for o in instruction.operands):
            self._close()
        factors = [Factor(term, self._located(o)) for term, o in zip(terms, instruction.operands, strict=True)]
        return Products([self._repacked(factor, inner) for factor in factors], result, sizes)

    def _nest(self, shape: tuple[int, ...], body: Any) -> None:
        """Loops over all indices, of lengths known to the compiler, the longest innermost."""
        self._open(loop_order(shape), shape)
        self._lines += ["    " * len(shape) + line for line in body([f"i{axis}" for axis in range(len(shape))])]

    def _fill(self, access: Access) -> None:
        self._nest(access.shape, lambda i: [f"{access.at(i)} = 0.0"])

    def _view(self, instruction: Instruction) -> None:
        base = self._located(instruction.operands[0])
        if instruction.op.name in ("reshape", "strided") and base.strides != row_major(base.shape):
            base = self._copied(base)
        name, params = instruction.op.name, instruction.params
        shape = instruction.shape
        if name == "permute_dims":
            axes = params["axes"] or tuple(range(len(shape)))[::-1]
            access = Access(base.offset, shape, tuple(base.strides[a] for a in axes))
        elif name == "broadcast_to":
            extra = len(shape) - len(base.shape)
            strides = (0,) * extra + tuple(0 if n == 1 else s for n, s in zip(base.shape, base.strides, strict=True))
            access = Access(base.offset, shape, strides)
        elif name == "reshape":
            access = Access(base.offset, shape, row_major(shape))
        elif name == "strided":
            access = Access(base.offset + params["offset"], params["shape"], params["strides"])
        elif name == "getitem" and all(isinstance(i, (int, np.integer)) for i in _as_tuple(params["index"])):
            index = _as_tuple(params["index"])
            offset = base.offset + sum(int(i) % n * s for i, n, s in zip(index, base.shape, base.strides, strict=False))
            access = Access(offset, base.shape[len(index) :], base.strides[len(index) :])
        else:
            raise Unsupported(f"the numba back end can't read {instruction!r} in place")
        self._access[id(instruction)] = access

    def _copied(self, access: Access) -> Access:
        """A copy in which element follows element."""
        copy = self._space(access.shape)
        self._nest(access.shape, lambda i: [f"{copy.at(i)} = {access.at(i)}"])
        return copy

    def _sum(self, instruction: Instruction) -> None:
        (x,) = instruction.operands
        axes = instruction.params["axis"]
        letters = string.ascii_letters[: len(x.shape)]
        summed = letters if axes is None else {letters[axis] for axis in _as_tuple(axes)}
        out = self._new(instruction)
        kept = [k for k, c in enumerate(letters) if c not in summed]
        if instruction.params["keepdims"]:
            out = Access(out.offset, tuple(out.shape[k] for k in kept), tuple(out.strides[k] for k in kept))
        factor = Factor(letters, self._located(x))
        result = Factor("".join(letters[k] for k in kept), out)
        sizes = dict(zip(letters, x.shape, strict=True))
        self._products([factor], result, innermost(sizes, [factor], result) if sizes else "", sizes)

    def _contract(self, instruction: Instruction) -> None:
        terms, result, sizes = letters_of(instruction)
        factors = [Factor(term, self._located(o)) for term, o in zip(terms, instruction.operands, strict=True)]
        out = Factor(result, self._new(instruction))
        inner = innermost(sizes, factors, out)
        self._products([self._repacked(factor, inner) for factor in factors], out, inner, sizes)

    def _repacked(self, factor: Factor, inner: str) -> Factor:
        """A factor; a copy of it if the innermost index would jump through memory."""
        if factor.stride(inner) in (0, 1):
            return factor
        access, letters = factor.access, factor.letters
        order = [k for k, c in enumerate(letters) if c != inner] + [letters.index(inner)]
        copy = self._space(access.shape, order)
        self._nest(access.shape, lambda i: [f"{copy.at(i)} = {access.at(i)}"])
        return Factor(letters, copy)

    def _products(self, factors: list[Factor], out: Factor, inner: str, sizes: dict[str, int]) -> None:
        """The loop nest: along memory innermost; a few rows side by side, so that what they share is read once."""
        summed = [c for c in sizes if c not in out.letters and c != inner]
        outer = [c for c in out.letters if c != inner]
        if inner in out.letters and inner:
            self._rows(factors, out, (outer, summed, inner), sizes)
        else:
            self._dots(factors, out, (outer, [*summed, inner] if inner else summed), sizes)

    def _rows(self, factors: list[Factor], out: Factor, loops: Any, sizes: dict[str, int]) -> None:
        """Each row of results as a sum of rows, up to sixteen of them in one go."""
        outer, summed, inner = loops
        depth = self._open(outer, sizes)
        if not summed:
            pad = "    " * self._open([inner], sizes, depth)
            self._lines.append(f"{pad}{out.at({})} = {product(factors, {})}")
            return
        last = summed[-1]
        width = max(k for k in range(1, min(_BLOCK, sizes[last]) + 1) if sizes[last] % k == 0)
        single = math.prod(sizes[c] for c in summed) == width
        if not single:
            pad = "    " * self._open([inner], sizes, depth)
            self._lines.append(f"{pad}{out.at({})} = 0.0")
        deeper = self._open(summed[:-1], sizes, depth)
        self._lines.append("    " * deeper + f"for {last}0 in range(0, {sizes[last]}, {width}):")
        pad = "    " * self._open([inner], sizes, deeper + 1)
        total = " + ".join(product(factors, {last: k}) for k in range(width))
        self._lines.append(f"{pad}{out.at({})} {'=' if single else '+='} {total}")

    def _dots(self, factors: list[Factor], out: Factor, loops: Any, sizes: dict[str, int]) -> None:
        """Sums along memory, four of them at a time where they share an operand."""
        outer, summed = loops
        block = outer[-1] if outer else ""
        width = next((k for k in (4, 2) if block and sizes[block] % k == 0), 1)
        depth = self._open(outer[:-1], sizes)
        if block:
            self._lines.append("    " * depth + f"for {block}0 in range(0, {sizes[block]}, {width}):")
            depth += 1
        pad = "    " * depth
        self._lines += [f"{pad}t{k} = 0.0" for k in range(width)]
        deeper = "    " * self._open(summed, sizes, depth)
        self._lines += [f"{deeper}t{k} += {product(factors, {block: k})}" for k in range(width)]
        self._lines += [f"{pad}{out.at({block: k})} = t{k}" for k in range(width)]

    def _open(self, axes: Sequence[Any], sizes: Any, depth: int = 0) -> int:
        """Begin loops over axes, by their letters or numbers; how deep they are."""
        for axis in axes:
            self._lines.append("    " * depth + f"for {_index(axis)} in range({sizes[axis]}):")
            depth += 1
        return depth

    def _assemble(self, instruction: Instruction) -> None:
        whole = self._access[id(instruction)]
        loose = [
            (part, place)
            for part, place in zip(instruction.operands, instruction.params["places"], strict=True)
            if id(part) not in self._homes
        ]
        places = instruction.params["places"]
        clashes = any(clash(place, places) for place in places)
        if loose and clashes:
            for _, place in loose:
                self._fill(within(whole, place))
        for part, place in loose:
            target = within(whole, place)
            sign = "+=" if clashes else "="
            self._nest(target.shape, lambda i, t=target, p=part, s=sign: [f"{t.at(i)} {s} {self._text(p, i)}"])

    def _move(self, instruction: Instruction) -> None:
        positions = instruction.params["positions"]
        name = f"at_{instruction.name}"
        self._positions[name] = np.ascontiguousarray(positions.reshape(-1), dtype=np.int64)
        out = self._new(instruction)
        x = self._located(instruction.operands[0])
        if x.strides != row_major(x.shape):
            x = self._copied(x)
        n = positions.size
        if instruction.op.name == "gathered":
            self._lines += [f"for i0 in range({n}):", f"    w[i0 + {out.offset}] = w[{name}[i0] + {x.offset}]"]
            return
        self._lines += [f"for i0 in range({instruction.size}):", f"    w[i0 + {out.offset}] = 0.0"]
        self._lines += [f"for i0 in range({n}):", f"    w[{name}[i0] + {out.offset}] += w[i0 + {x.offset}]"]


_WRITERS: dict[str, Callable[[NumbaSource, Instruction], None]] = {
    "assembled": NumbaSource._assemble,
    "contract": NumbaSource._contract,
    "gathered": NumbaSource._move,
    "placed": NumbaSource._place,
    "scattered": NumbaSource._move,
    "sum": NumbaSource._sum,
}


def _readers(program: Program) -> dict[int, set[int]]:
    """Who reads each result: instructions by their id, the caller as -1."""
    readers: dict[int, set[int]] = {}
    for instruction in program.instructions:
        for operand in instruction.inputs:
            readers.setdefault(id(operand), set()).add(id(instruction))
    for output in program.outputs:
        readers.setdefault(id(output), set()).add(-1)
    return readers


def _index(axis: int | str) -> str:
    return f"{axis}0" if isinstance(axis, str) else f"i{axis}"


def _view(workspace: np.ndarray, access: Access) -> np.ndarray:
    return as_strided(workspace, access.offset, access.shape, access.strides)


def _as_tuple(x: Any) -> tuple[Any, ...]:
    return x if isinstance(x, tuple) else (x,)
