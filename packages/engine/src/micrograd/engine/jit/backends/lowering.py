"""Lowering: from loops over flat arrays, written in Python, to the intermediate representation of LLVM.

The text is Python and means what it means there; of Python's constructs it has those that the back ends write:

    program    = function*
    function   = "def" name "(" array* "):" statement*
    statement  = "for" name "in range(" integer* "):" statement*
               | "if" number ":" statement* ("elif" number ":" statement*)*
               | place ("=" | "+=") number | "return"
    place      = name | array "[" integer "]"
    number     = constant | place | number operator number | number "if" number "else" number | name "(" number* ")"

The array `w` holds floats (f64, or f32 if it says `w: 'f32'`), all others hold integers (i64). Computed is in f64: what
is read from f32 is widened, and what is written to it rounded. Indices are never negative, and aren't checked.
"""

from __future__ import annotations

import ast
import struct
from typing import Any, NamedTuple

from micrograd.engine.errors import ProgramError

FLAGS = "contract nsz reassoc"
"""Sums may be taken in another order and products fused with sums; nan and inf stay what they are."""

_WORKSPACE = "w"
_FLOATS = {"None": "double", "'f32'": "float"}
_ARITHMETIC: dict[type, tuple[str, str]] = {  # of integers, of floats
    ast.Add: ("add nsw", f"fadd {FLAGS}"),
    ast.Sub: ("sub nsw", f"fsub {FLAGS}"),
    ast.Mult: ("mul nsw", f"fmul {FLAGS}"),
}
_COMPARISONS: dict[type, tuple[str, str]] = {
    ast.Lt: ("slt", "olt"),
    ast.LtE: ("sle", "ole"),
    ast.Gt: ("sgt", "ogt"),
    ast.GtE: ("sge", "oge"),
    ast.Eq: ("eq", "oeq"),
    ast.NotEq: ("ne", "une"),
}
_INTRINSICS = {"abs": "fabs", "math.sqrt": "sqrt", "np.ceil": "ceil", "np.floor": "floor"}
_CONSTANTS = {"math.inf": float("inf"), "math.nan": float("nan")}


class Number(NamedTuple):
    """A value in LLVM's text, with its type: double, i64 or i1."""

    text: str
    type: str


class Lowering:
    """Functions in LLVM's text.

    Args:
        source: The functions in Python.

    Attributes:
        text: The functions in LLVM's representation.
        arrays: The names of the arguments of each.

    Raises:
        ProgramError: If the text holds a construct that it should not.
    """

    def __init__(self, source: str) -> None:
        self.arrays: dict[str, list[str]] = {}
        self._functions: set[str] = set()
        defined = [self._defined(function) for function in ast.parse(source).body]
        self.text = "\n".join([*sorted(self._functions), *defined])

    def _defined(self, function: ast.stmt) -> str:
        if not isinstance(function, ast.FunctionDef):
            raise _unknown(function)
        self._lines: list[str] = []
        self._counters: dict[str, Number] = {}
        self._locals: dict[str, str] = {}
        self._made = 0
        self._kinds = {argument.arg: _kind(argument) for argument in function.args.args}
        self._run(function.body)
        names = self.arrays[function.name] = list(self._kinds)
        return "\n".join(
            [
                f"define void @{function.name}({', '.join(f'ptr noalias %{name}' for name in names)}) nounwind {{",
                *(f"%{name}.place = alloca {kind}" for name, kind in self._locals.items()),
                *self._lines,
                "ret void",
                "}",
            ]
        )

    def _named(self, instruction: str) -> str:
        """Append an instruction; the name of its result."""
        self._made += 1
        self._lines.append(f"%v{self._made} = {instruction}")
        return f"%v{self._made}"

    def _label(self) -> str:
        self._made += 1
        return f"l{self._made}"

    def _begin(self, label: str) -> None:
        """Begin a block, entered from the one before."""
        self._lines += [f"br label %{label}", f"{label}:"]

    # ---- statements --------------------------------------------------------------------------------------------------

    def _run(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.For):
                self._loop(statement)
            elif isinstance(statement, ast.If):
                self._branch(statement)
            elif isinstance(statement, ast.Assign):
                self._store(statement.targets[0], self._number(statement.value))
            elif isinstance(statement, ast.AugAssign):
                sum_of = ast.BinOp(statement.target, statement.op, statement.value)
                self._store(statement.target, self._number(sum_of))
            elif not isinstance(statement, ast.Return):
                raise _unknown(statement)

    def _loop(self, loop: ast.For) -> None:
        """One test before the first turn, and one at the end of each: the shape that LLVM's own passes work on."""
        if not isinstance(loop.iter, ast.Call) or not isinstance(loop.target, ast.Name):
            raise _unknown(loop)
        given = [self._number(bound).text for bound in loop.iter.args]
        start, stop, step = ("0", *given, "1") if len(given) == 1 else (*given, "1")[:3]
        before, turn, end = self._label(), self._label(), self._label()
        self._begin(before)
        self._lines += [f"br i1 {self._named(f'icmp slt i64 {start}, {stop}')}, label %{turn}, label %{end}"]
        self._lines += [f"{turn}:", ""]
        place = len(self._lines) - 1
        counter = self._counters[loop.target.id] = Number(f"%{turn}.counter", "i64")
        self._run(loop.body)
        last = self._label()
        self._begin(last)
        following = self._named(f"add nuw nsw i64 {counter.text}, {step}")
        self._lines[place] = f"{counter.text} = phi i64 [ {start}, %{before} ], [ {following}, %{last} ]"
        self._lines += [f"br i1 {self._named(f'icmp slt i64 {following}, {stop}')}, label %{turn}, label %{end}"]
        self._lines += [f"{end}:"]

    def _branch(self, branch: ast.If) -> None:
        condition = self._condition(branch.test)
        yes, no, end = self._label(), self._label(), self._label()
        self._lines += [f"br i1 {condition}, label %{yes}, label %{no}", f"{yes}:"]
        self._run(branch.body)
        self._lines += [f"br label %{end}", f"{no}:"]
        self._run(branch.orelse)
        self._begin(end)

    def _store(self, place: ast.expr, number: Number) -> None:
        if isinstance(place, ast.Name):
            kind = self._locals.setdefault(place.id, number.type)
            self._lines.append(f"store {kind} {self._as(kind, number)}, ptr %{place.id}.place")
        else:
            kind, address = self._address(place)
            self._lines.append(f"store {kind} {self._as(kind, number)}, ptr {address}")

    # ---- numbers -----------------------------------------------------------------------------------------------------

    def _number(self, x: ast.expr) -> Number:
        lower = _LOWER.get(type(x))
        if lower is None:
            raise _unknown(x)
        number: Number = lower(self, x)
        return number

    def _address(self, place: Any) -> tuple[str, str]:
        """The type of an element, and where it lies."""
        kind = self._kinds[place.value.id]
        index = self._number(place.slice).text
        return kind, self._named(f"getelementptr inbounds {kind}, ptr %{place.value.id}, i64 {index}")

    def _as(self, kind: str, number: Number) -> str:
        """A number in another type, as Python takes it where that type is needed."""
        if number.type == kind:
            return number.text
        if kind == "float":
            return self._named(f"fptrunc double {self._as('double', number)} to float")
        if kind == "double":
            return self._named(f"{'uitofp i1' if number.type == 'i1' else 'sitofp i64'} {number.text} to double")
        if kind == "i1" and number.type == "double":
            return self._named(f"fcmp une double {number.text}, {_double(0.0)}")
        raise ProgramError(f"lowering has no way from {number.type} to {kind}")

    def _condition(self, x: ast.expr) -> str:
        return self._as("i1", self._number(x))

    def _element(self, x: ast.Subscript) -> Number:
        kind, address = self._address(x)
        found = self._named(f"load {kind}, ptr {address}")
        return (
            Number(self._named(f"fpext float {found} to double"), "double") if kind == "float" else Number(found, kind)
        )

    def _name(self, x: ast.Name) -> Number:
        if x.id in self._counters:
            return self._counters[x.id]
        kind = self._locals[x.id]
        return Number(self._named(f"load {kind}, ptr %{x.id}.place"), kind)

    def _constant(self, x: ast.Constant) -> Number:
        if isinstance(x.value, bool):
            return Number(str(x.value).lower(), "i1")
        if isinstance(x.value, int):
            return Number(str(x.value), "i64")
        if isinstance(x.value, float):
            return Number(_double(x.value), "double")
        raise _unknown(x)

    def _attribute(self, x: ast.Attribute) -> Number:
        return Number(_double(_CONSTANTS[ast.unparse(x)]), "double")

    def _negative(self, x: ast.UnaryOp) -> Number:
        if not isinstance(x.op, ast.USub):
            raise _unknown(x)
        operand = self._as("double", self._number(x.operand))
        return Number(self._named(f"fneg {FLAGS} double {operand}"), "double")

    def _operation(self, x: ast.BinOp) -> Number:
        left, right = self._number(x.left), self._number(x.right)
        if isinstance(x.op, ast.BitOr):
            return Number(self._named(f"or i1 {left.text}, {right.text}"), "i1")
        if isinstance(x.op, ast.Pow):
            return self._called("llvm.pow.f64", [left, right])
        if isinstance(x.op, ast.Div):
            return self._joined(f"fdiv {FLAGS}", "double", left, right)
        if type(x.op) not in _ARITHMETIC:
            raise _unknown(x)
        of_integers, of_floats = _ARITHMETIC[type(x.op)]
        if left.type == right.type == "i64":
            return self._joined(of_integers, "i64", left, right)
        return self._joined(of_floats, "double", left, right)

    def _joined(self, instruction: str, kind: str, left: Number, right: Number) -> Number:
        x, y = self._as(kind, left), self._as(kind, right)
        return Number(self._named(f"{instruction} {kind} {x}, {y}"), kind)

    def _comparison(self, x: ast.Compare) -> Number:
        left, right = self._number(x.left), self._number(x.comparators[0])
        of_integers, of_floats = _COMPARISONS[type(x.ops[0])]
        if left.type == right.type == "i64":
            return self._joined(f"icmp {of_integers}", "i64", left, right)._replace(type="i1")
        return self._joined(f"fcmp {of_floats}", "double", left, right)._replace(type="i1")

    def _choice(self, x: ast.IfExp) -> Number:
        condition = self._condition(x.test)
        yes, no = (self._as("double", self._number(side)) for side in (x.body, x.orelse))
        return Number(self._named(f"select i1 {condition}, double {yes}, double {no}"), "double")

    def _call(self, x: ast.Call) -> Number:
        name = ast.unparse(x.func)
        function = f"llvm.{_INTRINSICS[name]}.f64" if name in _INTRINSICS else name.removeprefix("math.")
        return self._called(function, [self._number(argument) for argument in x.args])

    def _called(self, function: str, given: list[Number]) -> Number:
        """A call of a function of floats, one of LLVM's own or one of C's."""
        kinds = ", ".join(["double"] * len(given))
        self._functions.add(f"declare double @{function}({kinds}) nounwind willreturn memory(none)")
        arguments = ", ".join(f"double {self._as('double', number)}" for number in given)
        return Number(self._named(f"call double @{function}({arguments})"), "double")


_LOWER: dict[type, Any] = {
    ast.Attribute: Lowering._attribute,
    ast.BinOp: Lowering._operation,
    ast.Call: Lowering._call,
    ast.Compare: Lowering._comparison,
    ast.Constant: Lowering._constant,
    ast.IfExp: Lowering._choice,
    ast.Name: Lowering._name,
    ast.Subscript: Lowering._element,
    ast.UnaryOp: Lowering._negative,
}


def _kind(argument: ast.arg) -> str:
    """The type of an array's elements."""
    return _FLOATS[ast.unparse(argument.annotation or ast.Constant(None))] if argument.arg == _WORKSPACE else "i64"


def _double(number: float) -> str:
    """All 64 bits, in hexadecimal."""
    return f"0x{struct.pack('>d', number).hex().upper()}"


def _unknown(node: ast.AST) -> ProgramError:
    return ProgramError(f"lowering doesn't know {type(node).__name__}: {ast.unparse(node)}")
