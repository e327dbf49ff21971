"""What tapes were lifted to, from process to process: one that is the same entry by entry isn't lifted anew.

A file holds data alone, the instructions by the names of their primitives and their arrays, and is read as data: what
isn't in the table, or doesn't fit, is as if it weren't there. Its name is a checksum of the tape, of all else that
lifting depends on, and of the code of this folder and of the table. The user's lines aren't in it: an instruction says
from which entry of the tape it comes, and the trace of today knows the line.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import math
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from micrograd.engine.jit import kept, views
from micrograd.engine.jit.comparisons import COMPARISONS
from micrograd.engine.jit.compiling.lifted import Lifted, Scalars, lift
from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.symbols import Builder, Symbol
from micrograd.engine.jit.tape import CONSTANT
from micrograd.engine.ops.op import OPS, Op, is_own

_LONG = 2000
"""Shorter tapes are lifted sooner than a file is read."""

_DTYPES = ("<f8", "<i8")
_SETTINGS = (bool, int, float, str, type(None))
_OF_PROGRAMS = {op.name: op for op in (views.strided, views.gathered, *COMPARISONS.values())}


class _NotData(Exception):
    """Something that isn't kept in a file."""


def lift_or_remember(given: Scalars) -> Lifted:
    """What becomes of scalar code, from disk where an earlier process has lifted the same."""
    path = _place(given) if len(given.tape) >= _LONG and kept.is_kept() else None
    content = kept.read(path) if path else None
    if content is not None:
        try:
            return _remembered(given, content)
        except (_NotData, ArithmeticError, LookupError, TypeError, ValueError):
            pass  # as if it weren't there
    lifted = lift(given)
    if path is not None:
        with contextlib.suppress(_NotData):
            kept.keep(path, _as_bytes(given, lifted))
    return lifted


# ---- what lifting depends on -----------------------------------------------------------------------------------------


def _place(given: Scalars) -> Path | None:
    """Where what becomes of this code is kept; None if it has something of the user's own in it."""
    code = _code()
    if code is None or not all(op.__class__ is str or _is_known(op) for op in set(given.tape.ops)):
        return None
    try:
        return kept.place("lifted", code, *_content(given))
    except _NotData:
        return None


def _is_known(op: Op) -> bool:
    return is_own(op) or _OF_PROGRAMS.get(op.name) is op


@functools.cache
def _code() -> bytes | None:
    """A checksum of the code that traces, lifts and computes; None where it isn't to be read."""
    engine = Path(__file__).parents[2]
    checksum = sha256()
    try:
        for file in sorted([*(engine / "jit").rglob("*.py"), *(engine / "ops").rglob("*.py")]):
            checksum.update(file.read_bytes())
    except OSError:
        return None
    return checksum.digest()


def _content(given: Scalars) -> Iterator[bytes]:
    tape = given.tape
    kinds = dict.fromkeys(tape.ops)
    numbers = dict(zip(kinds, range(len(kinds)), strict=True))
    yield repr([getattr(kind, "name", kind) for kind in kinds]).encode()
    codes = np.fromiter(map(numbers.__getitem__, tape.ops), np.int32, len(tape))
    yield codes.tobytes()
    yield np.fromiter(map(len, tape.operands), np.int32, len(tape)).tobytes()
    # Positions and constants alike: as floats, positions are exact.
    yield np.fromiter(itertools.chain.from_iterable(tape.operands), float).tobytes()
    constants = np.flatnonzero(codes == numbers[CONSTANT]).tolist() if CONSTANT in numbers else []
    yield bytes([type(tape.operands[entry][0]) is int for entry in constants])  # with which `sum` begins
    settings = {entry: params for entry, params in enumerate(tape.params) if params}
    if not all(type(setting) in _SETTINGS for params in settings.values() for setting in params.values()):
        raise _NotData
    yield repr(settings).encode()
    arguments = [(symbol.shape, str(symbol.dtype)) for symbol in given.arguments]
    yield repr((given.roots, list(given.first), len(given.values), arguments, given.may_refuse)).encode()


# ---- to bytes --------------------------------------------------------------------------------------------------------


def _as_bytes(given: Scalars, lifted: Lifted) -> bytes:
    """A line of JSON, and the arrays one after the other."""
    arrays: list[np.ndarray] = []
    known: dict[int, int] = {}
    names: dict[int, list[Any]] = {id(symbol.instruction): ["argument", k] for k, symbol in enumerate(given.arguments)}
    names[id(lifted.parameters.instruction)] = ["parameters"]
    names |= {id(instruction): ["result", k] for k, instruction in enumerate(lifted.instructions)}

    def written(x: Any) -> Any:
        if isinstance(x, (Symbol, Instruction)):
            return names[id(x.instruction if isinstance(x, Symbol) else x)]
        if isinstance(x, np.ndarray):
            if id(x) not in known:
                known[id(x)] = len(arrays)
                arrays.append(x)
            return ["array", known[id(x)]]
        if isinstance(x, tuple):
            return ["tuple", *map(written, x)]
        if isinstance(x, np.generic):
            x = x.item()
        if type(x) not in _SETTINGS:
            raise _NotData
        return x

    document: dict[str, Any] = {
        "counts": lifted.counts,
        "order": lifted.order,
        "instructions": [
            [i.op.name, [*map(written, i.operands)], {key: written(setting) for key, setting in i.params.items()}]
            for i in lifted.instructions
        ],
        "origins": lifted.origins,
        "roots": [[written(base), position] for base, position in lifted.roots],
    }
    document["arrays"] = [[array.dtype.str, array.shape] for array in arrays]
    if not all(dtype in _DTYPES for dtype, _ in document["arrays"]):
        raise _NotData
    return b"\n".join([json.dumps(document).encode(), b"".join(array.tobytes() for array in arrays)])


# ---- from bytes ------------------------------------------------------------------------------------------------------


def _remembered(given: Scalars, content: bytes) -> Lifted:
    """What was kept, with its instructions appended to the builder; nothing is appended if it doesn't fit."""
    text, _, numbers = content.partition(b"\n")
    document = json.loads(text)
    arrays = _arrays(document["arrays"], numbers)
    order = document["order"]
    if sorted(order) != list(range(len(given.values))):
        raise _NotData
    trial = Builder()
    parameters = trial.input(np.array([given.values[number] for number in order]), "P")
    results: list[Symbol] = []
    tables: dict[str, Any] = {"array": arrays, "argument": given.arguments, "result": results}

    def read(x: Any) -> Any:
        if not isinstance(x, list):
            return x
        kind, *rest = x
        if kind == "tuple":
            return tuple(map(read, rest))
        if kind == "parameters":
            return parameters
        return tables[kind][rest[0]]

    for (name, operands, given_settings), (_, entry) in zip(document["instructions"], document["origins"], strict=True):
        trial.source = lambda line=given.tape.sources[entry]: line  # type: ignore[misc]
        op, whole = _OF_PROGRAMS.get(name) or OPS[name], tuple(map(read, operands))
        settings = {key: read(setting) for key, setting in given_settings.items()}
        if op in (views.strided, views.gathered) and not _is_within(whole[0].size, **settings):
            raise _NotData
        results.append(trial.append(op, whole, settings))
    roots = [(read(base), position) for base, position in document["roots"]]
    if not all(0 <= position < base.size for base, position in roots):
        raise _NotData
    given.builder.adopt(trial)
    origins = [(title, entry) for title, entry in document["origins"]]
    return Lifted(document["counts"], order, parameters, trial.instructions, origins, roots)


def _is_within(size: int, offset: int = 0, shape: Any = (), strides: Any = (), positions: Any = None) -> bool:
    """Whether a view reads what is there: nobody looks later, neither NumPy nor the loops."""
    if positions is not None:
        return bool(((positions >= 0) & (positions < size)).all())
    return min(offset, *shape, *strides, 0) == 0 and offset + views.span(shape, strides) <= size


def _arrays(described: list[Any], numbers: bytes) -> list[np.ndarray]:
    arrays, start = [], 0
    for dtype, shape in described:
        if dtype not in _DTYPES:
            raise _NotData
        count = math.prod(shape)
        array = np.frombuffer(numbers, np.dtype(dtype), count, start)
        arrays.append(array.reshape(shape).copy())
        start += array.nbytes
    return arrays
