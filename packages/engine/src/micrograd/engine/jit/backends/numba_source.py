"""A program as loops over flat arrays, compiled to machine code: forward, backward and update in one call.

Elementwise instructions over the same indices share a loop, and what only they read is never written to memory. A
contraction is a loop nest whose innermost index runs through memory; a short row of results stays in registers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import ProgramError
from micrograd.engine.jit.backends.buffers import clash
from micrograd.engine.jit.backends.machine_code import machine_code, on_arrays
from micrograd.engine.jit.backends.scalar_text import EXPRESSIONS, expression
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.views import as_strided, row_major

_BLOCK = 16  # rows that are summed in one go


_READING_BY_INDEX = {*EXPRESSIONS, "contract", "sum", "assembled", "permute_dims", "broadcast_to"}


class Unsupported(ProgramError):
    """An instruction that this back end has no loop for."""


class Access:
    """Where element (i, j, ...) of a value lies in the workspace: at offset + i * strides[0] + j * strides[1] + ..."""

    __slots__ = ("offset", "shape", "strides")

    def __init__(self, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.offset = offset
        self.shape = shape
        self.strides = strides

    def at(self, indices: list[str]) -> str:
        """The element at these indices, as text; an operand of fewer axes broadcasts."""
        mine = indices[len(indices) - len(self.shape) :] if self.shape else []
        terms = [
            index if s == 1 else f"{index} * {s}"
            for index, s, n in zip(mine, self.strides, self.shape, strict=True)
            if s and n > 1
        ]
        if self.offset or not terms:
            terms.append(str(self.offset))
        return f"w[{' + '.join(terms)}]"


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
                instruction.shape, _loop_order(instruction.shape) if self._is_ours(instruction) else None
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
                    self._homes[id(part)] = _within(whole, place)

    # ---- instructions ------------------------------------------------------------------------------------------------

    def _add(self, instruction: Instruction) -> None:
        name = instruction.op.name
        if name in EXPRESSIONS:
            if instruction.dtype.kind not in "fb" or instruction.dtype.itemsize not in (1, 8):
                raise Unsupported(f"{instruction!r}: the numba back end computes in float64")
            self._join(instruction)
            return
        self._close()
        if name in ("reshape", "strided", "permute_dims", "broadcast_to", "getitem"):
            self._view(instruction)
        elif name == "contract":
            self._contract(instruction)
        elif name == "sum":
            self._sum(instruction)
        elif name == "assembled":
            self._assemble(instruction)
        elif name in ("gathered", "scattered"):
            self._move(instruction)
        elif name == "placed":
            self._access[id(instruction)] = access = self._new(instruction)
            self._fill(access)
            params = instruction.params
            target = _within(access, (params["offset"], params["shape"], params["strides"]))
            self._nest(target.shape, lambda i: [f"{target.at(i)} += {self._text(instruction.operands[0], i)}"])
        else:
            raise Unsupported(f"the numba back end has no loop for {name}()")

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
            lines = []
            for i in group:
                text = expression(i.op.name, [self._text(o, indices) for o in i.operands], i.params)
                if i.op.name == "pow" and i.operands[1] == 2.0:
                    text = expression("square", [self._text(i.operands[0], indices)])
                lines.append(f"{i.name}_ = {text}")
            return lines + [f"{targets[id(i)].at(indices)} = {i.name}_" for i in stored]

        targets = {}
        for i in stored:
            targets[id(i)] = self._new(i)
            del self._access[id(i)]  # within the loop it is a number of its own
        self._nest(group[0].shape, body)
        self._access.update(targets)

    def _nest(self, shape: tuple[int, ...], body: Any) -> None:
        """Loops over all indices, of lengths known to the compiler, the longest innermost."""
        for depth, axis in enumerate(_loop_order(shape)):
            self._lines.append("    " * depth + f"for i{axis} in range({shape[axis]}):")
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
        axes, keep = instruction.params["axis"], instruction.params["keepdims"]
        ndim = len(x.shape)
        summed = range(ndim) if axes is None else [a % ndim for a in _as_tuple(axes)]
        out = self._new(instruction)
        strides = iter(out.strides)
        along = []
        for axis in range(ndim):
            if axis in summed:
                along.append(0)
                if keep:
                    next(strides)
            else:
                along.append(next(strides))
        target = Access(out.offset, x.shape, tuple(along))
        if all(axis in summed for axis in range(ndim)):
            self._lines.append("total = 0.0")
            self._nest(x.shape, lambda i: [f"total += {self._text(x, i)}"])
            self._lines.append(f"{out.at(['0'] * len(out.shape))} = total")
            return
        self._fill(out)
        self._nest(x.shape, lambda i: [f"{target.at(i)} += {self._text(x, i)}"])

    def _contract(self, instruction: Instruction) -> None:
        terms, _, result = instruction.params["subscripts"].partition("->")
        left, right = terms.split(",")
        x, y = (self._located(o) for o in instruction.operands)
        sizes = dict(zip(left + right, (*x.shape, *y.shape), strict=True))
        out = self._new(instruction)
        steps = {
            "x": dict(zip(left, x.strides, strict=True)),
            "y": dict(zip(right, y.strides, strict=True)),
            "out": dict(zip(result, out.strides, strict=True)),
        }
        inner = _innermost(sizes, steps, result)
        x = self._repacked(x, left, inner, sizes)
        y = self._repacked(y, right, inner, sizes)
        self._products(sizes, result, inner, (left, x), (right, y), (result, out))

    def _repacked(self, access: Access, term: str, inner: str, sizes: dict[str, int]) -> Access:
        """An operand; a copy of it if the innermost index would jump through memory."""
        if _stride(term, access, inner) in (0, 1):
            return access
        order = [k for k, c in enumerate(term) if c != inner] + [term.index(inner)]
        copy = self._space(access.shape, order)
        self._nest(access.shape, lambda i: [f"{copy.at(i)} = {access.at(i)}"])
        return copy

    def _products(self, sizes: Any, result: str, inner: str, x: Any, y: Any, out: Any) -> None:
        """The loop nest: along memory innermost; a few rows side by side, so that what they share is read once."""
        summed = [c for c in sizes if c not in result and c != inner]
        outer = [c for c in result if c != inner]
        if inner in result:
            self._rows(sizes, outer, summed, inner, x, y, out)
        else:
            self._dots(sizes, outer, [*summed, inner], x, y, out)

    def _rows(self, sizes: Any, outer: list[str], summed: list[str], inner: str, x: Any, y: Any, out: Any) -> None:
        """Each row of results as a sum of rows, up to sixteen of them in one go."""
        depth = self._open(outer, sizes)
        if not summed:
            pad = "    " * self._open([inner], sizes, depth)
            self._lines.append(f"{pad}{_at(out, {})} = {_at(x, {})} * {_at(y, {})}")
            return
        last = summed[-1]
        width = max(k for k in range(1, min(_BLOCK, sizes[last]) + 1) if sizes[last] % k == 0)
        single = math.prod(sizes[c] for c in summed) == width
        if not single:
            pad = "    " * self._open([inner], sizes, depth)
            self._lines.append(f"{pad}{_at(out, {})} = 0.0")
        deeper = self._open(summed[:-1], sizes, depth)
        self._lines.append("    " * deeper + f"for {last}0 in range(0, {sizes[last]}, {width}):")
        pad = "    " * self._open([inner], sizes, deeper + 1)
        products = " + ".join(f"{_at(x, {last: k})} * {_at(y, {last: k})}" for k in range(width))
        self._lines.append(f"{pad}{_at(out, {})} {'=' if single else '+='} {products}")

    def _dots(self, sizes: Any, outer: list[str], summed: list[str], x: Any, y: Any, out: Any) -> None:
        """Sums along memory, four of them at a time where they share an operand."""
        block = outer[-1] if outer else ""
        width = next((k for k in (4, 2) if block and sizes[block] % k == 0), 1)
        depth = self._open(outer[:-1], sizes)
        if block:
            self._lines.append("    " * depth + f"for {block}0 in range(0, {sizes[block]}, {width}):")
            depth += 1
        pad = "    " * depth
        self._lines += [f"{pad}t{k} = 0.0" for k in range(width)]
        deeper = "    " * self._open(summed, sizes, depth)
        self._lines += [f"{deeper}t{k} += {_at(x, {block: k})} * {_at(y, {block: k})}" for k in range(width)]
        self._lines += [f"{pad}{_at(out, {block: k})} = t{k}" for k in range(width)]

    def _open(self, letters: list[str], sizes: Any, depth: int = 0) -> int:
        for letter in letters:
            self._lines.append("    " * depth + f"for {letter}0 in range({sizes[letter]}):")
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
                self._fill(_within(whole, place))
        for part, place in loose:
            target = _within(whole, place)
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


def _readers(program: Program) -> dict[int, set[int]]:
    """Who reads each result: instructions by their id, the caller as -1."""
    readers: dict[int, set[int]] = {}
    for instruction in program.instructions:
        for operand in instruction.inputs:
            readers.setdefault(id(operand), set()).add(id(instruction))
    for output in program.outputs:
        readers.setdefault(id(output), set()).add(-1)
    return readers


def _innermost(sizes: dict[str, int], steps: dict[str, dict[str, int]], result: str) -> str:
    """The longest index along which the result doesn't jump, rather one along which the operands don't either."""
    smooth = [c for c in sizes if steps["out"].get(c, 0) in (0, 1)] or list(sizes)
    longest = max(sizes[c] for c in smooth)
    as_they_are = [c for c in smooth if all(step.get(c, 0) in (0, 1) for step in steps.values())]
    candidates = [c for c in as_they_are if 2 * sizes[c] >= longest] or smooth
    return max(candidates, key=lambda c: (sizes[c], c in result))


def _at(operand: tuple[str, Access], shifts: dict[str, int]) -> str:
    """An operand of a contraction at its indices, some of them shifted."""
    term, access = operand
    offset = access.offset + sum(k * _stride(term, access, c) for c, k in shifts.items() if c)
    return Access(offset, access.shape, access.strides).at([f"{c}0" for c in term])


def _loop_order(shape: tuple[int, ...]) -> list[int]:
    """The axes from the shortest to the longest."""
    return sorted(range(len(shape)), key=shape.__getitem__)


def _stride(term: str, access: Access, letter: str) -> int:
    return access.strides[term.index(letter)] if letter in term else 0


def _within(whole: Access, place: Any) -> Access:
    """A place in a contiguous array."""
    offset, shape, strides = place
    return Access(whole.offset + offset, shape, strides)


def _view(workspace: np.ndarray, access: Access) -> np.ndarray:
    return as_strided(workspace, access.offset, access.shape, access.strides)


def _as_tuple(x: Any) -> tuple[Any, ...]:
    return x if isinstance(x, tuple) else (x,)
