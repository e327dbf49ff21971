"""The card of a program of the jit: its instructions, with their types and the lines that they come from."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from micrograd.engine.viz.notebook.frame import card, code, fact, title

_SHOWN = 60  # instructions
_CALL = re.compile(r"^(\s*\S+?)(: \S.*?\])?( = )(\w+)(\(.*)$")


def program_card(program: Any) -> str:
    """The card of a `Program`; of a long one the beginning is shown.

    Example:
        >>> from micrograd.engine import jit
        >>> square = jit(lambda x: x * x, backend="numpy")
        >>> square(3.0)
        9.0
        >>> "mul" in program_card(square.program)
        True
    """
    facts = [title("", "Program"), fact("inputs", str(len(program.inputs)))]
    facts += [fact("instructions", f"{len(program):,}"), fact("outputs", str(len(program.outputs)))]
    lines = str(program).splitlines()
    shown = lines[: len(program.inputs) + _SHOWN]
    hidden = len(lines) - len(shown)
    advice = f"{hidden:,} more lines: {code('print(program)')} shows them all." if hidden else ""
    return card(facts, f"<pre>{program_text(shown)}</pre>", advice)


def program_text(lines: list[str]) -> str:
    """Lines of a printed program as HTML, with names, operations and comments told apart.

    Example:
        >>> program_text(["v0: f64[] = mul(x, x)"])
        '<span class="name">v0</span><span class="faint">: f64[]</span> = <span class="op">mul</span>(x, x)'
    """
    return "\n".join(map(_line, lines))


def _line(line: str) -> str:
    body, mark, comment = line.partition("    #")
    note = f'<span class="faint">{escape(mark + comment)}</span>' if mark else ""
    match = _CALL.match(body)
    if match is None:
        name, colon, kind = body.partition(": ")
        if not colon:
            return escape(body) + note
        return f'<span class="name">{escape(name)}</span><span class="faint">{escape(colon + kind)}</span>{note}'
    name, kind, equals, op, rest = (escape(part or "") for part in match.groups())
    typed = f'<span class="faint">{kind}</span>' if kind else ""
    return f'<span class="name">{name}</span>{typed}{equals}<span class="op">{op}</span>{rest}{note}'
